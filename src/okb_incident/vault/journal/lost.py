"""Edits of commands that are gone again: an editor that had loaded the note before saved its buffer over them.

No program can keep an editor from that. But the journal knows what was written, so that it can be noticed and done again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.secret import is_redaction, marked
from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import NotAFileError, OutsideError, TooLargeError, UnreadableError, inside
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.note.note import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.journal.entry import FileChange, JournalEntry
    from okb_incident.vault.journal.store import Journal


class LostEdit(NamedTuple):
    """An edit of which nothing is left in its note.

    Attributes:
        entry: The command.
        number: Which of its changes.
        before: What the note held before the command.
        after: What the command wrote.
    """

    entry: JournalEntry
    number: int
    before: bytes
    after: bytes

    @property
    def change(self) -> FileChange:
        """Return what had been done."""
        return self.entry.changes[self.number]


class LostEdits(NamedTuple):
    """The edits that are gone, as far as that can be told.

    Attributes:
        edits: Oldest first.
        unread: What cannot be read now, so that an edit may be gone unnoticed.
    """

    edits: list[LostEdit]
    unread: list[Problem]


def lost_edits(journal: Journal, since: str) -> LostEdits:
    """Find the commands since a moment whose whole edit is gone, though no command took it back.

    Args:
        journal: Of this machine.
        since: A moment as entries have it.
    """
    later: dict[str, list[LostEdit]] = {}
    now: dict[str, bytes | None] = {}
    unread: dict[str, Problem] = {}
    lost = []
    for entry in _in_force(journal, since):
        for number, change in enumerate(entry.changes):
            if change.kind != "edit":
                continue
            try:
                edit = _edit(journal, entry, number)
                if change.path not in now:
                    now[change.path] = _bytes(journal.root, change.path)
            except UnreadableError as error:
                path = str(error.value).removeprefix(journal.root + "/")
                shown = path if entry.mode != PRIVATE or path.startswith(FOLDER) else "a restricted note"
                unread[path] = error.as_problem(shown)
                continue
            if edit is None:
                continue
            held = now[change.path]
            followers = later.setdefault(change.path, [])
            if (
                held is not None
                and _is_gone(edit, held)
                and not any(_took_away(each, edit) for each in followers)
                and not _is_redacted(edit, held, *(data for each in followers for data in (each.before, each.after)))
            ):
                lost.append(edit)
            followers.append(edit)
    return LostEdits(lost[::-1], list(unread.values()))


def _edit(journal: Journal, entry: JournalEntry, number: int) -> LostEdit | None:
    """Return an edit of a command, None where what it found or wrote is not kept any more.

    Raises:
        UnreadableError: That cannot be told now.
    """
    change, marks = entry.changes[number], entry.marks(number)
    before, after = (journal.known_image(wanted, *marks) for wanted in (change.before, change.after))
    return None if before is None or after is None else LostEdit(entry, number, before, after)


def _in_force(journal: Journal, since: str) -> Iterator[JournalEntry]:
    """Return the entries since a moment that were not undone, newest first."""
    taken_back = set()
    for entry in journal.backward():
        if entry.at < since:
            return
        if entry.id in taken_back:
            continue
        if entry.undoes:
            taken_back.add(entry.undoes)
        yield entry


def _is_gone(edit: LostEdit, held: bytes) -> bool:
    """Return whether a note has none of an edit's lines, and all that the edit had taken out."""
    if digest(held) == edit.change.after:
        return False
    before, after, now = (Counter(data.splitlines()) for data in (edit.before, edit.after, held))
    came, went = after - before, before - after
    # A heading that two edits put in, or a blank line, tells nothing of either.
    came = Counter({line: count for line, count in came.items() if line.strip() and not line.startswith(b"#")}) or came
    return bool(came or went) and not (came & now) and not (went - now)


def _is_redacted(edit: LostEdit, *notes: bytes) -> bool:
    """Return whether a line of an edit was redacted, in this clone or in another one whose note came here.

    Then it must not come back, whatever else the edit did.
    """
    came = [decode(line) for line in set(edit.after.splitlines()) - set(edit.before.splitlines())]
    redactions = {line for data in notes for line in marked(decode(data).splitlines())}
    return any(is_redaction(redaction, line) for redaction in redactions for line in came)


def _took_away(later: LostEdit, edit: LostEdit) -> bool:
    """Return whether a later command took an edit's lines out itself."""
    return not _is_gone(edit, later.before) and _is_gone(edit, later.after)


def _bytes(root: str, path: str) -> bytes | None:
    """Return what a note holds; nothing where there is none.

    Raises:
        UnreadableError: It cannot be read now.
    """
    try:
        return read_bytes(inside(root, path)).data
    except (NotFoundError, NotAFileError, TooLargeError, OutsideError):
        return None
