from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.made import AS_OF, BERLIN, fixture_8b, made, report_on, when

from okb_incident.command import Command, Sentence
from okb_incident.core.values.period import Period, week_of
from okb_incident.core.values.problem import Problem
from okb_incident.reports.as_text import WIDTH, render
from okb_incident.reports.width import width

FIXTURE = """\
Incident report 2026-W28
2026-07-06 to 2026-07-12, UTC; as of 2026-07-13 09:00
5 incidents (+ 1 duplicate, 1 declined), 1 of them open.

Open now (1)
id               severity  status            age  period  commander  title
INC-20260706-03  SEV3      investigating  10h00m  this    nobody     Incident 3

Incidents in 2026-W28 (5), worst first, times in UTC
id               severity  status         started               lasted  title
INC-20260706-01  SEV3      resolved       2026-07-06 09:00       1h10m  Incident 1
INC-20260706-02  SEV3      resolved       2026-07-07 10:00       3h30m  Incident 2
INC-20260706-04  SEV3      resolved       2026-07-08 12:00       2h00m  Incident 4
INC-20260706-07  SEV3      resolved       ≤ 2026-07-09 08:00         –  Incident 7
INC-20260706-03  SEV3      investigating  2026-07-12 23:00    > 10h00m  Incident 3
≤: the start is not recorded; the time is that of the detection or declaration.

Counts
             incidents
by severity  SEV3: 5
by status    investigating: 1, resolved: 4
by category  none: 5
by service   none: 5

Times
from → to                n  open  miss  anom  median [interval]              longest
started → detected       3     0     1     1  0s, 4m, 10m                    10m INC-20260706-03
detected → acknowledged  5     0     0     0  5m [2m–30m] 93.75%             30m INC-20260706-07
declared → acknowledged  0     0     5     0  no data                        –
started → mitigated      1     1     3     0  40m, > 10h00m                  40m INC-20260706-01
detected → mitigated     1     1     3     0  36m, > 9h50m                   36m INC-20260706-01
started → resolved       3     1     1     0  1h10m, 2h00m, 3h30m, > 10h00m  3h30m INC-20260706-02
detected → resolved      4     1     0     0  2h30m [1h00m–open] 95% KM      3h30m INC-20260706-02
declared → resolved      0     0     5     0  no data                        –
"""


def section(text: str, heading: str) -> str:
    """Give the lines under a heading."""
    return next(part for part in text.split("\n\n") if part.startswith(heading)).split("\n", 1)[1]


def test_the_fixture_as_a_reader_sees_it() -> None:
    text = render(report_on(fixture_8b()))
    assert text.startswith(FIXTURE)
    assert section(text, "Not counted").splitlines()[1:] == [
        "INC-20260706-05  merged into INC-20260706-01  Incident 5",
        "INC-20260706-06  declined                     Incident 6",
    ]
    assert section(text, "Data quality").splitlines()[:3] == [
        "incidents/2026/INC-20260706-04.md:11: detected is 30m before started; started → detected is not",
        "  counted",
        "    incident set -i INC-20260706-04 detected --correct",
    ]
    assert "started is not set in 1 incident, missing from started → detected" in text
    assert "    incident set -i INC-20260706-07 started" in text
    assert "started → detected covers 3 of 5" in text


def test_an_empty_period_says_none_and_no_nought() -> None:
    text = render(report_on([]))
    assert "\nno incidents.\n" in text
    for heading in ("Open now", "Incidents in", "Counts", "Times", "Data quality"):
        assert section(text, heading).strip() == "none"
    assert "Not counted" not in text
    assert "0s" not in text


def test_the_head_says_how_far_the_period_has_come() -> None:
    def head(as_of: str) -> str:
        return render(report_on([], as_of=when(as_of))).splitlines()[0]

    assert head("07-08 12:00") == "Incident report 2026-W28 to date"
    assert head("07-13 00:00") == "Incident report 2026-W28"
    assert head("07-01 00:00") == "Incident report 2026-W28, not begun yet"


