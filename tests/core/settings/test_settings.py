"""Settings: what may stand in incident.toml, and what is said of what may not."""

from __future__ import annotations

from typing import Any

import pytest

from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.settings.settings import Folders, Settings, refuse_newer, zone_named
from okb_incident.core.settings.specification import KEYS, value_of
from okb_incident.errors import SettingsError


def test_an_empty_file_means_the_defaults():
    settings, unknown = read_settings({})
    assert settings == Settings()
    assert unknown == ()
    assert [str(level) for level in settings.severities.levels] == ["SEV1", "SEV2", "SEV3", "SEV4"]


def test_everything_can_be_set():
    settings, unknown = read_settings(
        {
            "format": 1,
            "zone": "Europe/Zurich",
            "id": "OPS-YYYYMMDD-NN",
            "folders": {"incidents": "ops/incidents", "ignore": ["t"]},
            "severities": {"S1": "the shop is closed", "S2": "a nuisance"},
            "vocabulary": {"cause": ["weather"]},
            "import": {"cstate": {"severities": {"Down": "S1"}}},
        },
    )
    assert unknown == ()
    assert str(settings.zone) == "Europe/Zurich"
    assert str(settings.ids.read("ops-20261123-01")) == "OPS-20261123-01"
    assert settings.folders.incidents == "ops/incidents"
    assert settings.folders.ignore == ("t",)
    assert str(settings.severities.read("1")) == "S1"
    assert settings.vocabulary.cause == ("weather",)
    assert settings.cstate_severities == {"down": "S1"}


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ({"format": "1"}, "format", "number such as 1"),
        ({"format": True}, "format", "number such as 1"),
        ({"zone": 1}, "zone", "text such as"),
        ({"zone": "Mars"}, "zone", "IANA time zone"),
        ({"zone": "../x"}, "zone", "IANA time zone"),
        ({"id": "INC-NN"}, "id", "YYYY, MM, DD and NN"),
        ({"id": "a/YYYYMMDD-NN"}, "id", "letters, digits and hyphens"),
        ({"folders": 1}, "folders", "table"),
        ({"folders": {"incidents": "../out"}}, "folders.incidents", "inside the vault"),
        ({"folders": {"reports": "/etc"}}, "folders.reports", "inside the vault"),
        ({"folders": {"people": ".hidden"}}, "folders.people", "inside the vault"),
        ({"folders": {"ignore": []}}, "folders.ignore", "list of words"),
        ({"severities": {"S1": 1}}, "severities.S1", "is 1; it must be a text"),
        ({"severities": {"S1": "worst", "<% x %>": "bad"}}, "severities", "none of <>"),
        ({"severities": {"S\n1": "bad"}}, "severities", "no control characters"),
        ({"severities": {"": "bad"}}, "severities", "begins with"),
        ({"severities": "SEV1"}, "severities", "table"),
        ({"severities": ["SEV1"]}, "severities", "table"),
        ({"severities": {"Undetermined": "x"}}, "severities", "stands for itself"),
        ({"vocabulary": {"cause": "x"}}, "vocabulary.cause", "list of words"),
        ({"import": {"cstate": {"severities": {"down": "S9"}}}}, "import.cstate.severities.down", "one of SEV1"),
        ({"import": 1}, "import", "table"),
        ({"import": {"cstate": []}}, "import.cstate", "table"),
        ({"format": 0}, "format", "number"),
        ({"format": 16**6000}, "format", "a number of thousands of digits; it must be a number such as 1"),
        ({"format": [16**6000]}, "format", "number such as 1"),
        ({"id": "INC-YYYYMMDD-NN" + "x" * 40}, "id", "at most 40"),
        ({"id": ["x"]}, "id", "text such as"),
        ({"id": {"x": 1}}, "id", "is a table; it must be a text such as"),
        ({"folders": {"incidents": "a/../../b"}}, "folders.incidents", "inside the vault"),
        ({"folders": {"incidents": "a//b"}}, "folders.incidents", "inside the vault"),
        ({"folders": {"incidents": "."}}, "folders.incidents", "inside the vault"),
        ({"folders": {"incidents": "a/.git"}}, "folders.incidents", "inside the vault"),
        ({"folders": {"incidents": "a\\b"}}, "folders.incidents", "inside the vault"),
        ({"folders": {"incidents": "a\x1b]0;x\x07"}}, "folders.incidents", "control characters"),
        ({"folders": {"incidents": "x" * 201}}, "folders.incidents", "inside the vault"),
        ({"folders": {"incidents": "x/" * 9}}, "folders.incidents", "inside the vault"),
        ({"folders": {"templates": "<% x %>"}}, "folders.templates", "inside the vault"),
        ({"folders": {"ignore": ["../x"]}}, "folders.ignore", "inside the vault"),
        ({"folders": {"restricted": "incidents"}}, "folders.restricted", "must not hold the folder of all incidents"),
        ({"folders": {"incidents": "a/b", "restricted": "a"}}, "folders.restricted", "must not hold"),
        ({"vocabulary": {"category": ["a", "`=b`"]}}, "vocabulary.category", "none of <>"),
        ({"vocabulary": {"category": ["a", 1]}}, "vocabulary.category", "list of words"),
    ],
)
def test_a_wrong_setting_names_its_key_and_what_is_allowed(table, key, said):
    with pytest.raises(SettingError, match=said) as caught:
        read_settings(table)
    assert caught.value.key == key


def test_unknown_keys_are_named_at_any_depth():
    _, unknown = read_settings({"nope": 1, "folders": {"typo": "x"}, "import": {"jira": {}}})
    assert unknown == ("nope", "folders.typo", "import.jira")
    _, unknown = read_settings(
        {"folders.incidents": "x", "hooks": {"open": {"run": "touch pwned"}}, "vocabulary": {"x": []}}
    )
    assert unknown == ("folders.incidents", "hooks", "vocabulary.x")


def test_a_newer_format_is_not_written_to():
    refuse_newer(Settings())
    with pytest.raises(SettingsError, match="format 9"):
        refuse_newer(Settings(format=9))


def test_a_zone_of_that_name():
    assert str(zone_named("UTC")) == "UTC"
    with pytest.raises(ValueError, match="Mars"):
        zone_named("Mars")


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_default_of_every_key_is_read_back_as_it_is(key):
    value = value_of(Settings(), KEYS[key].place)
    table: dict[str, Any] = {}
    *groups, name = key.split(".")
    inner = table
    for group in groups:
        inner = inner.setdefault(group, {})
    inner[name] = value
    assert read_settings(table) == (Settings(), ())


def test_a_foreign_severity_becomes_a_level_and_nothing_else():
    table = {"import": {"cstate": {"severities": {"down": 1}}}}
    with pytest.raises(SettingError, match="it must be a level of the severities"):
        read_settings(table)


def test_how_far_a_moment_may_lie_is_a_setting():
    assert Settings().window.days == 30
    assert read_settings({"plausible_days": 90})[0].window.days == 90
    with pytest.raises(SettingError):
        read_settings({"plausible_days": 0})


def test_lessons_of_restricted_incidents_are_below_the_restricted_folder():
    assert Folders().restricted_lessons == "incidents/restricted/lessons"
    assert Folders(restricted="secret").restricted_lessons == "secret/lessons"
