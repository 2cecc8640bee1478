"""The note of a message: its properties, and the text that its template makes of the record; drafts and `tell` share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import HEADING, OUTSIDE, note_name
from okb_incident.core.comms.support_line import headline_of, last_of_kind
from okb_incident.core.comms.updates import label_of, last_of
from okb_incident.core.guidance.facts import message_facts
from okb_incident.core.guidance.phrases import public_subject
from okb_incident.core.guidance.public_facts import Occasion
from okb_incident.core.incident.incident import marked
from okb_incident.core.response.teams import recipients
from okb_incident.core.text.quoting import defuse, defuse_body, with_fence_closed, without_remarks
from okb_incident.core.timeline.impact_lines import service_key
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import as_link, text_of
from okb_incident.vault.note.note import split
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.comms.drill import marked_note
from okb_incident.workflow.comms.messages import next_message
from okb_incident.workflow.comms.notice import of_template
from okb_incident.workflow.comms.people_names import people_names
from okb_incident.workflow.document import compose, public_names, public_services
from okb_incident.workflow.look.support import text_to_users

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

HEADLINE = "public_title"
"""The property with the public headline."""


class MessageOrder(NamedTuple):
    """What a message is to be.

    Attributes:
        audience: For whom.
        kind: Which kind of message.
        text: What was typed for it, as it is written into the note.
        at: The time of the message.
        since: From when on the news count; None for the start.
        promised: When the next update follows; None where nothing is promised.
        properties: Those of its state: state, sent, channel.
    """

    audience: str
    kind: str
    text: str
    at: datetime
    since: datetime | None
    promised: datetime | None
    properties: Mapping[str, Value]


class MessageNote(NamedTuple):
    """The note of a message.

    Attributes:
        number: Which message of the incident.
        folder: The folder of the note.
        name: The name of the note, for a link.
        shown: What a link to it reads: ``users 2``.
        text: The whole note.
    """

    number: int
    folder: str
    name: str
    shown: str
    text: str

    @property
    def path(self) -> str:
        """The path of the note."""
        return f"{self.folder}/{self.name}.md"


def write_message(session: Session, target: Target, record: Record, order: MessageOrder) -> MessageNote:
    """Render the template of a message to the text of its note.

    Raises:
        NotFoundError: There is no such template.
        InvalidNoteError: The template is wrong; with its path and line.
    """
    incident = record.incident
    order = order._replace(text=with_fence_closed(order.text))
    last = last_of(record, order.audience, order.kind)
    times = last.times + 1 if last else 1
    label = label_of(order.audience, order.kind, last)
    number = next_message(session, incident)
    note = MessageNote(
        number,
        target.path.rpartition("/")[0],
        note_name(incident, number, order.audience, order.kind),
        label,
        "",
    )
    template = f"{order.audience}-{order.kind}"
    occasion = _occasion(session, record, order, label)._replace(number=times)
    composed = compose(
        session,
        template,
        {
            **message_facts(record, occasion, outside=order.audience in OUTSIDE),
            **of_template(session, record, template),
        },
        _properties(session, record, order, defuse(f"{note.shown.capitalize()}: {incident.headline}")),
        path=note.path,
    )
    return note._replace(text=marked_note(incident, with_words(composed, defuse_body(order.text))))


def _occasion(session: Session, record: Record, order: MessageOrder, label: str) -> Occasion:
    incident = record.incident
    public = public_names(session, incident)
    outside = order.audience in OUTSIDE
    services = tuple(dict.fromkeys(filter(None, public.values())))
    # A template may put the heading anywhere, so the internal title must not be in that of customers.
    title = _public_title(incident, services) if outside else incident.headline
    return Occasion(
        order.at,
        session.zone_name,
        heading=defuse(f"{label.capitalize()}: {title}"),
        message=order.text,
        since=order.since,
        promised=order.promised,
        public_services=services,
        services=tuple(dict.fromkeys(name or service for service, name in public.items())),
        names={} if outside else people_names(session),
        public_names={service_key(service): name for service, name in public.items() if name},
        recipients=recipients(incident, session.vault.settings.policy, order.audience).people,
        users_headline=headline_of(text_to_users(session, record)) if order.audience == "team" else "",
    )


def _public_title(incident: Incident, services: tuple[str, ...]) -> str:
    subject = public_subject(incident.nature, text_of(incident.properties.get(HEADLINE)) or "", services)
    return marked(subject) if incident.is_drill else subject


def _properties(session: Session, record: Record, order: MessageOrder, title: str) -> dict[str, Value]:
    incident = record.incident
    state = dict(order.properties)
    return {
        "type": "incident-communication",
        "incident": f"[[{incident.id}]]",
        "audience": order.audience,
        "kind": order.kind,
        "state": state.pop("state"),
        "author": session.actor.handle,
        **state,
        "next_update": Plain(write_moment(order.promised, session.zone)) if order.promised else None,
        "related": _related(record, order),
        "visibility": "restricted" if incident.restricted else None,
        "aliases": [title],
        "created": Plain(write_moment(session.now, session.zone)[:10]),
    }


def _related(record: Record, order: MessageOrder) -> list[str] | None:
    """Return the link of a briefing to the last resource request that went to the management; None where none did."""
    if (order.audience, order.kind) != ("management", "briefing"):
        return None
    asked = last_of_kind(record, "management", "resource-request")
    return [as_link(asked.note)] if asked else None


def usual_headline(session: Session, incident: Incident) -> str:
    """Return what the public headline is about where nobody set one."""
    return public_subject(incident.nature, "", public_services(session, incident))


def with_words(text: str, typed: str) -> str:
    """Return a rendered note with the typed words in it: a template of an older vault may not name them."""
    body = split(text).body
    heading = HEADING.match(body)
    place = len(text) - len(body) + (heading.end() if heading else 0)
    if typed in without_remarks(text[place:]):
        return text
    return f"{text[:place]}\n{typed}\n\n{text[place:].lstrip()}"
