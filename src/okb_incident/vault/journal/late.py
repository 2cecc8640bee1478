"""Late saves: what an editor wrote into a file after a command had taken that file from its name.

An editor that saves in place holds the file open, and nothing can keep a command from putting another one under the name meanwhile.
The journal keeps the very file, so nothing of the save is lost; the next command that writes brings it into the note
(`write.late_saves`), and until then whoever looks is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.values.problem import Problem
from okb_incident.vault.journal.entry import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.journal.kept import Displaced
    from okb_incident.vault.journal.store import Journal

CODE = "late-edit"


class LateSave(NamedTuple):
    """A displaced file that somebody wrote into.

    Attributes:
        displaced: The file.
        path: The note that it was, wherever that has moved since.
        command: The command that took it from its name.
        base: What it held when it was looked at last; None where that is not kept.
        is_private: Whether its name may be told to nobody but its owner.
    """

    displaced: Displaced
    path: str
    command: str
    base: bytes | None
    is_private: bool

    @property
    def shown(self) -> str:
        """Return the note's name, where it may be shown."""
        return "a restricted note" if self.is_private else self.path


def late_saves(journal: Journal, names: Sequence[str] | None = None) -> Iterator[LateSave]:
    """Return the displaced files that hold what is not in their notes yet; all are looked at, or those of some names."""
    for displaced in journal.displaced(names):
        if late := late_save(journal, displaced):
            yield late


def late_save(journal: Journal, displaced: Displaced) -> LateSave | None:
    """Return what a displaced file holds that is not in its note yet, None where that is nothing."""
    if not displaced.is_late:
        return None
    base = journal.image(displaced.held)
    if base is not None and base.startswith(displaced.state.data):
        # A save that broke off after the beginning of what had been there holds nothing new.
        return None
    entries, path = _history(journal, displaced)
    private = PRIVATE in {displaced.state.mode, *(entry.mode for entry in entries)}
    return LateSave(displaced, path, entries[0].command if entries else "a command", base, private)


def as_problem(late: LateSave, journal: Journal) -> Problem:
    """Return the finding that names a late save."""
    kept = late.displaced.path.removeprefix(journal.root + "/")
    return Problem(
        kept if late.is_private else late.path,
        None,
        CODE,
        f"an editor went on saving it after {late.command} had put another file in its place; the next command that writes brings "
        "the rest into the note",
        Command("doctor", options=("--fix",)),
    )


def _history(journal: Journal, displaced: Displaced) -> tuple[list[JournalEntry], str]:
    """Find the entry that displaced a file, with every one that has moved its note since, and where the note is now."""
    later: list[JournalEntry] = []
    for entry in journal.backward():
        if entry.id != displaced.entry:
            later.append(entry)
            continue
        found, path = [entry], _moved(entry, entry.changes[displaced.number].path)
        for each in reversed(later):
            if (to := _moved(each, path)) != path:
                found.append(each)
                path = to
        return found, path
    return [], f"late edit {displaced.entry}.md"


def _moved(entry: JournalEntry, path: str) -> str:
    """Return the path that a note has after an entry."""
    pairs = zip(entry.changes, entry.changes[1:], strict=False)
    return next((to.path for to, of in pairs if (to.kind, of.kind, of.path) == ("create", "remove", path)), path)
