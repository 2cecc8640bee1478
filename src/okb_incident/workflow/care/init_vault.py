"""Making a folder a vault: the settings file and the folders, nothing that is there is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.settings.settings import FORMAT, Settings, zone_named
from okb_incident.errors import ConflictError, UsageError, VaultError
from okb_incident.vault.disk import lock, writer
from okb_incident.vault.read.locate import user_settings
from okb_incident.vault.read.settings_file import SETTINGS_FILE, load_settings
from okb_incident.workflow.actor import suggested_name
from okb_incident.workflow.care.obsidian import add_for_obsidian, has_board, is_in_obsidian
from okb_incident.workflow.care.own_zone import detected_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = """\
# The settings of this incident tracker: data only, never a command.
# `incident config show` lists every setting with its meaning and where its value comes from.
format = {format}

# The time zone in which moments are written and days begin: an IANA name such as "Europe/Zurich".
zone = "{zone}"
"""


class Beginning(NamedTuple):
    """What is known before a folder becomes a vault.

    Attributes:
        is_vault: It is one already.
        lacks_board: Obsidian has opened the folder, and there is no board yet.
        known: The user's own settings that are set.
        settings_path: Their file.
    """

    is_vault: bool
    lacks_board: bool
    known: frozenset[str]
    settings_path: str

    @property
    def name(self) -> str:
        """The user's name, by the environment, git or the login."""
        return suggested_name()

    @property
    def machine_zone(self) -> str:
        """The zone of this machine."""
        return detected_zone()


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `init` did.

    Attributes:
        root: The vault.
        made: What was made, relative to it; empty where all was there.
        zone: The zone of the vault.
        for_obsidian: What of it is for Obsidian.
    """

    root: str
    made: tuple[str, ...]
    zone: str
    for_obsidian: tuple[str, ...] = ()


def begin(folder: str, *, zone: str | None, own: Mapping[str, str | None]) -> Beginning:
    """Look at what is there and at what was typed, before anything is written.

    Args:
        folder: The folder.
        zone: The zone of the vault that was typed, if any.
        own: What was typed for the user's own settings, by key.

    Raises:
        UsageError: A zone or the name cannot be used.
        SettingsError: The user's own settings cannot be read.
    """
    for option, named in (("--zone", zone), ("--my-zone", own.get("zone"))):
        if named is not None:
            try:
                zone_named(named)
            except ValueError as fault:
                raise UsageError(f"{option}: {fault}", field=option, value=named) from None
    name = own.get("user")
    if name is not None and not name.strip().lstrip("@"):
        raise UsageError("--me needs a name, such as alice", field="--me", value=name)
    user = user_settings()
    root = os.path.abspath(os.path.expanduser(folder))
    return Beginning(
        is_vault=os.path.lexists(os.path.join(root, SETTINGS_FILE)),
        lacks_board=is_in_obsidian(root) and not has_board(root),
        known=frozenset(key for key in ("user", "zone", "vault") if getattr(user, key)),
        settings_path=user.path,
    )


def init_vault(folder: str, *, zone: str | None = None, obsidian: bool = False) -> Initialised:
    """Make a folder a vault, or complete one; running it again changes nothing.

    Args:
        folder: The folder.
        zone: The zone of times in notes, as `begin` has looked at it.
        obsidian: Add a board and templates for Obsidian.

    Raises:
        VaultError: The folder cannot be made or written, or is a file.
        ConflictError: It is a vault already, in another zone than asked for.
    """
    root = os.path.abspath(os.path.expanduser(folder))
    made = []
    if not os.path.isdir(root):
        _make_folder(root, folder)
        made.append(".")
    settings_path = os.path.join(root, SETTINGS_FILE)
    if os.path.lexists(settings_path):
        settings, _ = load_settings(settings_path)
        if zone is not None and zone != settings.zone_name:
            raise ConflictError(
                f"{root} is a vault in the zone {settings.zone_name}; its notes are written in that zone",
                field="--zone",
                value=zone,
                hint="changing it would change what every moment without an offset means",
            )
    else:
        settings = Settings(zone_name=zone or "UTC")
        with lock.hold(root, "incident init"):
            writer.create(settings_path, TEMPLATE.format(format=FORMAT, zone=settings.zone_name).encode())
        made.append(SETTINGS_FILE)
    _sweep(root)
    folders = settings.folders
    for name in (folders.incidents, folders.services, folders.people, folders.operations):
        path = os.path.join(root, name)
        if not os.path.isdir(path):
            _make_folder(path, folder)
            made.append(name)
    added = add_for_obsidian(root, folders) if obsidian else []
    return Initialised(root, (*made, *added), settings.zone_name, tuple(added))


def _make_folder(path: str, typed: str) -> None:
    try:
        writer.make_folders(path)
    except OSError as error:
        raise VaultError(f"{path} cannot be made: {error.strerror}", field="DIR", value=typed) from None
    if not os.path.isdir(path):
        raise VaultError(f"{path} is a file where a folder should be; move it away", field="DIR", value=typed)


def _sweep(root: str) -> None:
    """Remove what a crash left of an earlier attempt; a vault that is complete is not touched."""
    with writer.explained(root):
        if any(name.startswith(f".{SETTINGS_FILE}.") for name in os.listdir(root)):
            with lock.hold(root, "incident init"):
                writer.sweep(root, SETTINGS_FILE)
