"""Incidents as values, for the tests that compute and show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from okb_incident.core.incident.incident import Incident
from okb_incident.core.values.identity import IdPattern
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.period import week_of
from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.severity import DEFAULT_SCALE
from okb_incident.core.values.status import Status
from okb_incident.reports.report import ReportTerms, build

if TYPE_CHECKING:
    from okb_incident.core.values.moment import Moment
    from okb_incident.core.values.period import Period
    from okb_incident.core.values.severity import Severity
    from okb_incident.reports.report import Report

BERLIN = ZoneInfo("Europe/Berlin")
WEEK_28 = week_of(datetime(2026, 7, 6, tzinfo=UTC).date(), UTC)
AS_OF = datetime(2026, 7, 13, 9, tzinfo=UTC)


def when(text: str) -> datetime:
    """Read a moment of July 2026, or a full one, in UTC."""
    return read_moment(text if len(text) > 11 else f"2026-{text}", UTC).at


def made(
    number: int, status: str | None = "resolved", *, severity: str | Severity | None = "SEV3", **given: Any
) -> Incident:
    """Make an incident; moments are given by name as ``07-06 09:00`` of 2026, as a bare ``2026-07-06``, or in full."""
    found = IdPattern().read(f"INC-20260706-{number:02d}")
    assert found is not None
    moments: dict[str, Moment] = {}
    for name in MOMENTS:
        text = given.pop(name, None)
        if text:
            moments[name] = read_moment(text if text[:4].isdigit() else f"2026-{text}", UTC)
    fields: dict[str, Any] = {
        "id": found,
        "path": f"incidents/2026/{found}.md",
        "title": f"Incident {number}",
        "status": Status(status) if status else None,
        "severity": DEFAULT_SCALE.read(severity) if isinstance(severity, str) else severity,
        "moments": moments,
        "lines": {name: 10 + place for place, name in enumerate(moments)},
        **given,
    }
    return Incident(**fields)


def fixture_8b() -> list[Incident]:
    """The seven notes of one week that were computed by hand: a reopened one, a duplicate, a false alarm, two with faults."""
    return [
        made(
            1,
            started="07-06 09:00",
            detected="07-06 09:06",
            acknowledged="07-06 09:09",
            mitigated="07-06 09:40",
            resolved="07-06 10:10",
        ),
        made(
            2,
            started="07-07 10:00",
            detected="07-07 10:00",
            acknowledged="07-07 10:05",
            first_resolved="07-07 11:00",
            resolved="07-07 13:30",
        ),
        made(
            3,
            "investigating",
            started="07-12 23:00",
            detected="07-12 23:10",
            acknowledged="07-12 23:12",
        ),
        made(
            4,
            started="07-08 12:00",
            detected="07-08 11:30",
            acknowledged="07-08 11:40",
            resolved="07-08 14:00",
        ),
        made(
            5,
            started="07-06 09:02",
            detected="07-06 09:04",
            acknowledged="07-06 09:20",
            resolved="07-06 09:50",
            duplicate_of="INC-20260706-01",
        ),
        made(6, "declined", started="07-09 03:00", detected="07-09 03:00"),
        made(7, detected="07-09 08:00", acknowledged="07-09 08:30", resolved="07-09 09:00"),
    ]


def report_on(incidents: list[Incident], **given: Any) -> Report:
    """Build the report on the week of the fixture."""
    period: Period = given.pop("period", WEEK_28)
    problems, wanted = given.pop("problems", ()), given.pop("wanted", lambda _: True)
    conditions = tuple(given.pop("conditions", ()))
    terms = ReportTerms(period, AS_OF, UTC, "UTC", "0.1.0", conditions)._replace(**given)
    return build(incidents, problems, terms, wanted)
