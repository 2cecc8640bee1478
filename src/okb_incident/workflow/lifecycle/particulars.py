"""What is particular about an incident that is opened: its category's defaults, where it came from, and what is known already.

Most incidents are opened with a title and a severity; none of this is loaded for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import SECTIONS, LogLine
from okb_incident.core.incident.plausible import BACKFILLED, LONE
from okb_incident.core.response.actions import checklist
from okb_incident.core.response.merging import restricted_elsewhere
from okb_incident.core.timeline.evidence import CONFIRMED
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.properties import as_link
from okb_incident.core.values.status import Status
from okb_incident.errors import UsageError
from okb_incident.vault.note import sections
from okb_incident.vault.note.incident_note import add_line, written_value
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.lifecycle.property_value import read_pair, read_value
from okb_incident.workflow.lifecycle.runbooks import runbooks
from okb_incident.workflow.response.person import find_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Category
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.lifecycle.opening import Opening
    from okb_incident.workflow.session import Session

DECIDED = {
    "title": "the words are the title",
    "status": "an incident begins in triage, with --ack in investigating, with --resolved at its end",
    "severity": "-s says it",
    "category": "--category says it",
    "services": "--service says it",
    "declared": "--declared says it",
    "started": "--started says it",
    "detected": "--detected says it",
    "resolved": "--resolved says it",
    "aliases": "the title is one",
    "tags": "they follow from the rest",
}
"""Properties that an option, or the title, decides."""


class Particulars(NamedTuple):
    """What is particular about an incident.

    Attributes:
        properties: Those beyond the common ones.
        lines: For the timeline.
        related: Lines for the section Related.
        steps: The checklist.
        tags: Those beyond the common ones.
        is_private: It is restricted from its first byte.
        notes: What the person should know.
        missing: What its category cannot do without and nobody has said, as words for `set`.
    """

    properties: dict[str, Value]
    lines: tuple[LogLine, ...]
    related: tuple[str, ...]
    steps: tuple[str, ...]
    tags: tuple[str, ...]
    is_private: bool
    notes: tuple[Text, ...]
    missing: tuple[str, ...]

    def notes_on(self, incident_id: IncidentId, category: str | None) -> tuple[Text, ...]:
        """Return what the person should know of an incident whose id is found; of a restricted one, one note tells all that is missing."""
        if not self.missing or self.is_private:
            return self.notes
        return (
            *self.notes,
            Sentence(
                f"{f'a {category}' if category else 'this'} incident also needs: ",
                Command("set", *self.missing, incident=incident_id),
            ),
        )


def particulars(session: Session, opening: Opening, at: datetime) -> Particulars:
    """Find what is particular about an incident.

    Args:
        session: The session.
        opening: What was typed.
        at: When it is declared.

    Raises:
        UsageError: A word is not in its vocabulary, or a moment is not usable.
        TransitionError: It is the return of a restricted incident, and would tell of it.
    """
    policy = session.vault.settings.policy
    category, restricted = policy.category(opening.category), opening.handling.restricted
    properties = {
        "nature": "drill" if opening.drill else None,
        "visibility": "restricted" if restricted else None,
        "recurrence_of": as_link(opening.recurrence_of) if opening.recurrence_of else None,
        **_given(session, opening),
    }
    if "urgency" in properties and "business_impact" in properties:
        properties.setdefault(
            "priority", policy.priorities.get((str(properties["urgency"]), str(properties["business_impact"])))
        )
    if opening.recurrence_of and not restricted:
        _refuse_to_tell(session, opening.recurrence_of)
    lines, notes = _reported(session, opening, at)
    by, told = _notice(session, opening, properties, at)
    long_ago = _told_long_after(session, opening, at)
    over, ended = _ended(session, opening, properties.get("mitigated"))
    return Particulars(
        {**properties, **over, **by},
        (*lines, *long_ago, *ended, *told),
        _related(session, opening, category),
        category.checklist,
        (BACKFILLED,) if ended else (),
        restricted,
        notes,
        _missing(opening, category, properties),
    )


def _notice(
    session: Session, opening: Opening, properties: dict[str, Value], at: datetime
) -> tuple[dict[str, Value], tuple[LogLine, ...]]:
    """Return the deadline of a notice to an authority that follows from the classes of data, and its line in the timeline."""
    classes = properties.get("data_classes")
    if not isinstance(classes, list) or "notify_by" in properties:
        return {}, ()
    from okb_incident.core.response.duty import deadline_by_rule, rule_line  # noqa: PLC0415 - few incidents are about data

    starts = {**opening.beginnings(session), "declared": at}
    deadline = deadline_by_rule(map(str, classes), starts, session.vault.settings.policy.notify)
    if deadline is None:
        return {}, ()
    line = LogLine("note", rule_line("–", deadline, session.zone), at)
    return {"notify_by": Plain(write_moment(deadline.at, session.zone))}, (line,)


def _refuse_to_tell(session: Session, former: str) -> None:
    """Refuse to name a restricted incident in a note that everybody reads.

    Raises:
        TransitionError: It is restricted.
    """
    known = session.vault.settings.ids.read(former)
    if known is not None and session.vault.hides(known):
        raise restricted_elsewhere(former)


def _given(session: Session, opening: Opening) -> dict[str, Value]:
    """Read the further properties that were typed, as `set` reads them."""
    found: dict[str, Value] = {}
    for pair in opening.pairs:
        key, text = read_pair(pair)
        if key in DECIDED:
            raise UsageError(
                f"{key} is not for --set: {DECIDED[key]}",
                field="--set",
                value=pair,
                hint=Command("open", options=("--help",)),
            )
        value = written_value(read_value(session, key, text), session.zone)
        if value is not None:
            found[key] = value
    return found


def _reported(session: Session, opening: Opening, at: datetime) -> tuple[tuple[LogLine, ...], tuple[str, ...]]:
    """Record in the timeline who reported it."""
    if not opening.reporter:
        return (), ()
    found = find_person(session, opening.reporter, "--reporter")
    moment = session.moment(opening.detected, "--detected") if opening.detected else at
    line = LogLine("note", f"reported by @{found.person.handle}", moment)
    return (line,), (found.hint,) if found.hint else ()


def _told_long_after(session: Session, opening: Opening, at: datetime) -> Iterator[LogLine]:
    """Yield a line for each beginning of which nothing else in a new note would tell."""
    for name, moment in opening.beginnings(session).items():
        if session.confirms:
            yield LogLine("note", f"{name}: {write_moment(moment, session.zone)}{CONFIRMED}", at)
        elif at - moment > LONE and not opening.resolved:
            yield LogLine("note", f"{name}, known when it was opened", moment)


def _ended(session: Session, opening: Opening, mitigated: Value) -> tuple[dict[str, Value], tuple[LogLine, ...]]:
    """Return what an incident has that is written down when it is over: its end, and how it came there."""
    if not opening.resolved:
        return {}, ()
    resolved = session.moment(opening.resolved, "--resolved")
    lines = []
    status = Status.INVESTIGATING if opening.ack else Status.TRIAGE
    if mitigated:
        lines.append(LogLine("status", f"{status} → {Status.MONITORING}", read_moment(str(mitigated), session.zone).at))
        status = Status.MONITORING
    lines.append(LogLine("status", f"{status} → {Status.RESOLVED}, written down afterwards", resolved))
    properties: dict[str, Value] = {
        "status": str(Status.RESOLVED),
        "resolved": Plain(write_moment(resolved, session.zone)),
    }
    return properties, tuple(lines)


def _related(session: Session, opening: Opening, category: Category) -> tuple[str, ...]:
    """Link the procedures that go with it and the runbooks of its services, as far as the vault has them, and what it is the return of."""
    known = {name.lower(): name for name in session.vault.names_in(session.vault.settings.folders.operations)}
    severity = session.vault.settings.severities.read(opening.severity or "")
    wanted = [category.procedure or "", "disaster-recovery" if severity and severity.rank == 1 else ""]
    found = [f"- Procedure: {as_link(known[name.lower()])}" for name in wanted if name.lower() in known]
    if opening.category and opening.services:
        found += runbooks(session.vault, opening.services)
    if opening.recurrence_of:
        found.append(f"- Recurrence of {as_link(opening.recurrence_of)}")
    return tuple(found)


def _missing(opening: Opening, category: Category, properties: dict[str, Value]) -> tuple[str, ...]:
    """Return what its category cannot do without and nobody has said yet; nothing of it keeps anybody from opening it."""
    known = {**properties, "services": opening.services}
    missing = [key for key in category.requires if not known.get(key)]
    if opening.handling.tlp and not known.get("tlp"):
        missing.append("tlp")
    return tuple(missing)


def composed(text: str, found: Particulars, incident: Incident, *, session: Session) -> str:
    """Put into the text of a new note what is particular about it."""
    for line in found.lines:
        text, _ = add_line(text, incident, line, zone=session.zone, actor=session.actor.handle, now=session.now)
    day = write_moment(session.now, session.zone)[:10]
    for title, items in (("Checklist", checklist(found.steps, incident.id, day)), ("Related", found.related)):
        for item in items:
            text, _ = sections.ensure(text, title, SECTIONS)
            text = sections.insert_line(text, title, len(sections.section_lines(text, title)), item)
    return text
