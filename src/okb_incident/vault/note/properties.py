"""A note's properties as they are, and what is wrong with them."""

from __future__ import annotations

from enum import StrEnum, unique
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.problem import Problem
from okb_incident.vault.note.note import Fences, split
from okb_incident.vault.yaml import yaml12
from okb_incident.vault.yaml.yaml_fault import DUPLICATE_KEY, ENCODING, YamlFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okb_incident.vault.note.note import Parts
    from okb_incident.vault.yaml.salvage import Salvaged


@unique
class State(StrEnum):
    """How much of a note's frontmatter can be believed."""

    NONE = "none"
    OK = "ok"
    BROKEN = "broken"
    UNTERMINATED = "unterminated"


class Frontmatter(NamedTuple):
    """A note's properties.

    Attributes:
        values: str, int, float, bool, None, list and dict by key. Of a broken block, those that are there once and can
            be read by themselves.
        lines: The line of each in the note, counted from 1.
        problems: What is wrong with the block or with the note's encoding.
        state: Whether there is frontmatter, and whether all of it could be read.
    """

    values: Mapping[str, yaml12.Value]
    lines: Mapping[str, int]
    problems: tuple[Problem, ...]
    state: State


def read(text: str, path: str) -> Frontmatter:
    """Read a note's properties. Never raises, whatever the text.

    Args:
        text: The whole note, as ``note.decode`` gives it.
        path: The note's name in problems.
    """
    parts = split(text)
    problems = list(_of_encoding(text, parts, path))
    if parts.fences is Fences.CLOSED:
        return _of_block(parts, problems, path)
    if parts.fences is Fences.UNTERMINATED:
        problem = Problem(
            path,
            1,
            "unterminated",
            "the frontmatter is opened with --- and never closed",
            "add a line --- below the last property",
        )
        return Frontmatter({}, {}, (*problems, problem), State.UNTERMINATED)
    from okb_incident.vault.yaml.salvage import MARKER  # noqa: PLC0415 - few notes need what a broken block needs

    if MARKER.match(parts.body):
        return Frontmatter({}, {}, (*problems, _conflict(path, 1)), State.BROKEN)
    return Frontmatter({}, {}, tuple(problems), State.NONE)


def _of_encoding(text: str, parts: Parts, path: str) -> Iterator[Problem]:
    if parts.bom:
        yield Problem(
            path,
            1,
            "bom",
            "the note begins with a byte order mark, and other tools see no frontmatter behind one",
            "change anything in Obsidian, which saves the note without it",
        )
    if not text.isascii() and (line := _line_that_is_no_utf8(text)):
        yield Problem(path, line, ENCODING, "the text from here on is not UTF-8", "save the note as UTF-8")


@lru_cache(maxsize=2)
def _line_that_is_no_utf8(text: str) -> int | None:
    """Find what `decode` let through. A command reads the same note several times, and one may have ten megabytes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return text.count("\n", 0, error.start) + 1
    return None


def _of_block(parts: Parts, problems: list[Problem], path: str) -> Frontmatter:
    above = parts.block_line - 1
    try:
        mapped = yaml12.parse(parts.block)
    except YamlFault as fault:
        from okb_incident.vault.yaml.salvage import salvage  # noqa: PLC0415

        salvaged = salvage(parts.block)
        problems += _of_fault(fault, salvaged, parts, path)
        return Frontmatter(salvaged.values, _below(salvaged.lines, above), tuple(problems), State.BROKEN)
    return Frontmatter(mapped.values, _below(mapped.lines, above), tuple(problems), State.OK)


def _below(lines: Mapping[str, int], above: int) -> dict[str, int]:
    return {key: line + above for key, line in lines.items()}


def _of_fault(fault: YamlFault, salvaged: Salvaged, parts: Parts, path: str) -> Iterator[Problem]:
    """Name what keeps a block from being read: a conflict alone, else every key that is there twice, and the first fault."""
    from okb_incident.vault.yaml.salvage import MARKER  # noqa: PLC0415

    above = parts.block_line - 1
    if marker := MARKER.search(parts.block):
        yield _conflict(path, above + parts.block.count("\n", 0, marker.start()) + 1)
        return
    told = set()
    for key, line, first in salvaged.repeats:
        told.add(line)
        message = f"{key!r} is there twice, first on line {above + first}"
        yield Problem(path, above + line, DUPLICATE_KEY, message, "delete one of the two")
    if fault.code != ENCODING and not (fault.code == DUPLICATE_KEY and fault.line in told):
        yield Problem(path, above + fault.line, fault.code, fault.message, fault.hint)


def _conflict(path: str, line: int) -> Problem:
    return Problem(
        path,
        line,
        "merge-markers",
        "a merge conflict is not resolved here",
        "keep what is right, and delete the lines <<<<<<<, ======= and >>>>>>>",
    )
