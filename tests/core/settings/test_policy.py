"""The policy: what holds without settings, what a vault can change, and what is said of what cannot be used."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from okb_incident.core.settings.policy import DEFAULT_POLICY, Category, Team
from okb_incident.core.settings.read_policy import policy_keys
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.settings.settings import DEFAULT_SCOPES, Settings
from okb_incident.core.values.severity import DEFAULT_SCALE, NOT_YET


def policy_of(**tables):
    return read_settings(tables)[0].policy


def test_without_settings_the_defaults_hold():
    settings = read_settings({})[0]
    assert settings.policy is DEFAULT_POLICY
    assert settings.policy.of(DEFAULT_SCALE.levels[0]).acknowledge == timedelta(minutes=5)
    assert settings.policy.of(DEFAULT_SCALE.levels[3]).review is None


def test_a_share_may_say_nothing():
    assert policy_of(policy={"SEV1": {"share": "none"}}).expectations[0].share is None


def test_a_severity_that_is_not_known_is_expected_to_be_the_worst():
    worst = DEFAULT_POLICY.expectations[0]
    assert DEFAULT_POLICY.of(NOT_YET) is worst
    assert DEFAULT_POLICY.of(None) is worst


def test_an_ordinary_category_is_nothing_particular():
    assert DEFAULT_POLICY.category(None) == Category()
    assert DEFAULT_POLICY.category("weather") == Category()
    assert DEFAULT_POLICY.category("security").restricted


def test_a_vault_changes_what_it_names_and_nothing_else():
    policy = policy_of(
        policy={
            "reopen_within": "3d",
            "SEV1": {
                "acknowledge": "3m",
                "resolve": "none",
                "review": "none",
                "updates": {"users": "10m", "team": "none"},
            },
        },
        priority={"high": {"low": "P2"}},
        categories={
            "security": {"tlp": False},
            "vendor": {"checklist": ["Look at  their page"], "requires": ["external"]},
        },
        teams={"payments": {"kind": "technical", "members": ["@Ada Vogel"], "contact": "pager 12"}},
    )
    assert policy.reopen_within == timedelta(days=3)
    first, second = policy.expectations[:2]
    assert (first.acknowledge, first.mitigate, first.resolve) == (timedelta(minutes=3), timedelta(hours=1), None)
    assert first.updates == {"users": timedelta(minutes=10)}
    assert first.review is None
    assert second == DEFAULT_POLICY.expectations[1]
    assert policy.priorities["high", "low"] == "P2"
    assert policy.priorities["high", "medium"] == "P2"
    assert policy.category("security").restricted
    assert not policy.category("security").tlp
    assert policy.category("vendor") == Category(checklist=("Look at their page",), requires=("external",))
    assert policy.teams == {"payments": Team("technical", ("Ada-Vogel",), "pager 12")}


def test_a_scale_of_its_own_takes_the_defaults_by_rank():
    settings, _ = read_settings(
        {
            "severities": {f"S{rank}": "bad" for rank in range(1, 7)},
            "policy": {"S6": {"roles": []}, "S1": {"review": 2}},
        }
    )
    policy = settings.policy
    assert [each.review for each in policy.expectations] == [2, 7, None, None, None, None]
    assert policy.expectations[4] == DEFAULT_POLICY.expectations[3]
    assert policy.expectations[5].roles == ()


def test_the_scope_of_a_severity_is_a_level_of_the_vault_or_none():
    given = {"SEV2": {"scope": "Several shops"}, "SEV3": {"scope": "none"}}
    settings, _ = read_settings({"vocabulary": {"scope": ["shop", "several-shops", "everywhere"]}, "policy": given})
    assert [each.scope for each in settings.policy.expectations] == ["everywhere", "several-shops", None, "shop"]
    assert Settings().policy is DEFAULT_POLICY
    assert DEFAULT_POLICY.fitted(DEFAULT_SCALE.levels, DEFAULT_SCOPES) == DEFAULT_POLICY


def test_what_is_not_known_is_named_and_ignored():
    settings, unknown = read_settings(
        {
            "policy": {"SEV9": {}, "colour": 1, "SEV1": {"snooze": "1h"}},
            "priority": {"urgent": {"low": "P1"}, "high": {"none": "P1"}},
            "categories": {"security": {"codename": "x"}},
            "teams": {"payments": {"colour": "red"}},
        }
    )
    assert set(unknown) == {
        "policy.SEV9",
        "policy.colour",
        "policy.SEV1.snooze",
        "priority.urgent.low",
        "priority.high.none",
        "categories.security.codename",
        "teams.payments.colour",
    }
    assert settings.policy.expectations == DEFAULT_POLICY.expectations


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ({"policy": 1}, "policy", "table"),
        ({"policy": {"SEV2": {"scope": "regoin"}}}, "policy.SEV2.scope", "one of single-user, team, region, global"),
        ({"policy": {"SEV2": {"scope": "region eu"}}}, "policy.SEV2.scope", '"none"'),
        ({"policy": {"SEV2": {"scope": 2}}}, "policy.SEV2.scope", "vocabulary.scope"),
        ({"policy": {"reopen_within": 7}}, "policy.reopen_within", "length of time"),
        ({"policy": {"reopen_within": "none"}}, "policy.reopen_within", "length of time"),
        ({"policy": {"SEV1": 1}}, "policy.SEV1", "table"),
        ({"policy": {"SEV1": {"acknowledge": "soon"}}}, "policy.SEV1.acknowledge", "length of time"),
        ({"policy": {"SEV1": {"review": 0}}}, "policy.SEV1.review", "number of days"),
        ({"policy": {"SEV1": {"share": 101}}}, "policy.SEV1.share", "number of percent"),
        ({"policy": {"SEV1": {"impact": "huge"}}}, "policy.SEV1.impact", "critical"),
        ({"policy": {"second_approver": ["all"]}}, "policy.second_approver", "team"),
        ({"policy": {"SEV1": {"review": True}}}, "policy.SEV1.review", "number of days"),
        ({"policy": {"SEV1": {"verification": 1}}}, "policy.SEV1.verification", "true or false"),
        ({"policy": {"SEV1": {"roles": "scribe"}}}, "policy.SEV1.roles", "list"),
        ({"policy": {"SEV1": {"roles": ["king"]}}}, "policy.SEV1.roles", "commander"),
        ({"policy": {"SEV1": {"updates": "1h"}}}, "policy.SEV1.updates", "table such as"),
        ({"policy": {"SEV1": {"updates": {"all": "1h"}}}}, "policy.SEV1.updates.all", "audiences"),
        ({"policy": {"SEV1": {"updates": {"team": 1}}}}, "policy.SEV1.updates.team", "length of time"),
        ({"priority": {"high": {"low": "P9"}}}, "priority.high.low", "P1, P2"),
        ({"priority": {"high": "P1"}}, "priority.high", "table"),
        ({"categories": {"security": {"checklist": ["a\nb"]}}}, "categories.security.checklist", "one line"),
        (
            {"categories": {"security": {"requires": ["hue"]}}},
            "categories.security.requires",
            "property of an incident",
        ),
        ({"categories": {"security": {"procedure": "../x"}}}, "categories.security.procedure", "name of a note"),
        ({"teams": {"a:b": {}}}, "teams.a:b", "comma, colon"),
        ({"teams": {"x": {"members": ["@"]}}}, "teams.x.members", "handle"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_allowed(table, key, said):
    with pytest.raises(SettingError) as caught:
        read_settings(table)
    assert caught.value.key == key
    assert said in caught.value.message


def test_every_key_is_given_as_the_file_would_hold_it():
    keys = {key: value for key, value, _ in policy_keys(DEFAULT_POLICY, DEFAULT_SCALE)}
    assert keys["policy.reopen_within"] == "7d"
    assert keys["policy.SEV1.updates"] == {"team": "30m", "management": "30m", "users": "20m", "stakeholders": "1h"}
    assert keys["policy.SEV4.mitigate"] == "none"
    assert keys["priority.low.critical"] == "P2"
    assert keys["categories.service.requires"] == ["services"]
    # And read back, they mean the same.
    tables: dict[str, object] = {}
    for key, value in keys.items():
        *path, name = key.split(".")
        here = tables
        for part in path:
            here = here.setdefault(part, {})  # type: ignore[assignment]
        if value != "none" or name not in {"procedure", "template"}:
            here[name] = value
    again = policy_of(**tables)
    assert again._replace(priorities=dict(again.priorities)) == DEFAULT_POLICY._replace(
        priorities=dict(DEFAULT_POLICY.priorities)
    )
    assert isinstance(again.priorities, MappingProxyType)
    assert Settings(own_policy=again).policy is again


def test_the_priorities_are_those_of_the_page_that_people_read():
    page = (Path(__file__).parents[3] / "docs/policy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:urgency )?(high|medium|low) \| (P\d) \| (P\d) \| (P\d) \| (P\d) \|$", page, re.MULTILINE)
    told = {
        (urgency, impact): priority
        for urgency, *row in rows
        for impact, priority in zip(("critical", "high", "medium", "low"), row, strict=True)
    }
    assert len(told) == 12
    assert dict(DEFAULT_POLICY.priorities) == told


def test_a_vault_sets_within_which_time_a_breach_of_its_data_is_notified():
    assert policy_of(notify={"Payment": "24h", "personal": "90m", "health": "None"}).notify == {
        **dict.fromkeys(("health", "credentials", "confidential")),
        "personal": timedelta(minutes=90),
        "payment": timedelta(hours=24),
    }
    own = read_settings({"vocabulary": {"data_classes": ["Personal", "hr"]}, "notify": {"hr": "45s"}})[0]
    assert own.policy.notify == {"Personal": timedelta(hours=72), "hr": timedelta(seconds=45)}


def test_a_class_of_data_that_is_no_word_of_the_vault_is_named_and_has_no_limit():
    settings, unknown = read_settings({"notify": {"persnal": "72h"}})
    assert unknown == ("notify.persnal",)
    assert "persnal" not in settings.policy.notify


@pytest.mark.parametrize(
    "value", ["72", 72, "-3h", "9999999h", "999999w", "367d", "three days", "", "0h", True, ["72h"], {"a": 1}]
)
def test_a_limit_that_cannot_be_used_says_what_is_allowed(value):
    with pytest.raises(SettingError, match=r'"72h" or "7d", at most a year, or "none"'):
        policy_of(notify={"personal": value})
    assert policy_of(notify={"personal": "366d"}).notify["personal"] == timedelta(days=366)


def test_the_limits_and_the_contact_are_among_the_keys_as_laws_write_them():
    policy = policy_of(notify={"payment": "90m"}, policy={"notice_contact": "dpo@example.org"})
    known = {key: value for key, value, _ in policy_keys(policy, DEFAULT_SCALE)}
    assert (known["notify.personal"], known["notify.payment"], known["notify.credentials"]) == ("72h", "90m", "none")
    assert known["policy.notice_contact"] == "dpo@example.org"
    assert policy_of(policy={"notice_contact": "None"}).notice_contact is None
