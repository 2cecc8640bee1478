"""What is wrong in the body of an incident's note, and where body and properties do not say the same."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.change import Change
from okb_incident.core.incident.followers import followers, other_heading
from okb_incident.core.timeline import tickets
from okb_incident.core.timeline.entry import ZONES
from okb_incident.core.timeline.hand_edits import hand_edits
from okb_incident.core.timeline.impact_lines import read_line
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.timeline import unread_lines
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import texts_of
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.note import sections
from okb_incident.vault.note.note import decode
from okb_incident.workflow.care import doubled_names, set_by_hand
from okb_incident.workflow.change import record_of
from okb_incident.workflow.reference import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.note.sections import NoteSection
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

_CORRECT_IT = "correct the line in the note; without the word of a kind it is a note as written"
_CORRECT_SPAN = "correct from and to in the line: impact: checkout down from 14:05 to 14:20"
UTC_WORDS = frozenset({"UTC", "GMT", "Z"})
_ZONE = re.compile(r"\(([A-Za-z]+)\)\W*\Z")

OTHER_HEADING = "other-heading"
"""The code of a note whose heading a person has worded otherwise than its title: a hint, for people do so on purpose."""

COUNT_NOT_SET = "tickets-not-set"
"""The code of a note whose timeline counts tickets, and whose property does not: which of the two is right only a person knows."""

NOT_FIXED = (OTHER_HEADING, COUNT_NOT_SET)
"""The codes of what `check --fix` leaves alone."""


def of_body(session: Session, incident: Incident) -> Iterator[Problem]:
    """Find what is wrong in the body of an incident's note."""
    # The properties are read already; parsing them again would cost more than the timeline.
    text = decode(read_bytes(session.vault.real(incident.path)).data)
    record = record_of(session, incident, text)
    section, *others = sections.find_each(text, "Timeline") or (None,)
    if section is not None:
        yield from _markers(record, section.content_line)
        yield from _unread(record, section.content_line)
        yield from _others(incident, section, others)
        yield from _zone(session, incident, section)
        for entry in record.written:
            if entry.fault is not None:
                line = section.content_line + entry.line
                yield Problem(incident.path, line, "timeline", entry.fault, _CORRECT_IT)
            elif entry.kind == "impact" and isinstance(why := read_line(entry, record.zone), str):
                line = section.content_line + entry.line
                yield Problem(incident.path, line, "impact-not-used", f"{why}, so it is not used", _CORRECT_SPAN)
    yield from doubled_names.in_note(session, incident, text)
    found = [*differences(session, record, text)]
    yield from found
    if not any(each.code == "status-and-timeline-differ" for each in found):
        # What was skipped is of interest once the change itself is in the timeline.
        yield from set_by_hand.of_record(session, record)


def differences(session: Session, record: Record, text: str) -> Iterator[Problem]:
    """Find where the timeline, tags, aliases and heading do not say what the properties say."""
    incident, settings = record.incident, session.vault.settings
    remedy = Command("check", options=("--fix",), incident=incident.id)

    def problem(key: str, code: str, message: str) -> Problem:
        return Problem(incident.path, incident.lines.get(key), code, f"{message}; the property counts", remedy)

    for edit in hand_edits(record, settings.severities):
        message = f"{edit.key} is {edit.after}, and the note's history ends with {edit.before}"
        yield problem(edit.key, f"{edit.key}-and-timeline-differ", message)
    yield from _tickets(record)
    heading = sections.title_heading(text)
    stale = followers(incident, heading, settings, {}, heals=True)
    by_hand = {edit.key for edit in hand_edits(record, settings.severities)}
    if stale.tags is not None and "severity" not in by_hand:
        old = ", ".join(sorted({*texts_of(incident.properties.get("tags"))} - {*stale.tags}))
        yield problem("tags", "tags-and-properties-differ", f"the tag {old} is not that of severity or category")
    if stale.aliases is not None or stale.heading is not None:
        where = " and ".join(
            words for words, each in (("aliases", stale.aliases), ("heading", stale.heading)) if each is not None
        )
        yield problem("title", "title-differs", f"the title is {incident.title!r}, and the {where} of the note differ")
    if other := other_heading(incident, heading):
        yield Problem(
            incident.path,
            None,
            OTHER_HEADING,
            f"the heading is {other!r}, and the title is {incident.title!r}",
            Command("set", f"title={other}", incident=incident.id),
        )


