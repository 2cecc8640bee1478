"""The object that programs read."""

from __future__ import annotations

from tests.made import made

from okb_incident.core.incident.describe import as_object
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
    )
    assert (value["id"], value["vault"]) == ("INC-20260706-01", "/srv/kb")
    assert (value["status"], value["severity"]) == ("triage", "SEV3")
    assert (value["commander"], value["users_affected"]) == ("alice", "1200")
    assert value["services"] == ["checkout"]
    assert value["declared"] == "2026-07-06T09:00:00Z"
    assert all(value[name] is None for name in MOMENTS if name != "declared")


def test_what_cannot_be_read_is_null():
    value = as_object(made(1, None, severity=None), "/srv/kb")
    assert (value["status"], value["severity"], value["commander"]) == (None, None, None)
