"""The forms in which a reader can ask for a report, a brief, a timeline or a table; each function loads only its renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Group

    from okb_incident.core.guidance.brief import Brief
    from okb_incident.core.review.lessons import Lessons
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.reports.report import Report
    from okb_incident.workflow.session import Session


def report_document(session: Session, report: Report, form: str) -> str:
    """Return a report as ``text``, ``markdown`` or ``json``."""
    if form == "json":
        from okb_incident.reports import as_json

        return as_json.render(report, session.given_vault)
    if form == "markdown":
        from okb_incident.reports import as_markdown

        return as_markdown.region(report).rstrip("\n")
    from okb_incident.reports import as_text

    return as_text.render(report, session.given_vault).rstrip("\n")


def report_on_terminal(session: Session, report: Report) -> Group:
    """Return a report for rich to print."""
    from okb_incident.reports import as_table

    return as_table.render(report, session.given_vault)


def brief_document(brief: Brief, *, markdown: bool) -> str:
    """Return a brief as Markdown or as plain text."""
    from okb_incident.reports import brief as document

    return document.as_markdown(brief) if markdown else document.as_text(brief)


def timeline_table(session: Session, entries: Sequence[TimelineEntry], *, public: bool) -> str:
    """Return entries of a timeline as a Markdown table."""
    from okb_incident.reports import timeline

    return timeline.as_table(entries, session.zone, session.zone_name, public=public)


def public_timeline(session: Session, entries: Sequence[TimelineEntry]) -> str:
    """Return external entries of a timeline as a list that can be published."""
    from okb_incident.reports import timeline

    return timeline.as_public(entries, session.zone, session.zone_name)


def timeline_chart(session: Session, record: Record, *, public: bool) -> str:
    """Return a timeline as a Mermaid chart, which Obsidian draws."""
    from okb_incident.reports import timeline

    return timeline.as_mermaid(record, session.now, public=public)


def lessons_document(lessons: Lessons) -> str:
    """Return lessons as Markdown; empty if there are none."""
    from okb_incident.reports import lessons as document

    return document.as_markdown(lessons)


def lessons_object(lessons: Lessons) -> dict[str, Any]:
    """Return lessons as plain data."""
    from okb_incident.reports import lessons as document

    return document.as_object(lessons)


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV with a header line."""
    from okb_incident.reports import as_csv

    return as_csv.render(columns, rows)
