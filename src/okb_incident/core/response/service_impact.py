"""Service impact: the level of each service and its periods, from the impact lines of the timeline.

A service has one level at a time. The line with the latest beginning counts: it ends a period without an end, and interrupts one
with an end, which goes on behind it. Of two lines with the same beginning the one that was entered last counts. A period whose end
nobody recorded lasts while the incident is open, without the times in which it counted as resolved; then it ends at `resolved`.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.timeline.impact_lines import impact_lines, service_key
from okb_incident.core.timeline.timeline import pauses
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.impact_lines import ImpactLine
    from okb_incident.core.timeline.record import Record

LEVELS = ("down", "degraded", "at-risk")
"""The levels of a service, the worst first."""

RECORDED, RESOLVED, MERGED, UNKNOWN = "recorded", "resolved", "merged", "unknown"
"""How a period ended: as a line tells, with the incident, in another one, or when nobody knows."""


class ImpactPart(NamedTuple):
    """A part of what a line says: from when until when its level counts, if no later line interrupts it.

    Attributes:
        start: When it begins.
        end: When it ends; None while it lasts, or where nobody knows.
        ended: How it ended; empty while it lasts.
        line: The line.
    """

    start: datetime
    end: datetime | None
    ended: str
    line: ImpactLine

    def covers(self, at: datetime) -> bool:
        """Return whether a moment is in it."""
        return self.start <= at and (self.end is None or at < self.end)


class ImpactPeriod(NamedTuple):
    """A period in which a service had one level.

    Attributes:
        level: One of `LEVELS`.
        start: When it began.
        end: When it ended; None while it lasts, or where nobody knows.
        ended: How it ended; empty while it lasts.
        fields: The fields of its line.
    """

    level: str
    start: datetime
    end: datetime | None
    ended: str
    fields: Mapping[str, str]

    @property
    def planned(self) -> bool:
        """Return whether it was announced as planned."""
        return "planned" in self.fields

    def seconds(self, now: datetime) -> float | None:
        """Return how long it has lasted so far; None where nobody knows when it ended."""
        if self.ended == UNKNOWN:
            return None
        end = now if self.end is None else min(self.end, now)
        return max(0.0, (end - self.start).total_seconds())


class ServiceImpact(NamedTuple):
    """The impact on one service.

    Attributes:
        service: Its name.
        periods: Its periods in order; no two overlap.
        parts: What its lines say, each for itself.
    """

    service: str
    periods: tuple[ImpactPeriod, ...]
    parts: tuple[ImpactPart, ...]

    def current(self, now: datetime) -> ImpactPeriod | None:
        """Return the period of this moment; None while the service works."""
        return next(
            (
                each
                for each in self.periods
                if each.start <= now and (now < each.end if each.end else each.ended != UNKNOWN)
            ),
            None,
        )

    def since(self, now: datetime) -> datetime | None:
        """Return since when it has its present level, whatever else changed meanwhile; None while it works."""
        current = self.current(now)
        if current is None:
            return None
        start = current.start
        for each in reversed(self.periods[: self.periods.index(current)]):
            if each.end != start or each.level != current.level:
                break
            start = each.start
        return start

    def impaired_since(self, now: datetime) -> datetime | None:
        """Return since when it has had any level without a pause, up to a moment or to its last period; None if it never had one."""
        known = [each for each in self.periods if each.start <= now]
        start = known[-1].start if known else None
        for each in reversed(known[:-1]):
            if each.end != start:
                break
            start = each.start
        return start

    def restored(self, now: datetime) -> datetime | None:
        """Return since when it works again; None while it does not, and where nobody knows."""
        if self.current(now) is not None or any(each.ended == MERGED for each in self.parts):
            return None
        ends = [each.end for each in self.parts if each.start <= now]
        return max((end for end in ends if end), default=None) if all(ends) else None

    def seconds(self, now: datetime, *, planned: bool = False) -> dict[str, float]:
        """Return how long it has had each level, the worst first; planned periods are counted apart."""
        spent: dict[str, float] = {}
        for level in LEVELS:
            known = [each.seconds(now) for each in self.periods if (each.level, each.planned) == (level, planned)]
            if total := sum(filter(None, known)):
                spent[level] = total
        return spent


def service_impacts(record: Record) -> list[ServiceImpact]:
    """Return the impact on each service of which the timeline tells, the service that suffered first in front."""
    by_service: dict[str, list[ImpactLine]] = {}
    for line in impact_lines(record):
        by_service.setdefault(service_key(line.service), []).append(line)
    if not by_service:
        return []
    own = {service_key(name): name for name in record.incident.services}
    gaps = _Gaps.of(record)
    first = {key: min(line.start for line in lines) for key, lines in by_service.items()}
    ordered = sorted(by_service, key=lambda key: first[key])
    return [_impact(own.get(key) or by_service[key][0].service, by_service[key], gaps) for key in ordered]


def every_service(record: Record) -> list[ServiceImpact]:
    """Return the same with the services of the incident of which no line tells."""
    found = service_impacts(record)
    told = {service_key(each.service) for each in found}
    return found + [ServiceImpact(name, (), ()) for name in record.incident.services if service_key(name) not in told]


def _impact(service: str, lines: Sequence[ImpactLine], gaps: _Gaps) -> ServiceImpact:
    """Return the impact on one service; of two lines with one beginning the later entry counts."""
    counted = sorted({line.start: line for line in lines}.values(), key=lambda line: line.start)
    parts = sorted(_parts(counted, gaps), key=lambda part: part.start)
    return ServiceImpact(service, tuple(_periods(parts)), tuple(parts))


class _Gaps(NamedTuple):
    """When the incident counted as over, so that a period without an end does not go on.

    Attributes:
        spans: From when until when, in order; the last one may have no end.
        how: How a period ends that is open when the last span begins.
        is_over: The incident is over.
    """

    spans: tuple[tuple[datetime, datetime | None, str], ...]
    is_over: bool

    @classmethod
    def of(cls, record: Record) -> _Gaps:
        incident = record.incident
        is_over = not (incident.status is None or incident.is_open)
        spans: list[tuple[datetime, datetime | None, str]] = [
            (each.start, each.end, RESOLVED) for each in pauses(record.of_kind("reopen"), record.zone)
        ]
        resolved = incident.at("resolved") if incident.status in {Status.RESOLVED, Status.CLOSED} else None
        if resolved:
            spans.append((resolved, None, RESOLVED))
        if incident.status is Status.MERGED:
            merged = [each.at for each in record.of_kind("merge") if (each.fields or {}).get("way") == "into"]
            spans += [(at, None, MERGED) for at in merged[-1:] if at]
        return cls(tuple(spans), is_over)

    def parts(self, start: datetime, end: datetime | None) -> Iterator[tuple[datetime, datetime | None, str]]:
        """Yield the parts of a period without a recorded end of its own, each with how it ended."""
        for gap, back, how in self.spans:
            if start < gap and (end is None or gap < end):
                yield start, gap, how
                if back is None:
                    return
                start = back
                if end is not None and end <= start:
                    return
        yield start, end, RECORDED if end else (UNKNOWN if self.is_over else "")


def _periods(parts: Sequence[ImpactPart]) -> list[ImpactPeriod]:
    """Return the periods of one service."""
    found: list[tuple[ImpactPeriod, ImpactPart]] = []
    for start, end, part in _winners(parts):
        ended = part.ended if end == part.end else RECORDED
        new = ImpactPeriod(part.line.level, start, end, ended, part.line.fields)
        if found and found[-1][0].end == start:
            last, before = found[-1]
            if before is part or (ended != UNKNOWN and _same(last, new)):
                new = new._replace(start=last.start)
                found.pop()
        found.append((new, part))
    return [period for period, _ in found]


def _same(one: ImpactPeriod, other: ImpactPeriod) -> bool:
    """Return whether two periods that adjoin are one."""
    keys = ("share", "users", "planned")
    return one.level == other.level and all(one.fields.get(key) == other.fields.get(key) for key in keys)


def _parts(counted: Sequence[ImpactLine], gaps: _Gaps) -> Iterator[ImpactPart]:
    """Yield when each line would count on its own: until its end, the next line, or until the service works again."""
    restored: datetime | None = None
    following: datetime | None = None
    for line in reversed(counted):
        if line.level:
            ends = [end for end in (line.end or following, restored) if end]
            end = min(ends, default=None)
            if line.end is not None:
                yield ImpactPart(line.start, end, RECORDED, line)
            else:
                yield from (ImpactPart(*part, line) for part in gaps.parts(line.start, end))
        else:
            restored = line.start
        following = line.start


def _winners(parts: Sequence[ImpactPart]) -> Iterator[tuple[datetime, datetime | None, ImpactPart]]:
    """Yield which part counts from when until when: of those that cover a moment, the one whose line begins last."""
    borders = sorted({part.start for part in parts} | {part.end for part in parts if part.end})
    running: list[tuple[float, int]] = []
    waiting = 0
    for place, border in enumerate(borders):
        while waiting < len(parts) and parts[waiting].start == border:
            heappush(running, (-parts[waiting].line.start.timestamp(), waiting))
            waiting += 1
        while running and not parts[running[0][1]].covers(border):
            heappop(running)
        if running:
            part = parts[running[0][1]]
            following = borders[place + 1] if place + 1 < len(borders) else None
            yield border, following, part
