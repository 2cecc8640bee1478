"""Lines of the timeline that say more than was typed: evidence with its digest, a check with its numbers."""

from __future__ import annotations

import hashlib
import json

import pytest


def last(desk, kind):
    """Return the words of the last line of a kind."""
    return [each["text"] for each in json.loads(desk("timeline", "01", "--json").out) if each["kind"] == kind][-1]


@pytest.mark.parametrize(
    ("words", "what"),
    [(["evidence:", "the dump"], "the dump"), (["the dump"], "the dump"), (["evidence:"], "file"), ([], "file")],
)
def test_evidence_says_what_it_is_where_it_lies_and_its_digest(desk, tmp_path, words, what):
    dump = tmp_path / "dump"
    dump.write_bytes(b"GET / 500\n")
    digest = hashlib.sha256(dump.read_bytes()).hexdigest()
    desk("log", "-i", "01", *words, "--file", str(dump))
    assert last(desk, "evidence") == f"{what}: {dump}, sha256 {digest}"


@pytest.mark.parametrize("name", [".", "missing"])
def test_evidence_that_is_no_file_is_refused_and_nothing_is_written(desk, tmp_path, name):
    before = desk.all()
    value = json.loads(desk("log", "-i", "01", "a dump", "--file", str(tmp_path / name), "--json", code=2).err)
    assert value["error"]["field"] == "--file"
    assert desk.all() == before


def checks(desk):
    text = desk.note.read_text().partition("## Verification\n")[2]
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- [")]


@pytest.fixture
def measured(desk):
    """A performance incident with its metric."""
    desk("set", "01", "metric=p95 latency", "baseline=400", "worst=1200", "unit=ms")
    desk("mitigate", "01")
    return desk


@pytest.mark.parametrize(
    ("words", "what"),
    [((), "p95 latency is back"), (("checkout", "is", "fast"), "checkout is fast")],
)
def test_a_value_is_compared_with_what_it_was_before_and_at_its_worst(measured, words, what):
    measured("verify", "recovery", *words, "ok", "--value", "432")
    (line,) = checks(measured)
    assert line.startswith(f"[x] v1 recovery: {what}, evidence ")
    told = line
    assert what in told
    assert "432 ms is 108 % of the baseline 400 ms" in told
    assert "300 %" in told


def test_a_value_without_a_name_of_its_metric_is_the_metric(desk):
    desk("set", "01", "baseline=0,4")
    desk("mitigate", "01")
    desk("verify", "recovery", "ok", "--value", "0,5")
    (line,) = checks(desk)
    assert line.startswith("[x] v1 recovery: the metric is back, evidence ")
    told = line.partition(" (@alice")[0]
    assert "0,5 is 125 % of the baseline 0,4" in told
    assert "worst" not in told


@pytest.mark.parametrize("value", ["fast", ""])
def test_a_value_that_is_no_number_or_has_nothing_to_compare_with_is_refused(desk, value):
    desk("mitigate", "01")
    assert (
        json.loads(desk("verify", "recovery", "ok", "--value", value, "--json", code=2).err)["error"]["field"]
        == "--value"
    )
    assert (
        json.loads(desk("verify", "recovery", "ok", "--value", "3", "--json", code=2).err)["error"]["field"]
        == "baseline"
    )


@pytest.mark.parametrize(("script", "box"), [("echo first; echo 0.02", "x"), ("echo 5.1; exit 3", " ")])
def test_a_check_is_made_by_a_command_and_its_last_line_shows_it(desk, script, box):
    desk("mitigate", "01")
    desk("verify", "recovery", "errors are gone", "--cmd", f"sh -c '{script}'", "--evidence", "seen")
    (line,) = checks(desk)
    assert line.startswith(f"[{box}] v1 recovery: errors are gone, evidence seen; ")
    told = line.partition(" (@alice")[0]
    assert "seen; " in told
    assert f"exit {0 if box == 'x' else 3} after" in told
    assert told.endswith(", 0.02" if box == "x" else ", 5.1")


@pytest.mark.parametrize(
    ("line", "field"), [("sh -c 'open", "--cmd"), ("", "ok|fail"), (" ", "--cmd"), ("no-such-command-here", "CMD")]
)
def test_a_command_that_cannot_be_run_is_refused_and_nothing_is_written(desk, line, field):
    desk("mitigate", "01")
    before = desk.all()
    value = json.loads(desk("verify", "recovery", "errors are gone", "--cmd", line, "--json", code=None).err)
    assert value["error"]["field"] == field
    assert desk.all() == before
