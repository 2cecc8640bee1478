"""Steps: what a command does to notes, and what that means on the notes as they are read now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import inside, place
from okb_incident.vault.disk.writer import AlreadyThereError, refuse_too_large
from okb_incident.vault.journal.entry import PRIVATE, FileChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.disk.stillness import Patience


class Create(NamedTuple):
    """Make a new note.

    Attributes:
        path: Of the vault; nothing has that name.
        data: Its bytes.
        mode: Its permission bits.
    """

    path: str
    data: bytes
    mode: int = 0o644


class Edit(NamedTuple):
    """Change an existing note.

    Attributes:
        path: Of the vault.
        change: From its bytes to its bytes; a pure function, which may be called several times.
        private: Whether only their owner may read the new bytes; asked when they are made.
    """

    path: str
    change: Callable[[bytes], bytes]
    private: Callable[[bytes], bool] = lambda _: False


class Remove(NamedTuple):
    """Take a note out of the vault; the journal keeps it.

    Attributes:
        path: Of the vault.
    """

    path: str


class Move(NamedTuple):
    """Let a note go on under another path.

    Attributes:
        path: Of the vault.
        to: Where it goes; nothing has that name.
        change: From its bytes to its bytes.
        mode: Its permission bits there.
    """

    path: str
    to: str
    change: Callable[[bytes], bytes]
    mode: int


Step = Create | Edit | Remove | Move


class Plan(NamedTuple):
    """A change with what was read for it.

    Attributes:
        change: As the journal states it.
        real: The note's real path.
        old: What was read, None where there is no note yet.
        new: The bytes to be, None where the note goes.
        beside: Beside which real path a conflict copy would go.
    """

    change: FileChange
    real: str
    old: FileState | None
    new: bytes | None
    beside: str

    @property
    def does_something(self) -> bool:
        """Return whether any byte changes, or who may read them."""
        return self.old is None or self.new != self.old.data or self.change.mode != self.old.mode


def plans_of(root: str, step: Step, patience: Patience) -> Iterator[Plan]:
    """Read what a step changes, once nobody is saving it any more, and apply it to what was read."""
    if isinstance(step, Create):
        yield _to_create(root, step.path, step.data, step.mode)
        return
    real = inside(root, step.path)
    old = patience.read(real)
    if isinstance(step, Edit):
        new = step.change(old.data)
        refuse_too_large(real, new)
        mode = PRIVATE if step.private(new) else old.mode
        change = FileChange("edit", mode, digest(old.data), digest(new), None, step.path)
        yield Plan(change, real, old, new, real)
        return
    goes_on = real
    if isinstance(step, Move):
        plan = _to_create(root, step.to, step.change(old.data), step.mode)
        goes_on = plan.real
        yield plan
    yield Plan(FileChange("remove", old.mode, digest(old.data), None, None, step.path), real, old, None, goes_on)


def _to_create(root: str, path: str, data: bytes, mode: int) -> Plan:
    real = place(root, path)
    refuse_too_large(real, data)
    if os.path.lexists(real):
        raise AlreadyThereError(f"{real} exists already and is left as it is", value=real)
    return Plan(FileChange("create", mode, None, digest(data), None, path), real, None, data, real)
