"""Task lines with an id: merged part by part, wherever they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.timeline.task import ID, PART, TASK
from okb_incident.vault.merge.agreement import Clash, agree, merged_order, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = re.compile(r"[ \t]+([\[(][\w-]+::|#\S+|\^|.)", re.DOTALL)


class MergedTasks(NamedTuple):
    """The lines of three bodies in which every task that all three have reads the same."""

    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]
    clashes: list[Clash]


def settle_tasks(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], first: tuple[int, int]
) -> MergedTasks:
    """Merge each task that has a line in all three, and put what came out in the place of those lines.

    A box that one side ticked and a text or date that the other changed go together. Where both changed the same part the
    line of ours stays. Only the lines are settled here: a line that was moved or deleted is still the business of a merge by
    lines, to which it is now one and the same.

    Args:
        base: The lines that both began with.
        ours: The lines of one side.
        theirs: The lines of the other.
        first: The number of the first line in the note of ours, and in that of theirs.
    """
    places = [_tasks(lines) for lines in (base, ours, theirs)]
    if not all(places):
        return MergedTasks(base, ours, theirs, [])
    sides = [list(lines) for lines in (base, ours, theirs)]
    clashes = []
    for name, at in places[1].items():
        if name not in places[0] or name not in places[2]:
            continue
        ats = places[0][name], at, places[2][name]
        old, one, other = (lines[each] for lines, each in zip(sides, ats, strict=True))
        line = pick(old, one, other) if agree(old, one, other) else merge_task(old, one, other)
        if line is None:
            spans = [(start + each, start + each + 1) for start, each in zip(first, ats[1:], strict=True)]
            clashes.append(Clash(f"task `{name}`", *spans))
        for lines, each in zip(sides, ats, strict=True):
            lines[each] = one if line is None else line
    return MergedTasks(sides[0], sides[1], sides[2], clashes)


def _tasks(lines: Sequence[str]) -> dict[str, int]:
    """Return the place of each task that has an id of its own."""
    found: dict[str, int] = {}
    twice = set()
    for at, line in enumerate(lines):
        named = ID.search(line) if "🆔" in line else None
        if named and TASK.fullmatch(line):
            if named[1] in found:
                twice.add(named[1])
            found[named[1]] = at
    return {name: at for name, at in found.items() if name not in twice}


def merge_task(base: str, ours: str, theirs: str) -> str | None:
    """Merge a task's line; None where both sides changed the same part of it."""
    cut = [_parts(line) for line in (base, ours, theirs)]
    old, one, other = cut
    if old is None or one is None or other is None:
        return None
    line = ""
    for name in merged_order(old, one, other):
        sides = old.get(name), one.get(name), other.get(name)
        if not agree(*sides):
            return None
        line += pick(*sides) or ""
    return line


def _parts(line: str) -> dict[str, str] | None:
    """Cut a task into its parts by name; joined they are the line. None where a part is there twice."""
    found = TASK.fullmatch(line)
    if found is None:
        return None
    margin, box, words, end = found.groups()
    text, *signs = PART.split(words)
    parts = {"margin": margin, "box": box, "text": text}
    for sign in signs:
        named = NAME.match(sign)
        if named is None or named[1] in parts:
            return None
        parts[named[1]] = sign
    return {**parts, "end": end}
