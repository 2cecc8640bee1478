"""The words that a property may hold, for those that hold nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.incident import NATURES, TLP
from okb_incident.core.response.resolution import LOSSES
from okb_incident.core.settings.policy import IMPACTS, PRIORITIES, URGENCIES
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from okb_incident.core.settings.settings import Settings

AGREEMENTS = ("breached", "met", "unknown")
"""Whether what was agreed on a service was kept."""

SECURITY_LOSSES = ("none", "partial", "full", "unknown")
"""How much of the confidentiality, integrity or availability of something was lost."""


def words_of(settings: Settings, key: str) -> tuple[str, ...]:
    """Return the words that a property may hold; none where it may hold others."""
    vocabulary = settings.vocabulary
    words = {
        "status": tuple(map(str, Status)),
        "severity": settings.severities.labels,
        "nature": NATURES,
        "category": vocabulary.category,
        "detected_by": vocabulary.detected_by,
        "cause": vocabulary.cause,
        "data_classes": vocabulary.data_classes,
        "data_loss": LOSSES,
        "urgency": URGENCIES,
        "business_impact": IMPACTS,
        "priority": PRIORITIES,
        "tlp": TLP,
        "sla": AGREEMENTS,
        "confidentiality": SECURITY_LOSSES,
        "integrity": SECURITY_LOSSES,
        "availability": SECURITY_LOSSES,
    }
    return words.get(key, ())
