"""The object that programs read."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from tests.made import made

from okb_incident.core.incident.describe import as_object, property_changes
from okb_incident.core.values.properties import MOMENTS


def test_an_incident_as_an_object_has_every_key_and_null_for_what_is_not_known():
    value = as_object(
        made(
            1,
            "triage",
            declared="07-06 09:00",
            services=("checkout",),
            properties={"commander": "[[people/alice|Alice]]", "users_affected": 1200},
        ),
        "/srv/kb",
        UTC,
    )
    assert (value["id"], value["vault"]) == ("INC-20260706-01", "/srv/kb")
    assert (value["status"], value["severity"]) == ("triage", "SEV3")
    assert (value["commander"], value["users_affected"]) == ("alice", "1200")
    assert value["services"] == ["checkout"]
    assert value["declared"] == "2026-07-06T09:00:00Z"
    assert all(value[name] is None for name in MOMENTS if name != "declared")


def test_what_was_lost_and_the_notice_are_there_for_programs():
    known = {
        "integrity": "full",
        "data_classes": ["personal", "[[health]]"],
        "notify_by": "2026-11-26T02:00:00",
        "notified": "soon",
    }
    value = as_object(made(1, properties=known), "/srv/kb", ZoneInfo("Europe/Zurich"))
    assert (value["confidentiality"], value["integrity"], value["availability"]) == (None, "full", None)
    assert value["data_classes"] == ["personal", "health"]
    assert (value["notify_by"], value["notified"]) == ("2026-11-26T01:00:00Z", None)


def test_what_cannot_be_read_is_null():
    value = as_object(made(1, None, severity=None), "/srv/kb", UTC)
    assert (value["status"], value["severity"], value["commander"]) == (None, None, None)


def test_properties_that_differ_are_told_with_both_values_as_programs_read_them():
    before = {"status": "triage", "commander": "[[people/alice|Alice]]", "sent": "2026-11-23T02:00:00", "same": 1}
    after = {
        "status": "resolved",
        "responders": ["[[bob]]", "carol"],
        "same": 1,
        "sent": "2026-11-23T03:00:00",
        "x": None,
    }
    assert property_changes(before, after, ZoneInfo("Europe/Zurich")) == [
        ("status", "triage", "resolved"),
        ("responders", None, ["bob", "carol"]),
        ("sent", "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z"),
        ("commander", "alice", None),
    ]


def test_a_moment_that_cannot_be_read_and_what_is_no_text_stay_as_they_are():
    before = {"started": "at night", "time_to_resolve_minutes": 5, "title": "2026-11-23T02:00:00"}
    after = {"started": "2026-11-23T02:00:00Z", "time_to_resolve_minutes": 7, "title": "x"}
    assert property_changes(before, after, UTC) == [
        ("started", "at night", "2026-11-23T02:00:00Z"),
        ("time_to_resolve_minutes", 5, 7),
        ("title", "2026-11-23T02:00:00", "x"),
    ]
