"""Restoration: which services suffer, since when, and which work again; told by the impact lines of the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.moment import read_moment, show_seconds, write_moment
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record


class Suffering(NamedTuple):
    """How a service suffers, or did.

    Attributes:
        service: Its name.
        level: down, degraded or at-risk.
        start: Since when.
        end: Until when; None while it lasts.
        fields: The fields of its line.
    """

    service: str
    level: str
    start: datetime
    end: datetime | None
    fields: Mapping[str, str]


def intervals(record: Record) -> list[Suffering]:
    """Return each span for which a service suffered, in order.

    A line of the same service and the same beginning says anew what an earlier one said, as its end does; one of another beginning
    ends what lasted, because a service suffers in one way at a time.
    """
    found: list[Suffering] = []
    for entry in record.of_kind("impact"):
        fields = entry.fields or {}
        start = read_moment(fields["from"], record.zone).at
        end = read_moment(fields["to"], record.zone).at if "to" in fields else None
        said = Suffering(fields["service"], fields["level"], start, end, fields)
        own = [at for at, each in enumerate(found) if each.service.lower() == said.service.lower()]
        again = next((at for at in own if found[at].start == start), None)
        if again is not None:
            found[again] = said
            continue
        for at in own:
            if found[at].end is None and found[at].start < start:
                found[at] = found[at]._replace(end=start)
        found.append(said)
    return found


def sufferings(record: Record) -> dict[str, Suffering]:
    """Return how each service suffers, or did last; by name in lower case."""
    return {each.service.lower(): each for each in intervals(record)}


def restore(record: Record, services: Sequence[str], at: datetime) -> Change:
    """Record that services work again: each impact that lasted ends.

    A service of which nothing was said yet was down since the incident began, as far as that is known.

    Raises:
        TransitionError: It would end before it began, or nothing tells when it began.
    """
    now = sufferings(record)
    lines = []
    said = []
    for service in services:
        known = now.get(service.lower())
        if known is not None and known.end is not None:
            continue
        start = known.start if known else _beginning(record, service)
        if at < start:
            raise TransitionError(
                f"{service} is impaired since {write_moment(start, record.zone)}, so it cannot have been restored before",
                field="--at",
                hint=Command("restore", service, options=("--at",), incident=record.incident.id),
            )
        fields = dict(known.fields) if known else {"service": service, "level": "down"}
        fields |= {"from": write_moment(start, record.zone), "to": write_moment(at, record.zone)}
        lines.append(LogLine("impact", KINDS["impact"].write(fields, record.zone), at))
        said.append(f"restored {fields['service']} after {show_seconds((at - start).total_seconds())}")
    if not lines:
        return Change(already=True, said=f"{', '.join(services)} already restored")
    back = {service.lower() for service in services}
    left = [each.service for name, each in now.items() if each.end is None and name not in back]
    left += [name for name in record.incident.services if name.lower() not in {*now, *back}]
    return Change(
        lines=tuple(lines),
        said="; ".join(said),
        warnings=_left_to_do(record.incident, left),
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
            f"nothing tells since when {service} suffers",
            field="started",
            hint=Command("set", "started", incident=record.incident.id),
        )
    return start
