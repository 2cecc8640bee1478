"""Whether a journal is still the one that was written: every byte of it, and every file that it keeps.

Each entry carries the hash of its own text and the hash of the entry before it, so a changed, inserted or removed entry shows.
What cannot show is the removal of the last entries, nor a chain that somebody wrote anew from the start: who wants to be sure
of those keeps the hash of the last entry elsewhere.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.problem import Problem
from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.journal.entry import EntryFault, read_entry
from okb_incident.vault.journal.kept import TAKEN_OUT
from okb_incident.vault.journal.late import as_problem, late_saves

if TYPE_CHECKING:
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.journal.store import Journal


class JournalCheck(NamedTuple):
    """What was found in one journal.

    Attributes:
        machine: Whose it is.
        entries: How many entries it has.
        images: How many kept files were looked at.
        last: Id and hash of the last entry, to be kept elsewhere; None where there is none.
        problems: What is not as it was written.
    """

    machine: str
    entries: int
    images: int
    last: tuple[str, str] | None
    problems: tuple[Problem, ...]


def verify(journal: Journal) -> JournalCheck:
    """Check every entry and every kept file of a journal by its hash."""
    problems: list[Problem] = []
    digests: dict[str, str] = {}
    entries: list[JournalEntry] = []
    for name, data in journal.files():
        shown = f".incident/{journal.machine}/journal/{name}"
        digests[name] = digest(data)
        try:
            entry = read_entry(data)
        except EntryFault as fault:
            problems.append(Problem(shown, None, "journal-entry", f"is not the entry that was written: {fault}"))
            continue
        entries.append(entry)
        if entry.id != name:
            problems.append(Problem(shown, None, "journal-entry", f"is the entry {entry.id} under another name"))
        if not entry.previous and len(digests) > 1:
            problems.append(Problem(shown, None, "journal-chain", "names no entry before it, and is not the first"))
        problems += [
            Problem(shown, None, "journal-chain", f"names {each.id} before it, which is missing or was changed")
            for each in entry.previous
            if digests.get(each.id) != each.digest
        ]
    named = {each.id for entry in entries for each in entry.previous}
    last = next(reversed(digests), None)
    problems += [
        Problem(f".incident/{journal.machine}/journal/{name}", None, "journal-chain", "is named by no entry after it")
        for name in digests
        if name not in named and name != last
    ]
    images = journal.images()
    problems += [
        Problem(f".incident/{journal.machine}/images/{name}", None, "journal-image", "does not hold what its name says")
        for name in images
        if not name.endswith(TAKEN_OUT) and not _holds_its_name(journal, name)
    ]
    displaced = list(journal.displaced())
    problems += [as_problem(each, journal) for each in late_saves(journal)]
    end = (last, digests[last]) if last else None
    return JournalCheck(journal.machine, len(digests), len(images) + len(displaced), end, tuple(problems))


def _holds_its_name(journal: Journal, name: str) -> bool:
    wanted, _, packed = name.partition(".")
    if packed:
        return journal.image(wanted) is not None
    with suppress(NotFoundError, UnreadableError):
        return digest(read_now(journal.place("images", name)).data) == wanted
    return False
