"""Opening an incident: a title is enough."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.schema import read_incident
from okb_incident.core.values.identity import ulid
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import ORDER, as_link
from okb_incident.core.values.severity import NOT_YET
from okb_incident.core.values.status import Status
from okb_incident.core.values.title import LONGEST_TITLE, as_title
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.writer import AlreadyThereError
from okb_incident.vault.write.commit import Create, commit
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.lifecycle.new_text import rendered
from okb_incident.workflow.lifecycle.read_severity import read_severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.lifecycle.opening import Opening
    from okb_incident.workflow.lifecycle.particulars import Particulars
    from okb_incident.workflow.session import Session


class OpenedIncident(NamedTuple):
    """An incident that has just been opened.

    Attributes:
        incident: As its note states it.
        notes: What the person should know.
        text: The note that was written, or would be.
        known: The names of files that the year's incidents had under the lock.
        committed: What was written; None for a dry run.
    """

    incident: Incident
    notes: tuple[Text, ...] = ()
    text: str = ""
    known: Sequence[str] = ()
    committed: Committed | None = None


def open_incident(call: Call, opening: Opening) -> OpenedIncident:
    """Open an incident: take the next id of the day, write its note, say which it is.

    Raises:
        UsageError: The title, the severity, a word or a moment is not usable.
        OkbError: The vault cannot be written.
    """
    session = call.session
    title = read_title(call.words)
    level = read_severity(session, opening.severity) if opening.severity else NOT_YET
    at = session.moment(opening.declared, "--declared")
    if opening.recurrence_of:
        from okb_incident.workflow.reference import find_named  # noqa: PLC0415 - hardly any incident is one that is back

        opening = opening._replace(recurrence_of=find_named(call, opening.recurrence_of).id.text)
    opening = opening._replace(handling=session.vault.settings.policy.handling(opening.category, opening.source))
    if opening.is_handled:
        from okb_incident.workflow.lifecycle.handling import handled  # noqa: PLC0415 - many incidents have no category

        opening = handled(call, opening)
    session.about_to_write()
    has_past = bool(opening.started or opening.detected)
    found = (
        _particulars(session, opening, at)
        if opening.is_particular or (has_past and _has_long_past(call, opening, at))
        else None
    )
    properties = _properties(session, title, level.label, opening, at)
    properties["tags"] = [
        "incident",
        *([f"incident/{opening.category.lower()}"] if opening.category else []),
        *([level.tag] if level.tag else []),
        *(found.tags if found else ()),
    ]
    if found:
        properties |= {key: value for key, value in found.properties.items() if value is not None}
    day = at.astimezone(session.zone).date()
    first = session.vault.settings.ids.write(day, 1)
    if has_past:
        _refuse_unconfirmed(call, _incident(session, first, properties, found))
    if call.dry_run:
        incident_id = session.vault.settings.ids.write(day, session.vault.next_number(first))
        text, notes = _note(session, incident_id, properties, opening, found)
        return OpenedIncident(_incident(session, incident_id, properties, found), notes, text)
    with lock.hold(session.vault.root, "incident open"):
        if found and found.is_private:
            session.close_restricted(make=True)
        names = session.vault.names_of_year(first)
        number = session.vault.next_number(first, names)
        while True:
            incident_id = session.vault.settings.ids.write(day, number)
            text, notes = _note(session, incident_id, properties, opening, found)
            try:
                done = commit(
                    session.vault.root,
                    _steps(session, incident_id, text, found),
                    command="incident open",
                    by=session.known_actor,
                )
            except AlreadyThereError:
                # Somebody without our lock, a sync tool perhaps, took the number meanwhile.
                number += 1
                continue
            break
    incident = _incident(session, incident_id, properties, found)
    session.vault.saw(incident)
    if incident.restricted:
        from okb_incident.workflow.care.restrict import how_to_name  # noqa: PLC0415

        notes = (how_to_name(incident, session.vault.settings.policy), *notes)
    said = (*session.recovered, *notes, *done.notes, *_told(session, incident))
    return OpenedIncident(incident, said, text, names, done)


def _has_long_past(call: Call, opening: Opening, at: datetime) -> bool:
    """Return whether a timeline has to tell when it began, because that is long ago or was confirmed."""
    from okb_incident.core.incident.plausible import LONE  # noqa: PLC0415 - most incidents are declared at once

    return call.shared.confirm or any(at - began > LONE for began in opening.beginnings(call.session).values())


def _refuse_unconfirmed(call: Call, incident: Incident) -> None:
    """Refuse a beginning that is far from the declaration, unless it is confirmed."""
    from okb_incident.core.incident.doubt import FAR, Limits  # noqa: PLC0415
    from okb_incident.core.incident.plausible import doubts  # noqa: PLC0415
    from okb_incident.workflow.confirmation import refuse_unconfirmed  # noqa: PLC0415

    limits = Limits(call.session.zone, call.session.vault.settings.window)
    refuse_unconfirmed(call, [each for each in doubts(incident, call.session.now, limits) if each.code == FAR])


def _told(session: Session, incident: Incident) -> tuple[str, ...]:
    """Notify the user's hooks that it is open."""
    if not session.user.hooks:
        return ()
    from okb_incident.core.incident.change import Change, quote  # noqa: PLC0415
    from okb_incident.workflow.hooks import tell_hooks  # noqa: PLC0415 - few people have any

    opened = Change(
        properties={"status": str(incident.status)}, said=f"opened {incident.severity}{quote(incident.title)}"
    )
    return tell_hooks(session, incident, opened, "open").notes


