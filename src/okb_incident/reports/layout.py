"""The content of a report for people, in its order and its words; the renderers only set it.

Texts from notes are here as they are. Each renderer makes them safe for its own reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.metrics.cohort import date_of
from okb_incident.core.metrics.metrics import IN_ALL, METRICS, Complete, Running, active_seconds, observe
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.reports import documentation
from okb_incident.reports.findings import findings
from okb_incident.reports.page import Column, Link, ReportSection, Table
from okb_incident.reports.report import commander_of, severity_of, status_of, urgency
from okb_incident.reports.words import counted, longest_of, median_of, moment, number, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.metrics import Metric
    from okb_incident.reports.report import Report

#: How many rows a terminal shows; the note shows all, for it is the record.
ROWS = 10
ROWS_OPEN = 20
UNSET = "–"
HEADS = ("n", "open", "miss", "anom")
"""Of the columns that count incidents, where there is little room."""
HEADS_IN_NOTE = ("incidents", "open", "without a time", "unusable")
LEGEND = (
    "{}: how many have both times. {}: still running, counted as at least the time so far. {}: one of the two times is not "
    "recorded. {}: the end is before the start. No time is assumed."
)
LEGEND_OF_MEDIAN = (
    "median [interval] level: half of the durations are longer; the true median is in the interval at that level of confidence. KM: "
    "a Kaplan–Meier estimate, because some incidents are open. Fewer than five durations are listed one by one."
)
METHOD = (
    "An incident belongs to the period in which it started, or, if the start is not recorded, was detected or declared. Duplicates "
    "count as the incident into which they were merged, with the earliest start, detection, declaration and acknowledgement of "
    "them all. Drills, maintenance, announcements and declined incidents are listed but not measured."
)
BY_ID = {metric.id: metric for metric in METRICS}
ACTIVE = "active"


def title(report: Report) -> str:
    """Return the report's title."""
    begun = report.period.start <= report.as_of
    suffix = "" if not report.is_to_date else " to date" if begun else ", not begun yet"
    return f"Incident report {report.period.label}{suffix}"


def opening(report: Report) -> tuple[str, ...]:
    """Return the lines under the title: which time it is about, and what it found in one sentence."""
    counts = report.counts
    beside = [
        words
        for count, words in (
            (counts.duplicates, counted(counts.duplicates, "duplicate")),
            (counts.declined, f"{counts.declined} declined"),
            (counts.excluded, f"{counts.excluded} excluded"),
        )
        if count
    ]
    sentence = counted(counts.total, "incident") + (f" (+ {', '.join(beside)})" if beside else "")
    sentence += f", {counts.open} of them open" if counts.total else ""
    sentence += f", {counts.unknown} in an unknown state" if counts.unknown else ""
    waiting = report.cohort.open_now
    unknown = sum(incident.status is None for incident in waiting)
    everywhere = len(waiting) - unknown
    if (everywhere, unknown) != (counts.open, counts.unknown):
        sentence += (
            f"; {everywhere} open" + (f" and {unknown} in an unknown state" if unknown else "") + " in the whole vault"
        )
    sentence += "."
    where = (f"Only where {' and '.join(report.conditions)}.",) if report.conditions else ()
    return (
        f"{span(report.period, report.zone)}, {report.zone_name}; as of {moment(report.as_of, report.zone)}",
        *where,
        sentence,
    )


def sections(report: Report, *, whole: bool) -> tuple[ReportSection, ...]:
    """Return the sections, what needs someone first.

    Args:
        report: What to show.
        whole: With every row and the columns that a page has room for and a terminal has not.
    """
    found = (
        _open_now(report, whole=whole),
        _incidents(report, whole=whole),
        _counts(report, whole=whole),
        _times(report, whole=whole),
    )
    aside = (_excluded(report, whole=whole),) if report.cohort.excluded else ()
    quality = findings(report, whole=whole)
    doubts = (ReportSection("Data quality", findings=quality.shown, notes=quality.notes),)
    documented = (documentation.section(report.documentation, whole=whole),) if report.documentation else ()
    return (*found, *aside, *doubts, *documented, ReportSection("How it was counted", notes=_method(report)))


