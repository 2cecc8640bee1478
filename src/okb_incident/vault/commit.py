"""Commit: the one path by which a command's changes reach the notes of a vault.

    read bytes and hash → the command as a pure function on them → the journal's intent → drafts on the disk → one more look
    → swaps → folders on the disk → what was displaced is compared with what was read → the journal's entry

Exit 0 means durable. A command that changes several notes changes all of them or none: what a crash leaves half done the next
command finishes (`recovery`). Bytes that do not change are not written. If a note is no longer the one that was read at the
last look, the command is applied again to the newer text; if somebody saves in the moment between that look and the swap,
both are merged (`swap`). The caller holds the vault's lock for the whole command (`lock.hold`).
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import ConflictError, NotFoundError, OkbError
from okb_incident.vault.digest import digest
from okb_incident.vault.files import UnreadableError, inside, place, read_bytes, read_now
from okb_incident.vault.journal.entry import PRIVATE, FileChange
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.recovery import recover
from okb_incident.vault.refusal import reason
from okb_incident.vault.swap import Swap
from okb_incident.vault.writer import (
    AlreadyThereError,
    NotDurableError,
    confirm,
    explained,
    make_folders,
    opened,
    refuse_too_large,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okb_incident.vault.files import FileState
    from okb_incident.vault.journal.entry import Entry
    from okb_incident.vault.swap import Settled

ATTEMPTS = 5


class StaleError(ConflictError):
    """The note on disk is no longer the one that was read; read it again, and make the change on that."""


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
        instead: Under which path it goes on, where it moves.
    """

    path: str
    instead: str | None = None


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


class Committed(NamedTuple):
    """What a command did.

    Attributes:
        entry: Its entry in the journal, None where nothing changed.
        data: The bytes that are in place now, by path; none for a note that is gone.
        notes: Sentences that a person should know.
    """

    entry: Entry | None
    data: dict[str, bytes]
    notes: tuple[str, ...] = ()


class _Plan(NamedTuple):
    """A change with what was read for it."""

    change: FileChange
    real: str
    old: FileState | None
    new: bytes | None
    beside: str

    @property
    def does_something(self) -> bool:
        return self.old is None or self.new != self.old.data


def commit(
    root: str, steps: Sequence[Step], *, command: str, by: str | None = None, undoes: str | None = None
) -> Committed:
    """Carry out the changes of one command, all or none.

    Args:
        root: The vault, locked by the caller.
        steps: What to do.
        command: The words that name the command, such as ``incident ack``; never what was typed after them.
        by: The handle of who acts, where it is known.
        undoes: The entry of the journal that this takes back.

    Raises:
        NotFoundError: A note to change is not there.
        InvalidNoteError: It cannot be read, or would become too large.
        AlreadyThereError: The name of a new note is taken.
        ConflictError: A note was saved by somebody else during every attempt, or at the very moment and in the same place;
            then the change is made, and theirs is kept beside it.
        VaultError: The vault cannot be written; as `NotDurableError` it is written all the same.
    """
    journal = Journal.here(root)
    journal.refuse_links()
    recovered = recover(journal)
    for attempt in range(ATTEMPTS):
        # Who saves by moving files about may need a moment; the pauses of five attempts take a tenth of a second.
        time.sleep(attempt * 0.01)
        plans = [plan for step in steps for plan in _plans(root, step)]
        data = {plan.change.path: plan.new for plan in plans if plan.new is not None}
        doing = [plan for plan in plans if plan.does_something]
        if not doing:
            return Committed(None, data, recovered)
        with suppress(StaleError):
            entry, settled = _carry_out(journal, doing, command, by, undoes)
            data |= {each.change.path: each.data for each in settled if each.data is not None}
            return Committed(entry, data, recovered + tuple(note for plan in doing for note in _notes(plan)))
    path = doing[0].real
    raise ConflictError(
        f"{path} was changed by another program during each of {ATTEMPTS} attempts to write it, and is left as it is",
        value=path,
        hint="Repeat the command when the other program has settled.",
    )


def _plans(root: str, step: Step) -> Iterator[_Plan]:
    """Read what a step changes, and apply it to what was read."""
    if isinstance(step, Create):
        yield _to_create(root, step.path, step.data, step.mode)
        return
    real = inside(root, step.path)
    old = read_bytes(real)
    if isinstance(step, Edit):
        new = step.change(old.data)
        refuse_too_large(real, new)
        mode = PRIVATE if step.private(new) else old.mode
        change = FileChange("edit", mode, digest(old.data), digest(new), None, step.path)
        yield _Plan(change, real, old, new, real)
        return
    goes_on = real
    if isinstance(step, Move):
        plan = _to_create(root, step.to, step.change(old.data), step.mode)
        goes_on = plan.real
        yield plan
    yield _Plan(FileChange("remove", old.mode, digest(old.data), None, None, step.path), real, old, None, goes_on)


def _to_create(root: str, path: str, data: bytes, mode: int) -> _Plan:
    real = place(root, path)
    refuse_too_large(real, data)
    if os.path.lexists(real):
        raise AlreadyThereError(f"{real} exists already and is left as it is", value=real)
    return _Plan(FileChange("create", mode, None, digest(data), None, path), real, None, data, real)


