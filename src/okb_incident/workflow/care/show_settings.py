"""The settings in force, each with where it comes from; and what is wrong with those of a vault."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.settings.read_policy import policy_keys
from okb_incident.core.settings.specification import KEYS, value_of
from okb_incident.vault.read.locate import find_root, user_settings
from okb_incident.vault.read.settings_file import SETTINGS_FILE, line_of, load_settings, read_table, setting_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.settings.settings import Settings
    from okb_incident.errors import SettingsError


class Setting(NamedTuple):
    """One setting.

    Attributes:
        key: Its name in incident.toml.
        value: What is in force, as the file would hold it.
        default: What would be in force if the vault said nothing.
        source: ``incident.toml:12``, or ``default``.
        meaning: What it decides.
    """

    key: str
    value: Any
    default: Any
    source: str
    meaning: str


class SettingsCheck(NamedTuple):
    """What there is to say about the settings of a vault.

    Attributes:
        path: The file.
        faults: The keys that cannot be used, each with its line; none of the vault's commands works until they are repaired.
        unknown: The keys that this version does not know, each with its line.
        changed: The settings in which the vault differs from the defaults; empty where there are faults.
    """

    path: str
    faults: tuple[SettingsError, ...]
    unknown: tuple[tuple[str, int | None], ...]
    changed: tuple[Setting, ...]


def show_settings(root: str, prefix: str = "") -> list[Setting]:
    """Return every setting of a vault whose key begins so.

    Raises:
        SettingsError: One of them cannot be used.
    """
    path = os.path.join(root, SETTINGS_FILE)
    settings, _ = load_settings(path)
    table, text = read_table(path)
    defaults = {key: value for key, value, _ in _all(type(settings)()._replace(severities=settings.severities))}
    return [
        Setting(key, value, defaults.get(key), _source(table, text, key), meaning)
        for key, value, meaning in _all(settings)
        if key.startswith(prefix)
    ]


def check_settings(vault: str | None) -> SettingsCheck:
    """Look at every key of a vault's settings, though one of them keeps the vault from being used.

    Raises:
        VaultError: No vault is found.
        SettingsError: The file is not TOML.
    """
    root, _ = find_root(vault, user_settings())
    path = os.path.join(root, SETTINGS_FILE)
    faults = setting_faults(path)
    if faults:
        return SettingsCheck(path, tuple(faults), (), ())
    _, unknown = load_settings(path)
    _, text = read_table(path)
    changed = tuple(each for each in show_settings(root) if each.value != each.default)
    return SettingsCheck(path, (), tuple((key, line_of(text, key)) for key in unknown), changed)


def keys_of(settings: Settings) -> list[str]:
    """Return every key that a vault with these settings can set."""
    return [key for key, _ in meanings(settings)]


def meanings(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every key that a vault with these settings can set, with its meaning."""
    return ((key, meaning) for key, _, meaning in _all(settings))


def _all(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """Return every key with its value and its meaning."""
    for key, known in KEYS.items():
        yield key, value_of(settings, known.place), known.meaning
    yield from policy_keys(settings.policy, settings.severities)


def _source(table: dict[str, Any], text: str, key: str) -> str:
    """Return where a value comes from: the file and its line, or the default."""
    here: Any = table
    rest = key
    while rest:
        name = next((name for name in here if rest == name or rest.startswith(f"{name}.")), None)
        if name is None:
            return "default"
        here, rest = here[name], rest[len(name) + 1 :]
        if rest and not isinstance(here, dict):
            return "default"
    return f"{SETTINGS_FILE}:{line_of(text, key) or '?'}"
