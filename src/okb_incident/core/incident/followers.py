"""What follows a property: the tags of category and severity, the alias and the heading of the title. All else is the writer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.properties import follow_tags, texts_of
from okb_incident.core.values.title import as_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings


class Followers(NamedTuple):
    """What a note has to say of its properties in other places; None where it says so already.

    Attributes:
        tags: The tags.
        aliases: The aliases.
        heading: The words of its first heading.
    """

    tags: tuple[str, ...] | None = None
    aliases: tuple[str, ...] | None = None
    heading: str | None = None


def followers(
    incident: Incident, heading: str | None, settings: Settings, changed: Mapping[str, object], *, heals: bool = False
) -> Followers:
    """Return what follows the properties of an incident once some of them are changed.

    Args:
        incident: As its note states it.
        heading: The words of the note's first heading; None where it has none.
        settings: The vault's scale and vocabulary.
        changed: The properties that a command sets.
        heals: What follows a property that a person changed by hand is brought in step as well.
    """
    tags = _listed("tags", incident, changed)
    words = {f"incident/{word}".lower() for word in settings.vocabulary.category}
    families = _families(incident, settings, changed, {tag.lower() for tag in tags}, words, heals=heals)
    followed = follow_tags(tags, families, {"incident/": words})
    title = str(changed["title"]) if "title" in changed else _own_title(incident) if heals else None
    if title is None:
        return Followers(tags=followed if followed != tags else None)
    aliases = _listed("aliases", incident, changed)
    old = _old_title(incident, title, aliases, heading)
    named = _renamed(title, aliases, old)
    stale = heading is not None and old is not None and heading in {old, as_title(old)} and not _says(heading, title)
    return Followers(
        followed if followed != tags else None,
        named if named != aliases else None,
        as_title(title) if stale else None,
    )


def _listed(key: str, incident: Incident, changed: Mapping[str, object]) -> tuple[str, ...]:
    """Return a list as it is once some properties are changed."""
    value = changed.get(key, incident.properties.get(key))
    return texts_of(list(value) if isinstance(value, tuple) else value)


def other_heading(incident: Incident, heading: str | None) -> str | None:
    """Return the words of a heading that a person has given a note in the place of its title; None where it has the title."""
    title = _own_title(incident)
    if not heading or title is None or _says(heading, title):
        return None
    aliases = texts_of(incident.properties.get("aliases"))
    return None if heading == _old_title(incident, title, aliases, heading) else heading


def _families(
    incident: Incident,
    settings: Settings,
    changed: Mapping[str, object],
    tags: set[str],
    words: set[str],
    *,
    heals: bool,
) -> dict[str, str | None]:
    """Return the tag of each family that has to follow its property."""
    found: dict[str, str | None] = {}
    if "severity" in changed:
        severity = settings.severities.read(str(changed["severity"] or ""))
        found["sev/"] = severity.tag if severity else None
    elif heals and incident.severity and {tag for tag in tags if tag.startswith("sev/")} - {incident.severity.tag}:
        found["sev/"] = incident.severity.tag
    if "category" in changed:
        found["incident/"] = f"incident/{str(changed['category']).lower()}" if changed["category"] else None
    elif heals and incident.category and (words & tags) - {own := f"incident/{incident.category}".lower()}:
        found["incident/"] = own
    return found


def _own_title(incident: Incident) -> str | None:
    return incident.title if texts_of(incident.properties.get("title")) else None


def _old_title(incident: Incident, title: str, aliases: tuple[str, ...], heading: str | None) -> str | None:
    """Return what the incident was called before: its title, where that changes now, else the alias that is still the heading."""
    if title != incident.title:
        return incident.title
    if title in aliases:
        return None
    return next((alias for alias in aliases if heading in {alias, as_title(alias)}), None)


def _renamed(title: str, aliases: tuple[str, ...], old: str | None) -> tuple[str, ...]:
    """Return the aliases with the title among them; a writer who has taken all of them out wants none."""
    if old in aliases:
        return tuple(dict.fromkeys(title if alias == old else alias for alias in aliases))
    return (title, *aliases) if aliases and title not in aliases else aliases


def _says(heading: str, title: str) -> bool:
    """Return whether a heading holds the title, as that of a template may among other words."""
    return " ".join(as_title(title).casefold().split()) in " ".join(heading.casefold().split())
