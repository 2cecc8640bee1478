"""An operating system that counts what our package asks of it, and at the k-th call fails, does half, or dies.

It takes the place of the functions of `os` (and of `flock`, `open` and the exchange of two names) in the process that calls
`install`; that should be a forked child. Only calls by our package count, directly or through the standard library's own
functions for files, so that imports, output and other libraries stay as they are.

Nothing is really synced: what a power cut leaves is worked out in `persistence` from the calls recorded here.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import functools
import importlib
import os
import pkgutil
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import okb_incident.vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

CALLS = (
    "open", "read", "write", "pread", "pwrite", "close", "fstat", "fsync", "fdatasync", "fchmod", "fchown", "ftruncate", "link",
    "unlink", "remove", "rename", "replace", "mkdir", "rmdir", "listdir", "scandir",
)  # fmt: skip

EXCHANGE = "okb_incident.vault.disk.exchange"
"""The module whose function `exchange` lets two names change places; it calls the system without `os`."""

THROUGH = {"os", "posixpath", "shutil", "contextlib", "tempfile", __name__}
"""Modules that make calls on behalf of whoever calls them."""

KILLED = 137
"""The exit code of a process that was killed, as a shell gives it."""


class Fault(NamedTuple):
    """What happens.

    Attributes:
        kind: ``kill before`` and ``kill after`` a call; an ``error`` instead of it; a ``short`` write.
        number: Which error, as `errno` names it.
        for_good: Every later call fails likewise, and a write that fails first has written half.
    """

    kind: str
    number: int = 0
    for_good: bool = False

    def __str__(self) -> str:
        name = f"{errno.errorcode[self.number]}" if self.number else self.kind
        return f"{name} from there on" if self.for_good else name


ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EMFILE, errno.EINTR)
FAULTS = (
    Fault("kill before"),
    Fault("kill after"),
    Fault("short"),
    *(Fault("error", number) for number in ERRORS),
    # A signal does not come for good.
    *(Fault("error", number, for_good=True) for number in ERRORS if number != errno.EINTR),
)


class FaultyOs:
    """The system that a process sees.

    Attributes:
        calls: The names of the calls of our package, in order.
    """

    def __init__(self, fault: Fault | None = None, at: int = 0) -> None:
        """Make one whose fault comes at a call, counted from 1; without a fault it only watches."""
        self.calls: list[str] = []
        self._fault = fault
        self._at = at

    def install(self) -> None:
        """Take the place of the real one in this process, for good."""
        for name in CALLS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        fcntl.flock = self._watched("flock", fcntl.flock)
        builtins.open = self._watched("open()", builtins.open)
        ours = self._watched("exchange", sys.modules[EXCHANGE].exchange)
        for module, name in names_of_exchange():
            setattr(module, name, ours)

    def made(self, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        """Take note of a call that was made."""

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        ordinary = (lambda _: None) if name in {"fsync", "fdatasync"} else real

        def call(*arguments: Any, **options: Any) -> Any:
            if name != "exchange" and not _is_ours(sys._getframe(1)):
                return real(*arguments, **options)
            self.calls.append(name)
            hit = self._fault if len(self.calls) == self._at else None
            if hit and hit.kind == "kill before":
                os._exit(KILLED)
            if hit and hit.kind == "short" and name in {"write", "pwrite"}:
                arguments = _half(arguments)
            if self._fails():
                self._fail(name, real, arguments)
            result = ordinary(*arguments, **options)
            self.made(name, arguments, result)
            if hit and hit.kind == "kill after":
                os._exit(KILLED)
            return result

        return call

    def _fails(self) -> bool:
        fault = self._fault
        if fault is None or fault.kind != "error":
            return False
        return len(self.calls) == self._at or (fault.for_good and len(self.calls) > self._at)

    def _fail(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        assert self._fault is not None
        if name == "close":
            real(*arguments)  # Linux closes a file even where it reports an error
        if self._fault.for_good and len(self.calls) == self._at and name in {"write", "pwrite"}:
            real(*_half(arguments))  # a disk that runs full has taken what still fitted
        raise OSError(self._fault.number, os.strerror(self._fault.number))


@functools.cache
def names_of_exchange() -> list[tuple[ModuleType, str]]:
    """Return the modules that import the function `exchange`, each with the name it has there.

    The answer is kept because a forked child that reads the names of every module copies their memory, a quarter of its time.
    """
    for each in pkgutil.walk_packages(okb_incident.vault.__path__, "okb_incident.vault."):
        importlib.import_module(each.name)
    real = sys.modules[EXCHANGE].exchange
    ours = [module for name, module in sys.modules.items() if name.startswith("okb_incident")]
    return [(module, name) for module in ours for name, value in vars(module).items() if value is real]


def _half(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    descriptor, data, *rest = arguments
    return descriptor, data[: max(1, len(data) // 2)], *rest


def _is_ours(frame: Any) -> bool:
    while frame is not None and frame.f_globals.get("__name__") in THROUGH:
        frame = frame.f_back
    return frame is not None and str(frame.f_globals.get("__name__")).startswith("okb_incident")
