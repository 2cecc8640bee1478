"""The properties of an incident note: their order, their kinds, and how they are read and written."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: The moments of an incident in the order in which they usually come.
MOMENTS = (
    "started",
    "detected",
    "declared",
    "acknowledged",
    "identified",
    "contained",
    "mitigated",
    "resolved",
    "first_resolved",
    "verified",
    "closed",
)

#: The order of properties in a note when a command adds one (design of the note, top to bottom).
ORDER = (
    "type",
    "id",
    "title",
    "status",
    "severity",
    "nature",
    "category",
    "detected_by",
    "priority",
    "urgency",
    "business_impact",
    "scope",
    "users_affected",
    "services",
    "commander",
    "technical_lead",
    "communications_lead",
    "scribe",
    "support_liaison",
    "management_liaison",
    "responders",
    "teams",
    *MOMENTS,
    "expected_recovery",
    "next_update",
    "cause",
    "trigger",
    "data_loss",
    "tlp",
    "visibility",
    "public_title",
    "duplicate_of",
    "related",
    "recurrence_of",
    "external",
    "metric",
    "baseline",
    "worst",
    "unit",
    "slo",
    "sla",
    "confidentiality",
    "integrity",
    "availability",
    "data_classes",
    "notify_by",
    "notified",
    "tickets",
    "time_to_detect_minutes",
    "time_to_acknowledge_minutes",
    "time_to_mitigate_minutes",
    "time_to_resolve_minutes",
    "imported_from",
    "former_ids",
    "aliases",
    "tags",
    "created",
    "updated",
    "uid",
)

PROMISES = ("expected_recovery", "next_update", "notify_by")
"""Properties that hold a moment by which something is to happen, which may be in the future."""

#: Properties that hold a moment.
MOMENT_KEYS = (*MOMENTS, *PROMISES, "notified")

NOTICE_KEYS = ("data_classes", "notify_by", "notified")
"""Properties of the duty to notify an authority; an incident without any of them has none."""

PEOPLE_KEYS = (
    "commander",
    "technical_lead",
    "communications_lead",
    "scribe",
    "support_liaison",
    "management_liaison",
    "responders",
)
"""Properties that name people."""

#: Properties that hold a list.
LIST_KEYS = (
    "services",
    "responders",
    "teams",
    "related",
    "external",
    "data_classes",
    "former_ids",
    "aliases",
    "tags",
)

COUNT_KEYS = ("tickets",)
"""Properties that hold a whole number from 0 on."""

HIGHEST_COUNT = 9_999_999
"""A count above it is a slip."""

#: Properties of a lesson's note that hold a list, beside its aliases and tags.
LESSON_LIST_KEYS = ("incidents", "learned")

#: Properties that the program derives or fixes once; `set` refuses them.
FIXED_KEYS = ("type", "id", "uid", "created", "former_ids", "imported_from")
DERIVED = {
    "time_to_detect_minutes": ("started", "detected"),
    "time_to_acknowledge_minutes": ("declared", "acknowledged"),
    "time_to_mitigate_minutes": ("started", "mitigated"),
    "time_to_resolve_minutes": ("started", "resolved"),
}

#: What an incident cannot be without.
REQUIRED = ("id", "title", "status", "severity")


def text_of(value: object) -> str | None:
    """Return a property as text, None where it is not set: empty, null, or a structure.

    A number keeps the shape in which it was read, so ``users_affected: 1200`` is ``1200``. A list of one is read as that one, as
    Obsidian writes a property whose kind somebody changed to a list.
    """
    if isinstance(value, list):
        return texts_of(value)[0] if len(value) == 1 and texts_of(value) else None
    return _scalar(value)


def _scalar(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return None


def count_of(value: object) -> int | None:
    """Return a property as a count: a whole number from 0 to `HIGHEST_COUNT`; None where it is not set or cannot be read."""
    text = text_of(value) or ""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(HIGHEST_COUNT)):
        return None
    return int(text)


def texts_of(value: object) -> tuple[str, ...]:
    """Return a property as a list of texts; a single text is a list of one, and what is not text is left out."""
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    return tuple(text for item in items if (text := _scalar(_unquoted_link(item))) is not None)


def _unquoted_link(item: object) -> object:
    """See through ``[[x]]`` without quotes, which YAML reads as a list in a list."""
    if isinstance(item, list) and len(item) == 1:
        inner = item[0]
        if isinstance(inner, list) and len(inner) == 1 and isinstance(inner[0], str):
            return f"[[{inner[0]}]]"
        if isinstance(inner, str):
            return f"[[{inner}]]"
    return item


def link_target(text: str) -> str:
    """Return the note that a wikilink names, the text itself where it is none: ``[[a/b|c]]`` is ``b``."""
    word = text.strip()
    if word.startswith("[[") and word.endswith("]]"):
        word = word[2:-2].split("|", 1)[0].split("#", 1)[0]
        word = word.rsplit("/", 1)[-1].removesuffix(".md").strip()
    return word


def as_link(name: str) -> str:
    """Write a name as a wikilink."""
    return f"[[{name}]]"


def follow_tags(
    tags: tuple[str, ...],
    properties: Mapping[str, str | None],
    known: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Return the tags with those of category and severity following their property; all others are the writer's.

    Args:
        tags: The tags as they are.
        properties: The new tag for each family that changed, keyed ``incident/`` or ``sev/``; None takes it away.
        known: The tags of a family in small letters, where not all that begin like the family belong to it.
    """
    result = list(tags)
    for family, wanted in properties.items():
        ours = known.get(family)
        places = [
            place
            for place, tag in enumerate(result)
            if tag.lower().startswith(family) and (ours is None or tag.lower() in ours)
        ]
        if wanted is None:
            result = [tag for place, tag in enumerate(result) if place not in places]
        elif places:
            result[places[0]] = wanted
            result = [tag for place, tag in enumerate(result) if place not in places[1:]]
        else:
            result.append(wanted)
    return tuple(result)
