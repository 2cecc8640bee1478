"""Which faults are tried at which calls: all of them, or for the everyday suite only those that can end in different ways.

What is left out of the second leads to a state, or into a branch of our code, to which another fault leads too:

- A kill before a call leaves the disk as the kill after the call before it did, and so does a kill after a call that changes
  nothing on the disk; locks end with the process.
- An error is handled alike whatever its number, unless our code asks for the number. Of the numbers tried it asks for EACCES
  alone (as `PermissionError`, and where a note is not this user's to read), so EACCES comes at every call. The other numbers
  take turns, so that each of them meets each kind of call, once and from there on.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from tests.faults.faulty_os import ERRORS, FAULTS, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WRITES = frozenset({"write", "pwrite"})
CHANGES_NOTHING = frozenset({"read", "pread", "close", "fstat", "fsync", "fdatasync", "listdir", "scandir", "flock"})
"""Calls after which the disk holds what it held before; `fsync` is one of them because nothing is really synced here."""

SINGLE = tuple(Fault("error", number) for number in ERRORS if number != errno.EACCES)
LASTING = tuple(fault for fault in FAULTS if fault.for_good)


def every_fault(calls: Sequence[str]) -> list[tuple[int, Fault]]:
    """Return every fault at every call, counted from 1; only a write can be short."""
    return [
        (at, fault) for at, call in enumerate(calls, 1) for fault in FAULTS if fault.kind != "short" or call in WRITES
    ]


def distinct_faults(calls: Sequence[str]) -> list[tuple[int, Fault]]:
    """Return the faults of `every_fault` without those that another one stands for."""
    return [(1, Fault("kill before")), *((at, fault) for at in range(1, len(calls) + 1) for fault in _at(calls, at))]


def _at(calls: Sequence[str], at: int) -> Iterator[Fault]:
    call = calls[at - 1]
    if call not in CHANGES_NOTHING:
        yield Fault("kill after")
    if call in WRITES:
        yield Fault("short")
    yield Fault("error", errno.EACCES)
    turn, turns = calls[: at - 1].count(call), calls.count(call)
    for faults in (SINGLE, LASTING):
        # A kind of call that comes less often than there are numbers gets several of them each time.
        for place in range(turn, max(turns, len(faults)), turns):
            yield faults[place % len(faults)]
