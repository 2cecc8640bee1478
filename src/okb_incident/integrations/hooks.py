"""Running a hook: its command with JSON on stdin, for a limited time, in a process group that goes with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.text.terminal_text import shorten

if TYPE_CHECKING:
    from okb_incident.core.comms.hook import Hook

INSIDE = "INCIDENT_HOOK"
"""Set for a hook, so that what it does with `incident` calls no hooks again."""
MOST_OUTPUT = 4096
"""Bytes of what a hook prints that are passed on."""


class Called(NamedTuple):
    """What came of a call.

    Attributes:
        notes: What the person should know: what the hook printed, and that it failed.
        succeeded: Whether it ended with 0 in time.
    """

    notes: tuple[str, ...]
    succeeded: bool


def call(hook: Hook, value: dict[str, Any]) -> Called:
    """Run a hook. It never raises.

    Args:
        hook: The hook.
        value: What it reads on stdin, as JSON.
    """
    name = shorten(os.path.basename(hook.run[0]))
    try:
        process = subprocess.Popen(
            hook.run,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, INSIDE: "1"},
        )
    except OSError as error:
        return Called((f"the hook {name} cannot be run: {error.strerror}",), succeeded=False)
    with process:
        try:
            output, _ = process.communicate(json.dumps(value).encode(), timeout=hook.seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            said = f"the hook {name} took longer than {hook.seconds:g} s and was stopped; the note is written"
            return Called((said,), succeeded=False)
        _kill(process)
    lines = tuple(
        f"{name}: {line}" for line in output[:MOST_OUTPUT].decode("utf-8", "replace").splitlines() if line.strip()
    )
    failed = (f"the hook {name} failed with {process.returncode}; the note is written",) if process.returncode else ()
    return Called((*lines, *failed), succeeded=not process.returncode)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a hook with all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
