"""An incident, and what a command changed in a note, as programs read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.values.moment import read_moment, rfc3339
from okb_incident.core.values.properties import MOMENT_KEYS, MOMENTS, count_of, link_target, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from okb_incident.core.incident.incident import Incident

HOLD_MOMENTS = frozenset({*MOMENT_KEYS, "assessed", "approved", "sent", "completed"})
"""Properties that hold a moment, those of linked notes among them."""


LOSSES = ("confidentiality", "integrity", "availability")
"""Properties that hold how much of something was lost."""


class PropertyChange(NamedTuple):
    """A property that a command changed.

    Attributes:
        name: The property.
        before: Its value before; None where the note did not have it.
        after: Its value now; None where the note no longer has it.
    """

    name: str
    before: Any
    after: Any


def as_object(incident: Incident, root: str, zone: tzinfo) -> dict[str, Any]:
    """Return the object that every command prints for an incident with ``--json``; its schema is in docs/schemas.

    Args:
        incident: The incident.
        root: The vault's folder.
        zone: The vault's zone, in which its properties hold moments.
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
        "tickets": count_of(properties.get("tickets")),
        "duplicate_of": incident.duplicate_of,
        **{key: text_of(properties.get(key)) for key in LOSSES},
        "data_classes": [link_target(text) for text in texts_of(properties.get("data_classes"))],
        **{key: _instant(text_of(properties.get(key)), zone) for key in ("notify_by", "notified")},
        **{name: rfc3339(at) if (at := incident.at(name)) else None for name in MOMENTS},
    }


def _instant(text: str | None, zone: tzinfo) -> str | None:
    """Return a moment of a property for programs; None where it is missing or cannot be read."""
    try:
        return rfc3339(read_moment(text, zone).at) if text else None
    except ValueError:
        return None


def property_changes(before: Mapping[str, Any], after: Mapping[str, Any], zone: tzinfo) -> list[PropertyChange]:
    """Return the properties that differ between two versions of a note, those that it still has first.

    Links are the names that they lead to, and moments are RFC 3339 in UTC, as in the objects of incidents.
    """
    return [
        PropertyChange(key, _value(key, before.get(key), zone), _value(key, after.get(key), zone))
        for key in dict.fromkeys((*after, *before))
        if before.get(key) != after.get(key)
    ]


def _value(key: str, value: Any, zone: tzinfo) -> Any:
    if isinstance(value, list):
        return [link_target(text) for text in texts_of(value)]
    if not isinstance(value, str):
        return value
    if key in HOLD_MOMENTS:
        try:
            return rfc3339(read_moment(value, zone).at)
        except ValueError:
            return value
    return link_target(value)
