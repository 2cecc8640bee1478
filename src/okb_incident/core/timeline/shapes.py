"""The shapes in which people write a timeline beside a plain list: numbered, in a callout, or as a table with a column of times.

Each line is read as the list line that it stands for. Nothing is rewritten: a line of ours never goes between those of a callout or a
table, and what cannot be read as an entry is counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.timeline.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = r"\d{4}-\d{2}-\d{2}"

MARKS = (">", "|")
"""The signs with which a line of a callout and a row of a table begin."""

QUOTE = re.compile(r"( {0,3})>[ \t]?")
ROW = re.compile(r"( {0,3})\|(.*)")
CELL = re.compile(r"(?<!\\)\|")
RULE = re.compile(r" {0,3}\|?(?:[ \t]*:?-+:?[ \t]*(?:\||$))+\s*")
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
TIME_CELL = re.compile(
    rf"(?:~ ?)?(?:(?P<day>{DAY})(?:[T ](?={CLOCK}))?)?(?P<clock>{CLOCK}(?: ?(?:Z|UTC)|[+-]\d{{2}}(?::?\d{{2}})?)?)?"
)
PERSON_CELL = re.compile(r"@[^\s:@]+")
BEGINS = re.compile(rf"\W*(?:{DAY}|{CLOCK}(?!\d))")


def is_boxed(line: str) -> bool:
    """Return whether a line is one of a callout or a table, between which no other line may come."""
    return line.lstrip(" ").startswith(MARKS)


def frame(line: str) -> str:
    """Return the signs of the callout in which a line is, with their blanks; nothing where it is in none."""
    rest = line
    while found := QUOTE.match(rest):
        rest = rest[found.end() :]
    return line[: len(line) - len(rest)]


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table."""
    return ROW.match(line[len(frame(line)) :]) is not None


def as_list_line(line: str) -> str:
    """Return a line of a callout or a row of a table as the list line that it stands for; any other line as it is."""
    if not is_boxed(line):
        return line
    indent = line[: len(line) - len(line.lstrip(" "))]
    text = line[len(frame(line)) :]
    row = ROW.match(text)
    return indent + (_of_row(row[2]) or text.strip() if row else text)


def _of_row(row: str) -> str | None:
    """Return the cells of a row as a list line; None where none of them holds a time."""
    cells = [cell.strip().replace("\\|", "|") for cell in CELL.split(row.rstrip().removesuffix("|"))]
    times = [found for cell in cells if cell and (found := TIME_CELL.fullmatch(cell))][:2]
    clocks = [found["clock"] for found in times if found["clock"]]
    if not clocks:
        return None
    days = [found["day"] for found in times if found["day"]]
    used = {found.string for found in times if found["clock"] == clocks[0] or not found["clock"]}
    others = [cell for cell in cells if cell and cell not in used]
    people = [cell for cell in others if PERSON_CELL.fullmatch(cell)][:1]
    kinds = [cell for cell in others if cell.strip("*:").lower() in KINDS][:1]
    said = ", ".join(cell for cell in others if cell not in (*people, *kinds))
    moment = f"{days[0]}T{clocks[0]}" if days else clocks[0]
    kind = f"**{kinds[0].strip('*:').lower()}**" if kinds else ""
    who = " ".join(filter(None, (kind, *people)))
    return f"- {moment} {who}: {said}" if who else f"- {moment} {said}"


def unread(lines: Iterable[str]) -> list[int]:
    """Return which of the lines of a timeline that are not entries seem to be meant as such: those that begin with a time, and rows.

    Args:
        lines: The lines, those of entries and of code fences blank.
    """
    listed = list(lines)
    found = []
    for place, line in enumerate(listed):
        text = line[len(frame(line)) :]
        if not text.strip():
            continue
        is_head = place + 1 < len(listed) and RULE.fullmatch(listed[place + 1][len(frame(listed[place + 1])) :])
        if (is_row(line) and not RULE.fullmatch(text) and not is_head) or BEGINS.match(text):
            found.append(place)
    return found
