"""What a command prints: the answer on stdout, the commentary on stderr, and nothing that a terminal would obey."""

from __future__ import annotations

import codecs
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from okb_incident.command import Candidate, Command, commands_in, quoted, shown
from okb_incident.core.text.terminal_text import is_shown_as_it_is, line_part, one_line, safe_json, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okb_incident.command import Text
    from okb_incident.core.values.problem import Problem
    from okb_incident.errors import OkbError

#: What our own signs become in a terminal that has no such character.
PLAIN_SIGNS = {
    "→": "->",
    "–": "-",
    "—": "-",
    "…": "...",
    "·": "-",
    "≥": ">=",
    "≤": "<=",
    "×": "x",
    "±": "+-",
    "−": "-",
    "█": "#",
}


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


class _Typed:
    """Where a printed command is typed: the vault that it repeats, and how a prompt of ours takes it, if there is one."""

    vault: str | None = None
    prompt: Callable[[Command], list[str] | None] | None = None


def commands_name(vault: str | None) -> None:
    """Set the folder typed with ``--vault``, so that commands that are printed mean the same one."""
    _Typed.vault = vault


@contextmanager
def typed_at(prompt: Callable[[Command], list[str] | None]) -> Iterator[None]:
    """Print commands as they are typed at a prompt of ours.

    Args:
        prompt: Returns the words of a command there, or None where only a shell takes it.
    """
    _Typed.prompt = prompt
    try:
        yield
    finally:
        _Typed.prompt = None


def pasteable(command: Command) -> str:
    """Return a command for a shell; a word that a terminal would obey or complete is kept in a file, from which it is read."""
    return " ".join(command_words(command))


def command_words(command: Command) -> list[str]:
    """Return the words of a command, each as a shell reads it, or the prompt of ours at which it is read."""
    line = _Typed.prompt(command) if _Typed.prompt is not None else None
    if line is not None and all(map(is_shown_as_it_is, line)):
        return line
    words = command.argv(_Typed.vault)
    if all(is_shown_as_it_is(word) for word in words):
        return [quoted(word) for word in words]
    from okb_incident.cli.kept_words import as_typed

    return [quoted(word) if is_shown_as_it_is(word) else as_typed(word) for word in words]


def as_text(text: Text) -> str:
    """Return words as they are printed, their commands ready to be pasted."""
    return shown(text, safe_text, pasteable)


def as_line(text: Text) -> str:
    """Return words as they are printed on one line; what is quoted in a command stays as it is."""
    return text if isinstance(text, str) and not text else shown(text, line_part, pasteable).strip()


def as_command(command: Command) -> dict[str, Any]:
    """Return a command as programs read it: its text for a shell, and what to run without one."""
    return {"command": pasteable(command), "argv": list(command.argv(_Typed.vault))}


def answer(text: Text) -> None:
    """Print a part of the answer."""
    print(as_text(text))


def answer_json(value: Any) -> None:
    """Print the answer as JSON."""
    print(safe_json(value, indent=2))


def comment(text: Text) -> None:
    """Print a comment next to the answer, in one line."""
    print(f"incident: {as_line(text)}", file=sys.stderr)


def show_error(error: OkbError, *, as_json: bool) -> None:
    """Print what went wrong and what to do, as a sentence or as an object."""
    offered = [each for each in error.candidates if isinstance(each, Candidate)]
    if as_json:
        value = {
            "code": error.code,
            "exit": int(error.exit_code),
            "message": error.message,
            "field": error.field,
            "value": error.value,
            "allowed": list(error.allowed),
            "hint": as_text(error.hint) if error.hint is not None else None,
            "candidates": [as_text(each.command if isinstance(each, Candidate) else each) for each in error.candidates],
            "commands": [{**as_command(each.command), "label": each.label} for each in offered]
            + [{**as_command(each), "label": None} for each in commands_in(error.hint)],
        }
        print(safe_json({"error": value}), file=sys.stderr)
        return
    print(f"incident: error: {one_line(error.message)}", file=sys.stderr)
    for candidate in error.candidates:
        if isinstance(candidate, Candidate):
            print(f"  {one_line(candidate.label)}\n    {pasteable(candidate.command)}", file=sys.stderr)
        else:
            print(f"  {safe_text(candidate)}", file=sys.stderr)
    if error.more is not None:
        print(f"  {as_line(error.more)}", file=sys.stderr)
    if error.hint:
        print(f"hint: {as_line(error.hint)}", file=sys.stderr)


def show_traceback() -> None:
    """Show where the error at hand arose, for `--debug`; its sentence may hold what a note holds."""
    import traceback

    print(safe_text(traceback.format_exc()), file=sys.stderr, end="")


def problem_object(problem: Problem) -> dict[str, Any]:
    """Return a fault of a note as programs read it."""
    return {
        "path": safe_text(problem.path),
        "line": problem.line,
        "code": problem.code,
        "message": problem.message,
        "hint": as_text(problem.hint) if problem.hint is not None else None,
        "argv": list(problem.hint.argv(_Typed.vault)) if isinstance(problem.hint, Command) else None,
    }


def problem_lines(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Name the faults of notes beside the answer, each once, as a line or as an object on a line."""
    for problem in problems:
        if as_json:
            print(safe_json({"problem": problem_object(problem)}), file=sys.stderr)
        else:
            comment(str(problem))
