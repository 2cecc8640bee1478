"""Real notes that nobody here wrote: nothing in them is an incident, nothing stops, nothing changes."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from tests.shell import call

DATA = Path(__file__).parents[1] / "data"
ENVIRONMENT = {"INCIDENT_NOW": "2026-11-23T12:00:00Z", "INCIDENT_USER": "alice"}


@pytest.fixture
def vault(tmp_path):
    folder = tmp_path / "kb"
    assert call("init", str(folder), env=os.environ).returncode == 0
    return folder


def run(vault, *words):
    return call("--vault", str(vault), *words, env={**os.environ, **ENVIRONMENT})


def state(folder):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*.md")}


def test_a_vault_of_foreign_notes_holds_no_incident_and_is_left_alone(vault):
    shutil.copytree(DATA, vault / "notes")
    before = state(vault)
    assert len(before) > 200
    check = run(vault, "check", "--all")
    report = run(vault, "report", "--from", "2000-01-01", "--to", "2030-01-01", "--json")
    for done in (check, report):
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode in {0, 5}
    found = json.loads(report.stdout)
    assert found["counts"]["total"] == 0
    assert found["incidents"] == []
    named = Counter(line.split(":", 1)[0] for line in check.stdout.splitlines() if "bad-yaml" in line)
    assert set(named.values()) == {1}
    # The templates of that vault hold {{date}} unquoted; every other note can be read.
    assert len(named) == 28
    assert all("kepano-templates" in path for path in named)
    assert state(vault) == before


def test_the_history_of_a_research_cluster_comes_out_as_counted_by_hand(vault):
    assert run(vault, "import", "cstate", str(DATA / "cstate-grex")).returncode == 0
    before = state(vault)
    again = run(vault, "import", "cstate", str(DATA / "cstate-grex"))
    assert again.stdout.startswith("imported 0; already known 32;")
    assert state(vault) == before
    done = run(vault, "report", "--from", "2021-01-01", "--to", "2026-01-01", "--json")
    found = json.loads(done.stdout)
    assert len(found["incidents"]) == 29
    assert Counter(each["started"][:4] for each in found["incidents"]) == {
        "2021": 4,
        "2022": 9,
        "2023": 5,
        "2024": 3,
        "2025": 8,
    }
    assert [each["reason"] for each in found["excluded"]] == ["announcement"] * 3
    resolve = next(each for each in found["metrics"] if each["id"] == "ttr.started_resolved")
    assert {key: resolve[key] for key in ("n", "anomalous", "open", "missing", "median", "total", "longest")} == {
        "n": 26,
        "anomalous": 3,
        "open": 0,
        "missing": 0,
        "median": 45900,
        "total": 8916600,
        "longest": 4235700,
    }
    seconds = {each["seconds"] for each in found["quality"]["anomalies"] if each["metric"] == "ttr.started_resolved"}
    assert seconds == {-24270 * 60, -37425 * 60, -435 * 60}
    services = {name.lower(): count for name, count in found["counts"]["by_service"].items()}
    assert (services["login nodes"], services["compute nodes"], services["network"], services["nfs /home"]) == (
        18,
        18,
        11,
        10,
    )


def test_the_example_notes_of_cstate_come_out_as_counted_by_hand(vault):
    run(vault, "import", "cstate", str(DATA / "cstate-example"))
    found = json.loads(run(vault, "report", "--from", "2000-01-01", "--to", "2026-01-01", "--json").stdout)
    resolve = next(each for each in found["metrics"] if each["id"] == "ttr.started_resolved")
    # Of 0.98, 3, 34, 60, 96, 180 and 2,914 minutes the middle one is 60. One more is open, so half of the eight last longer
    # than something between 60 and 96.
    assert (resolve["n"], resolve["open"], resolve["median"]) == (7, 1, 78 * 60)
    assert resolve["longest"] // 60 == 2914
    assert round(resolve["total"] / 60, 2) == 3287.98


def test_the_example_vault_has_nothing_wrong(tmp_path):
    folder = tmp_path / "example"
    shutil.copytree(DATA.parents[1] / "example-vault", folder)
    done = run(folder, "check")
    assert (done.stdout, done.returncode) == ("nothing is wrong\n", 0)
