"""How far the note of a review is, as its file says: its state, whose it is, and what keeps it from being approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.review.review import DRAFT, STATES
from okb_incident.core.values.name import handle
from okb_incident.core.values.properties import link_target, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okb_incident.core.review.completeness import ReviewFinding

WRITTEN = frozenset({"data", "impact", "depth", "words"})
"""The questions that the text of a review answers; the others are about follow-ups and people."""


class ReviewStanding(NamedTuple):
    """How far the note of a review is.

    Attributes:
        state: draft, in-review, reviewed or closed.
        author: The handle of who drafted it, who cannot approve it.
        owner: The handle of who writes it.
        reviewer: The handle of who reads it.
        unwritten: What its text leaves open, each as a clause.
    """

    state: str
    author: str | None
    owner: str | None
    reviewer: str | None
    unwritten: tuple[str, ...]


def standing(properties: Mapping[str, object], findings: Iterable[ReviewFinding]) -> ReviewStanding:
    """Return how far a review is, from the properties of its note and what it was found to lack."""
    author, owner, reviewer = (_person(properties.get(key)) for key in ("author", "owner", "reviewer"))
    return ReviewStanding(
        state=read_state(properties.get("state")),
        author=author,
        owner=owner,
        reviewer=reviewer,
        unwritten=tuple(unwritten(findings)),
    )


def read_state(value: object) -> str:
    """Return the state that a property names; another word counts as a draft."""
    state = (text_of(value) or DRAFT).lower()
    return state if state in STATES else DRAFT


def unwritten(findings: Iterable[ReviewFinding]) -> list[str]:
    """Return what the text of a review leaves open, each as a clause; nobody can approve it before."""
    return [each.message for each in findings if each.line and each.question in WRITTEN]


def _person(value: object) -> str | None:
    text = text_of(value)
    return handle(link_target(text)) if text else None
