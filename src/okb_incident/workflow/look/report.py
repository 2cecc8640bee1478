"""The report: read the vault, measure, write the note if asked."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident import __version__
from okb_incident.core.incident.query import matches, read_filter
from okb_incident.core.metrics.documentation import MONTHS, DeclaredIncident, Notes, of_period
from okb_incident.core.values.period import choose_period, months_to
from okb_incident.reports.report import ReportTerms, build
from okb_incident.vault.index.answer import load
from okb_incident.vault.index.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from okb_incident.core.metrics.documentation import Documentation
    from okb_incident.core.values.period import Period
    from okb_incident.reports.report import Report
    from okb_incident.vault.read.loaded import Loaded
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


PLACE = "incident-report-is-here"
"""What a template is given for the report."""


class TypedPeriod(NamedTuple):
    """A period as typed; without any option it is the current ISO week to date.

    Attributes:
        week: ``2026-W48``, ``last`` or ``this``.
        last: The time up to now: ``7d``.
        first_day: The first day.
        end_day: The day after the last one.
    """

    week: str | None = None
    last: str | None = None
    first_day: str | None = None
    end_day: str | None = None


def make_report(call: Call, typed: TypedPeriod, where: Sequence[str]) -> Report:
    """Measure a period. Restricted incidents count only where they are asked for.

    Raises:
        UsageError: The period or a condition cannot be read.
    """
    session, restricted = call.session, call.shared.restricted
    period = choose_period(now=session.now, zone=session.zone, **typed._asdict())
    conditions = [read_filter(text) for text in where]
    selection = Selection.about(period, session.now)
    # What was asked for by a condition is not known of incidents that are not read.
    months = None if where else months_to(_last_day(period, session), session.zone, MONTHS)
    loaded = load(
        session.vault,
        everything=True,
        include_restricted=restricted,
        selection=selection,
        declared_since=months.start if months else None,
    )
    terms = ReportTerms(
        period,
        session.now,
        session.zone,
        session.zone_name,
        __version__,
        tuple(where),
        restricted,
        loaded.hidden,
        session.vault.settings.window,
    )
    return build(
        loaded.incidents,
        loaded.problems,
        terms,
        wanted=lambda incident: all(matches(incident, each, session.vault.settings) for each in conditions),
        documentation=documentation_of(session, loaded, months) if months else None,
    )


def _last_day(period: Period, session: Session) -> date:
    """Return the last day of a period, or the day of the report where the period is not over; the first of one not begun."""
    last = max(min(period.end - timedelta(microseconds=1), session.now), period.start)
    return last.astimezone(session.zone).date()


def documentation_of(session: Session, loaded: Loaded, months: Period) -> Documentation:
    """Count by month of declaration what the properties of notes lack, from what the index holds of them.

    Args:
        session: The session.
        loaded: What was read, with the incidents declared in these months.
        months: The months.
    """
    incidents = [*loaded.declared, *map(DeclaredIncident.of, loaded.incidents)]
    findings = (problem for problem in loaded.problems if problem.path not in loaded.foreign)
    notes = Notes(incidents, session.vault.settings.ids)
    return of_period(notes, findings, months, session.now, session.zone)


def save_report(call: Call, report: Report) -> str:
    """Write the report note into the vault; what people wrote around the generated part stays.

    Returns:
        The note, relative to the vault.

    Raises:
        OkbError: The vault cannot be written.
    """
    # Most reports are only looked at.
    from okb_incident.reports import as_markdown  # noqa: PLC0415
    from okb_incident.vault.disk import lock  # noqa: PLC0415
    from okb_incident.vault.note import frontmatter  # noqa: PLC0415
    from okb_incident.vault.note.note import decode, encode  # noqa: PLC0415
    from okb_incident.vault.write.commit import Create, Edit, commit  # noqa: PLC0415
    from okb_incident.vault.yaml.scalar import Plain  # noqa: PLC0415

    session = call.session
    session.about_to_write()
    year = report.period.label[:4] if report.period.label[:4].isdigit() else str(session.now.year)
    path = f"{session.vault.settings.folders.reports}/{year}/Incident report {report.period.label}.md"
    # Moments are unquoted, as Obsidian writes them.
    properties = {
        key: Plain(value) if key in {"period", "from", "to", "as_of"} else value
        for key, value in as_markdown.frontmatter(report).items()
    }
    region = as_markdown.region(report)
    real = os.path.join(session.vault.root, path)

    def renew(data: bytes) -> bytes:
        text = as_markdown.renewed(decode(data), region)
        for key, value in properties.items():
            text = frontmatter.set_property(text, key, value, tuple(properties), path=path)
        return encode(text)

    with lock.hold(session.vault.root, "incident report"):
        step = (
            Edit(path, renew)
            if os.path.lexists(real)
            else Create(path, encode(as_markdown.renewed(_new_note(session, report, region, properties, path), region)))
        )
        commit(session.vault.root, [step], command="incident report", by=session.known_actor)
    return path


def _new_note(session: Session, report: Report, region: str, properties: Mapping[str, str | int], path: str) -> str:
    """Return the note of a report, made from its template.

    What a template inserts cannot begin or end a remark, as the marks of the report do; so the report takes the place of a word.
    """
    from okb_incident.workflow.document import compose  # noqa: PLC0415

    text = compose(session, "report", {"report": PLACE, "period": report.period.label}, properties, path=path)
    return text.replace(PLACE, region, 1)
