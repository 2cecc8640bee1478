"""Restoration: services work again, and the impact lines of the timeline say since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response.service_impact import RECORDED, service_impacts
from okb_incident.core.timeline.impact_lines import service_key, service_name
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.moment import show_seconds, write_moment
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.service_impact import ImpactPart, ServiceImpact
    from okb_incident.core.timeline.record import Record


class Restored(NamedTuple):
    """A service that works again.

    Attributes:
        start: Since when it was impaired.
        lines: What tells until when.
    """

    start: datetime
    lines: tuple[LogLine, ...]


def suffering(record: Record, at: datetime) -> list[str]:
    """Return the services that a restoration at a moment can be about: those whose impact lasts or has no recorded end."""
    return [each.service for each in service_impacts(record) if _lasting(each, at)]


def restore(record: Record, services: Sequence[str], at: datetime) -> Change:
    """Record that services work again: each period that lasts ends.

    A service of which no line tells was down since the incident began, as far as that is known.

    Raises:
        TransitionError: It would end before it began, or nothing tells when it began.
    """
    known = {service_key(each.service): each for each in service_impacts(record)}
    named = {service_key(name): service_name(name) for name in services}
    lines: list[LogLine] = []
    said = []
    for key, typed in named.items():
        found = _restored(known[key], at, record) if key in known else _never_impaired(record, typed, at)
        if found:
            lines += found.lines
            name = known[key].service if key in known else typed
            said.append(f"restored {name} after {show_seconds((at - found.start).total_seconds())}")
    if not lines:
        return Change(already=True, said=f"{', '.join(named.values())} already restored")
    left = [each.service for key, each in known.items() if key not in named and _has_no_end(each, at)]
    left += [name for name in record.incident.services if service_key(name) not in {*known, *named}]
    return Change(
        lines=tuple(lines),
        said="; ".join(said),
        warnings=_left_to_do(record.incident, left),
    )


def with_unrestored(change: Change, record: Record, at: datetime) -> Change:
    """Warn of services that are still impaired though the impact has stopped or the incident is over, with the command to end it."""
    return change if change.is_empty else change._replace(warnings=(*change.warnings, *_unrestored(record, at)))


def _unrestored(record: Record, at: datetime) -> tuple[Text, ...]:
    now = [
        (each.service, period)
        for each in service_impacts(record)
        if (period := each.current(at)) and not period.planned
    ]
    if not now:
        return ()
    named = ", ".join(f"{name} is still {period.level.replace('-', ' ')}" for name, period in now)
    when = f"--at={write_moment(at, record.zone)}"
    command = Command("restore", *(name for name, _ in now), options=(when,), incident=record.incident.id)
    return (Sentence(f"{named}; if restored: ", command),)


def _lasting(impact: ServiceImpact, at: datetime) -> list[list[ImpactPart]]:
    """Return what a restoration ends, the parts of each line together: what has no recorded end, and a planned period of its moment."""
    by_line: dict[datetime, list[ImpactPart]] = {}
    for part in impact.parts:
        by_line.setdefault(part.line.start, []).append(part)
    return [
        parts
        for parts in by_line.values()
        if parts[-1].ended != RECORDED or ("planned" in parts[-1].line.fields and parts[-1].covers(at))
    ]


def _has_no_end(impact: ServiceImpact, at: datetime) -> bool:
    """Return whether nobody recorded the end of a service's impact."""
    return any(parts[-1].ended != RECORDED for parts in _lasting(impact, at))


def _restored(impact: ServiceImpact, at: datetime, record: Record) -> Restored | None:
    """Return since when a service was impaired, and the lines that say until when; None if it works already.

    Raises:
        TransitionError: It would end before it began.
    """
    lasting = _lasting(impact, at)
    if not lasting:
        return None
    last = max(parts[-1].start for parts in lasting)
    if at < last:
        raise _too_early(impact.service, last, record)
    lines = []
    for parts in lasting:
        line = parts[-1].line
        # Of two lines with one beginning the later entry counts, so this one must not come before the other.
        entered = max(at, line.entered)
        for part in parts:
            end = at if part is parts[-1] else part.end or at
            text = _text({**line.fields, "service": line.service, "level": line.level}, part.start, end, record)
            lines.append(LogLine("impact", text, entered))
    return Restored(impact.impaired_since(at) or last, tuple(lines))


def _never_impaired(record: Record, service: str, at: datetime) -> Restored:
    """Return the same for a service of which no line tells.

    Raises:
        TransitionError: It would end before it began, or nothing tells when it began.
    """
    start = _beginning(record, service)
    if at < start:
        raise _too_early(service, start, record)
    text = _text({"service": service, "level": "down"}, start, at, record)
    return Restored(start, (LogLine("impact", text, at),))


def _text(fields: Mapping[str, str], start: datetime, end: datetime, record: Record) -> str:
    span = {"from": write_moment(start, record.zone), "to": write_moment(end, record.zone)}
    return KINDS["impact"].write({**fields, **span}, record.zone)


def _too_early(service: str, start: datetime, record: Record) -> TransitionError:
    return TransitionError(
        f"{service} is impaired since {write_moment(start, record.zone)}, so it cannot have been restored before",
        field="--at",
        hint=Command("restore", service, options=("--at",), incident=record.incident.id),
    )


def _left_to_do(incident: Incident, left: Sequence[str]) -> tuple[Text, ...]:
    """Return which services do not work yet, or that the impact has stopped with the last one."""
    if left:
        return (f"not restored yet: {', '.join(left)}",)
    if incident.at("mitigated") is None:
        return (
            Sentence(
                "all services are restored; ", Command("mitigate", incident=incident.id), " marks the impact as stopped"
            ),
        )
    return ()


def _beginning(record: Record, service: str) -> datetime:
    """Return since when a service is impaired, where no line tells it."""
    start = record.incident.at("started") or record.incident.at("detected")
    if start is None:
        raise TransitionError(
            f"the record does not say since when {service} is impaired",
            field="started",
            hint=Command("set", "started", incident=record.incident.id),
        )
    return start