def _tickets(record: Record) -> Iterator[Problem]:
    """Find where the count of tickets is not the last one of the timeline."""
    found = tickets.difference(record)
    if found is None:
        return
    which, now, rule = "tickets-and-timeline-differ", found.after, "; the property counts"
    if found.after == NOBODY:
        which, now, rule = COUNT_NOT_SET, "not set", ""
    message = f"tickets is {now}, and the note's history ends with {found.before}{rule}"
    line = record.incident.lines.get(tickets.KEY)
    yield Problem(record.incident.path, line, which, message, tickets.remedy(record, found))


def mend(call: Call) -> list[tuple[str, str]]:
    """Record what was changed by hand, and let tags, aliases and heading follow their properties; all of it is one command.

    Returns:
        The notes that were changed, of the incident that was named or of all, and what was said of each.

    Raises:
        OkbError: The vault cannot be written.
    """
    session = call.session
    only = call.target().path if call.reference is not None else None
    incidents = session.vault.read_all(include_restricted=call.shared.restricted or only is not None).incidents
    targets = []
    for incident in (each for each in incidents if only in {None, each.path}):
        text = decode(read_bytes(session.vault.real(incident.path)).data)
        record = record_of(session, incident, text)
        if any(each.code not in NOT_FIXED for each in differences(session, record, text)):
            targets.append(Target(incident.id, incident.path))
    if not targets:
        return []
    session.about_to_write()
    changed = call.change_each([(target, lambda _: Change(heals=True)) for target in targets])
    return [(each.incident.path, "; ".join(map(str, each.notes))) for each in changed]


def _unread(record: Record, first: int) -> Iterator[Problem]:
    """Count the lines of a timeline that seem to be meant as entries and cannot be read as such."""
    places = unread_lines(record.section("Timeline"), record.written)
    if places:
        count = f"{len(places)} lines of the timeline are" if len(places) > 1 else "a line of the timeline is"
        message = f"{count} not read: neither list lines nor rows with a time of day"
        hint = "write each as a list line: - 14:05 text, or put a time of day such as 14:05 into a cell of its own"
        yield Problem(record.incident.path, first + places[0], "timeline-unread", message, hint)


def _others(incident: Incident, section: NoteSection, others: Sequence[NoteSection]) -> Iterator[Problem]:
    """Name the timelines after the first, which nothing reads."""
    for other in others:
        message = f"a second timeline; only the one at line {section.line} is read"
        hint = f"move its lines below the heading at line {section.line}, and delete this heading"
        yield Problem(incident.path, other.line, "two-timelines", message, hint)


def _zone(session: Session, incident: Incident, section: NoteSection) -> Iterator[Problem]:
    """Name a heading that promises times of another zone than the vault's, in which bare times are read."""
    named = _ZONE.search(section.title)
    if named is None or named[1].upper() not in ZONES:
        return
    year = incident.id.day.year
    shown = {datetime(year, month, 1, tzinfo=session.zone).tzname() for month in (1, 7)}
    if {named[1].upper()} & {*shown, *(UTC_WORDS if UTC_WORDS & shown else ())}:
        return
    message = f"the heading says {named[1]}, and times without a zone are read in {session.zone_name}"
    hint = f"rename the heading to ## Timeline, and write its times in {session.zone_name}"
    yield Problem(incident.path, section.line, "timeline-zone", message, hint)


def _markers(record: Record, first: int) -> Iterator[Problem]:
    """Find what a merge left between the lines of a timeline."""
    lines = record.section("Timeline")
    places = [place for place, line in enumerate(lines, first) if line.startswith(("<<<<<<< ", ">>>>>>> "))]
    message = "a merge left its markers in the timeline"
    hint = "keep the lines of both sides and delete the markers"
    yield from (Problem(record.incident.path, place, "merge-markers", message, hint) for place in places[:1])
