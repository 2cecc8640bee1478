"""Recovery: what a crash left half done is dropped or finished before the next command writes anything.

Of an intent nothing was done, or everything but the last lines of the journal; only a command that changes several files can
be cut off in the middle, and then the rest is done, because all bytes had reached the disk before the first swap.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.errors import OkbError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import OutsideError, is_there, place, read_now
from okb_incident.vault.disk.writer import confirm, explained, opened
from okb_incident.vault.write.settlement import close, finish, restate, settle, take_over
from okb_incident.vault.write.swap import Swap, bytes_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.journal.store import Journal


def recover(journal: Journal) -> tuple[str, ...]:
    """Finish or drop what was cut off; the caller holds the vault's lock.

    Returns:
        Sentences that a person should know; none where nothing was left, or nothing but rubbish.

    Raises:
        VaultError: Nobody can say now what was left, or a link leads out of the journal.
    """
    journal.refuse_links()
    notes: list[str] = []
    with explained(journal.place("intent")):
        unfinished = journal.unfinished()
    for entry in unfinished:
        try:
            notes += _recover(journal, entry)
        except (OSError, OkbError) as error:
            # The command at hand has nothing to do with it, and must not wait for it.
            notes.append(f"{entry.command} of {entry.at} was cut off and cannot be finished yet: {error}")
    return tuple(notes)


def is_needed(journal: Journal) -> bool:
    """Return whether something was cut off, or a power cut undid the last steps of a command that had been done.

    Raises:
        OkbError, OSError: Nobody can say now.
    """
    return bool(journal.intents()) or any(is_there(swap.temp) for swap in _last(journal))


def tidy(journal: Journal) -> None:
    """Take over what the last command displaced, where a power cut undid that it was taken over already.

    Raises:
        OkbError, OSError: Not possible now.
    """
    for swap in _last(journal):
        entry, number = swap.entry, swap.number
        for temp, mark in zip(swap.temps, entry.marks(number), strict=True):
            if not is_there(temp):
                continue
            if swap.change.kind == "create":
                os.unlink(temp)
            else:
                change, holds = swap.change, digest(read_now(temp).data)
                if holds not in {change.before, change.after, change.held}:
                    # What an editor wrote into it after the command is in no note yet.
                    holds = change.before or holds
                take_over(journal, entry, mark, temp, holds)


def _last(journal: Journal) -> list[Swap]:
    """Return the changes of the last command; one whose path leads out of the vault by now is not ours."""
    found = []
    entry = next(journal.backward(), None)
    for number in range(len(entry.changes) if entry else 0):
        assert entry is not None
        with suppress(OutsideError):
            found.append(_swap(journal, entry, number))
    return found


def _swap(journal: Journal, entry: JournalEntry, number: int) -> Swap:
    return Swap(journal, entry, number, os.path.realpath(place(journal.root, entry.changes[number].path)))


def _recover(journal: Journal, entry: JournalEntry) -> list[str]:
    swaps = [_swap(journal, entry, number) for number in range(len(entry.changes))]
    done = [swap.is_done() for swap in swaps]
    purges = entry.purges is not None
    if not any(done) and not (purges and all(swap.is_prepared() for swap in swaps)):
        notes = [_kept(swap, copy) for swap in swaps for copy in swap.sweep()]
        journal.drop(entry)
        return (
            [*notes, f"{entry.command} of {entry.at} was cut off before it changed anything; run it again"]
            if purges
            else notes
        )
    notes = []
    if not all(done):
        notes.append(f"{entry.command} of {entry.at} had been cut off half way, and is finished now")
        for swap, is_done in zip(swaps, done, strict=True):
            if not is_done and (copy := swap.catch_up()):
                notes.append(f"{swap.change.path} is taken or gone; its new content is in {copy}")
    if not swaps:
        finish(journal, entry)
        return [*notes, f"{entry.command} of {entry.at} had been cut off, and is finished now"]
    return notes + _finish(journal, swaps)


def _finish(journal: Journal, swaps: Sequence[Swap]) -> list[str]:
    """Do what the command would still have done after its swaps."""
    settled = []
    for swap in swaps:
        held = bytes_at(swap.real)
        swap.forget_merge(held)
        # What was merged in already was made on other bytes than those that are known now.
        base = journal.before(swap.entry, swap.number) if swap.change.held is None else None
        settled.append(settle(swap, base, held, _beside(swaps, swap)))
    # What could not be finished at once may follow on what was still unfinished when it began.
    newest = journal.newest()
    swaps = restate(swaps, settled, newest if newest and newest.id < swaps[0].entry.id else None)
    for parent in {os.path.dirname(swap.real) for swap in swaps}:
        with opened(parent) as folder:
            confirm(folder, parent)
    close(swaps, settled)
    return [_kept(swap, copy) for swap, each in zip(swaps, settled, strict=True) for copy in each.copies]


def _beside(swaps: Sequence[Swap], swap: Swap) -> str:
    """Return where a conflict copy goes: of a note that moved, to where it moved."""
    above = swaps[swap.number - 1] if swap.number else swap
    return above.real if (above.change.kind, swap.change.kind) == ("create", "remove") else swap.real


def _kept(swap: Swap, copy: str) -> str:
    return f"what another program saved in {swap.change.path} is kept in {copy}"
