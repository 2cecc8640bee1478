"""Finding the vault, and reading its settings and the user's."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.moment import shorten
from okb_incident.core.read_settings import read_settings
from okb_incident.core.setting import SettingError
from okb_incident.core.settings import A_ZONE, zone_named
from okb_incident.errors import NotFoundError, SettingsError, VaultError
from okb_incident.vault.files import UnreadableError, read_now

if TYPE_CHECKING:
    from okb_incident.core.settings import Settings

SETTINGS_FILE = "incident.toml"
USER_KEYS = ("vault", "user", "zone")
LARGEST_SETTINGS = 64 * 1024
"""Bytes."""
MOST_DOTS = 100
"""In one line. `a.a.a…` of 64 KiB keeps the parser busy for half a minute."""


class UserSettings(NamedTuple):
    """What a person sets for themselves, on their own machine.

    Attributes:
        path: The file, whether it exists or not.
        vault: The vault to use where none is given or near.
        user: Who acts.
        zone: The zone in which typed times are read.
    """

    path: str
    vault: str | None = None
    user: str | None = None
    zone: str | None = None


class Location(NamedTuple):
    """A vault that was found.

    Attributes:
        root: Its folder, absolute, links resolved.
        found_by: How it was found, for `config show`.
        settings: What it decides for itself.
        unknown: The keys of its settings that this version does not know.
    """

    root: str
    found_by: str
    settings: Settings
    unknown: tuple[str, ...]


def user_settings() -> UserSettings:
    """Read the user's own settings; a missing file is no settings.

    Raises:
        SettingsError: The file cannot be read as what it should be.
    """
    path = os.path.join(_config_folder(), "settings.toml")
    if not os.path.isfile(path):
        return UserSettings(path)
    # One's own settings may be a link: many keep them in a repository.
    text = _read(os.path.realpath(path))
    table = read_toml(path, text)
    for key in USER_KEYS:
        value = table.get(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise _setting_error(path, text, SettingError(key, value, 'it must be a text such as "alice"'))
    if "zone" in table:
        try:
            zone_named(table["zone"])
        except ValueError:
            fault = SettingError("zone", table["zone"], f"it must be an {A_ZONE}")
            raise _setting_error(path, text, fault) from None
    return UserSettings(path, *(table.get(key) for key in USER_KEYS))


def _config_folder() -> str:
    """Give the folder of our settings where this platform keeps a user's; docs/decisions.md has the cost of asking for it."""
    if sys.platform != "linux":
        from platformdirs import user_config_dir  # noqa: PLC0415

        return user_config_dir("okb-incident")
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    return os.path.join(configured if os.path.isabs(configured) else os.path.expanduser("~/.config"), "okb-incident")


def find_vault(given: str | None, user: UserSettings) -> Location:
    """Find the vault: ``--vault``, then INCIDENT_VAULT, then the nearest parent folder, then the user's settings.

    Raises:
        VaultError: There is none, or the one that was named is none.
        SettingsError: Its settings cannot be used.
    """
    if given is not None:
        return _named(given, "--vault")
    if environment := os.environ.get("INCIDENT_VAULT"):
        return _named(environment, "INCIDENT_VAULT")
    here = os.getcwd()
    folder = here
    while True:
        if os.path.lexists(os.path.join(folder, SETTINGS_FILE)):
            return _location(folder, "a parent of the current folder" if folder != here else "the current folder")
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    if user.vault:
        return _named(os.path.expanduser(user.vault), f"the settings in {user.path}")
    raise VaultError(
        f"no vault here: --vault is not given, INCIDENT_VAULT is not set, neither {here} nor a folder above it holds "
        f"{SETTINGS_FILE}, and {user.path} names none",
        field="vault",
        hint="incident init DIR makes a folder a vault; incident demo makes one to play with",
    )


def _named(folder: str, by: str) -> Location:
    if not os.path.isdir(folder):
        raise VaultError(f"{by} names {folder!r}, which is no folder", field="vault", value=folder)
    if not os.path.lexists(os.path.join(folder, SETTINGS_FILE)):
        raise VaultError(
            f"{by} names {folder!r}, which is no vault: it holds no {SETTINGS_FILE}",
            field="vault",
            value=folder,
            hint=f"incident init {folder}",
        )
    return _location(folder, by)


def _location(folder: str, by: str) -> Location:
    root = os.path.realpath(folder)
    settings, unknown = load_settings(os.path.join(root, SETTINGS_FILE))
    return Location(root, by, settings, unknown)


def load_settings(path: str) -> tuple[Settings, tuple[str, ...]]:
    """Read an incident.toml.

    Returns:
        The settings, and the keys that are unknown.

    Raises:
        SettingsError: It is no TOML, or a key holds what it may not; file, line, key and what is allowed are named.
    """
    text = _read(path)
    try:
        return read_settings(read_toml(path, text))
    except SettingError as fault:
        raise _setting_error(path, text, fault) from None


def read_table(path: str) -> dict[str, Any]:
    """Read a settings file as the table that it is, for those who want to know what stands there.

    Raises:
        SettingsError: It is no TOML.
    """
    return read_toml(path, _read(path))


def _read(path: str) -> str:
    """Read a settings file; what is no plain file, or a link, is not read in a vault."""
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
        SettingsError: It is no TOML, or has too many levels.
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


def _setting_error(path: str, text: str, fault: SettingError) -> SettingsError:
    line = _line_of(text, fault.key)
    place = path if line is None else f"{path}:{line}"
    return SettingsError(
        f"{place}: {shorten(fault.key)} {fault.message}", field=fault.key, value=fault.value, hint=f"edit {place}"
    )


def _line_of(text: str, key: str) -> int | None:
    """Find the line that sets a key; the parser does not tell, and a person wants to jump there."""
    table, name = key.rpartition(".")[::2]
    header = re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]")
    setting = re.compile(rf'\s*(?:{re.escape(key)}|"?{re.escape(name)}"?)\s*=|\s*\[\s*{re.escape(key)}\s*\]')
    inside = not table
    for number, line in enumerate(text.split("\n"), start=1):
        if header.match(line):
            inside = True
        if inside and setting.match(line):
            return number
    return None