def _carry_out(
    journal: Journal, plans: Sequence[_Plan], command: str, by: str | None, undoes: str | None
) -> tuple[Entry, list[Settled]]:
    """Write down what is to be done, do it, and write down that it is done."""
    parents = {os.path.dirname(plan.real) for plan in plans}
    with ExitStack() as stack, explained(plans[0].real):
        for parent in parents:
            make_folders(parent)
        folders = [stack.enter_context(opened(parent)) for parent in parents]
        entry = journal.begin(command, by, [plan.change for plan in plans], undoes)
        swaps = [Swap(journal, entry, number, plan.real) for number, plan in enumerate(plans)]
        _prepare(swaps, plans, folders)
        _apply(swaps)
        settled = _settle(swaps, plans)
        for folder in folders:
            confirm(folder, plans[0].real)
        entry = entry._replace(changes=tuple(each.change for each in settled))
        _write_down(swaps, entry, settled)
    _refuse_conflict(plans, settled)
    return entry, settled


def _prepare(swaps: Sequence[Swap], plans: Sequence[_Plan], folders: Sequence[int]) -> None:
    """Bring all bytes to the disk, and look once more whether the notes are still as they were read."""
    try:
        for swap, plan in zip(swaps, plans, strict=True):
            if plan.new is not None:
                swap.prepare(plan.new, plan.old and plan.old._replace(mode=plan.change.mode))
        if len(swaps) > 1:
            # One cut off half way is finished from the drafts, so these must survive under their names too.
            for folder in folders:
                os.fsync(folder)
        for plan in plans:
            if plan.old is not None:
                _look_again(plan.real, plan.old)
    except BaseException:
        _forget(swaps)
        raise


def _apply(swaps: Sequence[Swap]) -> None:
    """Do all changes, or none."""
    done: list[Swap] = []
    try:
        for swap in swaps:
            swap.apply()
            done.append(swap)
    except (OSError, OkbError):
        # What cannot be taken back now stays in the journal as an intent, and the next command finishes it.
        if all(swap.take_back() for swap in reversed(done)):
            _forget(swaps)
        raise


def _settle(swaps: Sequence[Swap], plans: Sequence[_Plan]) -> list[Settled]:
    """Merge in what was saved between the last look and the swaps."""
    settled = []
    entry = swaps[0].entry
    try:
        for swap, plan in zip(swaps, plans, strict=True):
            each = swap._replace(entry=entry).settle(plan.old.data if plan.old else None, plan.new, plan.beside)
            entry = entry.with_change(swap.number, each.change)
            settled.append(each)
    except (OSError, NotFoundError, UnreadableError) as error:
        said = reason(error) if isinstance(error, OSError) else error.message
        raise NotDurableError(
            f"{plans[0].real} is written, but what it held before could not be looked at: {said}",
            value=plans[0].real,
            hint="The next command looks at it; see what is in the note with: incident show",
        ) from error
    return settled


def _write_down(swaps: Sequence[Swap], entry: Entry, settled: Sequence[Settled]) -> None:
    """Close the entry. The notes are safe by now: what fails here is made good by the next command."""
    with suppress(OSError, OkbError):
        if entry != swaps[0].entry:
            swaps[0].journal.amend(entry)
        for swap, each in zip(swaps, settled, strict=True):
            swap.keep(each)
        swaps[0].journal.finish(entry)


def _forget(swaps: Sequence[Swap]) -> None:
    """Remove all traces of what was not done."""
    for swap in swaps:
        swap.sweep()
    with suppress(OSError):
        swaps[0].journal.drop(swaps[0].entry)


def _look_again(path: str, old: FileState) -> None:
    try:
        now = read_now(path)
    except (NotFoundError, UnreadableError):
        now = None
    if now is None or (now.data, now.mode, now.owner) != (old.data, old.mode, old.owner):
        raise StaleError(
            f"{path} was changed or removed by another program meanwhile", value=path, hint="Repeat the command."
        )


def _refuse_conflict(plans: Sequence[_Plan], settled: Sequence[Settled]) -> None:
    """Say which notes somebody else saved in the same moment and the same place.

    Raises:
        ConflictError: There is one.
    """
    for plan, each in zip(plans, settled, strict=True):
        if each.copy:
            where = f" ({'; '.join(each.places)})" if each.places else ""
            raise ConflictError(
                f"{plan.change.path} was saved by another program in the same moment and the same place{where}; it has this "
                f"command's text now, and the other's is in {os.path.basename(each.copy)}",
                value=plan.change.path,
                hint="Take over into the note what it lacks, then delete the copy.",
            )


def _notes(plan: _Plan) -> tuple[str, ...]:
    """Say what about the file itself is no longer as it was."""
    if plan.old is None or plan.old.links == 1:
        return ()
    return (
        (
            f"{plan.real} had {plan.old.links} names (hard links); only this one has the new text, the others keep the old"
        ),
    )
