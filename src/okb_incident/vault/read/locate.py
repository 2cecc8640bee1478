"""Finding the vault, and what the user has set for themselves."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.settings.settings import A_ZONE, zone_named
from okb_incident.errors import VaultError
from okb_incident.vault.read.settings_file import SETTINGS_FILE, load_settings, read_text, read_toml, setting_error

if TYPE_CHECKING:
    from okb_incident.core.comms.hook import Hook
    from okb_incident.core.settings.settings import Settings

USER_KEYS = ("vault", "user", "zone")


class UserSettings(NamedTuple):
    """What a person sets for themselves, on their own machine.

    Attributes:
        path: The file, whether it exists or not.
        vault: The vault to use where none is given or near.
        user: Who acts.
        zone: The zone in which typed times are read.
        hooks: Commands that are told what happened.
    """

    path: str
    vault: str | None = None
    user: str | None = None
    zone: str | None = None
    hooks: tuple[Hook, ...] = ()


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
    """Read the user's own settings; a missing file counts as no settings.

    Raises:
        SettingsError: The file cannot be read as what it should be.
    """
    path = os.path.join(_config_folder(), "settings.toml")
    if not os.path.isfile(path):
        return UserSettings(path)
    # One's own settings may be a link: many keep them in a repository.
    return read_user_settings(path, read_text(os.path.realpath(path)))


def read_user_settings(path: str, text: str) -> UserSettings:
    """Read the text of a user's own settings.

    Raises:
        SettingsError: It is not what it should be.
    """
    table = read_toml(path, text)
    for key in USER_KEYS:
        value = table.get(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise setting_error(path, text, SettingError(key, value, 'it must be a text such as "alice"'))
    if "zone" in table:
        try:
            zone_named(table["zone"])
        except ValueError:
            fault = SettingError("zone", table["zone"], f"it must be an {A_ZONE}")
            raise setting_error(path, text, fault) from None
    vault, user, zone = (table.get(key) for key in USER_KEYS)
    return UserSettings(path, vault, user, zone, _hooks(path, text, table))


def _hooks(path: str, text: str, table: dict[str, Any]) -> tuple[Hook, ...]:
    if "hooks" not in table:
        return ()
    from okb_incident.core.comms.hook import read_hooks  # noqa: PLC0415 - few people have any

    try:
        return read_hooks(table["hooks"])
    except SettingError as fault:
        raise setting_error(path, text, fault) from None


def _config_folder() -> str:
    """Return the folder of our settings where this platform keeps a user's; docs/decisions.md has the cost of asking for it."""
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
    root, found_by = find_root(given, user)
    settings, unknown = load_settings(os.path.join(root, SETTINGS_FILE))
    return Location(root, found_by, settings, unknown)


def find_root(given: str | None, user: UserSettings) -> tuple[str, str]:
    """Find the folder of the vault, links resolved, and say how it was found; its settings are not looked at.

    Raises:
        VaultError: There is none, or the one that was named is none.
    """
    if given is not None:
        return _named(given, "--vault")
    if environment := os.environ.get("INCIDENT_VAULT"):
        return _named(environment, "INCIDENT_VAULT")
    here = os.getcwd()
    folder = here
    while True:
        if os.path.lexists(os.path.join(folder, SETTINGS_FILE)):
            found_by = "a parent of the current folder" if folder != here else "the current folder"
            return os.path.realpath(folder), found_by
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
        hint=Sentence(Command("init"), " makes a folder a vault; ", Command("demo"), " makes one to play with"),
    )


def _named(folder: str, by: str) -> tuple[str, str]:
    if not os.path.isdir(folder):
        raise VaultError(f"{by} names {folder!r}, which is not a folder", field="vault", value=folder)
    if not os.path.lexists(os.path.join(folder, SETTINGS_FILE)):
        raise VaultError(
            f"{by} names {folder!r}, which is not a vault: it has no {SETTINGS_FILE}",
            field="vault",
            value=folder,
            hint=Command("init", folder),
        )
    return os.path.realpath(folder), by
