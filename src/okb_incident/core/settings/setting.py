"""One setting that cannot be used, and what every reader of settings needs to say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.core.text.terminal_text import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingError(Exception):
    """A setting that cannot be used: its key, the value, and the end of a sentence that says what is allowed."""

    def __init__(self, key: str, value: Any, allowed: str) -> None:
        self.key = key
        self.value = _shown(value)
        self.message = f"is {self.value}; {allowed}"
        super().__init__(self.message)


def _shown(value: Any) -> str:
    """Write a value for a message as TOML does, cut to a readable length."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    try:
        return shorten(repr(value))
    except ValueError:
        return "a number of thousands of digits"


def table_of(table: Mapping[str, Any], key: str, prefix: str = "") -> Mapping[str, Any]:
    """Return a table within a table, an empty one where it is absent.

    Raises:
        SettingError: It is not a table.
    """
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise SettingError(prefix + key, value, f"it must be a table, written as [{prefix}{key}]")
    return value
