"""`check --trend`: the months, on a terminal, in a pipe and for a program, and in the report and the lessons."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.cli.screen import shown, without_style

from okb_incident.cli.schemas import schema
from okb_incident.cli.screen.device import signs

NOW = "2026-11-10T10:00:00Z"
REPORT = Path(__file__).parents[2] / "docs/schemas/report.schema.json"


def write(vault, which, properties="", *, folder="incidents/2026", status="closed"):
    """Write the note of an incident of the day of its id, as a person in an editor would."""
    day = f"{which[4:8]}-{which[8:10]}-{which[10:12]}"
    declared = "" if "declared:" in properties else f"declared: {day}T09:00:00\n"
    note = vault / folder / f"{which}.md"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(
        f"---\ntype: incident\nid: {which}\ntitle: Checkout\nstatus: {status}\nseverity: SEV3\n{declared}{properties}"
        f"tags:\n  - incident\n---\n# Checkout\n\n## Timeline\n"
    )
    return note


@pytest.fixture
def kb(tmp_path, run):
    assert run("init", str(tmp_path / "kb"), vault=None).returncode == 0
    return tmp_path / "kb"


@pytest.fixture
def told(kb, run):
    """Return what a program is told, held to the schema."""

    def asked(*words, code=0):
        done = run(*words, "--json", vault=kb, env={"INCIDENT_NOW": NOW})
        assert done.returncode == code, done.stderr
        value = json.loads(done.stdout)
        shapes = schema()["$defs"]
        whole = (
            json.loads(REPORT.read_text())
            if words[0] == "report"
            else {"$defs": shapes, **shapes["documentation" if "--trend" in words else words[0]]}
        )
        Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)
        return value

    return asked


@pytest.fixture
def asked(kb, run):
    def answer(*words, code=0):
        done = run(*words, vault=kb, env={"INCIDENT_NOW": NOW})
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    return answer


def growing(kb):
    """Four incidents without a fault, then four with one: enough to say that it grows."""
    for day in ("0512", "0609", "0623", "0714"):
        write(kb, f"INC-2026{day}-01")
    for day in ("0811", "0908", "0922", "1013"):
        write(kb, f"INC-2026{day}-01", "resolved: noon\n")


def months(found):
    return {
        month["month"]: (month["incidents"], month["findings"]) for month in found.get("documentation", found)["months"]
    }


def test_an_empty_vault_is_no_fault(told, asked):
    found = told("check", "--trend")
    assert (found["months"], found["kinds"], found["incidents"], found["median"]) == ([], [], 0, None)
    assert "no incidents." in asked("check", "--trend")
    assert "no incidents." in asked("report")


def test_one_month_is_shown_and_nothing_is_compared_with_nothing(kb, told, asked):
    write(kb, "INC-20261101-01", "resolved: noon\n")
    assert months(told("check", "--trend")) == {"2026-11": (1, 1)}
    text = asked("check", "--trend")
    assert "2026-11 so far" in text
    assert "Too few incidents to tell what grows: 0 in 2026-05 to 2026-07, 0 in 2026-08 to 2026-10" in text
    short = ("--from", "2026-11-01", "--to", "2026-12-01")
    assert told("check", "--trend", *short)["compared"] is None
    assert "fewer than 6 whole months" in asked("check", "--trend", *short)


def test_what_grows_is_named_with_the_command_that_lists_it(kb, told, asked, run):
    growing(kb)
    (kind,) = told("check", "--trend")["kinds"]
    assert (kind["code"], kind["before"], kind["recent"], kind["grows"]) == ("bad-moment", 0, 4, True)
    assert kind["p"] == pytest.approx(1 / 70)
    listed = run(*kind["argv"][1:], vault=None, env={"INCIDENT_NOW": NOW})
    assert listed.returncode == 5
    assert listed.stdout.count(": bad-moment: ") == 4
    assert "bad-moment grows: 0 of 4 incidents in 2026-05 to 2026-07, 4 of 4" in asked("check", "--trend")
    for text in (asked("report"), asked("report", "--format", "markdown")):
        assert "bad-moment grows: 0 of 4 incidents" in text
        assert "check --code bad-moment --from 2026-08-01 --to 2026-11-01" in text
    assert "- bad-moment grows" in asked("lessons")
    assert told("report")["documentation"]["kinds"][0]["grows"]
    assert told("lessons")["documentation"] == told("report")["documentation"]


def test_a_report_shows_the_last_months_and_its_note_shows_all(kb, asked):
    growing(kb)
    assert "2026-07  " not in asked("report")
    assert "2026-10  " in asked("report")
    assert "| 2026-05 |" in asked("report", "--format", "markdown")


def test_some_incidents_of_a_report_or_of_lessons_have_no_months(kb, told, asked):
    growing(kb)
    assert told("report", "--where", "severity=sev3")["documentation"] is None
    assert told("lessons", "--where", "severity=sev3")["documentation"] is None
    assert "Documentation" not in asked("report", "--where", "severity=sev3")


def test_a_report_on_the_past_shows_the_months_up_to_then(kb, told):
    growing(kb)
    period = told("report", "--from", "2026-07-01", "--to", "2026-08-01")["documentation"]["period"]
    assert (period["from"], period["to"]) == ("2025-08-01T00:00:00Z", "2026-08-01T00:00:00Z")


def test_what_the_properties_do_not_say_only_check_counts(kb, told):
    note = write(kb, "INC-20261101-01")
    note.write_text(note.read_text() + "- 26:99 **severity** @bob: nothing\n## Timeline\n")
    found = told("check", "--trend")
    assert found["findings"] > 0
    assert found["of"] == "notes"
    report = told("report")["documentation"]
    assert (report["incidents"], report["findings"], report["of"]) == (1, 0, "properties")


def test_a_note_that_cannot_be_read_counts_by_the_id_in_its_name(kb, told, asked):
    write(kb, "INC-20260905-01", "declared: early that day\n")
    (kb / "incidents/2026/INC-20260906-01.md").write_text("---\ntype: incident\nid: [\n---\n")
    (kb / "incidents/2026/INC-20260907-01 review.md").write_bytes(b"---\ntype: incident-review\nstate: \xff\n---\n")
    found = told("check", "--trend")
    assert months(found)["2026-09"][0] == 3
    assert found["without_declared"] == ["INC-20260905-01", "INC-20260906-01", "INC-20260907-01"]
    assert "declared cannot be read in 3 incidents; the day of the id counts: INC-20260905-01," in asked(
        "check", "--trend"
    )
    assert told("report")["documentation"]["without_declared"] == found["without_declared"]


def test_a_restricted_incident_is_counted_only_where_it_is_asked_for(kb, told, asked):
    write(kb, "INC-20261101-01", "visibility: restricted\nresolved: noon\n", folder="incidents/restricted/2026")
    for command in (("check", "--trend"), ("report",), ("lessons",)):
        found = told(*command)
        found = found if command[0] == "check" else found["documentation"]
        assert (found["incidents"], found["findings"], found["outside"], found["elsewhere"]) == (0, 0, 0, 0), command
        assert "INC-20261101-01" not in asked(*command)
    assert told("check", "--trend", "--restricted")["findings"] >= 1
    assert told("report", "--restricted")["documentation"]["findings"] == 1


def test_a_copy_of_a_restricted_incident_is_not_counted_either(kb, told):
    write(kb, "INC-20261101-01", "visibility: restricted\n", folder="incidents/restricted/2026")
    write(kb, "INC-20261101-01", "resolved: noon\n")
    for command in (("check", "--trend"), ("report",)):
        found = told(*command)
        found = found if command[0] == "check" else found["documentation"]
        assert (found["incidents"], found["findings"]) == (0, 0), command


@pytest.mark.parametrize(
    ("which", "properties"),
    [
        ("INC-20200101-01", "declared: 2026-10-05T09:00:00\nclosed: noon\n"),
        ("INC-20261005-01", "started: 2020-01-01T09:00:00\ndeclared: noon\n"),
    ],
)
def test_a_report_knows_the_month_also_where_id_and_moments_are_years_apart(kb, told, which, properties):
    write(kb, which, properties)
    assert months(told("check", "--trend"))["2026-10"][0] == 1
    assert months(told("report"))["2026-10"] == (1, 1)


def test_notes_of_other_types_are_not_counted(kb, told):
    write(kb, "INC-20261101-01")
    (kb / "notes").mkdir()
    (kb / "notes/INC-20261101-01 of the vendor.md").write_text("---\na: [\n---\n")
    (kb / "services/checkout.md").write_text("---\ntype: service\nowner: bob\nowner: carol\n---\n")
    found = told("check", "--trend")
    assert (found["findings"], found["elsewhere"]) == (0, 1), "the service is ours and belongs to no incident"
    assert told("report")["documentation"]["findings"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--trend", "--fix"), "--trend and --fix exclude each other"),
        (("--trend", "--fix", "--move"), "--trend and --fix exclude each other"),
        (("--trend", "--all"), "--trend and --all exclude each other"),
        (("--trend", "--code", "bom"), "--trend and --code exclude each other"),
        (("01", "--trend"), "--trend counts all incidents and takes none by name"),
        (("--trend", "--from", "2026-11-01", "--to", "2026-10-01"), "is not after --from 2026-11-01"),
        (("--trend", "--last", "7d", "--from", "2026-11-01"), "exclude each other"),
        (("--trend", "--last", "-3"), "is not a length of time"),
        (("--trend", "--last", "1000000000000d"), "is not a length of time"),
        (("--trend", "--last", "999999w"), "too long"),
        (("--trend", "--from", "🔥"), "is not a day such as 2026-11-01"),
        (("--to", "2026-11-01"), "--to needs --from"),
        (("--fix", "--code", "bom"), "--fix and --code exclude each other"),
        (("--fix", "--last", "7d"), "--fix and --last exclude each other"),
        (("--code", "bad-moments"), "did you mean bad-moment?"),
        (("--code", ""), "unknown code ''; docs/check.md lists all"),
        (("--code", "[[x\x1b[31m" + "y" * 10_000), "unknown code"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_changes_nothing(kb, asked, words, said):
    note = write(kb, "INC-20261101-01", "tags2: x\n")
    before = note.read_bytes()
    error = asked("check", *words, code=2)
    assert said in error
    assert "\x1b" not in error
    assert "Traceback" not in error
    assert note.read_bytes() == before


def test_findings_are_chosen_by_code_and_by_declaration(kb, told):
    write(kb, "INC-20261001-01", "resolved: noon\nclosed: noon\n")
    write(kb, "INC-20261101-01", "resolved: noon\nsevere: x\nseverity: SEV3\n")
    (kb / "services/checkout.md").write_text("---\ntype: service\nowner: bob\nowner: carol\n---\n")
    every = told("check", code=5)
    assert {each["code"] for each in every} >= {"bad-moment", "duplicate-key"}
    only = told("check", "--code", "BAD-moment", code=5)
    assert only == [each for each in every if each["code"] == "bad-moment"]
    both = told("check", "--code", "bad-moment", "--code", "duplicate-key", code=5)
    assert {each["code"] for each in both} == {"bad-moment", "duplicate-key"}
    october = told("check", "--from", "2026-10-01", "--to", "2026-11-01", code=5)
    assert october == [each for each in every if "INC-20261001" in each["path"]]
    assert told("check", "--code", "bom") == []
    assert told("check", "INC-20261001-01", "--code", "duplicate-key") == []


@pytest.mark.parametrize("width", [50, 80, 120])
def test_a_terminal_shows_each_month_within_its_width(kb, width):
    growing(kb)
    text = without_style(shown(kb, width, "check", "--trend", INCIDENT_NOW=NOW))
    lines = text.splitlines()
    assert all(len(line.rstrip()) <= width for line in lines)
    for month in ("2026-05", "2026-07", "2026-10"):
        assert any(line.startswith(month) for line in lines)
    october = next(line for line in lines if line.startswith("2026-10"))
    may = next(line for line in lines if line.startswith("2026-05"))
    assert "█" not in may
    assert "█" * 10 in october or width < 80


def test_a_terminal_without_such_a_sign_draws_bars_with_another():
    with patch.object(sys, "stdout", TextIOWrapper(BytesIO(), encoding="latin-1")):
        assert signs("██") == "##"


def test_a_pipe_gets_no_bars(kb, asked):
    growing(kb)
    assert "█" not in asked("check", "--trend")


def test_half_of_the_incidents_are_half_a_bar_and_few_have_no_percentage(kb, asked):
    for number in range(1, 7):
        write(kb, f"INC-202610{number:02d}-01", "resolved: noon\n" if number > 3 else "")
    write(kb, "INC-20260901-01", "resolved: noon\n")
    text = without_style(shown(kb, 100, "check", "--trend", INCIDENT_NOW=NOW))
    assert " █████ " in next(line for line in text.splitlines() if line.startswith("2026-10"))
    lines = {line[:7]: line.split() for line in asked("check", "--trend").splitlines()}
    assert lines["2026-10"][1:6] == ["6", "0", "3", "(50%)", "0.5"]
    assert lines["2026-09"][1:5] == ["1", "0", "1", "1"]


@pytest.mark.parametrize("which", ["INC-00010101-01", "INC-99991231-01"])
def test_an_id_of_the_first_or_last_year_of_the_calendar_stops_neither_check_nor_report(kb, told, which):
    write(kb, which, "declared: 2026-11-01T09:00:00\n")
    assert "far-moment" in {each["code"] for each in told("check", code=5)}
    assert months(told("check", "--trend"))["2026-11"][0] == 1
    assert months(told("report"))["2026-11"][0] == 1
