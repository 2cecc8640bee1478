"""Task lines: what the Tasks plug-in and Dataview read as one, read as people leave it and written in one order.

    - [ ] TEXT [owner:: alice] [kind:: prevention] #incident/follow-up 🆔 INC-20261123-01-f1 ➕ 2026-11-23 📅 2026-12-08

The plug-in reads from the end and stops at the first thing that it does not know, so our own fields come before its signs.
A box is ``[ ]`` open, ``[/]`` begun, ``[x]`` done, ``[-]`` given up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.quoting import read_literal, without_remarks, write_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TASK = re.compile(r"([\s>]*(?:[-*+]|[0-9]+[.)])[ \t]+)(\[.\])(.*?)(\s*)", re.DOTALL)
ID = re.compile(r"🆔[ \t]*([A-Za-z0-9_-]+)")
#: Where a part of a task begins: a sign, a field, a tag, the name of a block.
PART = re.compile(r"(?<![ \t])(?=[ \t]+(?:[➕⏳🛫📅✅❌🔺⏫🔼🔽⏬🔁🏁🆔⛔]|[\[(][\w-]+::|#\S|\^[A-Za-z0-9-]+\Z))")
FIELD = re.compile(r"[\[(]([\w-]+)::[ \t]*(.*?)[\])]\Z")
DATE = re.compile(r"([➕📅✅❌])️?[ \t]*(\d{4}-\d{2}-\d{2})\Z")
BLOCK_NAME = re.compile(r"[ \t]+\^[A-Za-z0-9-]+\s*\Z")
ENDS = re.compile(r"[ \t]+[✅❌]️?[ \t]*\d{4}-\d{2}-\d{2}(?=\s|\Z)")
DUE = re.compile(r"📅\ufe0f?[ \t]*\d{4}-\d{2}-\d{2}")
#: What in a text would be read as a part of the task, or as the start of another field.
PARTS_IN_TEXT = re.compile(r"[➕⏳🛫📅✅❌🔺⏫🔼🔽⏬🔁🏁🆔⛔]|:(?=:)")
#: The same as it is written, a text until it is first used.
PART_ENTITY = f"&#({'|'.join(str(ord(sign)) for sign in '➕⏳🛫📅✅❌🔺⏫🔼🔽⏬🔁🏁🆔⛔:[]')});"

OPEN, BEGUN, DONE, GIVEN_UP = " ", "/", "x", "-"
#: The states as programs read them.
STATES = {OPEN: "open", BEGUN: "begun", DONE: "done", GIVEN_UP: "given up"}
#: Those that people read in other words.
SPOKEN = {"begun": "started", "given up": "cancelled"}
EXTERNAL = "#external"
ACTION, FOLLOW_UP = "#incident/action", "#incident/follow-up"


class Task(NamedTuple):
    """One task.

    Attributes:
        line: Its index within the lines that were given.
        raw: The line.
        box: The sign in its box; ``X`` is read as ``x``, and one that is not ours as open.
        text: What has to be done, without fields, tags, signs and a writer's remarks.
        name: Its short name within the incident, ``a1``; None where it has no id of the incident.
        fields: Its fields by name: owner, kind, verify.
        created: The day on which it was written down, where it says.
        due: The day by which it is due, where it says.
        ended: The day on which it was done or given up, where it says.
    """

    line: int
    raw: str
    box: str
    text: str
    name: str | None
    fields: Mapping[str, str]
    created: str | None
    due: str | None
    ended: str | None

    @property
    def is_open(self) -> bool:
        """Return whether it is still to be done."""
        return self.box in {OPEN, BEGUN}

    @property
    def is_external(self) -> bool:
        """Whether customers may know of it: its line has the tag."""
        return EXTERNAL in self.raw.split()

    @property
    def owner(self) -> str | None:
        """Return the handle of who does it."""
        return self.fields.get("owner")


def read_tasks(lines: Sequence[str], incident: str) -> tuple[Task, ...]:
    """Read the tasks among the lines of a section.

    Args:
        lines: Without their ends.
        incident: The id of the incident, which the ids of its tasks begin with.
    """
    found = (_read(at, line, incident) for at, line in enumerate(lines) if "[" in line)
    return tuple(task for task in found if task)


def _read(at: int, line: str, incident: str) -> Task | None:
    match = TASK.fullmatch(line)
    if match is None:
        return None
    words = match[3]
    name = None
    if named := ID.search(words):
        prefix, _, short = named[1].rpartition("-")
        name = short.lower() if prefix.lower() == incident.lower() else None
    text, *parts = PART.split(words)
    fields: dict[str, str] = {}
    dates: dict[str, str] = {}
    for part in map(str.strip, parts):
        if field := FIELD.match(part):
            fields.setdefault(field[1].lower(), _typed(field[2]))
        elif date := DATE.match(part):
            dates.setdefault(date[1], date[2])
    box = match[2][1].lower()
    return Task(
        at,
        line,
        box if box in {OPEN, BEGUN, DONE, GIVEN_UP} else OPEN,
        _typed(without_remarks(text)),
        name,
        fields,
        dates.get("➕"),
        dates.get("📅"),
        dates.get("✅") or dates.get("❌"),
    )


def write_task(text: str, *, tag: str, task_id: str, created: str, due: str | None = None, **fields: str | None) -> str:
    """Write a task.

    Args:
        text: What has to be done; what in it would be read as a part of the task is written as an entity.
        tag: Its tag, with the ``#``.
        task_id: ``INC-20261123-01-a1``.
        created: The day.
        due: The day by which it is due.
        fields: Its fields in their order; one without a value is left out.
    """
    own = "".join(f" [{name}:: {_in_brackets(value)}]" for name, value in fields.items() if value)
    ends = f" 📅 {due}" if due else ""
    return f"- [ ] {_plain(text)}{own} {tag} 🆔 {task_id} ➕ {created}{ends}"


def _plain(text: str) -> str:
    """Make a text one line that holds no part of a task."""
    return PARTS_IN_TEXT.sub(lambda found: f"&#{ord(found[0])};", write_literal(" ".join(text.split())))


def _typed(text: str) -> str:
    """Return a text of a task as it was typed."""
    whole = re.sub(PART_ENTITY, lambda found: chr(int(found[1])), text) if "&#" in text else text
    return read_literal(" ".join(whole.split()))


def _in_brackets(text: str) -> str:
    """Make a text the value of a field, which ends at a bracket."""
    return _plain(text).replace("[", "&#91;").replace("]", "&#93;")


def with_tag(raw: str, tag: str) -> str:
    """Return a task's line with another tag, in front of its first part; every other byte stays."""
    first = PART.search(raw)
    place = first.start() if first else len(raw.rstrip())
    return f"{raw[:place]} {tag}{raw[place:]}"


