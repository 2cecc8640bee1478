"""Logging the impact on a service: its level, or that it works again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.response.restoration import restore
from okb_incident.core.response.service_impact import service_impacts
from okb_incident.core.timeline.impact_lines import service_key, service_name
from okb_incident.core.values.properties import as_link, texts_of
from okb_incident.core.values.title import as_title
from okb_incident.workflow.response.service_names import close_name, stranger

if TYPE_CHECKING:
    from okb_incident.command import Text
    from okb_incident.core.timeline.impact_shorthand import ImpactWords
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call


def log_impact(call: Call, record: Record, words: ImpactWords) -> Change:
    """Decide on a line about a service; one that works again is restored, and one that fails is a service of the incident.

    Raises:
        TransitionError: It works again before it was impaired, or nothing tells since when it was.
    """
    name = service_name(words.service)
    external = call.shared.external
    if words.restored is not None:
        change = restore(record, [name], words.restored)
        lines = tuple(line._replace(external=external) for line in change.lines)
        return change._replace(lines=lines, warnings=(*change.warnings, *_unknown(call, record, name, "")))
    line = LogLine("impact", words.payload, call.moment, external=external)
    warnings = _unknown(call, record, name, words.payload.removeprefix(words.service))
    change = Change(
        lines=(line,),
        said=f"logged impact{quote(words.payload)}",
        moments={"logged": line.at},
        warnings=warnings,
    )
    incident = record.incident
    if words.planned or words.level == "at-risk" or service_key(name) in map(service_key, incident.services):
        return change
    if close_name(call.session, name, _known(record)):
        # It may be a slip, and the services of an incident are what customers read of it.
        return change
    noted = {
        each.casefold(): each for each in call.session.vault.names_in(call.session.vault.settings.folders.services)
    }
    service = as_link(noted[name.casefold()]) if name.casefold() in noted else as_title(name)
    return change._replace(
        properties={"services": (*texts_of(incident.properties.get("services")), service)},
        said=f"{change.said}; added {name} to services",
    )


def _known(record: Record) -> list[str]:
    """Return the services that the incident names, in its properties or its timeline."""
    return [*record.incident.services, *(each.service for each in service_impacts(record))]


def _unknown(call: Call, record: Record, name: str, level: str) -> tuple[Text, ...]:
    """Return that a service is unknown, with the one that was meant, perhaps, and the command that corrects the line."""
    known = _known(record)
    if service_key(name) in map(service_key, known):
        return ()
    close = close_name(call.session, name, known)
    found = stranger(call.session, name, known)
    if close is None:
        return (found,) if found else ()
    if not level:
        return (found,)
    return (Sentence(f"{found} ", Command("amend", "mine", f"{close}{level}", incident=record.incident.id)),)
