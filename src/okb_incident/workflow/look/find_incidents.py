"""Finding incidents by words: those that hold them, and those that are like another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.query import matches, read_filter
from okb_incident.errors import UsageError
from okb_incident.vault.index.answer import search
from okb_incident.workflow.reference import find_target, is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident, Match
    from okb_incident.workflow.session import Session

MOST = 20
"""Incidents that a search shows; who wants more asks for all."""

MOST_ALIKE = 10
"""Incidents that are offered as like another."""

ALIKE = 0.2
"""The share of the best score below which an incident has nothing in common but words that all have."""


def search_incidents(
    session: Session, words: Sequence[str], *, where: Sequence[str] = (), everything: bool = False
) -> list[Match]:
    """Give the incidents of which one note holds all words, those that fit best first.

    Raises:
        UsageError: There is no word to look for, or a condition cannot be read.
    """
    if not any(character.isalnum() for word in words for character in word):
        raise UsageError(
            "search needs a word with a letter or a digit in it, such as: incident search connection pool",
            field="WORDS",
            value=" ".join(words),
        )
    conditions = [read_filter(text) for text in where]
    settings = session.vault.settings
    return search(
        session.vault,
        words,
        wanted=lambda incident: all(matches(incident, each, settings) for each in conditions),
        most=None if everything else MOST,
    )


def similar_incidents(
    session: Session, words: Sequence[str], *, ask: Callable[[Sequence[str]], int | None] | None = None
) -> list[Match]:
    """Give the incidents that share telling words with one, or with a title; the most alike first.

    Args:
        session: The session.
        words: A reference, or a title; nothing for the one incident that can be meant.
        ask: Offers a numbered choice to a person; absent where nobody can be asked.

    Raises:
        NotFoundError: There is no incident of that reference.
    """
    like: Incident | None = None
    if not words or (len(words) == 1 and is_reference(session, words[0])):
        like = _incident(session, words[0] if words else None, ask)
        words = (like.title, *like.services, like.cause or "", str(like.properties.get("trigger") or ""))
    found = search(
        session.vault,
        words,
        wanted=lambda incident: like is None or incident.id != like.id,
        most=MOST_ALIKE,
        any_of_them=True,
    )
    return [match for match in found if match.score >= ALIKE * found[0].score]


def _incident(session: Session, reference: str | None, ask: Callable[[Sequence[str]], int | None] | None) -> Incident:
    target = find_target(session, reference, verb="similar", fits=lambda incident: incident.is_open, ask=ask)
    note = session.vault.read(target.path)
    incident, _ = session.vault.incident_of(session.vault.named(note, target.id))
    assert incident is not None, "the id has just been made readable"
    return incident
