"""What people type for the impact on a service, and the line that becomes of it."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records import minutes

from okb_incident.core.timeline.impact_shorthand import ImpactFault, ImpactWords, read_impact
from okb_incident.core.timeline.kinds import KINDS

if TYPE_CHECKING:
    from datetime import datetime

CLOCKS = {"01:50": -10, "02:20": 20, "22:00": 1200, "23:00": 1260}
NOW = "2026-11-23T02:30:00"


def moment(typed: str, _: str, ahead: bool) -> datetime:
    at = minutes(CLOCKS[typed])
    assert ahead or at <= minutes(30)
    return at


def read(typed: str) -> ImpactWords:
    return read_impact(typed, UTC, moment, minutes(30))


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("checkout down", f"checkout down from {NOW}"),
        ("checkout is Down", f"checkout down from {NOW}"),
        ("card payments  are at risk", f"card payments at-risk from {NOW}"),
        ("[[checkout|the shop]] down since 01:50", "[[checkout|the shop]] down from 2026-11-23T01:50:00"),
        ("checkout degraded, 40%", f"checkout degraded, share 40% from {NOW}"),
        ("checkout degraded 40 %", f"checkout degraded, share 40% from {NOW}"),
        ("checkout degraded, share 0,5%, ~1200 users", f"checkout degraded, share 0.5%, users ~1200 from {NOW}"),
        (
            "checkout degraded, users 900 - 1500, 4% of requests",
            f"checkout degraded, share 4%, users 900-1500 from {NOW}",
        ),
        (
            "checkout down from 01:50 until 02:20",
            "checkout down from 2026-11-23T01:50:00 to 2026-11-23T02:20:00",
        ),
        (
            "checkout at risk, planned, from 22:00 to 23:00",
            "checkout at-risk from 2026-11-23T22:00:00 to 2026-11-23T23:00:00, planned",
        ),
        ("way to pay down", f"way to pay down from {NOW}"),
    ],
)
def test_a_level_and_since_when(typed, payload):
    found = read(typed)
    assert (found.payload, found.planned) == (payload, "planned" in typed)
    assert found.level in {"down", "degraded", "at-risk"}
    assert KINDS["impact"].read(payload, UTC)["level"] == found.level


@pytest.mark.parametrize(
    "words",
    [
        "restored",
        "is restored.",
        "ok",
        "OK!",
        "okay",
        "works again",
        "works",
        "is working again",
        "up",
        "is back",
        "back up",
        "has been restored",
    ],
)
def test_a_service_that_works_again(words):
    assert read(f"card payments {words}") == ImpactWords(
        f"card payments restored at {NOW}", "card payments", "", minutes(30)
    )


def test_a_service_works_again_since_a_time():
    assert read("checkout works again since 02:20").restored == minutes(20)


@pytest.mark.parametrize(
    ("typed", "message", "meant"),
    [
        ("", "an impact needs a service and a level: down, degraded, at-risk or restored", None),
        ("at risk", "an impact needs a service before the level", None),
        ("checkout", "'checkout' has no level; choose from down, degraded, at-risk or restored", None),
        ("checkout purple", "'checkout purple' has no level", None),
        ("card payments broken since 01:50", "unknown level 'broken'", "card payments down since 01:50"),
        ("checkout slow, 40%", "unknown level 'slow'", "checkout degraded, 40%"),
        ("checkout degarded", "unknown level 'degarded'", "checkout degraded"),
        ("checkout restord", "unknown level 'restord'", "checkout restored"),
        ("checkout, search down", "the name of a service has no comma", None),
        ("x" * 101 + " down", "at most 100 characters", None),
        ("checkout down, all cards fail", "no place for 'all cards fail'", None),
        ("checkout down from 02:20 to 01:50", "an impact cannot end before it begins", None),
    ],
)
def test_what_is_no_impact_is_refused_with_what_was_meant(typed, message, meant):
    with pytest.raises(ImpactFault) as caught:
        read(typed)
    assert message in str(caught.value)
    assert caught.value.meant == meant


@given(st.text() | st.from_regex(r"[a-z ,:%→\[\]|]{0,30}(down|ok|at risk)[a-z ,%0-9]{0,20}", fullmatch=True))
def test_any_text_becomes_a_line_that_fits_or_a_sentence(typed):
    try:
        found = read(typed)
    except (ImpactFault, KeyError):
        return
    fields = KINDS["impact"].read(found.payload, UTC)
    assert fields.get("level", "") == found.level
