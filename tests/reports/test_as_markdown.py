from __future__ import annotations

import re
from itertools import pairwise

import pytest
from tests.made import AS_OF, BERLIN, fixture_8b, made, report_on

from okb_incident.core.values.problem import Problem
from okb_incident.reports.as_markdown import END, START, frontmatter, region, renewed
from okb_incident.reports.layout import sections
from okb_incident.reports.markdown_text import plain


def test_the_properties_are_flat_and_count_without_naming_a_duration() -> None:
    found = frontmatter(report_on(fixture_8b()))
    assert found == {
        "type": "incident-report",
        "period": "2026-W28",
        "from": "2026-07-06T00:00:00",
        "to": "2026-07-13T00:00:00",
        "as_of": "2026-07-13T09:00:00",
        "zone": "UTC",
        "incidents": 5,
        "open": 1,
        "open_now": 1,
        "duplicates": 1,
        "declined": 1,
        "excluded": 0,
        "generator": "okb-incident 0.1.0",
    }


def test_moments_of_the_properties_are_written_in_the_zone_of_the_vault() -> None:
    found = frontmatter(report_on([], zone=BERLIN, zone_name="Europe/Berlin"))
    assert found["as_of"] == "2026-07-13T11:00:00"


def test_the_fixture_as_a_note() -> None:
    text = region(report_on(fixture_8b()))
    assert text.startswith(f"{START}\n\n# Incident report 2026-W28\n")
    assert text.endswith(END)
    assert (
        "| started → resolved | resolve, from impact start | 3 | 1 | 1 | 0 | 1h10m, 2h00m, 3h30m, > 10h00m | – "
        "| 3h30m [[INC-20260706-02]] |" in text
    )
    assert r"| INC-20260706-05 | merged into INC-20260706-01 | [[INC-20260706-05\|Incident 5]] |" in text
    assert "- incidents/2026/INC-20260706-04.md:11: detected is 30m before started" in text
    assert "missing from started → detected, started → mitigated, started → resolved: [[INC-20260706-07]]" in text


def test_every_row_of_a_table_has_a_cell_for_each_column() -> None:
    incidents = [*fixture_8b(), made(9, "triage", title="a | b [[c|d]] \\", started="07-07 10:00", services=("x|y",))]
    tables = re.findall(r"(?:^\|.*\|\n)+", region(report_on(incidents)) + "\n", re.MULTILINE)
    assert len(tables) == 5
    for table in tables:
        counts = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(counts) == 1, table


def test_a_note_lists_every_incident_of_a_long_period() -> None:
    text = region(report_on([made(n, started="07-07 10:00") for n in range(1, 60)]))
    assert text.count("[[INC-20260706-") >= 59
    assert "the Markdown and JSON forms list all" not in text


def test_ten_complete_durations_have_a_ninetieth_percentile() -> None:
    incidents = [made(n, started="07-07 10:00", resolved=f"07-07 {10 + n}:00") for n in range(1, 11)]
    assert "| 5h30m [2h00m–9h00m] 97.85% | 9h30m | 10h00m [[INC-20260706-10]] |" in region(report_on(incidents))


