"""The user's cache folder: under which name a vault's files are there, how one is written, and when stamps are believed."""

from __future__ import annotations

import os
import sys

from okb_incident.vault.disk.digest import digest

TRUSTED_AFTER = 2_000_000_000
"""Nanoseconds; FAT and some network file systems tell times in steps of two seconds, so a younger note may change unseen."""


def cache_folder() -> str:
    """Return the folder of our files in the user's cache; docs/decisions.md has the cost of asking platformdirs for it."""
    if sys.platform != "linux":
        from platformdirs import user_cache_dir  # noqa: PLC0415

        return user_cache_dir("okb-incident")
    configured = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(configured if os.path.isabs(configured) else os.path.expanduser("~/.cache"), "okb-incident")


def name_of(root: str) -> str:
    """Return the name under which the index of a vault is.

    Two machines that share a home folder do not share the memory through which SQLite's WAL mode needs them to talk, so each has
    its own.
    """
    named = f"{os.path.realpath(root)}\0{os.uname().nodename}"
    return digest(named.encode(errors="surrogateescape"))[:32]


def write_private(path: str, data: bytes) -> None:
    """Put a file into the cache folder as a whole, for its user alone.

    Raises:
        OSError: It cannot be written.
    """
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
    os.replace(draft, path)


def numbers(folder: str, name: str) -> list[int]:
    """Return the numbers of the files of that name; the highest is the one in use.

    Raises:
        OSError: The folder cannot be listed.
    """
    return [
        int(number)
        for own, dot, rest in (entry.partition(".") for entry in os.listdir(folder))
        if own == name and dot and (number := rest.removesuffix(".sqlite")).isdecimal()
    ]


def exists(root: str) -> bool:
    """Return whether a vault has an index."""
    try:
        return bool(numbers(cache_folder(), name_of(root)))
    except OSError:
        return False
