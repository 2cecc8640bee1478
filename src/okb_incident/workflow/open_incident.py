"""Opening an incident: a title is enough."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.identity import ulid
from okb_incident.core.moment import write_moment
from okb_incident.core.properties import ORDER, as_link
from okb_incident.core.schema import read_incident
from okb_incident.core.severity import NOT_YET
from okb_incident.core.status import Status
from okb_incident.core.title import as_title
from okb_incident.errors import InvalidNoteError, UsageError
from okb_incident.rendering.locate import Folders, find
from okb_incident.rendering.render import render
from okb_incident.vault import lock
from okb_incident.vault.commit import Create, commit
from okb_incident.vault.emit import write_block
from okb_incident.vault.scalar import Plain
from okb_incident.vault.writer import AlreadyThereError
from okb_incident.workflow.read_severity import read_severity
from okb_incident.workflow.templates import template_folders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.identity import IncidentId
    from okb_incident.core.incident import Incident
    from okb_incident.rendering.render import Rendered
    from okb_incident.vault.emit import Value
    from okb_incident.workflow.session import Session

LONGEST_TITLE = 200


class Opened(NamedTuple):
    """An incident that has just been opened.

    Attributes:
        incident: As its note states it.
        notes: What the person should know.
        text: The note that would be written, for ``--dry-run``.
    """

    incident: Incident
    notes: tuple[str, ...] = ()
    text: str = ""


def open_incident(
    session: Session,
    words: Sequence[str],
    *,
    severity: str | None = None,
    services: Sequence[str] = (),
    category: str | None = None,
    detected_by: str | None = None,
    started: str | None = None,
    detected: str | None = None,
    declared: str | None = None,
    ack: bool = False,
    dry_run: bool = False,
) -> Opened:
    """Open an incident: take the next id of the day, write its note, say which it is.

    Raises:
        UsageError: The title, the severity, a word or a moment is not usable.
        OkbError: The vault cannot be written.
    """
    session.about_to_write()
    title = read_title(words)
    level = read_severity(session, severity) if severity else NOT_YET
    at = session.moment(declared, "--declared")
    moments: dict[str, datetime | None] = {
        "started": session.moment(started, "--started") if started else None,
        "detected": session.moment(detected, "--detected") if detected else None,
        "declared": at,
        "acknowledged": session.now if ack else None,
    }
    properties = _properties(session, title, level.label, services, category, detected_by, moments, ack=ack)
    properties["tags"] = [
        "incident",
        *([f"incident/{category.lower()}"] if category else []),
        *([level.tag] if level.tag else []),
    ]
    day = at.astimezone(session.zone).date()
    first = session.vault.settings.ids.write(day, 1)
    if dry_run:
        incident_id = session.vault.settings.ids.write(day, session.vault.next_number(first))
        text, notes = _note(session, incident_id, properties, ack=ack)
        return Opened(_incident(session, incident_id, properties), notes, text)
    with lock.hold(session.vault.root, "incident open"):
        number = session.vault.next_number(first)
        while True:
            incident_id = session.vault.settings.ids.write(day, number)
            text, notes = _note(session, incident_id, properties, ack=ack)
            path = f"{session.vault.folder_of(incident_id)}/{incident_id}.md"
            try:
                done = commit(
                    session.vault.root, [Create(path, text.encode())], command="incident open", by=session.known_actor
                )
            except AlreadyThereError:
                # Somebody without our lock, a sync tool perhaps, took the number meanwhile.
                number += 1
                continue
            break
    return Opened(_incident(session, incident_id, properties), (*session.recovered, *notes, *done.notes))


def read_title(words: Sequence[str]) -> str:
    """Make of what was typed a title of one line that can do no harm in a note.

    Raises:
        UsageError: Nothing is left of it, or it is too long to be one.
    """
    title = as_title(" ".join(words))
    if not title:
        raise UsageError('an incident needs a title, such as: incident open "Checkout latency" -s sev2', field="title")
    if len(title) > LONGEST_TITLE:
        raise UsageError(
            f"the title has {len(title)} characters; at most {LONGEST_TITLE} are readable. Put the rest into the log",
            field="title",
            hint=f'incident open "{title[:60]}…"',
        )
    return title


def _properties(
    session: Session,
    title: str,
    severity: str,
    services: Sequence[str],
    category: str | None,
    detected_by: str | None,
    moments: dict[str, datetime | None],
    *,
    ack: bool,
) -> dict[str, Value]:
    known = (
        {name.casefold(): name for name in session.vault.names_in(session.vault.settings.folders.services)}
        if services
        else {}
    )
    vocabulary = session.vault.settings.vocabulary
    actor = session.actor.link if ack else None
    return {
        "type": "incident",
        "title": title,
        "status": str(Status.INVESTIGATING if ack else Status.TRIAGE),
        "severity": severity,
        "category": _word("--category", category, vocabulary.category),
        "detected_by": _word("--detected-by", detected_by, vocabulary.detected_by),
        "services": [
            as_link(known[name.casefold()]) if name.casefold() in known else as_title(name) for name in services
        ]
        or None,
        "commander": actor,
        "responders": [actor] if actor else None,
        **{name: Plain(write_moment(at, session.zone)) if at else None for name, at in moments.items()},
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
    raise UsageError(f"{option} {text!r} is none of {', '.join(allowed)}", field=option, value=text, allowed=allowed)


def _note(
    session: Session,
    incident_id: IncidentId,
    properties: dict[str, Value],
    *,
    ack: bool,
) -> tuple[str, tuple[str, ...]]:
    """Compose the note: our properties by the proven emitter, body and extra properties by the template."""
    own = {**properties, "id": incident_id.text}
    ordered = {key: own[key] for key in ORDER if own.get(key) is not None}
    rendered, notes = _rendered(
        session,
        {
            key: value
            for key in ("id", "title", "status", "severity", "declared")
            if isinstance(value := ordered[key], str)
        },
        path=f"{session.vault.folder_of(incident_id)}/{incident_id}.md",
    )
    text = f"---\n{write_block(ordered)}---\n{rendered.body}"
    if rendered.frontmatter.strip():
        text = _with_extra(text, rendered, ordered)
    if ack:
        # Most incidents are opened without, and need not load what knows the timeline.
        from okb_incident.core.change import LogLine  # noqa: PLC0415
        from okb_incident.vault.incident_note import add_line  # noqa: PLC0415

        incident = _incident(session, incident_id, ordered)
        line = LogLine("status", f"{Status.TRIAGE} → {Status.INVESTIGATING}", session.now)
        text, _ = add_line(text, incident, line, zone=session.zone, actor=session.actor.handle, now=session.now)
    return text, notes


def _rendered(session: Session, values: dict[str, str], path: str) -> tuple[Rendered, tuple[str, ...]]:
    """Render the template that wins; a broken one of the vault's does not keep anybody from opening an incident."""
    at = session.now.astimezone(session.zone)
    try:
        return render(find("incident", template_folders(session)), values, at=at, path=path), ()
    except InvalidNoteError as error:
        warning = f"the shipped template was used instead: {error.message}"
        return render(find("incident", Folders()), values, at=at, path=path), (warning,)


def _with_extra(text: str, rendered: Rendered, ours: Mapping[str, Value]) -> str:
    """Add the properties that the template has; ours are not for it to decide."""
    from okb_incident.vault import frontmatter, yaml12  # noqa: PLC0415

    values: dict[str, Any] = rendered.stand_ins.fill(dict(yaml12.parse(rendered.frontmatter).values))
    for key, value in values.items():
        if key not in ours and value is not None:
            text = frontmatter.set_property(text, key, value, ORDER, path="the new note")
    return text


def _incident(session: Session, incident_id: IncidentId, properties: Mapping[str, Value]) -> Incident:
    """Give the incident of these properties, as reading its note would."""
    path = f"{session.vault.folder_of(incident_id)}/{incident_id}.md"
    incident, _ = read_incident({**properties, "id": incident_id.text}, {}, path, session.vault.settings)
    assert incident is not None, "a note just composed has an id"
    return incident