def _particulars(session: Session, opening: Opening, at: datetime) -> Particulars:
    from okb_incident.workflow.lifecycle.particulars import particulars  # noqa: PLC0415 - most incidents have none

    return particulars(session, opening, at)


def _folder(session: Session, incident_id: IncidentId, found: Particulars | None) -> str:
    if found and found.is_private:
        return f"{session.vault.settings.folders.restricted}/{incident_id.day.year}"
    return session.vault.folder_of(incident_id)


def _steps(session: Session, incident_id: IncidentId, text: str, found: Particulars | None) -> list[Create]:
    """Return what makes the note; a restricted one is for its owner's eyes only, and git is told to ignore it before it is there."""
    path = f"{_folder(session, incident_id, found)}/{incident_id}.md"
    if not found or not found.is_private:
        return [Create(path, text.encode())]
    from okb_incident.vault.journal.entry import PRIVATE  # noqa: PLC0415
    from okb_incident.workflow.care.restrict import hidden_from_git  # noqa: PLC0415

    return [*hidden_from_git(session), Create(path, text.encode(), PRIVATE)]


def read_title(words: Sequence[str]) -> str:
    """Make of what was typed a title of one line that can do no harm in a note.

    Raises:
        UsageError: Nothing is left of it, or it is too long to be one.
    """
    title = as_title(" ".join(words))
    if not title:
        raise MissingWordError("TITLE", "what has happened", 'open "Checkout latency" -s sev2')
    if len(title) > LONGEST_TITLE:
        raise UsageError(
            f"the title has {len(title)} characters; at most {LONGEST_TITLE} are readable. Put the rest into the log",
            field="title",
        )
    return title


def _properties(session: Session, title: str, severity: str, opening: Opening, at: datetime) -> dict[str, Value]:
    known = (
        {name.casefold(): name for name in session.vault.names_in(session.vault.settings.folders.services)}
        if opening.services
        else {}
    )
    vocabulary = session.vault.settings.vocabulary
    actor = session.actor.link if opening.ack else None
    moments = {
        "started": session.moment(opening.started, "--started") if opening.started else None,
        "detected": session.moment(opening.detected, "--detected") if opening.detected else None,
        "declared": at,
        "acknowledged": session.now if opening.ack else None,
    }
    return {
        "type": "incident",
        "title": title,
        "status": str(Status.INVESTIGATING if opening.ack else Status.TRIAGE),
        "severity": severity,
        "category": _word("--category", opening.category, vocabulary.category),
        "detected_by": _word("--source", opening.detected_by, vocabulary.detected_by),
        "services": [
            as_link(known[name.casefold()]) if name.casefold() in known else as_title(name) for name in opening.services
        ]
        or None,
        "commander": actor,
        "responders": [actor] if actor else None,
        **{name: Plain(write_moment(moment, session.zone)) if moment else None for name, moment in moments.items()},
        "aliases": [title],
        "created": Plain(write_moment(session.now, session.zone)[:10]),
        "uid": Plain(ulid(time.time_ns() // 1_000_000, os.urandom(10))),
    }


def _word(option: str, text: str | None, allowed: tuple[str, ...]) -> str | None:
    if text is None:
        return None
    for word in allowed:
        if word.lower() == text.lower():
            return word
    raise UsageError(
        f"unknown {option} {text!r}; choose from {', '.join(allowed)}", field=option, value=text, allowed=allowed
    )


def _note(
    session: Session,
    incident_id: IncidentId,
    properties: dict[str, Value],
    opening: Opening,
    found: Particulars | None,
) -> tuple[str, tuple[Text, ...]]:
    """Compose the note: our properties by the proven emitter, body and extra properties by the template."""
    own = {**properties, "id": incident_id.text}
    ordered = {key: own[key] for key in ORDER if own.get(key) is not None}
    path = f"{_folder(session, incident_id, found)}/{incident_id}.md"
    text, notes = rendered(session, ordered, path, opening.category)
    if opening.ack or found:
        # Most incidents are opened without, and need not load what knows the timeline.
        text = _with_lines(session, text, _incident(session, incident_id, ordered, found), opening, found)
    return text, (*notes, *(found.notes_on(incident_id, opening.category) if found else ()))


def _with_lines(session: Session, text: str, incident: Incident, opening: Opening, found: Particulars | None) -> str:
    """Put in the line of who took it at once, and what is particular."""
    from okb_incident.core.incident.change import LogLine  # noqa: PLC0415
    from okb_incident.vault.note.incident_note import add_line  # noqa: PLC0415

    if opening.ack:
        line = LogLine("status", f"{Status.TRIAGE} → {Status.INVESTIGATING}", session.now)
        text, _ = add_line(text, incident, line, zone=session.zone, actor=session.actor.handle, now=session.now)
    if found:
        from okb_incident.workflow.lifecycle.particulars import composed  # noqa: PLC0415

        text = composed(text, found, incident, session=session)
    return text


def _incident(
    session: Session, incident_id: IncidentId, properties: Mapping[str, Value], found: Particulars | None
) -> Incident:
    """Return the incident of these properties, as reading its note would."""
    path = f"{_folder(session, incident_id, found)}/{incident_id}.md"
    incident, _ = read_incident({**properties, "id": incident_id.text}, {}, path, session.vault.settings)
    assert incident is not None, "a note just composed has an id"
    return incident
