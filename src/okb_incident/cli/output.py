"""What a command prints: the answer on stdout, the commentary on stderr, and nothing that a terminal would obey."""

from __future__ import annotations

import codecs
import sys
from typing import TYPE_CHECKING, Any

from okb_incident.core.text.terminal_text import one_line, safe_json, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okb_incident.core.values.problem import Problem
    from okb_incident.errors import OkbError

#: What our own signs become in a terminal that has no such character.
PLAIN_SIGNS = {"→": "->", "–": "-", "—": "-", "…": "...", "·": "-", "≥": ">=", "≤": "<=", "×": "x", "±": "+-", "−": "-"}


def _plain_sign(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(PLAIN_SIGNS.get(sign, "?") for sign in lost), error.end


def prepare_streams() -> None:
    """Make sure that no output fails for want of a character in the terminal's encoding."""
    codecs.register_error("plain-sign", _plain_sign)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain-sign")


def answer(text: str) -> None:
    """Print a part of the answer."""
    print(safe_text(text))


def answer_json(value: Any) -> None:
    """Print the answer for a program."""
    print(safe_json(value, indent=2))


def comment(text: str) -> None:
    """Say something beside the answer, in one line."""
    print(f"incident: {one_line(text)}", file=sys.stderr)


def show_error(error: OkbError, *, as_json: bool) -> None:
    """Say what went wrong and what to do, as a sentence or as an object."""
    if as_json:
        value = {
            "code": error.code,
            "exit": int(error.exit_code),
            "message": error.message,
            "field": error.field,
            "value": error.value,
            "allowed": list(error.allowed),
            "hint": error.hint,
            "candidates": list(error.candidates),
        }
        print(safe_json({"error": value}), file=sys.stderr)
        return
    print(f"incident: error: {one_line(error.message)}", file=sys.stderr)
    for candidate in error.candidates:
        print(f"  {safe_text(candidate)}", file=sys.stderr)
    if error.hint:
        print(f"hint: {one_line(error.hint)}", file=sys.stderr)


def show_traceback() -> None:
    """Show where the error at hand arose, for `--debug`; its sentence may hold what a note holds."""
    import traceback

    print(safe_text(traceback.format_exc()), file=sys.stderr, end="")


def problem_object(problem: Problem) -> dict[str, Any]:
    """Give a fault of a note as programs read it."""
    return {
        "path": safe_text(problem.path),
        "line": problem.line,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def problem_lines(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Name the faults of notes beside the answer, each once, as a line or as an object on a line."""
    for problem in problems:
        if as_json:
            print(safe_json({"problem": problem_object(problem)}), file=sys.stderr)
        else:
            comment(str(problem))
