"""What a category and a source bring: the category that is missing, the restriction, the traffic light, and whom it concerns."""

from __future__ import annotations

import pytest
from tests.records import incident_of, minutes

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response.handling import lacking, source_of, with_alerts, with_handling
from okb_incident.core.settings.policy import DEFAULT_POLICY, Handling
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.settings.settings import Settings

SETTINGS = Settings()
NOW = minutes(3)


def handled(properties, incident=None, settings=SETTINGS, source=None):
    """Return a change of some properties with what they bring."""
    change = Change(properties=properties, lines=(LogLine("note", "as typed", NOW),), said="typed")
    return with_handling(change, incident or incident_of("triage"), settings, NOW, source)


@pytest.mark.parametrize(
    ("category", "source", "expected"),
    [
        (None, None, Handling()),
        (None, "monitoring", Handling()),
        ("performance", "monitoring", Handling("performance")),
        (None, "security", Handling("security", restricted=True, tlp=True, security=True)),
        (None, "Security", Handling("security", restricted=True, tlp=True, security=True)),
        ("security", None, Handling("security", restricted=True, tlp=True, security=True)),
        ("SECURITY", "user", Handling("SECURITY", restricted=True, tlp=True, security=True)),
        ("performance", "security", Handling("performance", restricted=True, tlp=True, security=True)),
    ],
)
def test_a_category_is_kept_and_whoever_asks_for_a_restriction_gets_it(category, source, expected):
    assert DEFAULT_POLICY.handling(category, source) == expected


def test_a_house_decides_otherwise():
    policy = read_settings({"categories": {"security": {"restricted": False}}})[0].policy
    assert policy.handling(None, "security") == Handling("security", restricted=False, tlp=True, security=True)
    policy = read_settings({"categories": {"Security": {"sources": []}}})[0].policy
    assert policy.handling(None, "security") == Handling()
    assert policy.handling("security", None).restricted
    policy = read_settings({"categories": {"privacy": {"sources": ["dpo"], "restricted": True}}})[0].policy
    assert policy.handling(None, "dpo") == Handling("privacy", restricted=True)


def test_the_security_teams_are_those_of_that_kind():
    teams = {"secops": {"kind": "security"}, "payments": {"kind": "technical"}, "others": {}}
    assert list(read_settings({"teams": teams})[0].policy.security_teams()) == ["secops"]


def test_a_source_brings_category_and_restriction():
    change = handled({"detected_by": "security"})
    assert change.properties == {"detected_by": "security", "category": "security", "visibility": "restricted"}
    assert [line.text for line in change.lines] == ["as typed", "category: – → security", "restricted"]
    assert change.said == "typed; category – → security; restricted"


@pytest.mark.parametrize(
    ("properties", "facts", "brought"),
    [
        ({"category": "security"}, {}, {"visibility": "restricted"}),
        ({"detected_by": "security"}, {"category": "performance"}, {"visibility": "restricted"}),
        ({"detected_by": "security", "category": "service"}, {}, {"visibility": "restricted"}),
        ({"detected_by": "security"}, {"restricted": True}, {"category": "security"}),
        # It was handled so before: whoever lifted the restriction meant it.
        ({"detected_by": "security"}, {"category": "security"}, {}),
        ({"category": None}, {"category": "security", "detected_by": "security"}, {}),
        ({"detected_by": "monitoring"}, {"category": "security", "restricted": True}, {}),
        ({"detected_by": "monitoring"}, {}, {}),
        ({"cause": "attack"}, {"detected_by": "security"}, {}),
    ],
)
def test_only_what_is_missing_is_brought(properties, facts, brought):
    assert handled(properties, incident_of("triage", **facts)).properties == {**properties, **brought}


def test_a_vocabulary_without_the_category_still_restricts():
    settings = SETTINGS._replace(vocabulary=SETTINGS.vocabulary._replace(category=("it", "ot")))
    assert handled({"detected_by": "security"}, settings=settings).properties == {
        "detected_by": "security",
        "visibility": "restricted",
    }


def test_what_changes_nothing_brings_nothing():
    already = Change(already=True, said="already security")
    assert with_handling(already, incident_of("triage"), SETTINGS, NOW) is already


@pytest.mark.parametrize(
    ("alert", "source"),
    [
        ("security: credentials dumped on host7", "security"),
        ("Security, credentials dumped", "Security"),
        ("security firing, credentials dumped", "security"),
        ("security", "security"),
        ("security scanner is slow", None),
        ("security firings are frequent", None),
        ("CheckoutErrorRate firing, 38 %", "CheckoutErrorRate"),
        ("two probes report timeouts", None),
        ("", None),
    ],
)
def test_an_alert_names_its_source_where_the_first_word_ends_there(alert, source):
    assert source_of(alert) == source


def alerted(*texts, **facts):
    change = Change(lines=tuple(LogLine(kind, text, NOW) for kind, text in texts), said="logged")
    return with_alerts(change, incident_of("triage", **facts), SETTINGS, NOW)


def test_an_alert_of_security_brings_source_category_and_restriction():
    change = alerted(("alert", "cpu: 99 %"), ("alert", "security: credentials dumped"), ("alert", "security: again"))
    assert change.properties == {"detected_by": "security", "category": "security", "visibility": "restricted"}
    assert [line.text for line in change.lines][3:] == [
        "detected_by: – → security",
        "category: – → security",
        "restricted",
    ]


def test_an_alert_leaves_source_and_category_as_they_are():
    change = alerted(("alert", "security: credentials dumped"), category="service", detected_by="user")
    assert change.properties == {"visibility": "restricted"}


@pytest.mark.parametrize(
    ("texts", "facts"),
    [
        ((("note", "security: we asked them"),), {}),
        ((("alert", "monitoring: cpu"),), {"category": "security"}),
        ((("alert", "security scanner is slow"),), {}),
        ((("alert", "security: again"),), {"category": "security", "detected_by": "user"}),
    ],
)
def test_other_entries_bring_nothing(texts, facts):
    assert alerted(*texts, **facts).properties == {}


def test_what_an_incident_lacks():
    of = incident_of("triage", category="performance", detected_by="security", properties={"metric": "p95"})
    assert lacking(of, DEFAULT_POLICY) == ("baseline", "unit", "tlp")
    assert (
        lacking(
            of._replace(properties={"metric": "p95", "baseline": 1, "unit": "ms", "tlp": "TLP:RED"}), DEFAULT_POLICY
        )
        == ()
    )
    assert lacking(incident_of("triage"), DEFAULT_POLICY) == ()
