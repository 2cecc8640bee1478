"""Short names that both sides of a merge gave to different things: ours get the next free ones.

Ours is what is brought in anew: a command on a note that somebody saved meanwhile, an edit that was lost, what was undone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.timeline.doubles import LISTED_CHECK, renamed
from okb_incident.core.timeline.task import ID, PART, TASK, next_name
from okb_incident.vault.note.note import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A line of the timeline about something that has a short name.
ENTRY = re.compile(
    r"- \S+ \*\*(?P<kind>hypothesis|resource|action|verify)\*\*(?: @[^\s:]+)?: (?P<name>[ahrv]\d+) (?P<text>.*)"
)
RAISED = ("hypothesis", "resource")
"""The kinds of which a line gives the name; tasks and checks have lists of their own."""
#: What such a line says where the thing had its name before.
LATER = re.compile(r"(?:confirmed|ruled out|granted|refused|done|cancelled)\b")


def renumbered(base: str, ours: str, theirs: str) -> tuple[str, dict[str, str]]:
    """Return ours with names that theirs has not given to another thing, and which name became which."""
    sides = [things(text) for text in (base, ours, theirs)]
    old, new, other = sides
    both = [name for name in new if name in other and name not in old and new[name] != other[name]]
    if not both:
        return ours, {}
    used = {name for side in sides for name in side}
    names = {}
    for name in both:
        names[name] = next_name(name[0], used)
        used.add(names[name])
    known = set(base.split("\n"))
    lines = [line if line in known else _with_names(line, names) for line in ours.split("\n")]
    return "\n".join(lines), names


def new_names(base: bytes, ours: bytes, theirs: bytes) -> dict[str, str]:
    """Return which name of ours becomes which in a merge."""
    return renumbered(*map(decode, (base, ours, theirs)))[1]


def moved(planned: str, found: str) -> dict[str, str]:
    """Return which names of a text became which, because a merge had given the first to other things."""
    old, new = things(planned), things(found)
    names = {text: name for name, text in new.items() if name not in old}
    return {name: names[text] for name, text in old.items() if new.get(name) != text and text in names}


def things(text: str) -> dict[str, str]:
    """Return what has which short name, as far as the lines that give them say."""
    found: dict[str, str] = {}
    if "🆔" not in text and "**" not in text:
        return found
    for line in text.split("\n"):
        if "🆔" in line and (task := ID.search(line)) and (parts := TASK.fullmatch(line)):
            name = task[1].rpartition("-")[2].lower()
            if re.fullmatch(r"[af]\d+", name):
                found.setdefault(name, " ".join(PART.split(parts[3])[0].split()))
        elif check := LISTED_CHECK.match(line):
            found.setdefault(check["name"], check["text"])
        elif (entry := ENTRY.match(line)) and entry["kind"] in RAISED and not LATER.match(entry["text"]):
            found.setdefault(entry["name"], entry["text"])
    return found


def _with_names(line: str, names: Mapping[str, str]) -> str:
    """Return a line of ours with the new name of what it is about."""
    task, check, entry = ID.search(line) if "🆔" in line else None, LISTED_CHECK.match(line), ENTRY.match(line)
    name = task[1].rpartition("-")[2].lower() if task else (check or entry or {"name": ""})["name"]
    return renamed(line, name, names[name]) if name in names else line
