"""The settings file: read as text, as a table, as Settings; and where in it a key is."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from okb_incident.command import Command, Sentence
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import NotFoundError, SettingsError
from okb_incident.vault.disk.files import UnreadableError, read_now

if TYPE_CHECKING:
    from okb_incident.core.settings.settings import Settings

SETTINGS_FILE = "incident.toml"
LARGEST_SETTINGS = 64 * 1024
"""Bytes."""
MOST_DOTS = 100
"""In one line. `a.a.a…` of 64 KiB keeps the parser busy for half a minute."""

# Texts until somebody asks for a line: compiling takes longer than most commands spend on settings.
HEADER = r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}"
ASSIGNED = r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*="""


def load_settings(path: str) -> tuple[Settings, tuple[str, ...]]:
    """Read an incident.toml.

    Returns:
        The settings, and the keys that are unknown.

    Raises:
        SettingsError: It is not TOML, or a key holds what it may not; file, line, key and what is allowed are named.
    """
    text = read_text(path)
    try:
        return read_settings(read_toml(path, text))
    except SettingError as fault:
        raise setting_error(path, text, fault) from None


def read_table(path: str) -> tuple[dict[str, Any], str]:
    """Read a settings file as the table that it is, and its text, for those who want to know what is where.

    Raises:
        SettingsError: It is not TOML.
    """
    text = read_text(path)
    return read_toml(path, text), text


def setting_faults(path: str) -> list[SettingsError]:
    """Name every key of an incident.toml that cannot be used, in the order of their lines.

    Raises:
        SettingsError: It is not TOML, so that no key can be looked at.
    """
    table, text = read_table(path)
    faults: list[tuple[int, SettingsError]] = []
    while True:
        try:
            read_settings(table)
        except SettingError as fault:
            faults.append((line_of(text, fault.key) or 0, setting_error(path, text, fault)))
            # Without the key that was named, the next one comes to light.
            _drop(table, fault.key)
        else:
            return [error for _, error in sorted(faults, key=lambda each: each[0])]


def _drop(table: dict[str, Any], key: str) -> None:
    """Take a key out of a table; where it is not there itself, what it is in."""
    name = next((name for name in table if key == name or key.startswith(f"{name}.")), None)
    if name is None:
        table.clear()
        return
    inner = table[name]
    if isinstance(inner, dict) and key != name and any(key[len(name) + 1 :].startswith(each) for each in inner):
        _drop(inner, key[len(name) + 1 :])
    else:
        del table[name]


def read_text(path: str) -> str:
    """Read a settings file; what is not a plain file, or a link, is not read in a vault."""
    try:
        data = read_now(path).data
    except (UnreadableError, NotFoundError) as error:
        raise SettingsError(error.message, field=path, value=path, hint="Settings are a plain file of TOML.") from None
    if len(data) > LARGEST_SETTINGS:
        raise SettingsError(
            f"{path} has {len(data):,} bytes; settings have at most {LARGEST_SETTINGS // 1024} KiB",
            field=path,
            value=path,
        )
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            f"{path}:{line} has the byte 0x{data[error.start]:02x}, which is not UTF-8",
            field=path,
            hint=f"edit {path}:{line}",
        ) from None


def read_toml(path: str, text: str) -> dict[str, Any]:
    """Parse the text of a settings file.

    Raises:
        SettingsError: It is not TOML, or has too many levels.
    """
    lines = enumerate(text.split("\n"), start=1)
    dotted = next((n for n, line in lines if line.count(".") > MOST_DOTS and not line.lstrip().startswith("#")), None)
    try:
        if dotted is None:
            return tomllib.loads(text)
        verdict = f"there are more than {MOST_DOTS} dots in one line (at line {dotted})"
    except RecursionError:
        verdict = "there are too many brackets within one another"
    except ValueError as error:
        verdict = str(error).replace("; use sys.set_int_max_str_digits() to increase the limit", "")
    raise SettingsError(f"{path} is not valid TOML: {verdict}", field=path, value=path, hint=f"edit {path}")


def setting_error(path: str, text: str, fault: SettingError) -> SettingsError:
    """Return the error of a setting that cannot be used: what is allowed, with its line."""
    line = line_of(text, fault.key)
    place = path if line is None else f"{path}:{line}"
    return SettingsError(
        f"{place}: {shorten(fault.key)} {fault.message}",
        field=fault.key,
        value=fault.value,
        hint=Sentence(f"edit {place}; ", Command("config check"), " names every key that cannot be used"),
    )


def line_of(text: str, key: str) -> int | None:
    """Find the line that sets a key, or what it is in; the parser does not tell, and a person wants to jump there."""
    table = ""
    found: tuple[int, int] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(HEADER, line):
            name = table = _bare(header[1])
        elif assigned := re.match(ASSIGNED, line):
            name = f"{table}.{_bare(assigned[1])}" if table else _bare(assigned[1])
        else:
            continue
        if (key == name or key.startswith(f"{name}.")) and (found is None or len(name) > found[0]):
            found = len(name), number
    return found[1] if found else None


def _bare(name: str) -> str:
    """Return a name of TOML without quotes and blanks around its dots."""
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
