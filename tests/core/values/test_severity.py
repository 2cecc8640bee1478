"""The scale of severities: read in any spelling, never rewritten."""

from __future__ import annotations

import pytest

from okb_incident.core.values.severity import DEFAULT_SCALE, NOT_YET, Severity, SeverityScale


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("SEV1", "SEV1"),
        ("sev-2", "SEV2"),
        ("Severity 3", "SEV3"),
        ("p4", "SEV4"),
        ("1", "SEV1"),
        ("critical", "SEV1"),
        (" Major ", "SEV2"),
        ("Undetermined", "undetermined"),
    ],
)
def test_every_usual_spelling(text, label):
    assert str(DEFAULT_SCALE.read(text)) == label


@pytest.mark.parametrize("text", ["", "SEV5", "0", "sev", "12", "huge"])
def test_what_is_no_severity(text):
    assert DEFAULT_SCALE.read(text) is None


def test_the_labels_of_a_vault_go_before_numbers_and_words():
    scale = SeverityScale((Severity(1, "Outage"), Severity(2, "High")))
    assert [str(scale.read(text)) for text in ("outage", "high", "2", "critical")] == [
        "Outage",
        "High",
        "High",
        "Outage",
    ]
    assert scale.labels == ("Outage", "High", "undetermined")


def test_the_tag_is_the_rank_and_what_is_undetermined_has_none():
    assert [level.tag for level in (*DEFAULT_SCALE.levels, NOT_YET)] == ["sev/1", "sev/2", "sev/3", "sev/4", None]
