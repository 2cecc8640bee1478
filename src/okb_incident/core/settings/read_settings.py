"""Reading incident.toml: from the parsed table to Settings, and what is said of a key that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.core.settings.setting import SettingError, table_of
from okb_incident.core.settings.settings import POLICY_TABLES, Settings
from okb_incident.core.settings.specification import KEYS, OPEN_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("folders", "vocabulary")
"""The parts of the settings that have fields of their own."""


def read_settings(table: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Turn the parsed incident.toml into Settings.

    Returns:
        The settings, and the unknown keys, which are kept and warned about: a newer version may know them.

    Raises:
        SettingError: A known key holds what it may not.
    """
    given: dict[str, Any] = {}
    for key, known in KEYS.items():
        value = _value(table, key)
        if value is not None:
            given[known.place] = known.read(value, key)
    settings = _placed(given)
    _refuse_all_restricted(settings)
    if "cstate_severities" in given:
        _refuse_unknown_levels(settings)
    unknown: list[str] = []
    if POLICY_TABLES & table.keys():
        # Few vaults have a policy of their own, and reading it takes modules of its own.
        from okb_incident.core.settings.read_policy import read_policy  # noqa: PLC0415

        policy, unknown = read_policy(table, settings.severities, settings.vocabulary)
        settings = settings._replace(own_policy=policy)
    return settings, (*_unknown(table), *unknown)


def _value(table: Mapping[str, Any], key: str) -> Any:
    """Return what the file holds for a key, None where it holds nothing.

    Raises:
        SettingError: A part of the key before the last is not a table, or a table of the vault's own keys is none.
    """
    *groups, name = key.split(".")
    prefix = ""
    for group in groups:
        table = table_of(table, group, prefix)
        prefix += f"{group}."
    return table_of(table, name, prefix) or None if key in OPEN_TABLES else table.get(name)


def _placed(given: Mapping[str, Any]) -> Settings:
    """Put values in their places."""
    settings = Settings(**{place: value for place, value in given.items() if "." not in place})
    parts = {
        group: getattr(settings, group)._replace(
            **{place.partition(".")[2]: value for place, value in given.items() if place.startswith(f"{group}.")}
        )
        for group in GROUPS
    }
    return settings._replace(**parts)


def _refuse_all_restricted(settings: Settings) -> None:
    folders = settings.folders
    if f"{folders.incidents}/".startswith(f"{folders.restricted}/"):
        raise SettingError(
            "folders.restricted",
            folders.restricted,
            "it must not hold the folder of all incidents, which would be restricted",
        )


def _refuse_unknown_levels(settings: Settings) -> None:
    scale = settings.severities
    for word, label in settings.cstate_severities.items():
        if scale.read(label) is None:
            raise SettingError(
                f"import.cstate.severities.{word}", label, f"it must be one of {', '.join(scale.labels)}"
            )


def _unknown(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in table.items():
        name = prefix + key
        if (name in KEYS and "." not in key) or name in POLICY_TABLES:
            continue
        if isinstance(value, dict) and any(known.startswith(name + ".") for known in KEYS):
            found += _unknown(value, name + ".")
        else:
            found.append(name)
    return found
