from __future__ import annotations

import os
import re
import subprocess
import sys
from unittest.mock import patch

import pytest
from rich.cells import cell_len
from tests.made import fixture_8b, made, report_on

from okb_incident.cli.output import commands_name
from okb_incident.cli.screen.report import report_rows
from okb_incident.command import Command
from okb_incident.core.values.problem import Problem
from okb_incident.reports.layout import sections
from okb_incident.workflow.look.formats import report_page


def printed(*incidents: object, width: int = 100, **given: object) -> str:
    # Another test of this process may have typed a vault.
    commands_name(None)
    with patch.dict(os.environ, {"COLUMNS": str(width)}):
        page = report_page(report_on(list(incidents), **given))  # type: ignore[arg-type]
        return "\n".join(row.plain for row in report_rows(page))


def test_a_terminal_shows_the_same_as_a_pipe() -> None:
    text = printed(*fixture_8b())
    assert "5 incidents (+ 1 duplicate, 1 declined), 1 of them open." in text
    assert re.search(r"started → resolved +3 +1 +1 +0 +1h10m, 2h00m, 3h30m, > 10h00m +3h30m INC-20260706-02", text)
    assert "incident set -i INC-20260706-07 started" in text
    assert re.search(r"^id +severity +status +age +period +commander +title", text, re.MULTILINE), (
        "the heads of the columns"
    )


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_number_and_no_id_is_lost_in_a_narrow_terminal(width: int) -> None:
    text = printed(*fixture_8b(), width=width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    for number in (1, 2, 3, 4, 5, 6, 7):
        assert f"INC-20260706-0{number}" in text
    words = " ".join(text.split())
    assert "10h00m" in words
    assert "93.75%" in words


def test_an_empty_period_says_none() -> None:
    assert "none" in printed()


@pytest.mark.parametrize(
    "payload",
    ["[bold]x[/bold]", "[/nothing]", "arr[0] of [db1]", "[[auth-api]]", ":smile:", "[link=file:///etc]y[/link]"],
)
def test_text_of_a_note_is_no_markup(payload: str) -> None:
    text = printed(made(1, "triage", title=payload, started="07-07 10:00"), problems=[Problem("a.md", 1, "x", payload)])
    assert text.count(payload) == 3


@pytest.mark.parametrize("payload", ["\x1b]0;owned\x07", "\x9b31m", "\x1b[2J", "a\rb", "\u202e", "\udc9b"])
def test_nothing_of_a_note_is_obeyed_by_the_terminal(payload: str) -> None:
    problems = [Problem(payload, 1, "x", payload, payload)]
    text = printed(made(1, "triage", title=payload, started="07-07 10:00"), problems=problems)
    assert not [sign for sign in text if (ord(sign) < 0x20 and sign != "\n") or 0x7F <= ord(sign) < 0xA0]
    assert "\u202e" not in text
    assert "\udc9b" not in text


def test_rich_is_loaded_for_a_terminal_only() -> None:
    code = (
        "import sys, okb_incident.reports.as_text, okb_incident.reports.as_markdown, okb_incident.reports.as_json;"
        "print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("width", [40, 48])
def test_no_id_is_broken_and_no_word_left_out_however_narrow_the_terminal(width: int) -> None:
    long = "customers of the shop in the north cannot pay with their cards"
    incidents = [
        made(1, "triage", title=long, started="07-07 10:00"),
        made(2, nature="maintenance", title=long, started="07-07 10:00"),
    ]
    text = printed(*incidents, width=width)
    assert {line.split()[0] for line in text.splitlines() if re.match(r"INC-", line)} == {
        "INC-20260706-01",
        "INC-20260706-02",
    }
    (heads,) = (line for line in text.splitlines() if re.match(r"id +why", line))
    aside = text[text.index(heads) : text.index("Data quality")]
    assert long in " ".join(aside.split())


def test_every_note_of_a_section_stands_in_the_terminal() -> None:
    report = report_on(fixture_8b())
    words = " ".join(printed(*fixture_8b(), width=1000).split())
    for section in sections(report, whole=False):
        for note in section.notes:
            assert " ".join(note.split()) in words


def test_numbers_end_below_one_another() -> None:
    short = made(1, started="07-07 10:00", resolved="07-07 10:05")
    long = made(2, started="07-07 10:00", resolved="07-07 23:00")
    text = printed(short, long, width=200).splitlines()
    (heads,) = (line for line in text if "lasted" in line and line.startswith("id"))
    rows = [line for line in text if line.startswith("INC-")]
    ends = {line.index(lasted) + len(lasted) for line, lasted in zip(rows, ("5m", "13h00m"), strict=True)}
    assert ends == {heads.index("lasted") + len("lasted")}


def test_a_remedy_is_below_its_finding_as_a_command_for_the_vault_that_was_typed() -> None:
    remedy = Command("set", "title=x", incident="INC-20260706-01")
    problems = [Problem("a.md", 1, "x", "no title", remedy), Problem("b.md", 1, "x", "no remedy")]
    commands_name("other vault")
    try:
        page = report_page(report_on([], problems=problems))
        lines = [row.plain for row in report_rows(page)]
    finally:
        commands_name(None)
    place = lines.index("a.md:1: no title")
    assert lines[place + 1].strip().startswith("incident --vault 'other vault' set")
    assert lines[place + 2] == "b.md:1: no remedy"
