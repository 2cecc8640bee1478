"""What is wrong with the notes behind the numbers, as a reader can repair it: each with its place and the command that helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.core.values.moment import show_seconds
from okb_incident.reports.page import ReportFinding
from okb_incident.reports.words import counted

if TYPE_CHECKING:
    from okb_incident.core.metrics.metrics import Anomaly, Metric, Missing
    from okb_incident.core.values.problem import Problem
    from okb_incident.reports.report import Report

#: How many findings a terminal and a note show; `incident check` and the JSON form list all.
SHOWN, SHOWN_IN_NOTE = 10, 100
#: How many ids are in one finding.
IDS, IDS_IN_NOTE = 4, 50
#: What a problem of its own already reports, at its line.
SAID_ELSEWHERE = ("future", "day-precision", "unknown-status")


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong, as far as there is room.

    Attributes:
        shown: The findings.
        notes: The sentences about the others.
    """

    shown: tuple[ReportFinding, ...]
    notes: tuple[str, ...]


def findings(report: Report, *, whole: bool) -> Findings:
    """Collect what is wrong, what touches a number first.

    Args:
        report: What to look at.
        whole: Show more than a terminal has room for.
    """
    found = [
        *(_anomaly(anomaly) for measurement in report.measurements for anomaly in measurement.anomalous),
        *_missing(report, IDS_IN_NOTE if whole else IDS),
        *(_problem(problem) for problem in report.problems),
    ]
    shown = found[: SHOWN_IN_NOTE if whole else SHOWN]
    rest = len(found) - len(shown)
    notes = (f"and {rest} more; incident check names every fault.",) if rest else ()
    return Findings(tuple(shown), notes)


def _anomaly(anomaly: Anomaly) -> ReportFinding:
    first, second = anomaly.fields
    place = anomaly.incident.path + (f":{anomaly.line}" if anomaly.line else "")
    text = f"{second} is {show_seconds(-anomaly.seconds)} before {first}; {anomaly.metric.ends} is not counted"
    return ReportFinding(place, text, remedy=anomaly.remedy)


def _problem(problem: Problem) -> ReportFinding:
    place = problem.path + (f":{problem.line}" if problem.line else "")
    return ReportFinding(place, problem.message, remedy=problem.hint)


def _missing(report: Report, ids: int) -> list[ReportFinding]:
    """Gather the gaps by the moment that is missing, because one moment that nobody set empties several metrics."""
    gaps: dict[str, dict[str, Missing]] = {}
    metrics: dict[str, list[Metric]] = {}
    for measurement in report.measurements:
        for gap in measurement.missing:
            if gap.reason not in SAID_ELSEWHERE:
                gaps.setdefault(gap.field, {})[gap.incident.path] = gap
                if measurement.metric not in metrics.setdefault(gap.field, []):
                    metrics[gap.field].append(measurement.metric)
    found = []
    for field, of_field in gaps.items():
        incidents = list(of_field.values())
        names = tuple(str(gap.incident.id) for gap in incidents)
        touched = ", ".join(metric.ends for metric in metrics[field])
        text = f"{field} is not set in {counted(len(names), 'incident')}, missing from {touched}"
        found.append(ReportFinding("", text, names[:ids], max(len(names) - ids, 0), incidents[0].remedy))
    return found
