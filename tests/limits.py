"""Limits that a busy machine does not change: computing is counted in the time of this process, and waiting ends with a state."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@contextmanager
def computing_at_most(seconds: float) -> Iterator[None]:
    """Fail as soon as what is inside has computed for so long.

    Give many times what it needs: what this is to find grows with the square of the input, or worse, and never ends.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it still computes after {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened, however slow the machine; the limit of pytest ends what never happens."""
    while not happened():
        time.sleep(0.01)
