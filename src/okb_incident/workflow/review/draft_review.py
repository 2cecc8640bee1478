"""Drafting a review from the record; of one that is there, only what is computed is written anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.facts import facts
from okb_incident.core.guidance.public_facts import Occasion
from okb_incident.core.review import review
from okb_incident.core.review.computed import refresh, seal
from okb_incident.core.review.review import DRAFT, PROPERTIES
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import texts_of
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.document import compose, edited, new_note, readable, with_properties
from okb_incident.workflow.look.review_note import path_of
from okb_incident.workflow.review.lesson_link import with_lessons
from okb_incident.workflow.review.review import day_of_policy, read_details, review_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.write.steps import Step
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.review.review import ReviewDetails
    from okb_incident.workflow.session import Session


class ReviewDraft(NamedTuple):
    """A review that was drafted, or whose computed sections were written anew.

    Attributes:
        changed: What changed in the incident.
        path: The review's note.
        is_new: It was not there before.
        refreshed: The sections that were computed anew.
        kept: The sections that were computed once, and that a person has changed.
    """

    changed: ChangedIncident
    path: str
    is_new: bool
    refreshed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def draft(call: Call, details: ReviewDetails) -> ReviewDraft:
    """Draft a review from the record; of one that is there, write the computed sections anew and nothing else.

    Raises:
        TransitionError: The incident is not over.
        InvalidNoteError: The template is wrong, or the properties of the review that is there cannot be read.
    """
    session = call.session
    given = read_details(session, details)
    target = review_target(call)
    path, record = path_of(session, target), call.record(target)
    review.refuse_open(record)
    incident = record.incident
    text = seal(_text(session, record, path, given))
    is_new = not os.path.lexists(os.path.join(session.vault.root, path))
    refreshed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    # A review of before the incident was reopened begins anew: otherwise it could go neither forward nor back.
    begun = {} if review.state_of(record) else {"state": DRAFT, "completed": None}

    def renew(note: Note) -> str:
        nonlocal refreshed, kept
        fresh, refreshed, kept = refresh(readable(note).text, text)
        told = {key: value for key, value in given.items() if value is not None}
        held = {key: value for key, value in begun.items() if value or key in note.frontmatter.values}
        return with_properties(fresh, path, {**held, **told}, PROPERTIES)

    name = path.rpartition("/")[2].removesuffix(".md")
    step: Step = (
        new_note(incident, path.rpartition("/")[0], name, with_lessons(text, record))
        if is_new
        else edited(session, incident, path, renew)
    )

    def decide(current: Record) -> Change:
        review.refuse_open(current)
        if review.state_of(current) is not None:
            return review.moved(current, DRAFT, name, session.now)._replace(lines=(), said="review kept", already=True)
        return review.moved(current, DRAFT, name, session.now)

    changed = call.change_at(target, decide, beside=[step])
    return ReviewDraft(changed, path, is_new, refreshed, kept)


def _text(session: Session, record: Record, path: str, given: Mapping[str, Value]) -> str:
    incident = record.incident
    title = defuse(f"Review: {incident.headline}")
    lead = next(iter(texts_of(incident.properties.get("commander"))), session.actor.link)
    by_policy = day_of_policy(session, incident)
    occasion = Occasion(session.now, session.zone_name, heading=title)
    properties: dict[str, Value] = {
        "type": "incident-review",
        "incident": f"[[{incident.id}]]",
        "state": DRAFT,
        "author": session.actor.handle,
        "owner": given["owner"] or lead,
        "reviewer": given["reviewer"],
        "due": given["due"] or (Plain(by_policy) if by_policy else None),
        "visibility": "restricted" if incident.restricted else None,
        "aliases": [title],
        "created": Plain(write_moment(session.now, session.zone)[:10]),
    }
    return compose(session, "review", facts(record, occasion), properties, path=path)
