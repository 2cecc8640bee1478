"""The metrics: what each measures, and how it is computed without filling anything in.

Every metric is the time from one moment of an incident to another, and its name holds both. An incident adds to it in
exactly one of four ways: the duration is complete; it is open, and known to have lasted so long already; an end is missing;
or the end lies before the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from okb_incident.core.cohort import is_ahead
from okb_incident.core.moment import DAY_PRECISION_LIMIT, Moment, seconds_between
from okb_incident.core.order import SKEW_SECONDS
from okb_incident.core.statistics import (
    HALF,
    KaplanMeier,
    median_interval,
    plain_number,
    sample_quantile,
)
from okb_incident.core.status import MOMENT_OF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.incident import Incident
    from okb_incident.core.statistics import Beyond, Interval

#: Fewer durations than this, complete and open together, are listed one by one.
LISTED_BELOW = 5
#: A 90th percentile of fewer complete durations than this would be the longest under another name.
P90_FROM = 10
NINETY_PERCENT = Fraction(9, 10)

LISTED = "values listed"
ORDER_STATISTICS = "type-2 quantile, order-statistic interval"
SURVIVAL = "Kaplan-Meier quantile, log-log interval"

#: The status that a moment enters: an open incident that stands there or beyond waits for that moment no more.
ENTERS = {name: status for status, name in MOMENT_OF.items()}
#: Why a duration is missing, where it is not simply ``no-`` and the name of the moment.
REASONS = {"started": "no-start", "acknowledged": "no-ack"}


@dataclass(frozen=True, slots=True)
class Metric:
    """What one metric measures.

    Attributes:
        id: Its name in JSON, with both ends in it.
        start: The moment it counts from.
        end: The moment it counts to.
        label: How a reader calls it.
        formula: How it is computed, in words.
        open_while: When an incident counts as open for it.
    """

    id: str
    start: str
    end: str
    label: str
    formula: str
    open_while: str

    @property
    def ends(self) -> str:
        """Both ends, as they are called in the notes."""
        return f"{self.start} → {self.end}"


UNTIL_ACK = "while the incident is in triage and nobody acknowledged it"
UNTIL_MITIGATED = "while the incident is open, before monitoring, and not mitigated"
UNTIL_RESOLVED = "while the incident is open"

METRICS = (
    Metric(
        "ttd.started_detected",
        "started",
        "detected",
        "detect, from impact start",
        "detected − started",
        "never: what nobody noticed is in no note",
    ),
    Metric(
        "ttk.detected_ack",
        "detected",
        "acknowledged",
        "acknowledge, from detection",
        "acknowledged − detected, or − the first page where one is recorded before the acknowledgement",
        UNTIL_ACK,
    ),
    Metric(
        "ttk.declared_ack",
        "declared",
        "acknowledged",
        "acknowledge, from declaration",
        "acknowledged − declared",
        UNTIL_ACK,
    ),
    Metric(
        "ttm.started_mitigated",
        "started",
        "mitigated",
        "mitigate, from impact start",
        "mitigated − started",
        UNTIL_MITIGATED,
    ),
    Metric(
        "ttm.detected_mitigated",
        "detected",
        "mitigated",
        "mitigate, from detection",
        "mitigated − detected",
        UNTIL_MITIGATED,
    ),
    Metric(
        "ttr.started_resolved",
        "started",
        "resolved",
        "resolve, from impact start",
        "last resolved − started",
        UNTIL_RESOLVED,
    ),
    Metric(
        "ttr.detected_resolved",
        "detected",
        "resolved",
        "resolve, from detection",
        "last resolved − detected",
        UNTIL_RESOLVED,
    ),
    Metric(
        "ttr.declared_resolved",
        "declared",
        "resolved",
        "resolve, from declaration",
        "last resolved − declared",
        UNTIL_RESOLVED,
    ),
)


@dataclass(frozen=True, slots=True)
class Complete:
    """A duration with both ends.

    Attributes:
        seconds: Its length, not negative.
    """

    seconds: int


@dataclass(frozen=True, slots=True)
class Running:
    """A duration that has not ended at the report's moment.

    Attributes:
        seconds: How long it has lasted so far.
    """

    seconds: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A duration that cannot be had.

    Attributes:
        incident: Whose it would be.
        reason: ``no-start``, ``no-ack``, ``no-…``, ``future``, ``day-precision`` or ``unknown-status``.
        field: The property that is to blame, and that would mend it.
    """

    incident: Incident
    reason: str
    field: str


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A duration whose end lies before its start by more than clocks differ; listed, never used, never set to 0.

    Attributes:
        incident: Whose it is.
        metric: What it would have been part of.
        fields: The two properties, as they should follow each other.
        seconds: From the first to the second, so negative.
    """

    incident: Incident
    metric: Metric
    fields: tuple[str, str]
    seconds: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One metric over the incidents of a period. The four ways to add to it sum to the number of incidents.

    Attributes:
        metric: What was measured.
        complete: The complete durations in seconds, in ascending order.
        running: The open ones, likewise.
        missing: Where a moment is missing.
        anomalous: Where the end lies before the start.
        longest_incident: Whose the longest complete duration is.
        from_page: How many of the complete and open ones count from a page.
    """

    metric: Metric
    complete: tuple[int, ...]
    running: tuple[int, ...]
    missing: tuple[Missing, ...]
    anomalous: tuple[Anomaly, ...]
    longest_incident: Incident | None
    from_page: int
    median: int | float | Beyond | None
    interval: Interval | None
    p90: int | float | Beyond | None
    method: str

    @property
    def n(self) -> int:
        """How many durations are complete."""
        return len(self.complete)

    @property
    def covered(self) -> int:
        """How many incidents say something about it: complete and open ones."""
        return len(self.complete) + len(self.running)

    @property
    def size(self) -> int:
        """How many incidents were asked."""
        return self.covered + len(self.missing) + len(self.anomalous)

    @property
    def is_listed(self) -> bool:
        """Whether there are too few for anything but showing each."""
        return self.method == LISTED

    @property
    def longest(self) -> int | None:
        """The longest complete duration in seconds; None where there is none."""
        return self.complete[-1] if self.complete else None

    @property
    def total(self) -> int | None:
        """The sum of the complete durations in seconds; None where there is none."""
        return sum(self.complete) if self.complete else None

    @property
    def mean(self) -> int | float | None:
        """The mean of the complete durations in seconds, for machines only: a single long one moves it at will."""
        return plain_number(Fraction(sum(self.complete), self.n)) if self.complete else None


