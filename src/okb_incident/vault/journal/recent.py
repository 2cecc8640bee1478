"""What the last commands of this machine left on the disk, known by stamps: ``.incident/<machine>/recent``.

    note <inode> <mtime> <ctime> <size> <real path>
    displaced <recorded> <inode> <mtime> <size> <name in displaced/>

Nearly every command asks two things of it, which may cost no more than a few stats: whether a note that was touched a moment ago was
touched by one of our own commands, and whether an editor has gone on writing into a file that a command took from its name. It is a
memory and no record: where it is lost, a command waits a moment too long, and the doctor looks at every displaced file anyway.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.stillness import Stamp
from okb_incident.vault.disk.writer import opened, write_all
from okb_incident.vault.journal.entry import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.vault.journal.kept import Kept

NOTES = 16
"""How many notes are remembered."""

FILES = 64
"""How many displaced files are remembered."""

OPEN_FOR = 60.0
"""Seconds after which no editor is still in the middle of a save that had begun before a command."""

UNFINISHED = Stamp(0, 0, 0, 0)
"""The stamp of a displaced file of which not everything has found its way into the note: it fits no file."""


class Known(NamedTuple):
    """A displaced file as it was when it was looked at.

    Attributes:
        recorded: When, in seconds of the real clock.
        stamp: Its stamp; the ctime is not known, for the journal renames the file afterwards.
    """

    recorded: int
    stamp: Stamp


class Recent(NamedTuple):
    """What is remembered.

    Attributes:
        notes: Stamps by real path, the latest last.
        displaced: By name, the latest last.
    """

    notes: dict[str, Stamp]
    displaced: dict[str, Known]


def recent(journal: Kept) -> Recent:
    """Return what is remembered; a line that was cut off is none."""
    found = Recent({}, {})
    try:
        lines = read_now(journal.place("recent")).data.decode(errors="surrogateescape").split("\n")
    except (NotFoundError, UnreadableError):
        return found
    # The last line ends with a line break, or was cut off.
    for line in lines[:-1]:
        with suppress(ValueError):
            kind, first, second, third, fourth, name = line.split(" ", 5)
            if kind == "note":
                found.notes[name] = Stamp(int(first), int(second), int(third), int(fourth))
            elif kind == "displaced":
                found.displaced[name] = Known(int(first), Stamp(int(second), int(third), 0, int(fourth)))
    return found


def is_ours(journal: Kept, path: str, stamp: Stamp) -> bool:
    """Return whether a note is as one of our commands left it."""
    return recent(journal).notes.get(path) == stamp


def written_into(journal: Kept) -> list[str]:
    """Name the displaced files that changed since they were looked at, or were not finished then, by their stats alone."""
    return [name for name, known in recent(journal).displaced.items() if _differs(journal, name, known)]


def remember(journal: Kept, notes: Mapping[str, Stamp], displaced: Mapping[str, Stamp]) -> None:
    """Remember how a command left notes and displaced files, and forget what nobody will ask for.

    Raises:
        OSError: The system refuses.
    """
    now = int(time.time())
    kept = recent(journal)
    for path in notes:
        kept.notes.pop(path, None)
    files = {
        name: known
        for name, known in kept.displaced.items()
        if name not in displaced and (now - known.recorded < OPEN_FOR or _differs(journal, name, known))
    }
    files |= {name: Known(now, stamp) for name, stamp in displaced.items()}
    lines = [
        f"note {' '.join(map(str, stamp))} {path}\n"
        for path, stamp in list({**kept.notes, **notes}.items())[-NOTES:]
        if "\n" not in path
    ]
    lines += [
        f"displaced {known.recorded} {known.stamp.inode} {known.stamp.mtime_ns} {known.stamp.size} {name}\n"
        for name, known in list(files.items())[-FILES:]
    ]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with opened(journal.place("recent"), flags, PRIVATE) as descriptor:
        write_all(descriptor, "".join(lines).encode(errors="surrogateescape"))


def _differs(journal: Kept, name: str, known: Known) -> bool:
    try:
        now = os.lstat(journal.place("displaced", name))
    except OSError:
        # It was packed, or thrown away.
        return False
    stamp = known.stamp
    return (now.st_ino, now.st_mtime_ns, now.st_size) != (stamp.inode, stamp.mtime_ns, stamp.size)