PAYLOADS = [
    "<% tp.system.exec('x') %>",
    "<%* await x %>",
    "`= this.file`",
    "`$= dv.pages()`",
    "[[other note]]",
    "![[embedded]]",
    "[text](javascript:alert(1))",
    "%% hidden %%",
    END,
    START,
    "{{date}}",
    "severity:: SEV4",
    "[severity:: SEV4]",
    "#tag",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b | c",
    "text ^block",
    "line\n# heading",
    "line\n---\n",
    "``` dataviewjs",
    "$$x$$",
    "\u202eabc\x1b[2J",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_note_is_obeyed_by_obsidian_or_its_plug_ins(payload: str) -> None:
    incident = made(
        1,
        "triage",
        title=payload,
        started="07-07 10:00",
        services=(payload,),
        category=payload,
        detected_by=payload,
        properties={"commander": payload},
    )
    text = region(report_on([incident], problems=[Problem(f"{payload}.md", 1, "x", payload, payload)]))
    plain = region(
        report_on([made(1, "triage", title="T", started="07-07 10:00")], problems=[Problem("a.md", 1, "x", "m", "h")])
    )
    assert text.count(START) == text.count(END) == 1
    assert text.count("%%") == 4
    for sign in ("<%", "<s", "<i", "`", "{{", "::", "$$", "](", "![", "\x1b", "\u202e", "\n---"):
        assert sign not in text.replace("--:", "").replace(":--", "")
    headings = re.findall(r"^#+ .*$", text, re.MULTILINE)
    assert headings == re.findall(r"^#+ .*$", plain, re.MULTILINE)
    assert not re.search(r"(?:^|\s)#\w", text)
    links = set(re.findall(r"\[\[([^\]|\\]*)", text))
    assert links == {"INC-20260706-01"}


def test_a_title_stays_readable() -> None:
    title = "R&D: api_v2 fails (#12), 5% of users – 100 % in EU"
    text = region(report_on([made(1, started="07-07 10:00", title=title)]))
    assert rf"[[INC-20260706-01\|{title}]]" in text


def test_saving_again_replaces_only_what_stands_between_the_marks() -> None:
    old = region(report_on([]))
    note = f"---\ntype: incident-report\n---\nbefore\n{old}\nThe cache was cold.\n"
    new = region(report_on(fixture_8b()))
    again = renewed(note, new)
    assert again == note.replace(region(report_on([])), region(report_on(fixture_8b())))
    assert "The cache was cold." in again
    assert renewed(again, new) == again


def test_line_ends_of_the_note_are_kept() -> None:
    note = region(report_on([])).replace("\n", "\r\n") + "mine\r\n"
    again = renewed(note, region(report_on(fixture_8b())))
    assert "\n" not in again.replace("\r\n", "")
    assert again.endswith("mine\r\n")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_note_that_lost_its_marks_loses_nothing_more(line_end: str) -> None:
    without_end = f"{START}\nold\nwhat I wrote\n".replace("\n", line_end)
    once = renewed(without_end, region(report_on([])))
    assert once.startswith(without_end.rstrip("\r\n"))
    twice = renewed(once, region(report_on(fixture_8b())))
    assert f"{START}{line_end}old{line_end}what I wrote{line_end}" in twice
    assert twice.count(END) == 1
    assert "5 incidents" in twice


def test_the_moment_of_the_report_stands_in_it() -> None:
    assert f"as of {AS_OF:%Y-%m-%d %H:%M}" in region(report_on([]))


def test_a_generated_part_stands_one_blank_line_below_what_was_written() -> None:
    new = region(report_on([]))
    assert renewed("Mine.\n\n\n", new) == f"Mine.\n\n{new}\n"
    assert renewed("Mine.\r\n", new).startswith("Mine.\r\n\r\n%%")
    assert renewed("", new) == renewed(" \n", new) == f"{new}\n"


def test_every_note_of_a_section_and_each_remedy_stands_on_the_page() -> None:
    report = report_on(fixture_8b(), problems=[Problem("a.md", 3, "x", "it is broken", "mend it")])
    text = region(report)
    for section in sections(report, whole=True):
        for note in section.notes:
            assert plain(note) in text
    assert "- a.md:3: it is broken  \n  mend it" in text
    nothing = region(report_on([]))
    assert "## Open now (0)\n\nnone\n\n## " in nothing


def test_numbers_stand_at_the_right_and_words_at_the_left() -> None:
    lines = region(report_on(fixture_8b())).splitlines()
    aligned: dict[str, str] = {}
    for heads, marks in pairwise(lines):
        if marks.startswith("| :--"):
            aligned |= dict(zip(heads.split(" | "), marks.split(" | "), strict=True))
    numbers = (
        "age",
        "lasted",
        "detected after",
        "mitigated after",
        "incidents",
        "open",
        "without a time",
        "unusable",
        "p90",
    )
    assert {aligned[name] for name in numbers} == {"--:"}
    assert {aligned[name].strip("| ") for name in ("status", "services", "title |", "longest |")} == {":--"}
