"""Which machine this is, and which folder in ``.incident`` is its own: each machine writes into one, and never into another's.

A machine is its host name and its machine id, ``web1-3f9c02ab``, so that two machines of one name have a folder each. After the
host was renamed the folder with its id is still its own, if it was made here. Machines that were copied from one image have one
id too, but a folder that a sync tool brought has another inode than its file ``machine`` names.

Folders of older versions bear the host name alone, and get their full name with the next command that writes.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from functools import cache

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import UnreadableError, read_now

FOLDER = ".incident"
SIGN = "machine"
"""The file in a machine's folder that holds the inode of the folder."""
MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")
"""Where the system keeps its id. It is not for others to know, so the name of the folder has a part of its digest."""


def this_machine() -> str:
    """Return the name of this machine; where the system has no id, the host name alone."""
    known = _id(MACHINE_IDS)
    return f"{_host()}-{known}" if known else _host()


def own_folder(root: str) -> str:
    """Return the name of this machine's folder, as it is called now or would be called."""
    name = this_machine()
    if _is_folder(f"{root}/{FOLDER}/{name}"):
        return name
    known = _id(MACHINE_IDS)
    if known:
        for other in folders(root):
            if other.endswith(f"-{known}") and _was_made_here(f"{root}/{FOLDER}/{other}"):
                return other
        if _is_folder(f"{root}/{FOLDER}/{_host()}"):
            return _host()
    return name


def folders(root: str) -> list[str]:
    """Return the names of all machines' folders in a vault."""
    try:
        with os.scandir(f"{root}/{FOLDER}") as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def unfinished_elsewhere(root: str) -> list[str]:
    """Return the names of the other machines that left commands unfinished; costs a listing for each machine."""
    names = folders(root)
    if not names or names == [this_machine()]:
        return []
    own = own_folder(root)
    return [name for name in names if name != own and _has_intents(f"{root}/{FOLDER}/{name}/intent")]


def sign_of(folder: str) -> bytes:
    """Return what the file `SIGN` of a folder says if the folder was made on this machine."""
    return f"inode {os.stat(folder).st_ino}\n".encode()


def _was_made_here(folder: str) -> bool:
    try:
        return read_now(f"{folder}/{SIGN}").data == sign_of(folder)
    except (OSError, NotFoundError, UnreadableError):
        return False


def _has_intents(folder: str) -> bool:
    try:
        # What a sync tool leaves beside an intent has a longer name.
        return any(len(name) == 26 and name.isalnum() for name in os.listdir(folder))
    except OSError:
        return False


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _host() -> str:
    return re.sub(r"[^\w-]+", "-", os.uname().nodename).strip("-") or "machine"


@cache
def _id(places: tuple[str, ...]) -> str:
    for place in places:
        with suppress(NotFoundError, UnreadableError):
            kept = read_now(os.path.realpath(place)).data.strip()
            # A system that boots for the first time has a word there.
            if re.fullmatch(rb"[0-9a-f]{32}", kept):
                return digest(b"okb-incident " + kept)[:8]
    return ""
