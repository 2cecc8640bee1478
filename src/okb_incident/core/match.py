"""An incident that a search found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okb_incident.core.incident import Incident


class Match(NamedTuple):
    """An incident whose words, or those of a note that accompanies it, fit.

    Attributes:
        incident: The incident.
        found_in: The note that fits best, relative to the vault.
        score: How well it fits by BM25; more is better, and only the order means anything.
    """

    incident: Incident
    found_in: str
    score: float
