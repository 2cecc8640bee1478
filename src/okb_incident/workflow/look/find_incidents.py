"""Finding incidents by words: those that hold them, and those that are like another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.query import matches, read_filter
from okb_incident.core.values.properties import text_of
from okb_incident.errors import MissingWordError
from okb_incident.vault.index.answer import search
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Match
    from okb_incident.workflow.call import Call

MOST = 20
"""Incidents that a search shows; who wants more asks for all."""

MOST_ALIKE = 10
"""Incidents that are offered as like another."""

ALIKE = 0.2
"""The share of the best score below which an incident has nothing in common but words that all have."""


def search_incidents(call: Call, where: Sequence[str], *, everything: bool) -> list[Match]:
    """Return the incidents of which one note holds all words, those that fit best first.

    Raises:
        UsageError: There is no word to look for, or a condition cannot be read.
    """
    if not any(character.isalnum() for character in call.text):
        raise MissingWordError("a search term", "what is looked for", "search connection pool")
    conditions = [read_filter(text) for text in where]
    settings = call.session.vault.settings
    return search(
        call.session.vault,
        call.words,
        wanted=lambda incident: all(matches(incident, each, settings) for each in conditions),
        most=None if everything else MOST,
    )


def similar_incidents(call: Call) -> list[Match]:
    """Return the incidents that share telling words with one, or with the title that was typed; the most alike first."""
    like = None if call.words else call.record(call.target(is_open, resolved_today(call.session))).incident
    words = call.words
    if like is not None:
        words = (like.title, *like.services, like.cause or "", text_of(like.properties.get("trigger")) or "")
    found = search(
        call.session.vault,
        words,
        wanted=lambda incident: like is None or incident.id != like.id,
        most=MOST_ALIKE,
        any_of_them=True,
    )
    return [match for match in found if match.score >= ALIKE * found[0].score]
