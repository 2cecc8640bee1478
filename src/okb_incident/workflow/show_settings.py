"""The settings in force, each with where it comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.settings import KEYS
from okb_incident.vault.locate import SETTINGS_FILE, read_table

if TYPE_CHECKING:
    from okb_incident.workflow.session import Session


class Setting(NamedTuple):
    """One setting.

    Attributes:
        key: Its name in incident.toml.
        value: What is in force.
        source: The vault's file, or the built-in default.
        meaning: What it decides.
    """

    key: str
    value: Any
    source: str
    meaning: str


def show_settings(session: Session) -> list[Setting]:
    """Give every setting of the vault."""
    table = read_table(os.path.join(session.vault.root, SETTINGS_FILE))
    settings = session.vault.settings
    values: dict[str, Any] = {
        "format": settings.format,
        "zone": settings.zone_name,
        "id": settings.id_pattern,
        "severities": {level.label: level.meaning for level in settings.severities.levels},
        "import.cstate.severities": dict(settings.cstate_severities),
    }
    found = []
    for key, meaning in KEYS.items():
        group, _, name = key.rpartition(".")
        value = values[key] if key in values else getattr(getattr(settings, group), name)
        found.append(Setting(key, list(value) if isinstance(value, tuple) else value, _source(table, key), meaning))
    return found


def _source(table: dict[str, Any], key: str) -> str:
    here: Any = table
    for part in key.split("."):
        if not isinstance(here, dict) or part not in here:
            return "default"
        here = here[part]
    return SETTINGS_FILE
