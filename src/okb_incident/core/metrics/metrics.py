"""The metrics: which there are, and what one incident adds to each, without filling anything in.

Every metric is the time from one moment of an incident to another, and its name holds both. An incident adds to it in
exactly one of four ways: the duration is complete; it is open, and known to have lasted so long already; an end is missing;
or the end is before the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.order import SKEW_SECONDS
from okb_incident.core.incident.plausible import is_ahead
from okb_incident.core.values.moment import DAY_PRECISION_LIMIT, Moment, seconds_between
from okb_incident.core.values.status import MOMENT_OF

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident

#: The status that a moment enters: an open incident in it or beyond no longer waits for that moment.
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


UNTIL_ACK = "while the incident is in triage and it is not acknowledged"
UNTIL_MITIGATED = "while the incident is open, before monitoring, and not mitigated"
UNTIL_RESOLVED = "while the incident is open"

METRICS = (
    Metric(
        "ttd.started_detected",
        "started",
        "detected",
        "detect, from impact start",
        "detected − started",
        "never: an unnoticed incident has no note",
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

IN_ALL = next(metric for metric in METRICS if metric.id == "ttr.started_resolved")
"""How long an incident lasted in all: the headline of a reopened one, with its active time next to it."""


@dataclass(frozen=True, slots=True)
class Complete:
    """A duration with both ends.

    Attributes:
        seconds: Its length, not negative.
        start: The moment it counts from.
    """

    seconds: int
    start: str


@dataclass(frozen=True, slots=True)
class Running:
    """A duration that has not ended at the report's moment.

    Attributes:
        seconds: How long it has lasted so far, not negative.
        start: The moment it counts from.
    """

    seconds: int
    start: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A duration that cannot be had.

    Attributes:
        incident: Whose it would be.
        reason: ``no-start``, ``no-ack``, ``no-…``, ``future``, ``day-precision`` or ``unknown-status``.
        field: The property that is to blame, and that would repair it.
    """

    incident: Incident
    reason: str
    field: str

    @property
    def remedy(self) -> Command:
        """Return the command that would give it; only someone who knows the moment should."""
        correct = ("--correct",) if self.reason in {"future", "day-precision"} else ()
        return Command("set", self.field, options=correct, incident=self.incident.id)


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A duration whose end is before its start by more than clocks differ; listed, never used, never set to 0.

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

    @property
    def line(self) -> int | None:
        """Return the line of the later property, else of the earlier one."""
        lines = self.incident.lines
        return lines.get(self.fields[1], lines.get(self.fields[0]))

    @property
    def remedy(self) -> Command:
        """Return the command that would repair it, for whoever knows which of the two is wrong."""
        wrong = self.fields[1] if self.fields[1] in self.incident.moments else self.fields[0]
        return Command("set", wrong, options=("--correct",), incident=self.incident.id)


def observe(incident: Incident, metric: Metric, as_of: datetime) -> Complete | Running | Missing | Anomaly:
    """Return what one incident adds to a metric.

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
    counted = Complete if end else Running
    return counted(max(seconds, 0), start_name)


def active_seconds(incident: Incident, found: Complete | Running, as_of: datetime) -> int | None:
    """Return how much of a duration up to the end was not a pause; None where the incident was never reopened.

    Args:
        incident: Whose the duration is.
        found: The duration until it was resolved, or is open.
        as_of: The report's own moment.
    """
    if not incident.pauses:
        return None
    start = incident.at(found.start)
    end = as_of if isinstance(found, Running) else incident.at("resolved")
    assert start is not None, "a duration has a start"
    assert end is not None, "and what is complete an end"
    # Two reopenings of one end are one pause: the moments between are counted once.
    quiet, until = 0, start
    for pause in sorted(incident.pauses):
        begin, finish = max(pause.start, until), min(pause.end, end)
        quiet += max(seconds_between(begin, finish), 0)
        until = max(until, finish)
    return max(found.seconds - quiet, 0)


def _start(incident: Incident, metric: Metric, as_of: datetime) -> tuple[str, Moment | None]:
    """Return the name of the moment a metric counts from, and the moment.

    A responder's clock runs from the first page. One that came after the acknowledgement called somebody else.
    """
    page = incident.paged
    if metric.start == "detected" and metric.end == "acknowledged" and page is not None:
        acknowledged = incident.at("acknowledged")
        if page <= (acknowledged or as_of):
            return "paged", Moment(page)
    return metric.start, incident.moments.get(metric.start)


def _end(incident: Incident, metric: Metric) -> Moment | None:
    """Return the moment a metric counts to; people write planned ends ahead, so an open incident has none."""
    if metric.end == "resolved" and incident.is_open:
        return None
    return incident.moments.get(metric.end)


def _awaits(incident: Incident, name: str) -> bool:
    """Return whether a moment that is not set is still to come.

    A status that the moment would have led to shows that it has come and gone unrecorded: then it is missing.
    """
    enters = ENTERS.get(name)
    return (
        incident.status is not None and incident.is_open and enters is not None and incident.status.step < enters.step
    )