def _open_now(report: Report, *, whole: bool) -> ReportSection:
    waiting = sorted(report.cohort.open_now, key=lambda incident: (urgency(incident), *_dated(incident, report.as_of)))
    shown = waiting if whole else waiting[:ROWS_OPEN]
    rows = []
    for incident in shown:
        since = date_of(incident, report.as_of)
        age = show_seconds(max(seconds_between(since, report.as_of), 0)) if since else UNSET
        place = "this" if since is not None and since in report.period else "earlier" if since else UNSET
        if since is not None and since >= report.period.end:
            place = "later"
        who = commander_of(incident) or "nobody"
        id_ = str(incident.id)
        rows.append((id_, severity_of(incident), status_of(incident), age, place, who, Link(id_, incident.headline)))
    columns = (
        Column("id", whole=True),
        Column("severity"),
        Column("status", whole=True),
        Column("age", right=True, whole=True),
        Column("period"),
        Column("commander"),
        Column("title", elastic=True),
    )
    notes = _rest(len(waiting) - len(shown))
    return ReportSection(f"Open now ({len(waiting)})", Table(columns, tuple(rows)), notes=notes)


def _incidents(report: Report, *, whole: bool) -> ReportSection:
    ranked = sorted(report.incidents, key=lambda incident: (urgency(incident), *_dated(incident, report.as_of)))
    shown = ranked if whole else ranked[:ROWS]
    middle = ("ttd.started_detected", "ttm.started_mitigated") if whole else ()
    columns = (
        Column("id", whole=True),
        Column("severity"),
        Column("status", whole=True),
        Column("started"),
        *(Column(f"{BY_ID[name].end} after", right=True, whole=True) for name in middle),
        Column("lasted", right=True, whole=True),
        *((Column("services"), Column("detected by")) if whole else ()),
        Column("title", elastic=True),
    )
    rows = []
    for incident in shown:
        id_ = str(incident.id)
        facts = (", ".join(incident.services) or UNSET, incident.detected_by or UNSET) if whole else ()
        row = (
            id_,
            severity_of(incident),
            status_of(incident),
            _began(incident, report),
            *(_lasted(incident, BY_ID[name], report.as_of) for name in middle),
            _lasted_in_all(incident, report.as_of),
            *facts,
            Link(id_, incident.headline),
        )
        rows.append(row)
    notes = (
        ["≤: the start is not recorded; the time is that of the detection or declaration."]
        if any("≤" in row[3] for row in rows)
        else []
    )
    if any(ACTIVE in cell for row in rows for cell in row if isinstance(cell, str)):
        notes.append("active: without the time between a resolution and a reopening.")
    notes += _rest(len(ranked) - len(shown))
    heading = f"Incidents in {report.period.label} ({len(ranked)}), worst first, times in {report.zone_name}"
    return ReportSection(heading, Table(columns, tuple(rows)), notes=tuple(notes))


def _dated(incident: Incident, as_of: datetime) -> tuple[str, str, str]:
    """Order by date, then id; moments in UTC sort as text, and what has none comes last."""
    since = date_of(incident, as_of)
    return since.isoformat() if since else "~", str(incident.id), incident.path


def _began(incident: Incident, report: Report) -> str:
    since = date_of(incident, report.as_of)
    assert since is not None, "an incident of a period has a date"
    mark = "" if since == incident.at("started") else "≤ "
    started = incident.moments.get("started")
    day_only = started is not None and started.day_only and not mark
    return mark + moment(since, report.zone, day_only=day_only)


def _lasted_in_all(incident: Incident, as_of: datetime) -> str:
    """Return how long an incident lasted up to its last end, and next to it how much of that it was worked on."""
    found = observe(incident, IN_ALL, as_of)
    lasted = _lasted(incident, IN_ALL, as_of)
    active = active_seconds(incident, found, as_of) if isinstance(found, Complete | Running) else None
    return lasted if active is None else f"{lasted} ({ACTIVE} {show_seconds(active)})"


