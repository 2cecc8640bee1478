"""Proposal: the severity and the priority that the policy makes of what is known."""

from __future__ import annotations

import pytest

from okb_incident.core.response.proposal import propose, share_of
from okb_incident.core.settings.policy import DEFAULT_POLICY
from okb_incident.core.settings.settings import DEFAULT_SCOPES, Settings, Vocabulary
from okb_incident.core.values.severity import DEFAULT_SCALE, Severity, SeverityScale


@pytest.mark.parametrize(
    ("users", "total", "share"),
    [
        ("5%", None, 5),
        ("5-10 %", None, 10),
        ("~1200", 10_000, 12),
        ("1000-1500", 10_000, 15),
        ("1'200", 12_000, 10),
        ("1.2k", 12_000, 10),
        ("1200", None, None),
        ("20000", 10_000, 100),
        ("250 %", None, 100),
        ("unknown", 10_000, None),
        (None, 10_000, None),
        ("1.2.3", 100, None),
    ],
)
def test_the_share_of_users_that_a_text_means(users, total, share):
    assert share_of(users, total) == share


@pytest.mark.parametrize(
    ("share", "impact", "severity", "reason"),
    [
        (60, None, "SEV1", "60 % of users, and SEV1 begins at 50 %"),
        (12, None, "SEV2", "12 % of users, and SEV2 begins at 10 %"),
        (0.5, None, "SEV4", "0.5 % of users, and SEV4 begins at 0 %"),
        (None, "critical", "SEV1", "the business impact is critical"),
        (None, "medium", "SEV3", "the business impact is medium"),
        # Two facts that disagree: the worse one.
        (1, "high", "SEV2", "the business impact is high"),
        (80, "low", "SEV1", "80 % of users, and SEV1 begins at 50 %"),
        # Two that agree are both named.
        (12, "high", "SEV2", "12 % of users, and SEV2 begins at 10 %; the business impact is high"),
    ],
)
def test_the_policy_proposes_a_severity_and_says_why(share, impact, severity, reason):
    found = propose(DEFAULT_POLICY, DEFAULT_SCALE, share=share, urgency=None, business_impact=impact)
    assert (str(found.severity), found.reason, found.priority) == (severity, reason, None)


def test_a_house_may_let_the_share_say_nothing():
    silent = DEFAULT_POLICY._replace(
        expectations=tuple(each._replace(share=None, impact=None) for each in DEFAULT_POLICY.expectations)
    )
    assert propose(silent, DEFAULT_SCALE, share=90, urgency="high", business_impact="low").severity is None
    nothing = propose(DEFAULT_POLICY, DEFAULT_SCALE, share=None, urgency=None, business_impact=None)
    assert nothing.severity is None
    assert nothing.reason == "neither a share of users nor a level of scope nor a business impact is known"


def test_the_priority_needs_both():
    assert (
        propose(DEFAULT_POLICY, DEFAULT_SCALE, share=None, urgency="high", business_impact="critical").priority == "P1"
    )
    assert propose(DEFAULT_POLICY, DEFAULT_SCALE, share=None, urgency="high", business_impact=None).priority is None


def proposed(scope, settings=Settings(), share=None, impact=None):  # noqa: B008 - immutable
    return propose(
        settings.policy,
        settings.severities,
        share=share,
        urgency=None,
        business_impact=impact,
        scope=scope,
        scopes=settings.vocabulary.scope,
    )


@pytest.mark.parametrize(
    ("scope", "severity"), [("global", "SEV1"), ("region", "SEV2"), ("team", "SEV3"), ("single-user", "SEV4")]
)
def test_each_level_of_scope_proposes_a_severity(scope, severity):
    found = proposed(scope)
    assert (str(found.severity), found.reason) == (severity, f"the scope is {scope}")


@pytest.mark.parametrize(
    ("share", "impact", "severity", "reason"),
    [
        (2, None, "SEV2", "the scope is region"),
        (60, None, "SEV1", "60 % of users, and SEV1 begins at 50 %"),
        (2, "critical", "SEV1", "the business impact is critical"),
        (
            12,
            "high",
            "SEV2",
            "12 % of users, and SEV2 begins at 10 %; the scope is region; the business impact is high",
        ),
    ],
)
def test_scope_share_and_business_impact_propose_together_and_the_worse_one_counts(share, impact, severity, reason):
    found = proposed("region", share=share, impact=impact)
    assert (str(found.severity), found.reason) == (severity, reason)


def test_a_level_between_two_that_propose_counts_for_the_lower():
    words = ("single-user", "team", "region", "country", "global")
    expected = DEFAULT_POLICY.expectations
    found = propose(
        DEFAULT_POLICY,
        DEFAULT_SCALE,
        share=None,
        urgency=None,
        business_impact=None,
        scope="country",
        scopes=words,
    )
    assert expected[1].scope == "region"
    assert (str(found.severity), found.reason) == ("SEV2", "the scope is country, and SEV2 begins at region")


@pytest.mark.parametrize(
    ("words", "severities", "found"),
    [
        # By default the widest proposes the worst severity, and what is left proposes the last.
        (("shop", "country", "everywhere"), 4, ["SEV3", "SEV2", "SEV1"]),
        (("desk", "shop", "town", "country", "everywhere"), 4, ["SEV4", "SEV4", "SEV3", "SEV2", "SEV1"]),
        (DEFAULT_SCOPES, 2, ["SEV2", "SEV2", "SEV2", "SEV1"]),
        (DEFAULT_SCOPES, 5, ["SEV4", "SEV3", "SEV2", "SEV1"]),
        (("all",), 1, ["SEV1"]),
    ],
)
def test_other_words_and_other_severities_have_a_rule_that_works(words, severities, found):
    scale = SeverityScale(tuple(Severity(rank, f"SEV{rank}") for rank in range(1, severities + 1)))
    settings = Settings(severities=scale, vocabulary=Vocabulary(scope=words))
    assert [str(proposed(each, settings).severity) for each in words] == found
