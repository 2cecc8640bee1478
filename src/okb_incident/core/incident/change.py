"""What a command does to one incident, as a value: properties to set, lines to log. The vault room writes it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.properties import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from okb_incident.command import Text

#: The sections of an incident note, in the order in which a missing one is put in.
SECTIONS = (
    "Summary",
    "Impact",
    "Timeline",
    "Actions",
    "Checklist",
    "Verification",
    "Resolution",
    "Follow-ups",
    "Related",
    "Change log",
)

STEPS = frozenset({"title", "status", "severity", "category", *MOMENTS})
"""The properties whose change is a step in the life of an incident."""


class LogLine(NamedTuple):
    """One line for the timeline.

    Attributes:
        kind: A kind of the timeline's table.
        text: Its payload.
        at: When it happened.
        external: It is fit for the public timeline.
        below: Lines that belong to it and are indented below it; whoever makes them has quoted them.
        actor: Whose deed it is, where that is not the person of the command; ``""`` for nobody's.
    """

    kind: str
    text: str
    at: datetime
    external: bool = False
    below: tuple[str, ...] = ()
    actor: str | None = None


class Addition(NamedTuple):
    """A line, or a paragraph, for the end of a section other than the timeline.

    Attributes:
        section: The title of the section, which is put in where it is missing.
        text: What is added; whoever makes it has quoted what others typed.
        paragraph: Keep a blank line above it.
    """

    section: str
    text: str
    paragraph: bool = False


class Replacement(NamedTuple):
    """Another line in the place of one.

    Attributes:
        section: The title of the section.
        place: The index of the line within the section.
        old: The line as it was read.
        new: What is there then; further lines may follow after line feeds.
    """

    section: str
    place: int
    old: str
    new: str


class Outgoing(NamedTuple):
    """A message that goes out.

    Attributes:
        audience: To whom.
        kind: What kind of message, or ``correction``.
        text: What it says.
        note: The name of the note that keeps it.
        to: The handles of the people to whom it goes, where they are known.
    """

    audience: str
    kind: str
    text: str
    note: str
    to: tuple[str, ...] = ()


class Change(NamedTuple):
    """What a command changes in an incident.

    Attributes:
        properties: New values by key; None takes the key away. Moments are datetimes, lists are tuples.
        lines: Lines for the timeline.
        additions: What is added to other sections.
        replacements: Lines that change.
        said: What was written, for the answer: ``acknowledged, triage → investigating``; of what was done before, how it is:
            ``already SEV1``.
        moments: The moments that were written, for the answer, by name; where `said` begins with a name, its moment follows there.
        already: The very same was done before; then nothing changes.
        done_at: When it was done before, where a moment tells.
        warnings: What is odd about the result, though it was done.
        outgoing: The message that goes out with it.
        heals: What follows a property that a person changed by hand is brought in step, though nothing else changes.
    """

    properties: Mapping[str, str | int | tuple[str, ...] | datetime | None] = MappingProxyType({})
    lines: tuple[LogLine, ...] = ()
    additions: tuple[Addition, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    said: str = ""
    moments: Mapping[str, datetime] = MappingProxyType({})
    already: bool = False
    done_at: datetime | None = None
    warnings: tuple[Text, ...] = ()
    outgoing: Outgoing | None = None
    heals: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to write."""
        return not (self.properties or self.lines or self.additions or self.replacements or self.heals)

    @property
    def moves_on(self) -> bool:
        """Return whether it is a step in the life of the incident, which also records what a person changed by hand."""
        return self.heals or not STEPS.isdisjoint(self.properties)


def quote(text: str) -> str:
    """Return typed text in quotation marks after a blank, for an answer; nothing for no text."""
    return f' "{shorten(" ".join(text.split()))}"' if text else ""


def about(verb: str, name: str, what: str, note: str = "") -> str:
    """Return what was done with a thing that has a short name, for an answer: ``started a1 "roll back"``, and what was typed with it."""
    return f"{verb} {name}{quote(what)}{f', logged{quote(note)}' if note else ''}"


def keep_words(change: Change, words: str, at: datetime, noun: str = "note", *, external: bool = False) -> Change:
    """Log the words that came with what was done before, because whoever typed them means them to be in the timeline.

    Args:
        change: What a verb decided; only one that was done before, and says how it is, is another then.
        words: What was typed.
        at: When.
        noun: What the answer calls the words.
        external: They are fit for the public timeline.
    """
    if not (change.already and change.said and words):
        return change
    return change._replace(
        already=False,
        lines=(LogLine("note", f"{change.said}, {words}", at, external=external),),
        said=f"{change.said}; {noun} logged",
    )


def together(changes: Iterable[Change]) -> Change:
    """Make one change of several that were decided on the same note; the later value of a property counts."""
    given = [change for change in changes if not change.already]
    if not given:
        return Change(already=True)
    properties: dict[str, str | int | tuple[str, ...] | datetime | None] = {}
    moments: dict[str, datetime] = {}
    for change in given:
        properties |= change.properties
        moments |= change.moments
    return Change(
        properties=properties,
        lines=tuple(line for change in given for line in change.lines),
        additions=tuple(each for change in given for each in change.additions),
        replacements=tuple(each for change in given for each in change.replacements),
        said="; ".join(change.said for change in given if change.said),
        moments=moments,
        warnings=tuple(each for change in given for each in change.warnings),
    )
