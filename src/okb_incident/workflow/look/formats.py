"""The forms in which a reader can ask for a report, a brief, a timeline or a table; each function loads only its renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from okb_incident.core.guidance.brief import Brief
    from okb_incident.core.metrics.documentation import Documentation
    from okb_incident.core.review.lessons import Lessons
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.reports.page import ReportSection
    from okb_incident.reports.report import Report
    from okb_incident.workflow.session import Session


REPORT_FORMATS = ("text", "markdown", "json")
TABLE_FORMATS = ("table", "csv", "json")


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


class ReportPage(NamedTuple):
    """A report as a terminal shows it.

    Attributes:
        title: Its title.
        opening: The lines under the title.
        sections: Its sections, with the rows that a terminal has room for.
    """

    title: str
    opening: tuple[str, ...]
    sections: tuple[ReportSection, ...]


def report_page(report: Report) -> ReportPage:
    """Return a report in parts, for a terminal to set."""
    from okb_incident.reports import layout

    return ReportPage(layout.title(report), layout.opening(report), layout.sections(report, whole=False))


def documentation_page(documentation: Documentation, zone_name: str, *, bars: bool) -> ReportPage:
    """Return the quality of the documentation in parts, for a terminal to set."""
    from okb_incident.reports import documentation as document

    opening = document.opening(documentation, zone_name)
    return ReportPage(document.title(documentation), opening, document.page(documentation, bars=bars))


def documentation_document(session: Session, documentation: Documentation) -> str:
    """Return the quality of the documentation as text."""
    from okb_incident.reports import as_text

    page = documentation_page(documentation, session.zone_name, bars=False)
    return as_text.page(page.title, page.opening, page.sections, session.given_vault).rstrip("\n")


def documentation_object(session: Session, documentation: Documentation) -> dict[str, Any]:
    """Return the quality of the documentation as plain data."""
    from okb_incident.reports.documentation_object import as_object

    return as_object(documentation, session.given_vault, of="notes")


def brief_document(brief: Brief) -> str:
    """Return a brief as Markdown."""
    from okb_incident.reports import brief as document

    return document.as_markdown(brief)


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


def lessons_object(session: Session, lessons: Lessons) -> dict[str, Any]:
    """Return lessons as plain data."""
    from okb_incident.reports import lessons as document

    return document.as_object(lessons, session.given_vault)


def csv_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV with a header line."""
    from okb_incident.reports import as_csv

    return as_csv.render(columns, rows)
