"""Which incident a command means: an id, a part of one, words of its title, or the one that fits."""

from __future__ import annotations

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
    assert several("mitigate", INCIDENT_USER="bob").stdout.startswith("INC-20261123-01")


def test_the_environment_names_one(several):
    assert several("log", "seen", INCIDENT_ID="1124-01").stdout.startswith("INC-20261124-01")


def test_an_empty_vault_has_none(run, tmp_path):
    run("init", str(tmp_path / "kb"), vault=None)
    done = run("show", "last", vault=tmp_path / "kb")
    assert done.returncode == 4
    assert 'hint: incident open "TITLE"' in done.stderr
