"""An incident's note: writing a Change into its text, touching nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import SECTIONS
from okb_incident.core.incident.followers import followers
from okb_incident.core.text.quoting import defuse
from okb_incident.core.timeline.entry import write_entry
from okb_incident.core.timeline.timeline import place, read_timeline, recorded_if_late
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import ORDER, text_of
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.note import change_log, frontmatter, sections
from okb_incident.vault.yaml.scalar import Plain

if TYPE_CHECKING:
    from datetime import tzinfo

    from okb_incident.core.incident.change import Addition, Change, LogLine
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings

#: Those with which every note begins; that one had to be put in is worth a word.
FIRST_SECTIONS = frozenset({"Summary", "Timeline"})

#: Numbers, ranges, shares and days of ours, such as ~1200, 1000-1500, 5% or 2026-11-23: they are without quotes, and read back as text.
OWN_RANGE = re.compile(r"~?\d+(?:-\d+)?%?|\d{4}-\d\d-\d\d")


class Written(NamedTuple):
    """A note's text with a change in it.

    Attributes:
        text: The whole note.
        notes: What the person should know: a section that was put in, a property that could not be set.
    """

    text: str
    notes: tuple[str, ...]


def apply_change(
    text: str,
    incident: Incident,
    change: Change,
    *,
    settings: Settings,
    actor: str | None,
    now: datetime,
) -> Written:
    """Write a change into a note.

    A property that a half-typed frontmatter keeps from being set does not stop the rest: the timeline is written all the
    same, and what could not be set is said.

    Args:
        text: The note as it is.
        incident: As read from that text.
        change: What to do.
        settings: The vault's zone and vocabulary.
        actor: The handle of who acts.
        now: The moment of the command, for `updated` and for lines that are entered late.

    Raises:
        InvalidNoteError: A property of a readable frontmatter cannot be set without changing more than it.
    """
    notes: list[str] = []
    broken = frontmatter.read(text, incident.path).state != "ok"
    values = {key: written_value(value, settings.zone) for key, value in change.properties.items()}
    heals = change.moves_on and not broken
    follow = followers(incident, sections.title_heading(text), settings, change.properties, heals=heals)
    following = {"tags": follow.tags, "aliases": follow.aliases}
    values.update({key: list(each) for key, each in following.items() if each is not None})
    day = write_moment(now, settings.zone)[:10]
    if change.properties and text_of(incident.properties.get("updated")) not in {None, day}:
        values["updated"] = Plain(day)
    for key, value in values.items():
        try:
            text = frontmatter.set_property(text, key, value, ORDER, path=incident.path)
        except InvalidNoteError as error:
            # What only follows another property stops no command.
            if not broken and key not in following:
                raise
            notes.append(f"{key} could not be set: {error.message}")
    if follow.heading is not None:
        text = sections.retitle(text, follow.heading)
    text = change_log.record(text, incident.properties, values, day=day, actor=actor)
    # From the last one up, so that one which becomes several lines moves none of the others.
    for each in sorted(change.replacements, key=lambda each: each.place, reverse=True):
        text = sections.replace_line(text, each.section, each.place, each.old, each.new)
    put_in = []
    for addition in change.additions:
        text, inserted = _add(text, addition)
        put_in += [addition.section] if inserted else []
    for line in change.lines:
        text, inserted = add_line(text, incident, line, zone=settings.zone, actor=actor, now=now)
        put_in += ["Timeline"] if inserted else []
    notes += [f"a section {title} was put into the note" for title in put_in if title in FIRST_SECTIONS]
    return Written(text, tuple(notes))


def _add(text: str, addition: Addition) -> tuple[str, bool]:
    """Put something at the end of a section; return the note, and whether the section had to be put in."""
    text, inserted = sections.ensure(text, addition.section, SECTIONS)
    lines = sections.section_lines(text, addition.section)
    gap = "\n" if addition.paragraph and any(line.strip() for line in lines) else ""
    return sections.insert_line(text, addition.section, len(lines), gap + addition.text), inserted


def written_value(
    value: str | int | tuple[str, ...] | datetime | None,
    zone: tzinfo,
) -> str | int | list[str] | None:
    """Return a value of a Change as the frontmatter holds it; nothing executes a name that somebody typed."""
    if isinstance(value, datetime):
        return Plain(write_moment(value, zone))
    if isinstance(value, tuple):
        return [defuse(each) for each in value]
    if isinstance(value, str):
        return Plain(value) if OWN_RANGE.fullmatch(value) else defuse(value)
    return value


def add_line(
    text: str,
    incident: Incident,
    line: LogLine,
    *,
    zone: tzinfo,
    actor: str | None,
    now: datetime,
) -> tuple[str, bool]:
    """Write a line into the timeline, at its chronological place.

    Returns:
        The note, and whether the section had to be put in.
    """
    text, inserted = sections.ensure(text, "Timeline", SECTIONS)
    content = sections.section_lines(text, "Timeline")
    entry = write_entry(
        line.kind,
        line.text,
        at=line.at,
        zone=zone,
        actor=actor if line.actor is None else line.actor or None,
        external=line.external,
        recorded=recorded_if_late(line.at, now),
    )
    entry = "\n".join((entry, *(f"  {each}".rstrip() for each in line.below)))
    index = place(read_timeline(content, zone, incident.at("declared")), line.at)
    return sections.insert_line(text, "Timeline", index, entry), inserted
