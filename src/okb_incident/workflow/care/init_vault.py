"""Making a folder a vault: the settings file and the folders, nothing that is there is touched."""

from __future__ import annotations

import os
from dataclasses import dataclass

from okb_incident.core.settings.settings import FORMAT, Settings, zone_named
from okb_incident.errors import ConflictError, UsageError, VaultError
from okb_incident.vault.disk import lock, writer
from okb_incident.vault.read.settings_file import SETTINGS_FILE, load_settings

TEMPLATE = """\
# The settings of this incident tracker: data only, never a command.
# `incident config show` lists every setting with its meaning and where its value comes from.
format = {format}

# The time zone in which moments are written and days begin: an IANA name such as "Europe/Zurich".
zone = "{zone}"
"""


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `init` did.

    Attributes:
        root: The vault.
        made: What was made, relative to it; empty where all was there.
        zone: The zone of the vault.
    """

    root: str
    made: tuple[str, ...]
    zone: str


def init_vault(folder: str, *, zone: str | None = None) -> Initialised:
    """Make a folder a vault, or complete one; running it again changes nothing.

    Raises:
        UsageError: The zone is none.
        VaultError: The folder cannot be made or written, or is a file.
        ConflictError: It is a vault already, in another zone than asked for.
    """
    if zone is not None:
        try:
            zone_named(zone)
        except ValueError as fault:
            raise UsageError(f"--zone: {fault}", field="--zone", value=zone) from None
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
    return Initialised(root, tuple(made), settings.zone_name)


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
