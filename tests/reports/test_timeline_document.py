"""The timeline as a document, for people inside and outside."""

from __future__ import annotations

from datetime import UTC

from tests.records import incident_of, minutes, record_of

from okb_incident.core.guidance.brief import Brief
from okb_incident.reports import brief, timeline

TIMELINE = """
- 2026-11-23T01:58:00 **alert**: Rate: 38 % of; requests | #down %%x%%
- 2026-11-23T02:05:00 **status** @alice: triage → investigating, we look into it #external
- 02:06 a secret [[note]]
- 2026-11-23T02:07:00 **severity** @alice: SEV2 → SEV1 #external
- 2026-11-23T02:08:00 **note** @alice: cards fail #external
- 2026-11-23T02:10:00 **impact** @alice: checkout down from 2026-11-23T01:50:00 to 2026-11-23T02:55:00
- 2026-11-23T02:10:00 **impact** @alice: search down from 2026-11-23T02:05:00
- 2026-11-23T02:12:00 **impact** @alice: mail down from 2026-11-23T02:05:00
- 2026-11-23T02:30:00 **impact** @alice: mail down from 2026-11-23T02:05:00 to 2026-11-23T02:30:00
- 2026-11-23T02:55:00 **status** @bob: investigating → monitoring
- at noon something
"""
RECORD = record_of(incident_of("monitoring"), TIMELINE)
EXTERNAL = [entry for entry in RECORD.entries if entry.external]


def test_the_public_reads_what_is_marked_for_it_with_a_zone_and_without_names():
    assert timeline.as_public(RECORD.entries, UTC, "UTC").splitlines() == [
        "2026-11-23 02:05 UTC  we look into it",
        "2026-11-23 02:07 UTC  Severity changed to SEV1",
        "2026-11-23 02:08 UTC  cards fail",
    ]
    table = timeline.as_table(EXTERNAL, UTC, "UTC", public=True)
    assert table.splitlines()[:3] == [
        "| When (UTC) | What happened |",
        "|---|---|",
        "| 2026-11-23 02:05:00 | we look into it |",
    ]
    chart = timeline.as_mermaid(RECORD, minutes(60), public=True)
    for document in (table, chart, timeline.as_public(RECORD.entries, UTC, "UTC")):
        assert not any(word in document for word in ("secret", "alice", "SEV2", "triage", "checkout", "Rate"))


def test_a_table_shows_each_line_and_obeys_none():
    rows = timeline.as_table(RECORD.entries, UTC, "UTC", public=False).splitlines()
    assert rows[2].startswith("| 2026-11-23 01:58:00 | alert |  | Rate: 38 % of; requests &#124; ")
    assert "| ~2026-11-23 02:06:00 | note |  | a secret &#91;[note]] |" in rows
    assert any(row.startswith("| unknown | note |") for row in rows)


def test_a_chart_draws_stays_impacts_and_marks():
    chart = timeline.as_mermaid(RECORD, minutes(60), public=False).splitlines()
    assert chart[:2] == ["```mermaid", "gantt"]
    assert "    triage :2026-11-23T02:00:00, 2026-11-23T02:05:00" in chart
    assert "    monitoring :active, 2026-11-23T02:55:00, 2026-11-23T03:00:00" in chart
    assert "    checkout down :crit, 2026-11-23T01:50:00, 2026-11-23T02:55:00" in chart
    assert "    search down :crit, 2026-11-23T02:05:00, 2026-11-23T03:00:00" in chart
    assert [line for line in chart if line.startswith("    mail")] == [
        "    mail down :crit, 2026-11-23T02:05:00, 2026-11-23T02:30:00"
    ]
    assert "    alert Rate∶ 38 % of, requests | ♯down % %x% % :milestone, 2026-11-23T01:58:00, 0m" in chart
    assert chart[-1] == "```"
    empty = timeline.as_mermaid(record_of(incident_of("closed")), minutes(1), public=False)
    assert "section" not in empty


def test_a_brief_makes_no_markup_in_a_chat():
    told = Brief("INC-1 SEV1", "Cards\x1b[31m fail", (("impact", ("word " * 30, "two [[x]]")), ("next", ("now",))))
    markdown = brief.as_markdown(told)
    assert "[[x]]" not in markdown
    assert "\x1b" not in markdown
    assert markdown.splitlines()[-1] == "- **Next**: now"


def test_a_brief_names_each_part_once_with_all_that_it_holds():
    told = Brief("INC-1 SEV1", "Cards fail", (("impact", ("EU", "US")), ("next", ("word " * 40,))))
    assert brief.as_markdown(told).splitlines()[:3] == ["**INC-1 SEV1**: Cards fail", "", "- **Impact**: EU; US"]


def test_a_chart_draws_only_what_has_lasted():
    record = record_of(
        incident_of("resolved", resolved=30),
        """
- 2026-11-23T02:10:00 **status** @alice: triage → investigating
- 2026-11-23T02:10:00 **status** @alice: investigating → monitoring
- 2026-11-23T02:20:00 **impact** @alice: shop degraded from 2026-11-23T02:20:00
- 2026-11-23T02:30:00 **status** @alice: monitoring → resolved
""",
    )
    chart = timeline.as_mermaid(record, minutes(20), public=False)
    assert "    triage :2026-11-23T02:00:00, 2026-11-23T02:10:00\n" in chart
    assert "    monitoring :2026-11-23T02:10:00, 2026-11-23T02:30:00\n" in chart
    assert "    investigating :" not in chart
    assert "    resolved :" not in chart
    assert "section Impact" not in chart, "it has lasted for no time yet"
    assert "shop degraded" in timeline.as_mermaid(record, minutes(21), public=False)
    public = timeline.as_mermaid(record, minutes(60), public=True)
    assert "section" not in public


def test_only_the_stay_that_is_not_over_lasts_until_now():
    record = record_of(
        incident_of("monitoring"),
        """
- 2026-11-23T02:10:00 **status** @alice: triage → investigating
- 2026-11-23T02:25:00 **status** @alice: investigating → monitoring
""",
    )
    chart = timeline.as_mermaid(record, minutes(45), public=False)
    assert [line.split(" :")[1] for line in chart.splitlines() if "active" in line] == [
        "active, 2026-11-23T02:25:00, 2026-11-23T02:45:00"
    ]


def test_a_title_that_is_longer_than_a_chart_is_cut_and_a_line_without_words_has_a_dash():
    record = record_of(incident_of("triage"), "- 2026-11-23T02:10:00 **note** @alice: " + "word " * 40)
    chart = timeline.as_mermaid(record, minutes(20), public=False).splitlines()
    (mark,) = (line for line in chart if ":milestone" in line)
    label = mark.split(" :milestone")[0].strip()
    assert len(label) <= timeline.LONGEST_LABEL
    assert label.endswith("…")