def _lasted(incident: Incident, metric: Metric, as_of: datetime) -> str:
    found = observe(incident, metric, as_of)
    if isinstance(found, Running):
        return f"> {show_seconds(found.seconds)}"
    return show_seconds(found.seconds) if isinstance(found, Complete) else UNSET


def _counts(report: Report, *, whole: bool) -> ReportSection:
    counts = report.counts
    if not counts.total:
        return ReportSection("Counts")
    rows = (
        ("by severity", _listing(counts.by_severity, whole=whole)),
        ("by status", _listing(counts.by_status, whole=whole)),
        ("by category", _listing(counts.by_category, whole=whole)),
        ("by service", _listing(counts.by_service, whole=whole)),
    )
    several = sum(counts.by_service.values()) > counts.total
    notes = ("An incident counts under each of its services.",) if several else ()
    return ReportSection(
        "Counts", Table((Column(""), Column("incidents", elastic=True, wraps=True)), rows), notes=notes
    )


def _listing(counts: Mapping[str, int], *, whole: bool) -> str:
    entries = [f"{label}: {count}" for label, count in counts.items()]
    shown = entries if whole else entries[:ROWS]
    return ", ".join(shown) + (f" and {len(entries) - len(shown)} more" if len(entries) > len(shown) else "")


def _times(report: Report, *, whole: bool) -> ReportSection:
    if not report.incidents:
        return ReportSection("Times")
    heads = HEADS_IN_NOTE if whole else HEADS
    columns = (
        Column("from → to"),
        *((Column("duration"),) if whole else ()),
        *(Column(head, right=True, whole=True) for head in heads),
        Column("median [interval]"),
        *((Column("p90", right=True, whole=True),) if whole else ()),
        Column("longest"),
    )
    rows = []
    for measurement in report.measurements:
        longest = measurement.longest_incident
        row = (
            measurement.metric.ends,
            *((measurement.metric.label,) if whole else ()),
            str(measurement.n),
            str(len(measurement.running)),
            str(len(measurement.missing)),
            str(len(measurement.anomalous)),
            median_of(measurement),
            *((number(measurement.p90) if measurement.p90 is not None else UNSET,) if whole else ()),
            Link(str(longest.id), str(longest.id), before=longest_of(measurement)) if longest else UNSET,
        )
        rows.append(row)
    return ReportSection("Times", Table(columns, tuple(rows)), notes=_about_times(report, heads))


def _about_times(report: Report, heads: Sequence[str]) -> tuple[str, ...]:
    notes = [LEGEND.format(*heads)]
    if any(not measurement.is_listed for measurement in report.measurements):
        notes.append(LEGEND_OF_MEDIAN)
    partial = [
        f"{measurement.metric.ends} covers {measurement.covered} of {measurement.size}"
        for measurement in report.measurements
        if 5 * (measurement.size - measurement.covered) > measurement.size
    ]
    if partial:
        notes.append(f"More than a fifth of the incidents lack a time: {'; '.join(partial)}.")
    pages = max(measurement.from_page for measurement in report.measurements)
    if pages:
        notes.append(f"detected → acknowledged counts from the first page in {counted(pages, 'incident')}.")
    return tuple(notes)


def _excluded(report: Report, *, whole: bool) -> ReportSection:
    excluded = report.cohort.excluded
    shown = excluded if whole else excluded[:ROWS]
    rows = tuple(
        (
            str(entry.incident.id),
            f"merged into {entry.into}" if entry.into else entry.reason,
            Link(str(entry.incident.id), entry.incident.headline),
        )
        for entry in shown
    )
    columns = (Column("id", whole=True), Column("why"), Column("title", elastic=True))
    return ReportSection(
        f"Not counted ({len(excluded)})", Table(columns, rows), notes=_rest(len(excluded) - len(shown))
    )


def _rest(count: int) -> tuple[str, ...]:
    return (f"and {count} more; the Markdown and JSON forms list all.",) if count else ()


def _method(report: Report) -> tuple[str, ...]:
    version = f"Made by okb-incident {report.version}; the same notes and the same time give the same report."
    return METHOD, version
