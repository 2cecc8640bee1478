"""The report as plain data: what a period's incidents say, and how far it can be trusted. Renderers only set it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.doubt import DEFAULT_WINDOW, Limits
from okb_incident.core.incident.incident import NATURES
from okb_incident.core.metrics.cohort import gather
from okb_incident.core.metrics.measurement import measure
from okb_incident.core.metrics.metrics import METRICS
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.cohort import Cohort
    from okb_incident.core.metrics.documentation import Documentation
    from okb_incident.core.metrics.measurement import Measurement
    from okb_incident.core.values.period import Period
    from okb_incident.core.values.problem import Problem

UNKNOWN = "unknown"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what.

    Attributes:
        total: Incidents that count.
        open: How many of these are open.
        unknown: How many are in a state that cannot be read.
        by_severity: Worst first; ``unknown`` where the note says nothing readable.
        by_status: In the order of the process; ``unknown`` likewise.
        by_category: The most frequent first; ``none`` where none is set.
        by_service: Likewise, without regard to case; an incident counts under each of its services.
        duplicates: Notes that are part of another incident.
        declined: False alarms.
        excluded: Drills, maintenance and announcements.
    """

    total: int
    open: int
    unknown: int
    by_severity: Mapping[str, int]
    by_status: Mapping[str, int]
    by_category: Mapping[str, int]
    by_service: Mapping[str, int]
    duplicates: int
    declined: int
    excluded: int


@dataclass(frozen=True, slots=True)
class Report:
    """A period's report.

    Attributes:
        period: What it is about.
        as_of: Its own moment; open durations are counted up to it, and nothing after it is used.
        zone: The zone in which it shows moments.
        zone_name: How that zone is called.
        version: Of the program that made it.
        cohort: The incidents that count, those that are open, and those that are set aside.
        counts: How many of what.
        measurements: One for each metric, in their order.
        problems: What is wrong with the notes, those found on reading and those found on counting.
        conditions: Which incidents it was asked for, as typed; empty for all.
        documentation: What the properties of notes lack, by month of declaration; None where some incidents were asked for.
    """

    period: Period
    as_of: datetime
    zone: tzinfo
    zone_name: str
    version: str
    cohort: Cohort
    counts: Counts
    measurements: tuple[Measurement, ...]
    problems: tuple[Problem, ...]
    conditions: tuple[str, ...] = ()
    documentation: Documentation | None = None

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Return the incidents that count, by their date."""
        return self.cohort.incidents

    @property
    def is_to_date(self) -> bool:
        """Return whether the period is not over yet."""
        return self.as_of < self.period.end


class ReportTerms(NamedTuple):
    """What a report is asked for.

    Attributes:
        period: What it is about.
        as_of: Its own moment. The same vault and the same moment give the same report.
        zone: The zone in which moments are shown.
        zone_name: How that zone is called.
        version: Of the program.
        conditions: Which incidents it is about, in the words in which it was asked; empty for all.
        include_restricted: Count and show restricted incidents; otherwise they leave no trace.
        hidden: The ids of those that were left out, whose duplicates do not count either.
        window: How far a moment may be from the day of the id before it is named.
    """

    period: Period
    as_of: datetime
    zone: tzinfo
    zone_name: str
    version: str
    conditions: tuple[str, ...] = ()
    include_restricted: bool = False
    hidden: frozenset[str] = frozenset()
    window: timedelta = DEFAULT_WINDOW


def build(
    incidents: Iterable[Incident],
    problems: Iterable[Problem],
    terms: ReportTerms,
    wanted: Callable[[Incident], bool] = lambda _: True,
    documentation: Documentation | None = None,
) -> Report:
    """Compute the report on a period.

    Args:
        incidents: All of the vault: what is open is shown whatever the period, and duplicates are followed to their root.
        problems: What was found on reading the vault.
        terms: What is asked for.
        wanted: Which incidents are asked for, where not all are. It is given here, and not applied before, because a
            duplicate must find its incident whether or not that one is asked for.
        documentation: What the properties of notes lack, by month of declaration.
    """
    everyone = tuple(incidents)
    cohort = gather(
        everyone,
        terms.period,
        terms.as_of,
        wanted=wanted,
        include_restricted=terms.include_restricted,
        hidden=terms.hidden,
        limits=Limits(terms.zone, terms.window),
    )
    hidden = set() if terms.include_restricted else {incident.path for incident in everyone if incident.restricted}
    found = {problem for problem in problems if problem.path not in hidden} | set(cohort.problems)
    return Report(
        period=terms.period,
        as_of=terms.as_of,
        zone=terms.zone,
        zone_name=terms.zone_name,
        version=terms.version,
        cohort=cohort,
        counts=_count(cohort),
        measurements=tuple(measure(cohort.incidents, metric, terms.as_of) for metric in METRICS),
        problems=tuple(sorted(found, key=lambda fault: (fault.path, fault.line or 0, fault.code, str(fault)))),
        conditions=terms.conditions,
        documentation=documentation,
    )


def commander_of(incident: Incident) -> str | None:
    """Return the name of who leads the response; None where nobody does."""
    names = texts_of(incident.properties.get("commander"))
    return link_target(names[0]) if names else None


def severity_of(incident: Incident) -> str:
    """Return the severity's label, ``unknown`` where the note says nothing readable."""
    return str(incident.severity or UNKNOWN)


def status_of(incident: Incident) -> str:
    """Return the status, ``unknown`` where the note says nothing readable."""
    return str(incident.status or UNKNOWN)


def urgency(incident: Incident) -> int:
    """Rank an incident by severity, the worst first; what nobody assessed counts as the worst until someone does."""
    return incident.severity.rank if incident.severity else 0


def _count(cohort: Cohort) -> Counts:
    incidents = cohort.incidents
    reasons = Counter(entry.reason for entry in cohort.excluded)
    # What was not assessed comes last here: the reader looks for the worst that is known.
    scale = sorted({(not urgency(incident), urgency(incident), severity_of(incident)) for incident in incidents})
    severities = Counter(severity_of(incident) for incident in incidents)
    statuses = Counter(incident.status for incident in incidents)
    return Counts(
        total=len(incidents),
        open=sum(incident.is_open for incident in incidents),
        unknown=sum(incident.status is None for incident in incidents),
        by_severity={label: severities[label] for *_, label in scale},
        by_status={str(status or UNKNOWN): statuses[status] for status in (*Status, None) if statuses[status]},
        by_category=_frequent([(incident.category or NONE,) for incident in incidents]),
        by_service=_frequent([incident.services or (NONE,) for incident in incidents]),
        duplicates=reasons["merged"],
        declined=reasons[Status.DECLINED],
        excluded=sum(reasons[nature] for nature in NATURES),
    )


def _frequent(words: Sequence[Sequence[str]]) -> dict[str, int]:
    """Count in how many incidents a word is, without regard to case; each goes by its commonest spelling."""
    spellings: dict[str, Counter[str]] = {}
    incidents: Counter[str] = Counter()
    for of_one in words:
        for word in of_one:
            spellings.setdefault(word.casefold(), Counter())[word] += 1
        incidents.update({word.casefold() for word in of_one})
    labels = {key: min(seen, key=lambda word: (-seen[word], word)) for key, seen in spellings.items()}
    return {labels[key]: count for key, count in sorted(incidents.items(), key=lambda item: (-item[1], item[0]))}
