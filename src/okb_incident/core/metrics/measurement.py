"""A metric over many incidents: the durations, and as much of a summary as their number allows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from okb_incident.core.metrics.metrics import Anomaly, Complete, Missing, observe
from okb_incident.core.values.statistics import (
    HALF,
    Beyond,
    KaplanMeier,
    median_interval,
    plain_number,
    sample_quantile,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.metrics import Metric
    from okb_incident.core.values.statistics import Interval

#: Fewer durations than this, complete and open together, are listed one by one.
LISTED_BELOW = 5
#: A 90th percentile of fewer complete durations than this would be the longest under another name.
P90_FROM = 10
NINETY_PERCENT = Fraction(9, 10)

LISTED = "values listed"
ORDER_STATISTICS = "type-2 quantile, order-statistic interval"
SURVIVAL = "Kaplan-Meier quantile, log-log interval"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One metric over the incidents of a period. The four ways to add to it sum to the number of incidents.

    Attributes:
        metric: What was measured.
        complete: The complete durations in seconds, in ascending order.
        running: The open ones, likewise.
        missing: Where a moment is missing.
        anomalous: Where the end is before the start.
        longest_incident: Whose the longest complete duration is.
        from_page: How many of the complete and open ones count from a page.
        median: Half last longer; None where the values are listed instead.
        interval: That of the median; None likewise.
        p90: One in ten lasts longer; None below ten complete durations.
        method: How median and interval were computed.
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
        """Return how many durations are complete."""
        return len(self.complete)

    @property
    def covered(self) -> int:
        """Return how many incidents say something about it: complete and open ones."""
        return len(self.complete) + len(self.running)

    @property
    def size(self) -> int:
        """Return how many incidents were asked."""
        return self.covered + len(self.missing) + len(self.anomalous)

    @property
    def is_listed(self) -> bool:
        """Return whether there are too few for anything but showing each."""
        return self.method == LISTED

    @property
    def listed(self) -> tuple[int | Beyond, ...]:
        """Return every duration, the shortest first; an open one is beyond what it has lasted."""
        marked = [(seconds, False) for seconds in self.complete] + [(seconds, True) for seconds in self.running]
        return tuple(Beyond(seconds) if is_open else seconds for seconds, is_open in sorted(marked))

    @property
    def longest(self) -> int | None:
        """Return the longest complete duration in seconds; None where there is none."""
        return self.complete[-1] if self.complete else None

    @property
    def total(self) -> int | None:
        """Return the sum of the complete durations in seconds; None where there is none."""
        return sum(self.complete) if self.complete else None

    @property
    def mean(self) -> int | float | None:
        """Return the mean of the complete durations in seconds, for machines only: a single long one moves it at will."""
        return plain_number(Fraction(sum(self.complete), self.n)) if self.complete else None


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
    longest, longest_incident = -1, None
    from_page = 0
    for incident in incidents:
        found = observe(incident, metric, as_of)
        if isinstance(found, Missing):
            missing.append(found)
            continue
        if isinstance(found, Anomaly):
            anomalous.append(found)
            continue
        from_page += found.start == "paged"
        (complete if isinstance(found, Complete) else running).append(found.seconds)
        if isinstance(found, Complete) and found.seconds > longest:
            longest, longest_incident = found.seconds, incident
    complete.sort()
    running.sort()
    return Measurement(
        metric,
        tuple(complete),
        tuple(running),
        tuple(missing),
        tuple(anomalous),
        longest_incident,
        from_page,
        *_summary(complete, running),
    )


def _summary(
    complete: Sequence[int],
    running: Sequence[int],
) -> tuple[int | float | Beyond | None, Interval | None, int | float | Beyond | None, str]:
    """Return median, its interval, the 90th percentile and the method, as far as the number of durations allows."""
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
