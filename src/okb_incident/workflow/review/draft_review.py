"""Drafting a review from the record; of one that is there, only what is computed is written anew."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.facts import Occasion, facts
from okb_incident.core.review import review
from okb_incident.core.review.computed import refresh, seal
from okb_incident.core.review.review import DRAFT, PROPERTIES
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import texts_of
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.document import compose, edited, new_note, readable, record_at, with_properties
from okb_incident.workflow.review.review import (
    path_of,
    read_people,
    review_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.write.steps import Step
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.review.review import (
        People,
    )
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


class Made(NamedTuple):
    """What `new` did.

    Attributes:
        changed: What changed in the incident.
        path: The review's note.
        is_new: It was not there before.
        refreshed: The sections that were computed anew.
        kept: The sections that were computed once, and that a person has changed.
    """

    changed: Changed
    path: str
    is_new: bool
    refreshed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def new(
    session: Session, reference: str | None, people: People, *, dry_run: bool = False, ask: Ask | None = None
) -> Made:
    """Draft a review from the record; of one that is there, write the computed sections anew and nothing else.

    Raises:
        TransitionError: The incident is not over.
        InvalidNoteError: The template is wrong, or the properties of the review that is there cannot be read.
        OkbError: No or several incidents fit, or the notes cannot be written.
    """
    given = read_people(session, people)
    if not dry_run:
        session.about_to_write()
    target = review_target(session, reference, verb="new", ask=ask)
    path = path_of(target)
    record = record_at(session, target)
    review.refuse_open(record)
    incident = record.incident
    text = seal(_text(session, record, path, given))
    is_new = not os.path.lexists(os.path.join(session.vault.root, path))
    result: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), ())]

    def renew(note: Note) -> str:
        readable(note)
        fresh, refreshed, kept = refresh(note.text, text)
        result[0] = refreshed, kept
        return with_properties(
            fresh, path, {key: value for key, value in given.items() if value is not None}, PROPERTIES
        )

    name = path.rpartition("/")[2].removesuffix(".md")
    step: Step = (
        new_note(incident, path.rpartition("/")[0], name, text) if is_new else edited(session, incident, path, renew)
    )

    def decide(current: Record) -> Change:
        review.refuse_open(current)
        if review.state_of(current) is not None:
            return review.moved(current, DRAFT, name, session.now)._replace(lines=(), said="review kept", already=True)
        return review.moved(current, DRAFT, name, session.now)

    changed = change_incident(session, target, decide, verb="review new", beside=[step], dry_run=dry_run)
    return Made(changed, path, is_new, *result[0])


def _text(session: Session, record: Record, path: str, given: Mapping[str, Value]) -> str:
    incident = record.incident
    title = defuse(f"Review: {incident.title}")
    lead = next(iter(texts_of(incident.properties.get("commander"))), session.actor.link)
    occasion = Occasion(session.now, session.zone_name, heading=title)
    properties: dict[str, Value] = {
        "type": "incident-review",
        "incident": f"[[{incident.id}]]",
        "state": DRAFT,
        "author": session.actor.handle,
        "owner": given["owner"] or lead,
        "reviewer": given["reviewer"],
        "due": given["due"] or _due(session, record),
        "visibility": "restricted" if incident.restricted else None,
        "aliases": [title],
        "created": Plain(write_moment(session.now, session.zone)[:10]),
    }
    return compose(session, "review", facts(record, occasion), properties, path=path)


def _due(session: Session, record: Record) -> Plain | None:
    """Give the day that the policy wants it by."""
    days = session.vault.settings.policy.of(record.incident.severity).review
    resolved = record.incident.at("resolved")
    return Plain(write_moment(resolved + timedelta(days=days), session.zone)[:10]) if days and resolved else None
