"""Findings by month of declaration: which incident counts where, and when a kind is said to grow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from tests.records import T0, incident_of

from okb_incident.core.metrics.documentation import DeclaredIncident, Notes, of_period
from okb_incident.core.metrics.growth import Share
from okb_incident.core.values.identity import IdPattern
from okb_incident.core.values.period import choose_period, months_to
from okb_incident.core.values.problem import Problem

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2026, 11, 29, 12, tzinfo=UTC)
YEAR = months_to(AS_OF.date(), UTC, 12)
IDS = IdPattern()


def id_of(text):
    known = IDS.read(text)
    assert known is not None
    return known


def path_of(which, rest=""):
    return f"incidents/{which[4:8]}/{which}{rest}.md"


def declared(which, at="", *, is_open=False):
    known = id_of(which)
    day = known.day
    when = datetime.fromisoformat(at) if at else datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return DeclaredIncident(known, path_of(which), when, is_open)


def fault(where, code="timeline", line=None):
    return Problem(where if "/" in where else path_of(where), line, code, "something is wrong")


def counted(incidents, findings=(), *, period=YEAR, as_of=AS_OF, zone=UTC):
    return of_period(Notes(incidents, IDS), findings, period, as_of, zone)


def table(found):
    return {month.name: month.counts for month in found.months}


def test_the_findings_of_note_and_companions_count_in_the_month_of_the_declaration():
    findings = [
        fault("INC-20261002-01", line=1),
        fault("INC-20261002-01", line=2),
        fault(path_of("INC-20261002-01", " review"), "mojibake"),
        fault("INC-20261101-01", "bad-moment"),
    ]
    found = counted([declared("INC-20261002-01"), declared("INC-20261003-01"), declared("INC-20261101-01")], findings)
    october, november = found.months
    assert (october.name, october.counts, october.incidents, october.faulty) == ("2026-10", (0, 3), 2, 1)
    assert (october.findings, october.median) == (3, 1.5)
    assert list(october.kinds.items()) == [("timeline", 2), ("mojibake", 1)], "the most frequent first"
    assert not october.is_running
    assert november.is_running
    assert november.faulty == 1, "one finding is enough"
    assert (found.whole.counts, found.whole.open) == ((0, 1, 3), 0)
    assert [(kind.code, kind.findings, kind.incidents) for kind in found.kinds] == [
        ("timeline", 2, 1),
        ("bad-moment", 1, 1),
        ("mojibake", 1, 1),
    ]


def test_a_month_begins_in_the_zone_of_the_vault():
    late = declared("INC-20261101-01", "2026-10-31T23:30:00+00:00")
    assert table(counted([late])) == {"2026-10": (0,)}
    assert table(counted([late], zone=BERLIN)) == {"2026-11": (0,)}


def test_a_renamed_note_is_known_by_its_path():
    renamed = declared("INC-20261002-01")._replace(path="archive/Card payments.md")
    found = counted([renamed], [fault("archive/Card payments.md")])
    assert (table(found), found.elsewhere) == ({"2026-10": (1,)}, 0)


def test_without_a_readable_declaration_the_day_of_the_id_counts_and_the_incident_is_named():
    known = DeclaredIncident(id_of("INC-20260905-01"), path_of("INC-20260905-01"), None)
    # The second one is known only by the name of a note that cannot be read at all.
    found = counted([known], [fault("INC-20260905-01", "bad-moment"), fault("INC-20260906-02", "bad-yaml")])
    assert table(found) == {"2026-09": (1, 1)}
    assert [str(each) for each in found.by_id] == ["INC-20260905-01", "INC-20260906-02"]


def test_the_day_of_an_id_is_in_the_period_from_its_first_day_to_its_last():
    ids = [id_of(f"INC-{day}-01") for day in ("20251130", "20251201", "20261130", "20261201")]
    found = counted([DeclaredIncident(each, path_of(each.text), None) for each in ids])
    assert [each.text for each in found.by_id] == ["INC-20251201-01", "INC-20261130-01"]


def test_an_id_of_the_first_or_last_day_of_the_calendar_stops_nothing():
    first, last = (DeclaredIncident(id_of(f"INC-{day}-01"), "x.md", None) for day in ("00010101", "99991231"))
    found = counted([first, last._replace(path="y.md")], [fault("x.md/x.md", "bad-yaml")], zone=BERLIN)
    assert (found.months, found.by_id) == ((), ())


def test_what_is_not_in_a_month_is_counted_apart_so_that_all_adds_up():
    findings = [
        fault("INC-20251130-01"),
        fault("INC-20251201-01"),
        fault("INC-20261201-01"),
        fault("services/checkout.md", "mojibake"),
    ]
    found = counted([declared("INC-20251130-01"), declared("INC-20251201-01"), declared("INC-20261201-01")], findings)
    assert (table(found), found.outside, found.elsewhere) == ({"2025-12": (1,)}, 2, 1)


def test_a_month_without_incidents_is_shown_between_others_and_a_long_gap_is_not():
    found = counted([declared("INC-20260801-01"), declared("INC-20261001-01")])
    assert table(found) == {"2026-08": (0,), "2026-09": (), "2026-10": (0,)}
    assert found.months[1].median is None
    long_ago = choose_period(now=AS_OF, zone=UTC, first_day="1970-01-01")
    found = counted([declared("INC-19700101-01"), declared("INC-20261001-01")], period=long_ago)
    assert list(table(found)) == ["1970-01", "2026-10"]
    ancient = choose_period(now=AS_OF, zone=UTC, first_day="0002-01-01")
    assert list(table(counted([declared("INC-00020101-01")], period=ancient))) == ["0002-01"]
    assert len(counted([declared("INC-20250101-01"), declared("INC-20260201-01")], period=long_ago).months) == 14
    assert len(counted([declared("INC-20250101-01"), declared("INC-20260301-01")], period=long_ago).months) == 2


def test_an_empty_vault_has_no_months():
    found = counted([])
    assert (found.months, found.kinds, found.whole.median, found.growing) == ((), (), None, ())
    assert found.comparison is not None
    assert not found.comparison.can_tell


def test_a_month_of_which_the_period_holds_a_part_says_so():
    middle = choose_period(now=AS_OF, zone=UTC, first_day="2026-09-15", end_day="2026-11-10")
    incidents = [declared(f"INC-2026{day}-01") for day in ("0920", "1001", "1105")]
    assert [(month.name, month.is_part, month.is_running) for month in counted(incidents, period=middle).months] == [
        ("2026-09", True, False),
        ("2026-10", False, False),
        ("2026-11", False, True),
    ]


def several(month, count, **given):
    return [declared(f"INC-2026{month:02d}{number:02d}-01", **given) for number in range(1, count + 1)]


def test_a_kind_grows_if_a_larger_share_of_the_recent_incidents_has_it_than_chance_explains():
    before, recent = several(6, 4), several(9, 4)
    found = counted([*before, *recent], [fault(each.path) for each in recent])
    comparison = found.comparison
    assert (comparison.first, comparison.turn, comparison.last) == (2026 * 12 + 4, 2026 * 12 + 7, 2026 * 12 + 9)
    assert (comparison.before, comparison.recent) == (4, 4)
    (kind,) = found.growing
    assert (kind.before, kind.recent) == (Share(0, 4), Share(4, 4))
    assert float(kind.chance) == pytest.approx(0.014285714285714284), "as scipy's fisher_exact has it"


def test_the_same_faults_in_the_earlier_months_are_no_growth():
    before, recent = several(6, 4), several(9, 4)
    found = counted([*before, *recent], [fault(each.path) for each in before])
    assert (found.growing, found.kinds[0].chance) == ((), None)
    found = counted([*before, *recent], [fault(each.path) for each in (*before, *recent)])
    assert (found.growing, float(found.kinds[0].chance)) == ((), 1)


def test_forty_faults_in_one_note_are_one_incident_with_faults():
    before, recent = several(6, 8), several(9, 8)
    found = counted([*before, *recent], [fault(recent[0].path, line=line) for line in range(40)])
    assert found.kinds[0].findings == 40
    assert found.growing == ()


def test_of_many_kinds_one_that_chance_brings_is_not_said_to_grow():
    before, recent = several(6, 4), several(9, 4)
    findings = [fault(each.path, code) for each in recent for code in ("timeline", "mojibake", "bom", "encoding")]
    found = counted([*before, *recent], findings)
    assert found.growing == (), "4 × 0.0143 is more than 0.05"
    assert float(found.kinds[0].chance) == pytest.approx(4 / 70)


def test_a_chance_of_exactly_one_in_twenty_is_not_enough():
    before, recent = several(6, 12), several(9, 4)
    found = counted([*before, *recent], [fault(each.path) for each in recent[:2]])
    assert found.kinds[0].chance == Fraction(1, 20)
    assert found.comparison.can_tell
    assert found.growing == ()


def test_three_against_three_are_too_few_to_say_anything():
    before, recent = several(6, 3), several(9, 3)
    found = counted([*before, *recent], [fault(each.path) for each in recent])
    assert not found.comparison.can_tell
    assert (found.kinds[0].recent, found.kinds[0].chance) == (Share(3, 3), None)


def test_neither_the_running_month_nor_open_incidents_are_compared():
    incidents = [*several(6, 4), *several(9, 4), *several(10, 5, is_open=True), *several(11, 6)]
    found = counted(incidents, [fault(each.path) for each in several(11, 6)])
    assert (found.comparison.before, found.comparison.recent) == (4, 4)
    assert found.growing == ()
    assert found.months[-2].open == 5


def test_a_period_in_the_past_compares_its_own_months():
    spring = choose_period(now=AS_OF, zone=UTC, first_day="2026-01-01", end_day="2026-07-01")
    found = counted([*several(2, 4), *several(5, 4)], [fault(each.path) for each in several(5, 4)], period=spring)
    assert [kind.code for kind in found.growing] == ["timeline"]


@pytest.mark.parametrize(("first", "end"), [("2026-06-02", "2026-12-01"), ("2026-01-01", "2026-06-30")])
def test_fewer_than_six_whole_months_are_not_compared(first, end):
    short = choose_period(now=AS_OF, zone=UTC, first_day=first, end_day=end)
    found = counted(several(6, 4), [fault(each.path) for each in several(6, 4)], period=short)
    assert found.comparison is None
    assert (found.kinds[0].before, found.kinds[0].chance) == (None, None)


def test_an_incident_is_taken_by_what_matters_here():
    incident = incident_of("triage")
    assert DeclaredIncident.of(incident) == (incident.id, incident.path, T0, True)


@pytest.mark.parametrize(
    ("day", "count", "label", "start"),
    [
        (date(2026, 11, 29), 12, "2025-12 to 2026-11", datetime(2025, 11, 30, 23, tzinfo=UTC)),
        (date(2026, 12, 31), 12, "2026-01 to 2026-12", datetime(2025, 12, 31, 23, tzinfo=UTC)),
        (date(2026, 1, 1), 1, "2026-01 to 2026-01", datetime(2025, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_months_up_to_a_day_begin_at_midnight_of_the_zone(day, count, label, start):
    period = months_to(day, BERLIN, count)
    assert (period.label, period.start) == (label, start)
    assert period.end.astimezone(BERLIN).day == 1
