"""Documentation quality: how many findings the notes of incidents have, by the month in which each was declared.

An incident counts in the month of its `declared`, else in that of the day of its id. The unit is the incident, not the finding: one
neglected note with forty faults is one neglected note.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Self

from okb_incident.core.metrics.growth import COMPARED, FindingsOfIncident, kinds_of, most_frequent
from okb_incident.core.values.period import month_name, month_number
from okb_incident.core.values.statistics import HALF, sample_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.growth import Comparison, Kind
    from okb_incident.core.values.identity import IdPattern, IncidentId
    from okb_incident.core.values.period import Period
    from okb_incident.core.values.problem import Problem

MONTHS = 12
"""Months that are shown where none were asked for."""
LONGEST_GAP = 12
"""Months without an incident that are listed one by one; more of them in a row are left out."""


class DeclaredIncident(NamedTuple):
    """An incident, as far as its month is concerned.

    Attributes:
        id: Its id.
        path: Its note.
        declared: When it was declared; None where that cannot be read.
        is_open: Someone is still working on it, and so on its note.
    """

    id: IncidentId
    path: str
    declared: datetime | None
    is_open: bool = False

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """Return an incident with what matters here."""
        return cls(incident.id, incident.path, incident.at("declared"), incident.is_open)


class Month(NamedTuple):
    """What the notes of a month's incidents lack.

    Attributes:
        number: Which month, as `month_number` counts them.
        counts: The findings of each incident, in ascending order.
        open: How many of the incidents are open.
        kinds: How many findings of each code, the most frequent first.
        is_running: The month is not over.
        is_part: The period holds only a part of it.
    """

    number: int
    counts: tuple[int, ...] = ()
    open: int = 0
    kinds: Mapping[str, int] = {}
    is_running: bool = False
    is_part: bool = False

    @property
    def name(self) -> str:
        """Return the month as people write it: 2026-11."""
        return month_name(self.number)

    @property
    def incidents(self) -> int:
        """Return how many incidents were declared in it."""
        return len(self.counts)

    @property
    def findings(self) -> int:
        """Return how many findings their notes have."""
        return sum(self.counts)

    @property
    def faulty(self) -> int:
        """Return how many incidents have a finding."""
        return sum(count > 0 for count in self.counts)

    @property
    def median(self) -> float | None:
        """Return the median of findings per incident; None without an incident."""
        return sample_quantile(self.counts, HALF) if self.counts else None


class Documentation(NamedTuple):
    """The documentation of a period's incidents.

    Attributes:
        period: In which they were declared.
        as_of: The moment of the look; the notes are as they are now.
        zone: In which months begin.
        months: From the first with an incident to the last.
        kinds: What was found, the most frequent first.
        comparison: The months that are compared; None where the period holds too few whole ones.
        by_id: The incidents that count by their id, because `declared` cannot be read.
        outside: The findings of incidents declared before or after the period.
        elsewhere: The findings in notes of no incident.
    """

    period: Period
    as_of: datetime
    zone: tzinfo
    months: tuple[Month, ...]
    kinds: tuple[Kind, ...]
    comparison: Comparison | None
    by_id: tuple[IncidentId, ...]
    outside: int
    elsewhere: int

    @property
    def whole(self) -> Month:
        """Return all months as if they were one."""
        counts = sorted(count for month in self.months for count in month.counts)
        return Month(0, tuple(counts), sum(month.open for month in self.months))

    @property
    def growing(self) -> tuple[Kind, ...]:
        """Return the kinds that grow."""
        return tuple(kind for kind in self.kinds if kind.grows)


class Notes:
    """Which note belongs to which incident, by the incident's own note and by the id in front of the names of others."""

    def __init__(self, incidents: Iterable[DeclaredIncident], ids: IdPattern) -> None:
        self.incidents = {each.id: each for each in incidents}
        self._by_path = {each.path: each.id for each in self.incidents.values()}
        self._ids = ids

    def incident_of(self, path: str) -> DeclaredIncident | None:
        """Return the incident of a note; one whose own note cannot be read is known by the id in the name."""
        known = self._by_path.get(path)
        if known is None:
            lead = self._ids.lead(path.rpartition("/")[2].removesuffix(".md"))
            known = lead[0] if lead else None
        return None if known is None else self.incidents.get(known, DeclaredIncident(known, path, None))


