"""The findings by month against the findings themselves: whatever is in the vault, none is lost and none is counted twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.test_index import contents, happen, paths
from tests.shell import call

from okb_incident.vault.disk import stillness
from okb_incident.workflow.care.check import HINTS

ENV = {"INCIDENT_USER": "alice", "INCIDENT_NOW": "2026-11-23T12:00:00Z", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
ALL = ("--from", "1970-01-01", "--to", "2100-01-01")


@pytest.fixture(autouse=True)
def _no_waiting_for_saves(monkeypatch):
    monkeypatch.setattr(stillness, "AT_MOST", 0.0)


def told(folder: str, *words: str) -> Any:
    env = {**ENV, "HOME": folder, "XDG_CACHE_HOME": f"{folder}/.cache"}
    done = call("--vault", folder, *words, "--json", env=env)
    assert done.returncode in {0, 5}, done.stderr
    return json.loads(done.stdout)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.just("write"), paths, contents()), max_size=8),
    st.sampled_from(["2026-07-06", "2026-07-08", "2026-07-20"]),
    st.booleans(),
)
def test_all_findings_of_check_are_in_its_trend_once(written, day, restricted):
    asked = ("--restricted",) if restricted else ()
    with TemporaryDirectory() as folder:
        (Path(folder) / "incident.toml").write_text("format = 1\n")
        for event in written:
            happen(Path(folder), event)
        found = [each for each in told(folder, "check", *asked) if each["code"] not in HINTS]
        whole = told(folder, "check", "--trend", *ALL, *asked)
        in_kinds = Counter({kind["code"]: kind["findings"] for kind in whole["kinds"]})
        assert in_kinds <= Counter(each["code"] for each in found)
        assert whole["findings"] == in_kinds.total() == sum(month["findings"] for month in whole["months"])
        assert whole["findings"] + whole["elsewhere"] == len(found)
        assert whole["outside"] == 0
        # Wherever a period is cut, both halves together are the whole, and check of a half lists what the trend counts.
        halves = [("--from", "1970-01-01", "--to", day), ("--from", day, "--to", "2100-01-01")]
        counts = [told(folder, "check", "--trend", *half, *asked) for half in halves]
        listed = [told(folder, "check", *half, *asked) for half in halves]
        assert [each["findings"] for each in counts] == [
            sum(one["code"] not in HINTS for one in half) for half in listed
        ]
        assert sum(each["incidents"] for each in counts) == whole["incidents"]
        assert [each["outside"] for each in counts] == [whole["findings"] - each["findings"] for each in counts]
        # A report counts what the properties lack, by the same incidents.
        report = told(folder, "report", *asked)["documentation"]
        assert report["findings"] <= whole["findings"]
        assert report["incidents"] <= whole["incidents"]