def test_moments_and_days_are_those_of_the_zone() -> None:
    period = week_of(date(2026, 10, 25), BERLIN)
    incident = made(1, started="2026-10-25T22:30:00Z")
    text = render(
        report_on([incident], period=period, zone=BERLIN, zone_name="Europe/Berlin", as_of=when("2026-10-27 08:00")),
    )
    assert "2026-10-19 to 2026-10-25, Europe/Berlin; as of 2026-10-27 09:00" in text
    assert "times in Europe/Berlin" in text
    assert "2026-10-25 23:30" in text


def test_a_period_of_hours_is_shown_with_its_hours() -> None:
    period = Period(AS_OF - timedelta(days=7), AS_OF, "last 7d")
    text = render(report_on([], period=period))
    assert "Incident report last 7d\n2026-07-06 09:00 to 2026-07-13 09:00, UTC" in text


def test_the_conditions_are_said() -> None:
    assert "Only where severity=SEV1 and services~pay." in render(
        report_on([], conditions=("severity=SEV1", "services~pay")),
    )


def test_what_needs_someone_is_sorted_by_how_bad_it_is_and_then_by_age() -> None:
    incidents = [
        made(1, "triage", severity="SEV2", started="07-12 00:00"),
        made(2, "triage", severity="SEV1", started="07-12 00:00", properties={"commander": "[[alice]]"}),
        made(3, "triage", severity="SEV1", started="05-01 00:00"),
        made(4, "triage", severity="undetermined", started="07-12 00:00"),
        made(5, "monitoring", severity="SEV4"),
        made(6, "monitoring", severity="SEV4", started="07-13 00:30"),
    ]
    text = render(report_on(incidents))
    rows = [line.split()[:6] for line in section(text, "Open now (6)").splitlines()[1:]]
    assert [row[0][-2:] for row in rows] == ["04", "03", "02", "01", "06", "05"]
    assert rows[1][3:6] == ["73d09h", "earlier", "nobody"]
    assert rows[2][3:6] == ["33h00m", "this", "alice"]
    assert rows[4][3:5] == ["8h30m", "later"]
    assert rows[5][3:5] == ["–", "–"]
    assert "3 incidents, 3 of them open; 6 open in the whole vault." in text


def test_a_long_list_is_cut_and_says_so() -> None:
    incidents = [
        made(n, "triage", started="07-07 10:00", services=(f"service {n}",), detected="07-07 09:00")
        for n in range(1, 26)
    ]
    incidents += [made(n, nature="drill", started="07-07 10:00") for n in range(30, 42)]
    text = render(report_on(incidents))
    assert "and 5 more; the Markdown and JSON forms list all." in section(text, "Open now (25)")
    assert "and 15 more; the Markdown and JSON forms list all." in section(text, "Incidents in 2026-W28 (25)")
    assert " ".join(section(text, "Counts").split()).endswith("service 18: 1 and 15 more")
    assert "and 2 more; the Markdown and JSON forms list all." in section(text, "Not counted (12)")
    assert "incident check names every fault" in section(text, "Data quality")


def test_no_line_is_wider_than_a_hundred_cells() -> None:
    long = "支払いが失敗しました " * 20
    incidents = [
        made(
            n,
            "investigating" if n % 3 == 0 else "resolved",
            severity="undetermined",
            title=long,
            started=f"07-{6 + n % 5:02d} 10:00",
            detected=f"07-{6 + n % 5:02d} 10:07",
            acknowledged="07-12 11:13",
            resolved=None if n % 3 == 0 else f"07-{10 + n % 3:02d} {n % 24:02d}:33",
            services=(f"a-rather-long-name-of-a-service-{n}",),
            properties={"commander": "maximiliane"},
        )
        for n in range(1, 40)
    ]
    text = render(report_on(incidents, problems=[Problem("a/b c.md", 7, "x", "word " * 60, "do this")]))
    too_wide = [line for line in text.splitlines() if width(line) > WIDTH]
    assert not too_wide
    assert "支払い" in text


@pytest.mark.parametrize("payload", ["\x1b]0;owned\x07", "\x9b31m", "a\rb", "x\ny", "\u202eabc", "\udc9b"])
def test_nothing_of_a_note_is_obeyed_by_the_terminal(payload: str) -> None:
    incident = made(
        1,
        "triage",
        title=f"T {payload}",
        started="07-07 10:00",
        services=(payload,),
        category=payload,
        properties={"commander": payload},
    )
    text = render(report_on([incident], problems=[Problem(payload, 1, "x", payload, payload)]))
    assert not [sign for sign in text if (ord(sign) < 0x20 and sign != "\n") or 0x7F <= ord(sign) < 0xA0]
    assert "\u202e" not in text
    assert "\udc9b" not in text


