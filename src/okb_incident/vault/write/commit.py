"""Commit: the one path by which a command's changes reach the notes of a vault.

    read bytes that keep still → the command as a pure function on them → the journal's intent → drafts on the disk → one more look
    → swaps → folders on the disk → what was displaced is compared with what was read → the journal's entry

Exit 0 means durable. A command that changes several notes changes all of them or none: what a crash leaves half done the next
command finishes (`recovery`). Bytes that do not change are not written. If a note is no longer the one that was read at the
last look, the command is applied again to the newer text; if somebody saves in the moment between that look and the swap,
both are merged (`settlement`). The caller holds the vault's lock for the whole command (`lock.hold`).
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.errors import BusyError, ConflictError, NotFoundError, OkbError
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.refusal import reason
from okb_incident.vault.disk.stillness import Patience
from okb_incident.vault.disk.writer import NotDurableError, confirm, explained, make_folders, opened, sync
from okb_incident.vault.journal.recent import is_ours
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.write.recovery import recover
from okb_incident.vault.write.settlement import close, finish, restate, settle
from okb_incident.vault.write.steps import Create, Edit, Move, Remove, plans_of
from okb_incident.vault.write.swap import Swap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.write.settlement import Settlement
    from okb_incident.vault.write.steps import Plan, Step

__all__ = ["Committed", "Create", "Edit", "Move", "Remove", "StaleError", "commit"]

ATTEMPTS = 5


class StaleError(ConflictError):
    """The note on disk is no longer the one that was read; read it again, and make the change on that."""


class Committed(NamedTuple):
    """What a command did.

    Attributes:
        entry: Its entry in the journal, None where nothing changed.
        data: The bytes that are in place now, by path; none for a note that is gone.
        notes: Sentences that a person should know.
        plans: What was done to each file, with the bytes before and those that the command made of them.
    """

    entry: JournalEntry | None
    data: dict[str, bytes]
    notes: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()


def commit(
    root: str,
    steps: Sequence[Step],
    *,
    command: str,
    by: str | None = None,
    undoes: str | None = None,
    patience: Patience | None = None,
    purges: Sequence[str] | None = None,
) -> Committed:
    """Carry out the changes of one command, all or none.

    Args:
        root: The vault, locked by the caller.
        steps: What to do.
        command: The words that name the command, such as ``incident ack``; never what was typed after them.
        by: The handle of who acts, where it is known.
        undoes: The entry of the journal that this undoes.
        patience: How the command waits for those who save its notes; where it has read one already, what it waited for then counts.
        purges: Of a command that takes a secret out, the files that go for good with it (`JournalEntry.purges`).

    Raises:
        NotFoundError: A note to change is not there.
        InvalidNoteError: It cannot be read, or would become too large.
        AlreadyThereError: The name of a new note is taken.
        BusyError: A note was saved by somebody else during every attempt.
        ConflictError: It was saved at the very moment and in the same place; then the change is made, and theirs is kept next to it.
        VaultError: The vault cannot be written; as `NotDurableError` it is written all the same.
    """
    journal = Journal.here(root)
    recovered = recover(journal)
    patience = patience or Patience(partial(is_ours, journal))
    path = root
    for attempt in range(ATTEMPTS):
        # Who saves by moving files about may need a moment; the pauses of five attempts take a tenth of a second.
        time.sleep(attempt * 0.01)
        plans = [plan for step in steps for plan in plans_of(root, step, patience)]
        data = {plan.change.path: plan.new for plan in plans if plan.new is not None}
        doing = [plan for plan in plans if plan.does_something]
        if not doing:
            return Committed(_purge(journal, command, by, purges) if purges else None, data, recovered)
        assert len({plan.real for plan in plans}) == len(plans), "one step for each file"
        try:
            entry, settled = _carry_out(journal, doing, command, by, undoes, purges)
        except StaleError as stale:
            path = stale.value or path
            continue
        data |= {each.change.path: each.data for each in settled if each.data is not None}
        notes = tuple(note for plan in doing for note in _notes(plan))
        return Committed(entry, data, recovered + notes, tuple(doing))
    raise BusyError(
        f"{path} was changed by another program during each of {ATTEMPTS} attempts to write it, and is left as it is",
        value=path,
        hint="Repeat the command when the other program has settled.",
    )


def _carry_out(
    journal: Journal,
    plans: Sequence[Plan],
    command: str,
    by: str | None,
    undoes: str | None,
    purges: Sequence[str] | None,
) -> tuple[JournalEntry, list[Settlement]]:
    """Write down what has to be done, do it, and write down that it is done."""
    parents = {os.path.dirname(plan.real) for plan in plans}
    with ExitStack() as stack, explained(plans[0].real):
        for parent in parents:
            make_folders(parent)
        folders = [stack.enter_context(opened(parent)) for parent in parents]
        entry = journal.begin(command, by, [plan.change for plan in plans], undoes, purges)
        swaps = [Swap(journal, entry, number, plan.real) for number, plan in enumerate(plans)]
        _prepare(swaps, plans, folders)
        _apply(swaps)
        swaps, settled = _settle(swaps, plans)
        for folder in folders:
            confirm(folder, plans[0].real)
        # The notes are safe by now: what fails here the next command makes good.
        with _said_unpurged(plans[0].real) if purges is not None else suppress(OSError, OkbError):
            close(swaps, settled)
    _refuse_conflict(plans, settled)
    return swaps[0].entry, settled


def _purge(journal: Journal, command: str, by: str | None, purges: Sequence[str]) -> JournalEntry:
    """Remove files for good where no note changes."""
    with explained(journal.root):
        entry = journal.begin(command, by, (), None, purges)
        with _said_unpurged(journal.root):
            finish(journal, entry)
    return entry


@contextmanager
def _said_unpurged(path: str) -> Iterator[None]:
    """Return the warning that a file with the secret could not be removed yet."""
    try:
        yield
    except (OSError, OkbError) as error:
        said = reason(error) if isinstance(error, OSError) else error.message
        raise NotDurableError(
            f"the text is out of the notes, but what is kept of them could not be thrown away yet: {said}",
            value=path,
            hint=Sentence(
                "The next command that writes does it; ", Command("doctor", options=("--fix",)), " does it now."
            ),
        ) from error


def _prepare(swaps: Sequence[Swap], plans: Sequence[Plan], folders: Sequence[int]) -> None:
    """Bring all bytes to the disk, and look once more whether the notes are still as they were read."""
    try:
        for swap, plan in zip(swaps, plans, strict=True):
            if plan.new is not None:
                swap.prepare(plan.new, plan.old and plan.old._replace(mode=plan.change.mode))
        if len(swaps) > 1:
            # One cut off half way is finished from the drafts, so these must survive under their names too.
            for folder in folders:
                sync(folder)
        for plan in plans:
            if plan.old is not None:
                _look_again(plan.real, plan.old)
    except BaseException:
        # What cannot be removed now the next command removes.
        with suppress(OSError):
            for swap in swaps:
                swap.withdraw()
            swaps[0].journal.drop(swaps[0].entry)
        raise


def _apply(swaps: Sequence[Swap]) -> None:
    """Do all changes, or none."""
    try:
        for swap in swaps:
            swap.apply()
    except (OSError, OkbError) as error:
        if not _take_back(swaps):
            said = reason(error) if isinstance(error, OSError) else error.message
            raise NotDurableError(
                f"{swap.real} could not be written together with what belongs to it: {said}",
                value=swap.real,
                hint="The next command finishes what is half done.",
            ) from error
        if isinstance(error, FileNotFoundError):
            raise _stale(swap.real) from error
        raise


def _take_back(swaps: Sequence[Swap]) -> bool:
    """Undo what was done, by what is found on the disk; say whether nothing is left of it."""
    with suppress(OSError, OkbError):
        if all(swap.take_back() for swap in reversed(swaps) if swap.is_done()):
            for swap in swaps:
                swap.sweep()
            swaps[0].journal.drop(swaps[0].entry)
            return True
    return False


def _settle(swaps: Sequence[Swap], plans: Sequence[Plan]) -> tuple[list[Swap], list[Settlement]]:
    """Merge in what was saved between the last look and the swaps."""
    try:
        settled = [
            settle(swap, plan.old.data if plan.old else None, plan.new, plan.beside)
            for swap, plan in zip(swaps, plans, strict=True)
        ]
        return restate(swaps, settled), settled
    except (OSError, OkbError) as error:
        said = reason(error) if isinstance(error, OSError) else error.message
        raise NotDurableError(
            f"{plans[0].real} is written, but what another program saved at the same moment could not be merged yet: {said}",
            value=plans[0].real,
            hint="The next command does it.",
        ) from error


def _look_again(path: str, old: FileState) -> None:
    try:
        now = read_now(path)
    except (NotFoundError, UnreadableError):
        now = None
    if now is None or (now.data, now.mode, now.owner) != (old.data, old.mode, old.owner):
        raise _stale(path)


def _stale(path: str) -> StaleError:
    return StaleError(f"{path} was just changed or removed by another program", value=path, hint="Repeat the command.")


def _refuse_conflict(plans: Sequence[Plan], settled: Sequence[Settlement]) -> None:
    """Refuse the change, and name the notes that somebody else saved in the same moment and the same place.

    Raises:
        ConflictError: There is one.
    """
    conflicts = [(plan, each) for plan, each in zip(plans, settled, strict=True) if each.copies]
    if not conflicts:
        return
    said = []
    for plan, each in conflicts:
        where = f" and the same place ({'; '.join(each.places)})" if each.places else ""
        now = "is gone now" if each.data is None else "has this command's text now"
        copies = " and ".join(map(os.path.basename, each.copies))
        said.append(
            f"{plan.change.path} was saved by another program in the same moment{where}; it {now}, and the other's is in {copies}"
        )
    raise ConflictError(
        "; ".join(said),
        value=conflicts[0][0].change.path,
        hint="Take over into the note what it lacks, then delete the copy.",
    )


def _notes(plan: Plan) -> tuple[str, ...]:
    """Return what about the file itself is no longer as it was."""
    if plan.old is None or plan.old.links == 1:
        return ()
    return (
        (
            f"{plan.real} had {plan.old.links} names (hard links); only this one has the new text, the others keep the old"
        ),
    )
