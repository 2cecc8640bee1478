"""Settlement: what becomes of the file that a swap took from a note's name.

If it does not hold the bytes that the change was made on, an editor saved in between; its text is merged in by a further swap
with a temp of its own, or becomes a conflict copy beside the note. A displaced file keeps its temp until everything is in
place, so that a crash at any moment leaves nobody's text where only we would look. Then the very file goes to the journal,
where whatever a slow editor still writes to it is found again (`late_saves`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk import exchange, writer
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import UnreadableError, is_there, is_unterminated, read_now
from okb_incident.vault.disk.stillness import Patience, stamp_of
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.recent import UNFINISHED, remember
from okb_incident.vault.write.swap import lay_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.disk.stillness import Stamp
    from okb_incident.vault.journal.entry import FileChange, JournalEntry, Previous
    from okb_incident.vault.journal.store import Journal
    from okb_incident.vault.write.swap import Swap


class Found(NamedTuple):
    """What was found in a displaced file.

    Attributes:
        data: The bytes that are in the note, or next to it: those that were found, or, if that was only a part of a save, those that
            the editor had begun with.
        stamp: The file as it was then; `UNFINISHED` where more is expected.
    """

    data: bytes
    stamp: Stamp


class Settlement(NamedTuple):
    """How a swap ended.

    Attributes:
        change: The change as it was done in the end.
        data: What the note holds now; None where it is gone.
        copies: The conflict copies that had to be made, mostly none.
        places: What both sides had changed.
        displaced: By temp, what was found in it.
    """

    change: FileChange
    data: bytes | None
    copies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    displaced: Mapping[str, Found] = MappingProxyType({})


def settle(swap: Swap, base: bytes | None, held: bytes | None, beside: str) -> Settlement:
    """Look at what had the name, and merge in what somebody saved there in between.

    Args:
        swap: What was swapped.
        base: The bytes that the change was made on; None where they are not known any more.
        held: What the note holds now.
        beside: Beside which path a conflict copy goes.

    Raises:
        OSError, OkbError: Not possible now; the note is changed already, and nothing is lost.
    """
    settled = Settlement(swap.change, held)
    if swap.change.kind != "create":
        # A merge may displace the next save, which is then found under the next temp.
        for number, temp in enumerate(swap.temps):
            if is_there(temp):
                settled = _account_for(swap, number, base, settled, beside)
    return settled


def restate(swaps: Sequence[Swap], settled: Sequence[Settlement], previous: Previous | None = None) -> list[Swap]:
    """Write down, durably, how swaps ended, where that is not what was written down before.

    Args:
        swaps: The swaps of one entry.
        settled: How they ended.
        previous: The entry before, where that became another one meanwhile.

    Raises:
        VaultError: It cannot be written.
    """
    entry = swaps[0].entry._replace(changes=tuple(each.change for each in settled))
    if previous:
        entry = entry._replace(previous=(previous,))
    if entry != swaps[0].entry:
        swaps[0].journal.amend(entry)
    return [swap._replace(entry=entry) for swap in swaps]


def close(swaps: Sequence[Swap], settled: Sequence[Settlement]) -> None:
    """Let the journal have everything, and close the entry; of one that takes a secret out it keeps nothing that has it.

    Raises:
        OSError, OkbError: Not possible now; the notes are safe, and the next command does the rest.
    """
    journal, entry = swaps[0].journal, swaps[0].entry
    # First, because somebody may be told the id though the rest fails.
    journal.note_names(entry)
    displaced: dict[str, Stamp] = {}
    for swap, each in zip(swaps, settled, strict=True):
        displaced |= _keep(swap, each)
    with suppress(OSError):
        remember(journal, dict(_ours(swaps, settled)), displaced)
    finish(journal, entry)


def _ours(swaps: Sequence[Swap], settled: Sequence[Settlement]) -> Iterator[tuple[str, Stamp]]:
    """Return the stamps of the notes that hold what was written, and nothing that somebody saved since."""
    for swap, each in zip(swaps, settled, strict=True):
        with suppress(NotFoundError, UnreadableError):
            if each.data is not None and (state := read_now(swap.real)).data == each.data:
                yield swap.real, stamp_of(state)


def finish(journal: Journal, entry: JournalEntry) -> None:
    """Remove for good what the entry says, and enter it as done.

    Raises:
        OSError: Not possible now.
    """
    if entry.purges is not None:
        from okb_incident.vault.journal.privacy import purge  # noqa: PLC0415 - hardly any command takes a secret out

        purge(journal.root, entry.purges)
    journal.finish(entry)


def take_over(journal: Journal, entry: JournalEntry, mark: str, temp: str, holds: str) -> None:
    """Let the journal have a displaced file, or, if a secret was taken out, only its empty shell.

    Raises:
        OSError: Not possible now.
    """
    if entry.purges is None:
        journal.keep_displaced(temp, mark, holds=holds, private=entry.mode == PRIVATE)
    else:
        journal.empty_displaced(temp, mark)


def _account_for(swap: Swap, number: int, base: bytes | None, settled: Settlement, beside: str) -> Settlement:
    """Bring what one displaced file holds into the note, if nobody knows it."""
    temp = swap.temps[number]
    theirs = read_now(temp)
    known = digest(theirs.data)
    change, held = settled.change, settled.data
    patience = Patience()
    if known not in {swap.change.before, swap.change.held, swap.change.after, change.held}:
        theirs = patience.read_changed(temp)
        known = digest(theirs.data)
    settled = settled._replace(displaced={**settled.displaced, temp: Found(theirs.data, stamp_of(theirs))})
    if swap.change.kind == "edit" and theirs.mode != change.mode != PRIVATE:
        # Whoever closed the note a moment ago must not find it open.
        os.chmod(swap.real, theirs.mode)
        change = change._replace(mode=theirs.mode)
        settled = settled._replace(change=change)
    if known in {swap.change.before, swap.change.held, change.held}:
        return settled
    if known == swap.change.after:
        return settled._replace(change=change._replace(held=known))
    if swap.entry.purges is not None:
        return _account_for_secret(swap, number, settled, theirs, beside)
    if base is not None and (not patience.has_settled(temp) or is_part(theirs.data, base)):
        # An editor is in the middle of its save. What it writes from now on is found in the displaced file later.
        return settled._replace(displaced={**settled.displaced, temp: Found(base, UNFINISHED)})
    free = next((temp for temp in swap.temps[number + 1 :] if not is_there(temp)), None)
    merged, places = merged_with(base, held, theirs.data)
    if merged is None or places or (merged != held and free is None):
        copy = lay_beside(beside, theirs, PRIVATE if swap.entry.mode == PRIVATE else theirs.mode)
        settled = settled._replace(copies=(*settled.copies, copy), places=(*settled.places, *places))
        if merged is None or free is None:
            return settled._replace(change=change._replace(before=known))
        # What clashes is in the copy; whatever else they saved was acknowledged to them, perhaps, and goes into the note.
    change = change._replace(before=known, after=digest(merged))
    if merged != held:
        assert held is not None
        assert free is not None
        _put_in_place(swap, merged, theirs, free)
        change = change._replace(held=digest(held))
    return settled._replace(change=change, data=merged)


def _account_for_secret(swap: Swap, number: int, settled: Settlement, theirs: FileState, beside: str) -> Settlement:
    """Bring a save into a note from which a secret was taken, without what the note does not hold any more."""
    held = settled.data
    if held is None or not theirs.data.strip():
        # We have emptied it ourselves, or an editor had, to save.
        return settled
    from okb_incident.vault.merge.redactions import with_redactions  # noqa: PLC0415 - hardly ever needed

    new = with_redactions(theirs.data, held)
    free = next((temp for temp in swap.temps[number + 1 :] if not is_there(temp)), None)
    if new == held:
        return settled
    if free is None or digest(held) != settled.change.after:
        # Somebody has typed into the note since, and nobody knows what both began with.
        copy = lay_beside(beside, theirs._replace(data=new), PRIVATE)
        return settled._replace(copies=(*settled.copies, copy))
    _put_in_place(swap, new, theirs, free)
    return settled._replace(change=settled.change._replace(after=digest(new), held=digest(held)), data=new)


def _put_in_place(swap: Swap, data: bytes, like: FileState, temp: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(swap.draft)
    writer.draft(swap.draft, data, like=like)
    os.rename(swap.draft, temp)
    exchange.exchange(temp, swap.real)


def is_part(data: bytes, base: bytes) -> bool:
    """Return whether bytes are the beginning of a save rather than a note that somebody meant, as far as that can be seen."""
    return not data.strip() or base.startswith(data) or (is_unterminated(data) and not is_unterminated(base))


def _keep(swap: Swap, settled: Settlement) -> dict[str, Stamp]:
    """Let the journal have the displaced files and the new bytes.

    Returns:
        How the displaced files were when they were looked at, by their names in the journal.

    Raises:
        OSError, OkbError: Not possible now; the note is changed all the same.
    """
    kept: dict[str, Stamp] = {}
    for temp, mark in zip(swap.temps, swap.entry.marks(swap.number), strict=True):
        with suppress(FileNotFoundError):
            if swap.change.kind == "create":
                os.unlink(temp)  # a second name of the note itself
            elif is_there(temp):
                found = settled.displaced.get(temp) or _displaced_since(swap, settled, temp)
                holds = digest(found.data)
                take_over(swap.journal, swap.entry, mark, temp, holds)
                if swap.entry.purges is None:
                    # An editor that still writes to the file writes over the bytes by which its save can be merged.
                    swap.journal.keep_image(found.data, swap.change.mode & swap.entry.mode)
                    kept[f"{mark}-{holds}"] = found.stamp
    if settled.data is not None and digest(settled.data) == settled.change.after:
        swap.journal.keep_image(settled.data, swap.change.mode & swap.entry.mode)
    return kept


def _displaced_since(swap: Swap, settled: Settlement, temp: str) -> Found:
    """Return what is in a file that a merge displaced after the others had been looked at: what the note held then."""
    state = read_now(temp)
    if settled.change.held in {None, digest(state.data)}:
        return Found(state.data, stamp_of(state))
    return Found(swap.journal.image(settled.change.held) or state.data, UNFINISHED)


def merged_with(base: bytes | None, ours: bytes | None, theirs: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """Merge a save into what the note holds now; None where there is nothing to merge by or with."""
    if base is None or ours is None:
        return None, ()
    from okb_incident.vault.merge.notes import merge  # noqa: PLC0415 - hardly ever needed

    try:
        merged = merge(base, ours, theirs)
    except Exception:  # noqa: BLE001 - a fault of ours in there must neither lose a save nor stop every later command
        return None, ()
    return merged.data, merged.conflicts
