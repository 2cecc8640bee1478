"""A limit for what could take for ever: counted in the time that this process computes, which no busy neighbour lengthens."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
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