def observe(incident: Incident, metric: Metric, as_of: datetime) -> Complete | Running | Missing | Anomaly:
    """Say what one incident adds to a metric.

    Args:
        incident: One that counts, with its duplicates taken in.
        metric: What to measure.
        as_of: The report's own moment.
    """
    if incident.status is None:
        return Missing(incident, "unknown-status", "status")
    start_name, start = _start(incident, metric, as_of)
    if start is None:
        return Missing(incident, REASONS.get(start_name, f"no-{start_name}"), start_name)
    if is_ahead(start.at, as_of):
        return Missing(incident, "future", start_name)
    end = _end(incident, metric)
    if end is None and not _awaits(incident, metric.end):
        return Missing(incident, REASONS.get(metric.end, f"no-{metric.end}"), metric.end)
    if end is not None and is_ahead(end.at, as_of):
        return Missing(incident, "future", metric.end)
    seconds = seconds_between(start.at, end.at if end else as_of)
    vague = start_name if start.day_only else metric.end if end and end.day_only else None
    if vague and abs(seconds) < DAY_PRECISION_LIMIT.total_seconds():
        return Missing(incident, "day-precision", vague)
    if seconds < -SKEW_SECONDS:
        return Anomaly(incident, metric, (start_name, metric.end if end else "as_of"), seconds)
    return Complete(max(seconds, 0)) if end else Running(max(seconds, 0))


def _start(incident: Incident, metric: Metric, as_of: datetime) -> tuple[str, Moment | None]:
    """Give the moment a metric counts from, and its name.

    A responder's clock runs from the first page. One that came after the acknowledgement called somebody else.
    """
    page = incident.paged
    if metric.start == "detected" and metric.end == "acknowledged" and page is not None:
        acknowledged = incident.at("acknowledged")
        if page <= (acknowledged or as_of):
            return "paged", Moment(page)
    return metric.start, incident.moments.get(metric.start)


def _end(incident: Incident, metric: Metric) -> Moment | None:
    """Give the moment a metric counts to; people write planned ends ahead, so an open incident has none."""
    if metric.end == "resolved" and incident.is_open:
        return None
    return incident.moments.get(metric.end)


def _awaits(incident: Incident, name: str) -> bool:
    """Say whether a moment that is not set is still to come.

    A status that stands where the moment would have led says that it has come and gone unrecorded: then it is missing.
    """
    enters = ENTERS.get(name)
    return (
        incident.status is not None and incident.is_open and enters is not None and incident.status.step < enters.step
    )


def measure(incidents: Sequence[Incident], metric: Metric, as_of: datetime) -> Measurement:
    """Compute a metric over the incidents of a period.

    Args:
        incidents: Those that count, with their duplicates taken in.
        metric: What to measure.
        as_of: The report's own moment; open durations are counted up to it.
    """
    complete: list[int] = []
    running: list[int] = []
    missing: list[Missing] = []
    anomalous: list[Anomaly] = []
    longest: Incident | None = None
    from_page = 0
    for incident in incidents:
        found = observe(incident, metric, as_of)
        if isinstance(found, Missing):
            missing.append(found)
        elif isinstance(found, Anomaly):
            anomalous.append(found)
        else:
            from_page += _start(incident, metric, as_of)[0] == "paged"
            if isinstance(found, Running):
                running.append(found.seconds)
            else:
                if longest is None or found.seconds > max(complete):
                    longest = incident
                complete.append(found.seconds)
    return Measurement(
        metric,
        tuple(sorted(complete)),
        tuple(sorted(running)),
        tuple(missing),
        tuple(anomalous),
        longest,
        from_page,
        *_summary(sorted(complete), sorted(running)),
    )


def _summary(
    complete: Sequence[int],
    running: Sequence[int],
) -> tuple[int | float | Beyond | None, Interval | None, int | float | Beyond | None, str]:
    """Give median, its interval, the 90th percentile and the method, as far as the number of durations allows."""
    if len(complete) + len(running) < LISTED_BELOW:
        return None, None, None, LISTED
    with_p90 = len(complete) >= P90_FROM
    if not running:
        p90 = sample_quantile(complete, NINETY_PERCENT) if with_p90 else None
        return sample_quantile(complete, HALF), median_interval(complete), p90, ORDER_STATISTICS
    curve = KaplanMeier(tuple(complete), tuple(running))
    return (
        curve.quantile(HALF),
        curve.median_interval(),
        curve.quantile(NINETY_PERCENT) if with_p90 else None,
        SURVIVAL,
    )