def with_box(raw: str, box: str, day: str | None = None) -> str:
    """Return a task's line with another sign in its box, and the day on which it ended; every other byte stays."""
    match = TASK.fullmatch(raw)
    if match is None:
        raise ValueError(f"this is not a task: {raw!r}")
    margin, _, words, end = match.groups()
    words = ENDS.sub("", words)
    if box in {DONE, GIVEN_UP} and day:
        block = BLOCK_NAME.search(words)
        place = block.start() if block else len(words)
        words = f"{words[:place]} {'✅' if box == DONE else '❌'} {day}{words[place:]}"
    return f"{margin}[{box}]{words}{end}"


def next_name(letter: str, used: Iterable[str]) -> str:
    """Return the short name after the last one that was used: ``a3`` after ``a1`` and ``a2``."""
    numbers = [int(name[1:]) for name in used if name[:1] == letter and name[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def with_field(raw: str, name: str, value: str) -> str:
    """Return a task's line with a field, in the place of the one of that name, or behind the other fields; every other byte stays."""
    match = TASK.fullmatch(raw)
    if match is None:
        raise ValueError(f"this is not a task: {raw!r}")
    new = f"[{name}:: {_in_brackets(value)}]"
    parts = PART.split(match[3])
    for place, part in enumerate(parts[1:], 1):
        field = FIELD.match(part.strip())
        if field and field[1].lower() == name:
            blank = part[: len(part) - len(part.lstrip())]
            parts[place] = f"{blank}{new}"
            break
    else:
        behind = next((at for at, part in enumerate(parts[1:], 1) if not FIELD.match(part.strip())), len(parts))
        parts.insert(behind, f" {new}")
    return f"{match[1]}{match[2]}{''.join(parts)}{match[4]}"


def with_due(raw: str, day: str) -> str:
    """Return a task's line with another day by which it is due, or with one; every other byte stays."""
    match = TASK.fullmatch(raw)
    if match is None:
        raise ValueError(f"this is not a task: {raw!r}")
    words, count = DUE.subn(f"📅 {day}", match[3], count=1)
    if not count:
        block = BLOCK_NAME.search(words)
        place = block.start() if block else len(words)
        words = f"{words[:place]} 📅 {day}{words[place:]}"
    return f"{match[1]}{match[2]}{words}{match[4]}"
