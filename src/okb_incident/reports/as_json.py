"""The report for programs: docs/schemas/report.schema.json describes every key; keys are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.command import Command, shown
from okb_incident.core.metrics.cohort import date_of
from okb_incident.core.metrics.metrics import IN_ALL, Complete, Running, active_seconds, observe
from okb_incident.core.text.terminal_text import safe_json
from okb_incident.core.values.moment import rfc3339, seconds_between
from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.statistics import Beyond
from okb_incident.reports.documentation_object import as_object
from okb_incident.reports.report import commander_of

if TYPE_CHECKING:
    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.measurement import Measurement
    from okb_incident.reports.report import Report

SCHEMA = "okb.report/1"


def render(report: Report, vault: str | None = None) -> str:
    """Return the report as JSON: pure ASCII, in a stable order, so that two of them can be compared byte by byte."""
    return safe_json(document(report, vault), indent=2) + "\n"


def document(report: Report, vault: str | None = None) -> dict[str, Any]:
    """Return the report as objects and lists: durations in seconds, moments in UTC, what is not known as null.

    Args:
        report: The report.
        vault: The folder that was typed, which its commands name.
    """
    return {
        "schema": SCHEMA,
        "generator": f"okb-incident {report.version}",
        "as_of": rfc3339(report.as_of),
        "zone": report.zone_name,
        "period": {
            "label": report.period.label,
            "from": rfc3339(report.period.start),
            "to": rfc3339(report.period.end),
            "to_date": report.is_to_date,
        },
        "where": list(report.conditions),
        "open_now": [_open_now(incident, report) for incident in report.cohort.open_now],
        "incidents": [_of_the_period(incident, report) for incident in report.incidents],
        "counts": _counts(report),
        "metrics": [_metric(measurement) for measurement in report.measurements],
        "excluded": [
            {**_name(entry.incident), "reason": entry.reason, "into": entry.into} for entry in report.cohort.excluded
        ],
        "quality": _quality(report, vault),
        "documentation": as_object(report.documentation, vault, of="properties") if report.documentation else None,
    }


def incident_object(incident: Incident) -> dict[str, Any]:
    """Return one incident with its moments; one that nobody set is null."""
    return {
        "id": str(incident.id),
        "uid": incident.uid,
        "path": incident.path,
        "status": str(incident.status) if incident.status else None,
        "severity": str(incident.severity) if incident.severity else None,
        "title": incident.title,
        **{name: rfc3339(at) if (at := incident.at(name)) else None for name in MOMENTS},
    }


def _name(incident: Incident) -> dict[str, Any]:
    return {"id": str(incident.id), "path": incident.path, "title": incident.title}


def _of_the_period(incident: Incident, report: Report) -> dict[str, Any]:
    return {
        **incident_object(incident),
        "category": incident.category,
        "services": list(incident.services),
        "detected_by": incident.detected_by,
        "duplicates": list(report.cohort.duplicates.get(incident.path, ())),
        "reopened": len(incident.pauses),
        "active": _active(incident, report),
    }


def _active(incident: Incident, report: Report) -> int | dict[str, int] | None:
    """Return how long a reopened incident was worked on up to its last end, without the pauses in between; open ones longer."""
    found = observe(incident, IN_ALL, report.as_of)
    active = active_seconds(incident, found, report.as_of) if isinstance(found, Complete | Running) else None
    return {"gt": active} if active is not None and isinstance(found, Running) else active


def _open_now(incident: Incident, report: Report) -> dict[str, Any]:
    since = date_of(incident, report.as_of)
    return {
        **_name(incident),
        "status": str(incident.status) if incident.status else None,
        "severity": str(incident.severity) if incident.severity else None,
        "commander": commander_of(incident),
        "since": rfc3339(since) if since else None,
        "age": max(seconds_between(since, report.as_of), 0) if since else None,
        "in_period": since is not None and since in report.period,
    }


def _counts(report: Report) -> dict[str, Any]:
    counts = report.counts
    return {
        "total": counts.total,
        "open": counts.open,
        "unknown": counts.unknown,
        "by_severity": dict(counts.by_severity),
        "by_status": dict(counts.by_status),
        "by_category": dict(counts.by_category),
        "by_service": dict(counts.by_service),
        "duplicates": counts.duplicates,
        "declined": counts.declined,
        "excluded": counts.excluded,
    }


def _metric(measurement: Measurement) -> dict[str, Any]:
    interval = measurement.interval
    longest = measurement.longest_incident
    return {
        "id": measurement.metric.id,
        "label": measurement.metric.label,
        "unit": "seconds",
        "n": measurement.n,
        "open": len(measurement.running),
        "missing": len(measurement.missing),
        "anomalous": len(measurement.anomalous),
        "from_page": measurement.from_page,
        "median": _quantity(measurement.median),
        "median_ci": [interval.low, interval.high] if interval else None,
        "ci_level": interval.level if interval else None,
        "p90": _quantity(measurement.p90),
        "longest": measurement.longest,
        "longest_id": str(longest.id) if longest else None,
        "mean": measurement.mean,
        "total": measurement.total,
        "values": [_quantity(value) for value in measurement.listed] if measurement.is_listed else None,
        "method": measurement.method,
    }


def _quantity(value: float | Beyond | None) -> Any:
    return {"gt": value.bound} if isinstance(value, Beyond) else value


def _quality(report: Report, vault: str | None) -> dict[str, Any]:
    missing = [(measurement.metric, gap) for measurement in report.measurements for gap in measurement.missing]
    anomalous = [anomaly for measurement in report.measurements for anomaly in measurement.anomalous]
    return {
        "problems": [
            {
                "path": problem.path,
                "line": problem.line,
                "code": problem.code,
                "message": problem.message,
                **_hint(problem.hint, vault),
            }
            for problem in report.problems
        ],
        "anomalies": [
            {
                "metric": anomaly.metric.id,
                "id": str(anomaly.incident.id),
                "path": anomaly.incident.path,
                "line": anomaly.line,
                "fields": list(anomaly.fields),
                "seconds": anomaly.seconds,
                **_hint(anomaly.remedy, vault),
            }
            for anomaly in anomalous
        ],
        "missing": [
            {
                "metric": metric.id,
                "id": str(gap.incident.id),
                "path": gap.incident.path,
                "reason": gap.reason,
                "field": gap.field,
                **_hint(gap.remedy, vault),
            }
            for metric, gap in missing
        ],
        "undated": [_name(incident) for incident in report.cohort.undated],
    }


def _hint(text: Text | None, vault: str | None) -> dict[str, Any]:
    """Return what helps as it is read, and as it is run where it is one command."""
    return {
        "hint": None if text is None else shown(text, command=lambda command: command.text(vault)),
        "argv": list(text.argv(vault)) if isinstance(text, Command) else None,
    }
