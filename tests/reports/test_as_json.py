from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.made import fixture_8b, made, report_on, when

from okb_incident.command import Command, Sentence
from okb_incident.core.values.problem import Problem
from okb_incident.reports.as_json import document, incident_object, render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def closed(schema: Any) -> Any:
    """Forbid every key that the schema does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: closed(part) for key, part in schema.items()}
    return {**strict, "additionalProperties": False} if "properties" in schema else strict


def everything() -> list[Any]:
    """Make incidents that show every kind of entry there is."""
    extra = [
        made(10, "triage", started="06-01 08:00", properties={"commander": "[[alice]]"}, services=("a", "b")),
        made(11, nature="drill", started="07-07 08:00"),
        made(12, None, started="2026-07-07", severity="?"),
        made(13, "triage"),
        made(14, started="2030-01-01 00:00", declared="07-07 08:00", resolved="07-07 09:00"),
        *(made(number, started="07-08 08:00", resolved=f"07-08 {number - 10}:00") for number in range(20, 31)),
    ]
    return [*fixture_8b(), *extra]


@pytest.mark.parametrize("incidents", [[], fixture_8b(), everything()], ids=["nothing", "fixture", "everything"])
def test_the_document_is_as_the_schema_says_and_the_schema_describes_every_key(incidents: list[Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    problems = [
        Problem("x.md", None, "bad-yaml", "it is broken", "mend it"),
        Problem("y.md", 3, "missing-key", "title is not set", Command("set", "title=x", incident="INC-20260706-01")),
    ]
    found = json.loads(render(report_on(incidents, problems=problems, conditions=["severity=SEV1"])))
    VALIDATOR.validate(found)
    Draft202012Validator(closed(SCHEMA)).validate(found)


def test_a_hint_is_told_to_programs_as_words_and_as_what_to_run() -> None:
    mend = Command("set", "title=two words", incident="INC-20260706-01")
    hints = (None, "mend it", mend, Sentence("either ", mend, " or not"))
    problems = [Problem("x.md", line, "x", "m", hint) for line, hint in enumerate(hints, 1)]
    found = document(report_on([], problems=problems))["quality"]["problems"]
    assert [(each["hint"], each["argv"]) for each in found] == [
        (None, None),
        ("mend it", None),
        (
            "incident set -i INC-20260706-01 'title=two words'",
            ["incident", "set", "-i", "INC-20260706-01", "title=two words"],
        ),
        ("either incident set -i INC-20260706-01 'title=two words' or not", None),
    ]


def test_the_fixture_as_a_program_reads_it() -> None:
    found = document(report_on(fixture_8b()))
    assert found["schema"] == "okb.report/1"
    assert (found["as_of"], found["zone"]) == ("2026-07-13T09:00:00Z", "UTC")
    assert found["period"] == {
        "label": "2026-W28",
        "from": "2026-07-06T00:00:00Z",
        "to": "2026-07-13T00:00:00Z",
        "to_date": False,
    }
    metrics = {metric["id"]: metric for metric in found["metrics"]}
    assert list(metrics) == [
        "ttd.started_detected",
        "ttk.detected_ack",
        "ttk.declared_ack",
        "ttm.started_mitigated",
        "ttm.detected_mitigated",
        "ttr.started_resolved",
        "ttr.detected_resolved",
        "ttr.declared_resolved",
    ]
    ack = metrics["ttk.detected_ack"]
    assert (ack["median"], ack["median_ci"], ack["ci_level"]) == (300, [120, 1800], 0.9375)
    assert (ack["values"], ack["p90"], ack["longest"]) == (None, None, 1800)
    assert ack["longest_id"] == "INC-20260706-07"
    resolve = metrics["ttr.started_resolved"]
    assert (resolve["n"], resolve["open"], resolve["missing"], resolve["anomalous"]) == (3, 1, 1, 0)
    assert resolve["values"] == [4200, 7200, 12600, {"gt": 36000}]
    assert (resolve["median"], resolve["median_ci"], resolve["ci_level"]) == (None, None, None)
    from_detection = metrics["ttr.detected_resolved"]
    assert (from_detection["median"], from_detection["median_ci"]) == (9000, [3600, None])
    assert from_detection["method"].startswith("Kaplan-Meier")
    assert found["excluded"] == [
        {
            "id": "INC-20260706-05",
            "path": "incidents/2026/INC-20260706-05.md",
            "title": "Incident 5",
            "reason": "merged",
            "into": "INC-20260706-01",
        },
        {
            "id": "INC-20260706-06",
            "path": "incidents/2026/INC-20260706-06.md",
            "title": "Incident 6",
            "reason": "declined",
            "into": None,
        },
    ]
    assert found["quality"]["anomalies"] == [
        {
            "metric": "ttd.started_detected",
            "id": "INC-20260706-04",
            "path": "incidents/2026/INC-20260706-04.md",
            "line": 11,
            "fields": ["started", "detected"],
            "seconds": -1800,
            "hint": "incident set -i INC-20260706-04 detected --correct",
            "argv": ["incident", "set", "-i", "INC-20260706-04", "detected", "--correct"],
        },
    ]
    assert {"metric": "ttr.started_resolved", "reason": "no-start"}.items() <= next(
        gap for gap in found["quality"]["missing"] if gap["metric"] == "ttr.started_resolved"
    ).items()
    first = found["incidents"][0]
    assert (first["id"], first["detected"], first["duplicates"]) == (
        "INC-20260706-01",
        "2026-07-06T09:04:00Z",
        ["INC-20260706-05"],
    )


def test_an_open_incident_of_another_period_is_shown_and_not_counted() -> None:
    old = made(1, "triage", severity="?", started="06-01 09:00", properties={"commander": "[[alice]]"})
    unknown = made(2, "monitoring")
    ahead = made(3, "monitoring", started="2026-07-13T09:02:00")
    found = document(report_on([old, unknown, ahead]))
    assert found["counts"]["total"] == 0
    assert found["open_now"][0] == {
        "id": "INC-20260706-01",
        "path": "incidents/2026/INC-20260706-01.md",
        "title": "Incident 1",
        "status": "triage",
        "severity": None,
        "commander": "alice",
        "since": "2026-06-01T09:00:00Z",
        "age": 42 * 86400,
        "in_period": False,
    }
    assert [entry["age"] for entry in found["open_now"]] == [42 * 86400, None, 0]


def test_nothing_known_is_null_and_never_nought() -> None:
    (metric, *_) = document(report_on([]))["metrics"]
    for key in ("median", "median_ci", "ci_level", "p90", "longest", "longest_id", "mean", "total"):
        assert metric[key] is None
    assert metric["values"] == []
    assert incident_object(made(1, None, severity="?")) == {
        "id": "INC-20260706-01",
        "uid": None,
        "path": "incidents/2026/INC-20260706-01.md",
        "status": None,
        "severity": None,
        "title": "Incident 1",
        **dict.fromkeys(
            (
                "started",
                "detected",
                "declared",
                "acknowledged",
                "identified",
                "contained",
                "mitigated",
                "resolved",
                "first_resolved",
                "verified",
                "closed",
            ),
        ),
    }


def test_what_was_not_reached_is_what_it_exceeds() -> None:
    incidents = [made(number, "triage", started="07-11 09:00") for number in range(1, 6)]
    metrics = {metric["id"]: metric for metric in document(report_on(incidents))["metrics"]}
    assert metrics["ttr.started_resolved"]["median"] == {"gt": 172800}


def test_the_same_vault_and_the_same_moment_give_the_same_bytes() -> None:
    one, other = render(report_on(everything())), render(report_on(everything()[::-1]))
    assert one == other
    assert one != render(report_on(everything(), as_of=when("07-13 09:01")))


def test_the_document_is_pure_ascii() -> None:
    text = render(report_on([made(1, started="07-07 10:00", title="支払い \x1b]0;x\x07 \udc80", services=("→",))]))
    assert text.isascii()
    assert "\x1b" not in text
    assert text.endswith("}\n")
