"""Stillness: a note that somebody may be saving right now is not believed before it has kept still.

Many editors save in place, and on a network mount, or of a large note, in pieces: whoever reads in between meets an empty note, or
one that lacks its end, and would write that back. So a note that is empty, or whose properties do not end, or that somebody else
touched a moment ago, is read again until its bytes and stamps have not changed for `STILL` seconds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.disk.files import read_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.disk.files import FileState

STILL = 0.3
"""Seconds for which a note must not change before it is believed."""

AT_MOST = 1.5
"""Seconds that one command waits for all of its notes together; then it goes on with what there is."""

TOUCHED = 1.0
"""Seconds after its last change during which a note may still be on its way to the disk."""

PAUSE = 0.025


class Stamp(NamedTuple):
    """What tells a file from another, and from what it was before, without its bytes.

    Attributes:
        inode: The number of the file behind the name.
        mtime_ns: When its content changed last.
        ctime_ns: When anything of it changed last.
        size: Its length in bytes.
    """

    inode: int
    mtime_ns: int
    ctime_ns: int
    size: int


def stamp_of(state: FileState) -> Stamp:
    """Return the stamp that a file had when it was read."""
    return Stamp(state.inode, state.mtime_ns, state.ctime_ns, state.size)


class Patience:
    """How one command waits for those who save the notes that it reads."""

    def __init__(
        self,
        is_known: Callable[[str, Stamp], bool] = lambda _path, _stamp: False,
        *,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], None] | None = None,
        now_ns: Callable[[], int] | None = None,
    ) -> None:
        """Begin to wait when a note makes it necessary.

        Args:
            is_known: Whether a file of this real path and stamp is as one of our commands left it.
            clock: Seconds that never go back.
            sleep: Pauses for some seconds.
            now_ns: The clock by which files are stamped.
        """
        self._is_known = is_known
        self._clock = clock or time.monotonic
        self._sleep = sleep or time.sleep
        self._now_ns = now_ns or time.time_ns
        self._waited = 0.0
        self._seen: dict[str, tuple[FileState, float]] = {}

    def read(self, path: str) -> FileState:
        """Read one note that a command is aimed at, again and again while somebody may be saving it.

        Args:
            path: A real path, as `inside` gives it; a link in its place is refused.

        Raises:
            NotFoundError: There is nothing there.
            UnreadableError: It cannot be read, is not a regular file (`NotAFileError`) or too large (`TooLargeError`).
        """
        state = read_now(path)
        if (state.looks_torn or self._was_touched(state)) and not self._is_known(path, stamp_of(state)):
            return self._read_still(path, state)
        return state

    def read_changed(self, path: str) -> FileState:
        """Read a file that somebody is known to have changed just now, whatever its stamps say; otherwise as `read`."""
        return self._read_still(path, read_now(path))

    def _read_still(self, path: str, state: FileState) -> FileState:
        while self.waits_for(path, state):
            self.pause()
            state = read_now(path)
        return state

    def waits_for(self, path: str, state: FileState) -> bool:
        """Take note of what was read, and return whether it has to be read once more."""
        now = self._clock()
        before, since = self._seen.get(path, (None, now))
        if state != before:
            self._seen[path] = state, (since := now)
        return now < since + STILL and self._waited < AT_MOST

    def has_settled(self, path: str) -> bool:
        """Return whether a file that was read kept still in the end, where it was waited for."""
        seen = self._seen.get(path)
        return seen is None or self._clock() >= seen[1] + STILL

    def pause(self) -> None:
        """Let a moment pass."""
        begun = self._clock()
        self._sleep(PAUSE)
        self._waited += self._clock() - begun

    def _was_touched(self, state: FileState) -> bool:
        """Return whether a file changed a moment ago; or in the future, by another machine's clock."""
        return self._now_ns() - state.mtime_ns < TOUCHED * 1e9


def read_bytes(path: str) -> FileState:
    """Read one note that is only looked at; otherwise as `Patience.read`, which waits only where it looks half written."""
    state = read_now(path)
    return Patience().read(path) if state.looks_torn else state
