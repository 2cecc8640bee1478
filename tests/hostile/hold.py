"""What every command must hold, and how the tests of this folder start one."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BATCH = Path(__file__).parent / "batch.py"
NOW = "2026-11-23T02:00:00Z"
DOCUMENTED = {0, 2, 3, 4, 5, 6, 7}
COMPUTING = 10
"""Seconds of processor time that a command of the suite may use on a shared machine; the goal is 2 s, and `measure.py` prints
how far each command is from it."""

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


class Ran(NamedTuple):
    """How a command ended.

    Attributes:
        words: What was typed.
        code: Its exit code; negative for a signal.
        out: The answer.
        err: The commentary.
        changed: What it changed, of a batch that looks.
    """

    words: Sequence[str]
    code: int
    out: str
    err: str
    changed: Sequence[str] = ()

    def check(self, codes: set[int] = DOCUMENTED) -> Ran:
        """Hold what holds for every command whatever it meets."""
        said = f"{self.words}: {self.code}\n{self.err[:2000]}"
        assert self.code in codes, said
        assert "Traceback" not in self.err, said
        assert "internal error" not in self.err, said
        assert not CONTROL.search(self.out), said + repr(CONTROL.findall(self.out)[:9])
        assert not CONTROL.search(self.err), said + repr(CONTROL.findall(self.err)[:9])
        return self


def environment(vault: Path, **more: str) -> dict[str, str]:
    """Give what a command sees; a batch is not measured for coverage, as `unmeasured` says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "COV"))}
    return {
        **kept,
        "INCIDENT_VAULT": str(vault),
        "INCIDENT_NOW": NOW,
        "INCIDENT_USER": "bob",
        "LC_ALL": "C.UTF-8",
        **more,
    }


@contextmanager
def unmeasured() -> Iterator[None]:
    """Measure no coverage inside: large hostile input takes twice as long with it, and runs through what other tests measure."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def fingerprint(root: Path) -> Mapping[str, Any]:
    """Give all that no reading command may change: of every name what it is, of every file its bytes and times."""
    found: dict[str, Any] = {}
    for folder, folders, names in os.walk(os.fsencode(root)):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            what: Any = status.st_mode, status.st_mtime_ns, status.st_size
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    what = *what, hashlib.sha256(file.read()).digest()
            found[path.decode("latin-1")] = what
    return found
