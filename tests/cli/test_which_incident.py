"""Which incident a command means: an id, a part of one, words of its title, or the one that fits."""

from __future__ import annotations

import json
import re

import pytest


@pytest.fixture
def several(run, vault):
    """Three days with a first incident each, all open but the middle one."""
    for day, title in (("2026-11-24T12:00:00Z", "Search is down"), ("2026-11-25T12:00:00Z", "Search is slow")):
        assert run("open", title, vault=vault, env={"INCIDENT_NOW": day}).returncode == 0
    now = {"INCIDENT_NOW": "2026-11-25T13:00:00Z"}
    assert run("resolve", "1124-01", vault=vault, env=now).returncode == 0
    return lambda *words, **env: run(*words, vault=vault, env={**now, **env})


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("INC-20261123-01", "INC-20261123-01"),
        ("inc-20261124-01", "INC-20261124-01"),
        ("1124-01", "INC-20261124-01"),
        ("last", "INC-20261125-01"),
        ("checkout", "INC-20261123-01"),
        ("search", "INC-20261125-01"),
        ("is down", "INC-20261124-01"),
    ],
)
def test_a_reference(several, reference, meant):
    assert several("show", reference).stdout.startswith(meant)


@pytest.mark.parametrize(
    ("reference", "candidates"),
    [
        ("01", {"INC-20261123-01", "INC-20261125-01"}),
        ("is", {"INC-20261123-01", "INC-20261124-01", "INC-20261125-01"}),
        ("INC-20261128-01", {"INC-20261123-01", "INC-20261124-01", "INC-20261125-01"}),
        ("07", set()),
        ("payments", set()),
    ],
)
def test_what_means_several_or_none_exits_4_and_names_those_that_could_be_meant(several, reference, candidates):
    done = several("show", reference)
    assert done.returncode == 4
    assert {word for word in done.stderr.split() if word.startswith("INC-2026112") and word != reference} >= candidates


def test_a_number_alone_means_the_one_that_is_open(several):
    several("resolve", "1125-01")
    assert several("show", "01").stdout.startswith("INC-20261123-01")
    several("resolve", "1123-01")
    assert several("show", "01").stdout.startswith("INC-20261125-01")


def test_without_a_reference_it_is_the_one_where_i_hold_a_role(several):
    assert several("ack", "1123-01", INCIDENT_USER="bob").returncode == 0
    assert " · INC-20261123-01 " in several("mitigate", INCIDENT_USER="bob").stdout


def test_the_environment_names_one(several):
    assert " · INC-20261124-01 " in several("log", "seen", INCIDENT_ID="1124-01").stdout


def test_an_empty_vault_has_none(run, tmp_path):
    run("init", str(tmp_path / "kb"), vault=None)
    done = run("show", "last", vault=tmp_path / "kb")
    assert done.returncode == 4
    assert done.stderr.splitlines()[-1] == f"hint: incident --vault {tmp_path / 'kb'} open"


@pytest.fixture
def dozen(run, vault):
    """Twelve open incidents of one day, so that their numbers are words that people type."""
    for number in range(2, 13):
        assert run("open", f"Disk {number} is full", vault=vault).returncode == 0
    assert run("ack", "03", vault=vault).returncode == 0
    return lambda *words, **env: run(*words, "--dry-run", vault=vault, env=env)


