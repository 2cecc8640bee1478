"""Short names that two things of one incident have, and how the later one gets a name of its own.

A command never gives a name twice. But two clones do, so do two terminals that saw each other's note too late, and a person who
copies a line. A verb cannot know which one is meant then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, Replacement
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.task import ID, next_name
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import AmbiguousReferenceError, ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

NOUNS = {"a": "action", "f": "follow-up", "h": "hypothesis", "r": "request", "v": "check"}
PLURALS = {**{letter: f"{noun}s" for letter, noun in NOUNS.items()}, "h": "hypotheses"}
#: A check as the list under Verification has it; the timeline may tell of one check several times.
LISTED_CHECK = re.compile(r"\s*[-*+] \[.\] (?P<name>v\d+) (?P<text>\w+: .*?)(?: \(@\S+ [\d:T-]+\))?\s*\Z")


class NamedLine(NamedTuple):
    """A line that gives something its short name.

    Attributes:
        name: The name, ``a1``.
        section: The title of the section.
        place: Its index within the section.
        raw: The line.
        text: What it is about.
        since: When it was written down, as far as the line says.
        has_ended: It is a task that is done or given up.
    """

    name: str
    section: str
    place: int
    raw: str
    text: str
    since: str
    has_ended: bool = False


def doubles(record: Record) -> dict[str, tuple[NamedLine, ...]]:
    """Return the names that several things have, each with its lines, the earliest first."""
    found: dict[str, list[NamedLine]] = {}
    for line in _named_lines(record):
        same = found.setdefault(line.name, [])
        # What is said twice is one thing; of two boxes only one can be ticked.
        if line.section != "Timeline" or all(each.text != line.text for each in same):
            same.append(line)
    return {name: tuple(sorted(lines, key=lambda line: line.since)) for name, lines in found.items() if len(lines) > 1}


def refuse_double(record: Record, name: str) -> None:
    """Refuse a name that several things have.

    Raises:
        AmbiguousReferenceError: Several have it.
    """
    lines = doubles(record).get(name.lower())
    if lines:
        raise ambiguous(record.incident.id, lines[0].name, PLURALS[name[:1].lower()], [line.text for line in lines])


def refuse_taken(record: Record, kind: str, payload: str) -> None:
    """Refuse a line of the timeline that would give a name away once more.

    Raises:
        ConflictError: Another thing has the name.
        AmbiguousReferenceError: Several things have it already.
    """
    fields = KINDS[kind].read(payload, record.zone)
    name = fields.get("name", "").lower()
    if not name:
        return
    refuse_double(record, name)
    known = next((line for line in _named_lines(record) if line.name == name and line.section == "Timeline"), None)
    if known and _is_raised(fields) and known.text != fields["text"]:
        raise ConflictError(
            f"{name} is another {NOUNS[name[0]]} already: {shorten(known.text)}",
            field="NAME",
            value=name,
            hint=Sentence(
                "without a number it gets the next one: ",
                Command("log", f"hypothesis: {fields['text']}", incident=record.incident.id)
                if kind == "hypothesis"
                else Command("resource request", fields["text"], incident=record.incident.id),
            ),
        )


def ambiguous(incident: object, name: str, noun: str, texts: Sequence[str]) -> AmbiguousReferenceError:
    """Return the refusal of a name that several things have."""
    return AmbiguousReferenceError(
        f"{incident} has {len(texts)} {noun} called {name}: {'; '.join(shorten(text) for text in texts)}",
        field="NAME",
        value=name,
        hint=Sentence(
            Command("check", options=("--fix",), incident=incident), " gives the later one a number of its own"
        ),
    )


def renumber(record: Record, at: datetime) -> Change:
    """Rename the later ones of a name, with a line in the timeline for each."""
    replacements: dict[tuple[str, int], Replacement] = {}
    lines: list[LogLine] = []
    used = {line.name for line in _named_lines(record)}
    for name, (_, *later) in doubles(record).items():
        letter = name[0]
        used |= record.names(letter)
        for line in later:
            new = next_name(letter, used)
            used.add(new)
            for section, place, raw in ((line.section, line.place, line.raw), *_followers(record, line)):
                # A line of which it is not certain whose it is stays with the first that claims it.
                replacements.setdefault((section, place), Replacement(section, place, raw, renamed(raw, name, new)))
            said = f"{NOUNS[letter]} {name} renumbered to {new}, another one has its number: {line.text}"
            lines.append(LogLine("note", said, at))
    said = ", ".join(line.text.partition(",")[0] for line in lines)
    return Change(lines=tuple(lines), replacements=tuple(replacements.values()), said=said)


def renamed(raw: str, name: str, new: str) -> str:
    """Return a line with another short name in it: in the id of a task, else where the name is first."""
    task = ID.search(raw)
    if task and task[1].lower().endswith(f"-{name}"):
        return f"{raw[: task.end() - len(name)]}{new}{raw[task.end() :]}"
    return re.sub(rf"(?i)(?<![\w@-]){name}(?![\w-])", new, raw, count=1)


def _named_lines(record: Record) -> Iterator[NamedLine]:
    for section, tasks in (
        ("Actions", record.actions),
        ("Checklist", record.checklist),
        ("Follow-ups", record.follow_ups),
    ):
        for task in tasks:
            if task.name and task.name[0] in NOUNS:
                yield NamedLine(
                    task.name, section, task.line, task.raw, task.text, task.created or "", not task.is_open
                )
    timeline = record.section("Timeline")
    # Reading a long timeline costs more than looking for the two words.
    if any("hypothesis" in line.lower() or "requested" in line.lower() for line in timeline):
        for entry in record.of_kind("hypothesis", "resource"):
            fields = entry.fields or {}
            if _is_raised(fields):
                since = write_moment(entry.at, record.zone) if entry.at else ""
                name = fields["name"].lower()
                yield NamedLine(name, "Timeline", entry.line, entry.raw[0], fields["text"], since)
    for place, line in enumerate(record.section("Verification")):
        if check := LISTED_CHECK.match(line):
            yield NamedLine(check["name"], "Verification", place, line, check["text"], "")


def _is_raised(fields: Mapping[str, str]) -> bool:
    """Return whether a line gives something its name, instead of telling what became of it."""
    return "result" not in fields and fields.get("state", "requested") == "requested"


def _followers(record: Record, line: NamedLine) -> Iterator[tuple[str, int, str]]:
    """Return section, place and text of the lines that tell more of something, as far as that is certain."""
    if line.section == "Timeline":
        kinds = ("resource",)
    elif line.section == "Verification":
        kinds = ("verify",)
    else:
        kinds = ("action",)
    only_ended = line.has_ended and sum(each.has_ended for each in doubles(record)[line.name]) == 1
    for entry in record.of_kind(*kinds):
        fields = entry.fields or {}
        if fields.get("name", "").lower() != line.name or entry.raw[0] == line.raw:
            continue
        if (
            (kinds == ("action",) and only_ended)
            or (kinds == ("resource",) and fields["state"] != "requested" and fields["text"] == line.text)
            or (kinds == ("verify",) and line.text.startswith(f"{fields['subject']}: {fields['text']}"))
        ):
            yield "Timeline", entry.line, entry.raw[0]