def test_pages_are_mentioned_where_they_count() -> None:
    incidents = [made(1, detected="07-07 10:00", acknowledged="07-07 10:20", paged=when("07-07 10:15"))]
    text = " ".join(render(report_on(incidents)).split())
    assert "detected → acknowledged counts from the first page in 1 incident." in text
    assert "first page" not in render(report_on(fixture_8b()))


def test_an_incident_with_services_in_common_is_explained() -> None:
    assert "under each of its services" in render(report_on([made(1, started="07-07 10:00", services=("a", "b"))]))
    assert "under each of its services" not in render(report_on([made(1, started="07-07 10:00", services=("a",))]))


def test_a_mere_date_is_shown_as_one() -> None:
    rows = section(render(report_on([made(1, started="2026-07-07", resolved="07-07 12:00")])), "Incidents in")
    assert rows.splitlines()[1].split()[3:5] == ["2026-07-07", "–"]


def test_missing_moments_are_gathered_by_the_moment_that_would_mend_them() -> None:
    incidents = [made(n, started="07-07 10:00", resolved="07-07 11:00") for n in range(1, 8)]
    text = " ".join(section(render(report_on(incidents)), "Data quality").split())
    assert text.count("detected is not set") == 1
    assert "detected is not set in 7 incidents, missing from started → detected, detected → acknowledged" in text
    assert "INC-20260706-04 and 3 more" in text


def test_days_of_a_zone_with_a_clock_change_are_named_right() -> None:
    period = week_of(date(2026, 3, 29), BERLIN)
    text = render(report_on([], period=period, zone=BERLIN, zone_name="Europe/Berlin"))
    assert "2026-03-23 to 2026-03-29, Europe/Berlin" in text
    assert period.end == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_nothing_is_said_to_be_unknown_where_nothing_is() -> None:
    times = {
        "started": "07-06 10:00",
        "detected": "07-06 10:01",
        "declared": "07-06 10:02",
        "acknowledged": "07-06 10:03",
        "mitigated": "07-06 10:04",
        "resolved": "07-06 10:05",
    }
    text = render(report_on([made(1, **times)], problems=[Problem("a.md", None, "x", "it is broken")]))
    assert "is unknown" not in text
    assert section(text, "Data quality") == "a.md: it is broken"


@pytest.mark.parametrize(("without", "is_named"), [(1, False), (2, True)])
def test_what_is_unknown_is_named_where_it_is_more_than_a_fifth(without, is_named) -> None:
    known = [made(n, started="07-07 10:00", detected="07-07 10:05", resolved="07-07 11:00") for n in range(without, 5)]
    unknown = [made(10 + n, started="07-07 10:00", resolved="07-07 11:00") for n in range(without)]
    covered = f"started → detected covers {5 - without} of 5"
    assert (covered in " ".join(render(report_on([*known, *unknown])).split())) is is_named


@pytest.mark.parametrize("signs", [range(40, 70)])
def test_a_title_is_cut_only_where_the_page_ends(signs: range) -> None:
    for count in signs:
        title = "x" * count
        text = render(report_on([made(1, started="07-07 10:00", resolved="07-07 11:00", title=title)]))
        (row,) = section(text, "Incidents in").splitlines()[1:]
        shown = row.split()[-1]
        assert shown == title or (shown.endswith("…") and len(row) == WIDTH and title.startswith(shown[:-1]))


def test_a_remedy_of_several_commands_is_one_line_where_the_page_has_room_and_else_a_line_for_each() -> None:
    def lines(length: int) -> list[str]:
        first, second = Command("log", "a" * length), Command("log", "b")
        problems = [Problem("a.md", 1, "x", "m", Sentence(first, ", or ", second))]
        return section(render(report_on([], problems=problems)), "Data quality").splitlines()[1:]

    room = WIDTH - len(lines(1)[0]) + 1
    assert [len(line) for line in lines(room)] == [WIDTH]
    assert len(lines(room + 1)) > 1
    assert all(line.startswith("    ") for line in lines(room + 1))
