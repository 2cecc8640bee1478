"""An incident as the object that programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.core.values.moment import rfc3339
from okb_incident.core.values.properties import MOMENTS, link_target, text_of, texts_of

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident


def as_object(incident: Incident, root: str) -> dict[str, Any]:
    """Return the object that every command prints for an incident with ``--json``; its schema is in docs/schemas.

    Args:
        incident: The incident.
        root: The vault's folder.
    """
    properties = incident.properties
    return {
        "id": incident.id.text,
        "uid": incident.uid,
        "path": incident.path,
        "vault": root,
        "status": str(incident.status) if incident.status else None,
        "severity": incident.severity.label if incident.severity else None,
        "title": incident.title,
        "nature": incident.nature,
        "category": incident.category,
        "detected_by": incident.detected_by,
        "services": list(incident.services),
        "commander": next((link_target(text) for text in texts_of(properties.get("commander"))), None),
        "users_affected": text_of(properties.get("users_affected")),
        "duplicate_of": incident.duplicate_of,
        **{name: rfc3339(at) if (at := incident.at(name)) else None for name in MOMENTS},
    }
