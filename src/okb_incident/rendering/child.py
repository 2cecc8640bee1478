"""The process that renders one template of a vault, and then ends; `confined` starts it."""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from typing import Any

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.confined import COMPUTING, HINT, MEMORY
from okb_incident.rendering.environment import render_jinja
from okb_incident.rendering.pieces import Piece, render_pieces


def main() -> None:
    """Read a request, answer it, end."""
    warm_up()
    limit()
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


def warm_up() -> None:
    """Let Python and Jinja2 load what they load for a first text and a first error, while files can be opened."""
    with suppress(InvalidNoteError):
        render_jinja("{{ 'text' }}{{ nothing }}", {}, insert=str, source="")


def limit() -> None:
    """Limit this process for good: it may neither open nor write a file, nor start a program."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # The soft limit says by its signal what was met; the hard one cannot be caught.
    resource.setrlimit(resource.RLIMIT_CPU, (COMPUTING, COMPUTING + 1))
    for forbidden in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE):
        resource.setrlimit(forbidden, (0, 0))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Render what is asked for, or say what is wrong with the template."""
    source = request["source"]
    try:
        return render_pieces(
            Piece(*request["frontmatter"]), Piece(*request["body"]), request["values"], source=source
        )._asdict()
    except InvalidNoteError as error:
        hint = None if error.hint is None else str(error.hint)
        return {"fault": {"message": error.message, "field": error.field, "value": error.value, "hint": hint}}
    except MemoryError:
        sentence = f"{source}: this template fills more than {MEMORY // 1024**2} MiB; nothing was rendered"
        return {"fault": {"message": sentence, "field": "template", "value": source, "hint": HINT}}
