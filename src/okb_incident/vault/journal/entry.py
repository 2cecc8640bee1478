"""An entry of the journal: one command, the files that it changed, and the entries before it.

An entry holds hashes, paths and names, never a word of a note, so that a secret that leaked into a note is not in here, and
taking it out of the images breaks no chain. It is a short text, a fact a line, in the manner of a commit of git:

    incident journal 1
    id 01M8326CX0M4W7Y2N8R5T6V9ZB
    at 2026-11-23T02:02:05Z
    by alice
    command incident ack
    previous 01M8324Q0A3C5E7G9J1K3M5P7R 60303ae2…
    edit 644 9f86d081… 60303ae2… - incidents/2026/INC-20261123-01.md
    sum fd61a03a…

The last line is the hash of all lines above it; each entry names the hash of the one before. So a changed byte shows in the
entry itself, and a removed or rewritten entry in its successor.
"""

from __future__ import annotations

from typing import NamedTuple

from okb_incident.vault.disk.digest import digest

HEAD = "incident journal 1"
NOTHING = "-"
PRIVATE = 0o600
"""The permission bits of whatever has to do with a note that only its owner may read."""
ROUNDS = 5
"""How often in a row somebody's save is merged in before it becomes a conflict copy."""
KINDS = frozenset({"create", "edit", "remove"})


class EntryFault(ValueError):  # noqa: N818 - a fault of the data, as core.problem calls it
    """A text that is not an entry, or no longer the one that was written."""


class FileChange(NamedTuple):
    """What a command does to one file.

    Attributes:
        kind: ``create``, ``edit`` or ``remove``.
        mode: The permission bits of the file.
        before: The SHA-256 of the bytes before, None where there was no file.
        after: The SHA-256 of the bytes after, None where there is no file any more.
        held: The SHA-256 of what the name held at the moment of the swap, where that was not ``before``: somebody's save had
            come in between, and had been merged.
        path: Of the vault, with ``/``.
    """

    kind: str
    mode: int
    before: str | None
    after: str | None
    held: str | None
    path: str


class Previous(NamedTuple):
    """The entry before this one.

    Attributes:
        id: Its id.
        digest: The SHA-256 of its text.
    """

    id: str
    digest: str


class JournalEntry(NamedTuple):
    """One command.

    Attributes:
        id: A ULID; later entries of one machine have greater ones.
        at: When, by the real clock, in UTC.
        by: The handle of who acted, None where nobody was asked for.
        command: The words that name the command, such as ``incident ack``; never what was typed after them.
        changes: What it did, in the order in which it was done.
        previous: The entries before it on this machine; several where chains meet.
        undoes: The entry that it undoes, if it does.
        purges: Of a command that takes a secret out, the files of the vault that go for good because they hold it; what it
            displaces goes too. None for every other command.
    """

    id: str
    at: str
    by: str | None
    command: str
    changes: tuple[FileChange, ...]
    previous: tuple[Previous, ...] = ()
    undoes: str | None = None
    purges: tuple[str, ...] | None = None

    @property
    def mode(self) -> int:
        """Return the permission bits of the entry and its images: of a note that nobody else may read, nobody else sees a change."""
        return PRIVATE if any(not change.mode & 0o077 for change in self.changes) else 0o644

    def marks(self, number: int) -> list[str]:
        """Name the files that a change may displace, in order: one, and more where somebody saved in between."""
        first = f"{self.id}.{number}"
        return [first, *(f"{first}.{again}" for again in range(1, ROUNDS + 1))]

    def write(self) -> bytes:
        """Return the entry's text."""
        lines = [
            HEAD,
            f"id {self.id}",
            f"at {self.at}",
            f"by {_one_line(self.by or NOTHING)}",
            f"command {self.command}",
            *(f"previous {each.id} {each.digest}" for each in self.previous),
            *([f"undoes {self.undoes}"] if self.undoes else []),
            *([f"purges {len(self.purges)}"] if self.purges is not None else []),
            *(f"purge {_one_line(path)}" for path in self.purges or ()),
            *(_write_change(change) for change in self.changes),
        ]
        text = "".join(line + "\n" for line in lines).encode(errors="surrogateescape")
        return text + f"sum {digest(text)}\n".encode()


def read_entry(data: bytes) -> JournalEntry:
    """Read an entry's text.

    Raises:
        EntryFault: It is none, or its sum does not fit it.
    """
    body, found, last = data.rpartition(b"sum ")
    if not found or last != f"{digest(body)}\n".encode():
        raise EntryFault("its sum does not fit it")
    if not body.startswith(f"{HEAD}\n".encode()):
        raise EntryFault(f"it does not begin with {HEAD!r}")
    try:
        _, *lines = body.decode(errors="surrogateescape").removesuffix("\n").split("\n")
        facts: dict[str, str] = {}
        changes, previous, purges = [], [], []
        for line in lines:
            name, _, value = line.partition(" ")
            if name in KINDS:
                changes.append(_read_change(name, value))
            elif name == "previous":
                previous.append(Previous(*value.split(" ")))
            elif name == "purge":
                purges.append(_as_it_was(value))
            else:
                facts[name] = value
        by = _as_it_was(facts["by"])
        return JournalEntry(
            facts["id"],
            facts["at"],
            None if by == NOTHING else by,
            facts["command"],
            tuple(changes),
            tuple(previous),
            facts.get("undoes"),
            tuple(purges) if "purges" in facts else None,
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise EntryFault("a fact is missing from it") from fault


def _write_change(change: FileChange) -> str:
    hashes = " ".join(each or NOTHING for each in (change.before, change.after, change.held))
    return f"{change.kind} {change.mode:o} {hashes} {_one_line(change.path)}"


def _read_change(kind: str, text: str) -> FileChange:
    mode, before, after, held, path = text.split(" ", 4)
    return FileChange(kind, int(mode, 8), _hash(before), _hash(after), _hash(held), _as_it_was(path))


def _one_line(text: str) -> str:
    """Write a text, such as the name of a file, without the line breaks that would end its line here."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _as_it_was(line: str) -> str:
    return "\\".join(part.replace("\\n", "\n") for part in line.split("\\\\"))


def _hash(text: str) -> str | None:
    return None if text == NOTHING else text
