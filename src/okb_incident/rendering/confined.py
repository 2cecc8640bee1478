"""Jinja2 in a process of its own: for templates that came with a vault, and so perhaps from a stranger.

The sandbox keeps a template from what it may not see; only the operating system can keep it from computing without end or
filling the memory. The process starts bare (no environment, no `site`, no descriptors but three pipes), limits itself before
it reads anything, and writes one JSON object. Templates of the user and shipped ones are rendered in this process.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.pieces import RenderedPieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.rendering.pieces import Piece

MEMORY = 512 * 1024**2
"""Bytes of address space."""
COMPUTING = 5
"""Seconds of processor time."""
WAITING = 300.0
"""Seconds by the clock: the last resort, for a process that does nothing. A busy or slow machine must not meet this limit."""
LARGEST_REPLY = 16 * 1024**2
"""Bytes. A document of the largest size and its values, every character of them escaped, are less."""

# With -I and -S Python takes nothing from the environment, the current folder or a .pth file; so it gets the places of modules.
START = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from okb_incident.rendering.child import main; main()"

HINT = "Correct the template, or move it away: the next one of its name is used then (`incident templates`)."


def render_confined(frontmatter: Piece, body: Piece, values: Mapping[str, object], *, source: str) -> RenderedPieces:
    """Render as `pieces.render_pieces` does, in a process with limits on memory and time.

    Raises:
        InvalidNoteError: The template is wrong, or meets a limit.
    """
    request = json.dumps({"frontmatter": frontmatter, "body": body, "values": values, "source": source})
    answer, ending = _ask(request.encode())
    try:
        reply = json.loads(answer)
    except ValueError:
        raise InvalidNoteError(
            f"{source}: this template {ending}; nothing was rendered", field="template", value=source, hint=HINT
        ) from None
    if "fault" in reply:
        raise InvalidNoteError(**reply["fault"])
    return RenderedPieces(**reply)


def _ask(request: bytes) -> tuple[bytes, str]:
    """Hand a request to a new process; return what it wrote, and how it ended where that is not a whole reply."""
    command = [sys.executable, "-I", "-S", "-c", START, json.dumps([path for path in sys.path if path])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, cwd="/") as child:
        assert child.stdin, "a pipe was asked for"
        assert child.stdout, "a pipe was asked for"
        clock = Timer(WAITING, child.kill)
        clock.start()
        try:
            with suppress(BrokenPipeError):
                child.stdin.write(request)
                child.stdin.close()
            answer = child.stdout.read(LARGEST_REPLY + 1)
            if len(answer) > LARGEST_REPLY:
                return b"", f"makes more than {LARGEST_REPLY // 1024**2} MiB"
            code = child.wait()
        finally:
            child.kill()
            clock.cancel()
    return answer, _ending(code, late=clock.finished.is_set())


def _ending(code: int, *, late: bool) -> str:
    if code == -signal.SIGXCPU:
        return f"needs more than {COMPUTING} s of computing"
    if late and code == -signal.SIGKILL:
        return f"was not ready after {WAITING:g} s"
    limits = f"{MEMORY // 1024**2} MiB and {COMPUTING} s of computing"
    return f"ended the process that rendered it within limits of {limits} (exit code {code})"