def is_within(incident: DeclaredIncident, period: Period, zone: tzinfo) -> bool:
    """Return whether an incident was declared in a period; without a readable `declared`, the day of its id decides."""
    if incident.declared is not None:
        return incident.declared in period
    # Days are compared without a zone, for the first and the last day of the calendar have no midnight in half of them.
    start, end = (at.astimezone(zone).replace(tzinfo=None) for at in (period.start, period.end))
    day = datetime(incident.id.day.year, incident.id.day.month, incident.id.day.day)  # noqa: DTZ001
    return start <= day < end


def of_period(
    notes: Notes, findings: Iterable[Problem], period: Period, as_of: datetime, zone: tzinfo
) -> Documentation:
    """Count the findings of incidents by the month of their declaration.

    Args:
        notes: The incidents, those outside the period too, and which note is whose.
        findings: What is wrong with our notes, without hints.
        period: Which incidents are meant, by their declaration.
        as_of: The moment of the look.
        zone: In which months begin.
    """
    found: dict[IncidentId, Counter[str]] = {each: Counter() for each in notes.incidents}
    everyone = dict(notes.incidents)
    elsewhere = 0
    for problem in findings:
        incident = notes.incident_of(problem.path)
        if incident is None:
            elsewhere += 1
        else:
            everyone.setdefault(incident.id, incident)
            found.setdefault(incident.id, Counter())[problem.code] += 1
    inside = [each for each in sorted(everyone.values()) if is_within(each, period, zone)]
    listed = [FindingsOfIncident(month_of(each, zone), found[each.id], each.is_open) for each in inside]
    return Documentation(
        period,
        as_of,
        zone,
        _months(listed, period, as_of, zone),
        *kinds_of(listed, _first_compared(period, as_of, zone)),
        by_id=tuple(each.id for each in inside if each.declared is None),
        outside=sum(codes.total() for codes in found.values()) - sum(each.codes.total() for each in listed),
        elsewhere=elsewhere,
    )


def month_of(incident: DeclaredIncident, zone: tzinfo) -> int:
    """Return the number of the month in which an incident counts."""
    return month_number(incident.declared.astimezone(zone) if incident.declared else incident.id.day)


def _months(listed: Iterable[FindingsOfIncident], period: Period, as_of: datetime, zone: tzinfo) -> tuple[Month, ...]:
    by_number: dict[int, list[FindingsOfIncident]] = {}
    for each in listed:
        by_number.setdefault(each.month, []).append(each)
    for one, following in pairwise(sorted(by_number)):
        if following - one - 1 <= LONGEST_GAP:
            by_number |= {number: [] for number in range(one + 1, following)}
    first, last = _whole_months(period, zone)
    running = month_number(as_of.astimezone(zone))
    return tuple(
        Month(
            number,
            tuple(sorted(each.codes.total() for each in of_month)),
            sum(each.is_open for each in of_month),
            dict(most_frequent(each.codes for each in of_month)),
            is_running=number == running,
            is_part=number != running and not first <= number <= last,
        )
        for number, of_month in sorted(by_number.items())
    )


def _whole_months(period: Period, zone: tzinfo) -> tuple[int, int]:
    """Return the first and the last month that a period holds whole; the first is after the last where it holds none."""
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    begins_one = start.replace(tzinfo=None) == datetime(start.year, start.month, 1)  # noqa: DTZ001 - both are of the zone
    return month_number(start) + (not begins_one), month_number(end) - 1


def _first_compared(period: Period, as_of: datetime, zone: tzinfo) -> int | None:
    """Return the first of the months that are compared: the last whole ones, the running month left out."""
    first, last = _whole_months(period, zone)
    begin = min(last, month_number(as_of.astimezone(zone)) - 1) - 2 * COMPARED + 1
    return begin if begin >= first else None