@pytest.mark.parametrize(
    ("words", "meant", "written"),
    [
        # Before text, `last` is text, and the one incident is the one where I hold a role.
        (("mitigate", "last", "deploy", "rolled", "back"), "03", "monitoring, last deploy rolled back"),
        (("mitigate", "12"), "12", "triage → monitoring"),
        (("mitigate", "1123-12", "pods", "restarted"), "12", "monitoring, pods restarted"),
        (("mitigate", "13", "pods", "restarted"), "03", "monitoring, 13 pods restarted"),
        (("mitigate", "07", "pods", "restarted"), "07", "monitoring, pods restarted"),
        (("mitigate", "2026-11", "invoices", "sent"), "03", "monitoring, 2026-11 invoices sent"),
        (("mitigate", "1323-01", "is", "no", "day"), "03", "monitoring, 1323-01 is no day"),
        (("log", "INC-20261123-02", "key", "revoked"), "02", "@alice: key revoked"),
        (("log", "1123-02", "key", "revoked"), "02", "@alice: key revoked"),
        (("log", "last", "try", "of", "three"), "03", "@alice: last try of three"),
        (("log", "404", "on", "every", "page"), "03", "@alice: 404 on every page"),
        (("severity", "04", "sev1"), "04", "SEV1"),
        (("role", "04", "tech", "bob"), "04", "technical_lead: bob"),
        (("role", "last", "tech", "bob"), "12", "technical_lead: bob"),
        (("role", "03", "bob", "watch it", "--handoff"), "03", "alice → @bob, watch it"),
        (("tell", "last", "team", "It is slow."), "12", "team/status-update"),
        (("comms", "draft", "last", "team", "It is slow."), "12", "It is slow."),
        (("severity", "last", "sev1"), "12", "SEV1"),
        (("expect", "last", "40m"), "12", "expected_recovery"),
        (("mitigate", "last"), "12", "triage → monitoring"),
        (("contain", "last", "account", "closed"), "03", "contained, last account closed"),
        (("decline", "02", "the", "probe", "was", "wrong"), "02", "declined, the probe was wrong"),
        (("set", "01", "cause=change"), "01", "cause: change"),
        (("log", "2026-11", "invoices", "are", "late"), "03", "@alice: 2026-11 invoices are late"),
        (("set", "05", "cause=change"), "05", "cause: change"),
        (("action", "add", "06", "roll back"), "06", "- [ ] roll back"),
        (("action", "add", "last", "disk", "first"), "03", "- [ ] last disk first"),
        (("decline", "08", "the", "probe", "was", "wrong"), "08", "declined, the probe was wrong"),
        (("effort", "09", "45m"), "09", "alice 45m"),
        (("restore", "09", "checkout", "--at", "now"), "09", None),
        (("expect", "10", "40m"), "10", "expected_recovery"),
    ],
)
def test_the_first_word_is_an_incident_or_begins_the_text(dozen, words, meant, written):
    done = dozen(*words)
    assert f"INC-20261123-{meant}" in done.stdout + done.stderr
    assert written is None or written in done.stdout


@pytest.mark.parametrize(
    ("words", "meant"), [(("merge", "02", "01"), ("02", "01")), (("relate", "02", "last"), ("02", "12"))]
)
def test_where_only_incidents_are_taken_each_word_is_one(dozen, words, meant):
    done = dozen(*words)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^\+\+\+ b/incidents/2026/INC-20261123-(\d\d)", done.stdout, re.MULTILINE) == list(meant)


@pytest.mark.parametrize("form", ["YYYYMMDDNN", "INCYYYYMMDDxNN", "NN-DD-MM-YYYY"])
def test_an_id_of_any_pattern_is_the_reference_before_text(run, tmp_path, form):
    run("init", str(tmp_path / "kb"), vault=None)
    with (tmp_path / "kb" / "incident.toml").open("a") as settings:
        settings.write(f'id = "{form}"\n')
    made = [json.loads(run("open", each, "--json", vault=tmp_path / "kb").stdout)["id"] for each in ("Disk", "Shop")]
    for which in made:
        done = run("mitigate", which, "last deploy", "rolled back", "--dry-run", vault=tmp_path / "kb")
        assert f"b/incidents/2026/{which}.md" in done.stdout
        assert "monitoring, last deploy rolled back" in done.stdout
    done = run("mitigate", "last deploy", vault=tmp_path / "kb")
    assert [line.split() for line in done.stderr.splitlines() if line.startswith("    ")] == [
        ["incident", "--vault", str(tmp_path / "kb"), "mitigate", "-i", which, "'last", "deploy'"]
        for which in reversed(made)
    ]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("follow-up", "set", "f1", "f2", "--owner", "bob"), "f2"),
        (("comms", "send", "u1", "u2"), "u2"),
        (("role", "scribe", "bob", "--me"), "scribe bob"),
        (("relate", "01", "02", "03"), "03"),
    ],
)
def test_a_word_that_no_part_takes_is_named(dozen, words, left):
    done = dozen(*words)
    assert done.returncode == 2
    assert f"'{left}'" in done.stderr


@pytest.mark.parametrize("words", [("mitigate", "12", "pods", "restarted"), ("log", "02", "pods", "are", "left")])
def test_a_number_that_may_be_text_is_asked_about(dozen, words):
    done = dozen(*words)
    assert done.returncode == 4
    verb, number, *text = words
    offered = [line.strip() for line in done.stderr.splitlines() if line.startswith("    incident ")]
    assert any(line.endswith(f" {verb} -i INC-20261123-{number} {' '.join(text)} --dry-run") for line in offered)
    assert any(line.endswith(f" {number} {' '.join(text)} --dry-run") for line in offered)
