"""Recovery: what a crash left half done is dropped or finished before the next command writes anything.

Of an intent nothing was done, or everything but the last lines of the journal; only a command that changes several files can
be cut off in the middle, and then the rest is done, because all bytes had reached the disk before the first swap.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError, OkbError
from okb_incident.vault.digest import digest
from okb_incident.vault.files import UnreadableError, place, read_now
from okb_incident.vault.swap import Swap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.vault.journal.entry import Entry
    from okb_incident.vault.journal.store import Journal


def recover(journal: Journal) -> tuple[str, ...]:
    """Finish or drop what was cut off; the caller holds the vault's lock.

    Returns:
        Sentences that a person should know; none where nothing was left, or nothing but rubbish.
    """
    notes: list[str] = []
    for entry in journal.unfinished():
        try:
            notes += _recover(journal, entry)
        except (OSError, OkbError) as error:
            # The command at hand has nothing to do with it, and must not wait for it.
            notes.append(f"{entry.command} of {entry.at} was cut off and cannot be finished yet: {error}")
    return tuple(notes)


def _recover(journal: Journal, entry: Entry) -> list[str]:
    swaps = [
        Swap(journal, entry, number, os.path.realpath(place(journal.root, change.path)))
        for number, change in enumerate(entry.changes)
    ]
    done = [_is_done(swap) for swap in swaps]
    if not any(done):
        for swap in swaps:
            swap.sweep()
        journal.drop(entry)
        return []
    notes = []
    if not all(done):
        notes.append(f"{entry.command} of {entry.at} had been cut off half way, and is finished now")
    for swap, is_done in zip(swaps, done, strict=True):
        if not is_done:
            swap.apply()
    for number, swap in enumerate(swaps):
        held = _bytes(swap.real)
        settled = swap._replace(entry=entry).settle(journal.before(entry, number), held, _goes_on(swaps, number))
        if settled.copy:
            notes.append(f"what somebody saved meanwhile in {swap.change.path} is kept in {settled.copy}")
        entry = entry.with_change(number, settled.change)
        swap.keep(settled if held is None or digest(held) == swap.change.after else settled._replace(data=None))
    if entry != swaps[0].entry:
        journal.amend(entry)
    journal.finish(entry)
    return notes


def _goes_on(swaps: Sequence[Swap], number: int) -> str:
    """Give the path under which a note goes on: its own, or that of the change before which has moved it."""
    swap, last = swaps[number], swaps[number - 1]
    moved = number > 0 and swap.change.kind == "remove" and last.change.kind == "create"
    return last.real if moved and os.path.basename(last.real) == os.path.basename(swap.real) else swap.real


def _is_done(swap: Swap) -> bool:
    """Say whether a change took place, by what its names hold."""
    temp = _bytes(swap.temp)
    if swap.change.kind == "create":
        note = _bytes(swap.real)
        # The temp goes after the note has its name; one that is the note itself was only not removed any more.
        if temp is not None and note is not None and os.path.samefile(swap.temp, swap.real):
            os.unlink(swap.temp)
            return True
        return temp is None and note is not None and digest(note) == swap.change.after
    if temp is None:
        return swap.journal.has_displaced(swap.entry, swap.number)
    return digest(temp) != swap.change.after


def _bytes(path: str) -> bytes | None:
    with suppress(NotFoundError, UnreadableError):
        return read_now(path).data
    return None
