"""A folder that was filled by copying, and is replaced only while nothing in it was changed.

A record in `.incident` holds what every file was when the folder was finished. A folder that does not match its record, or in which
there is a link, a FIFO or a file of somebody else, is never touched. To be removed, a folder that matches is renamed first and
compared once more; then only the files of the record are deleted, so that a file that arrives meanwhile stays.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from okb_incident.errors import ConflictError, NotFoundError
from okb_incident.vault.disk import writer
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = f"{FOLDER}/demo.json"
"""Where the record is, relative to the folder."""


def fill(target: str, source: str) -> None:
    """Make a folder and copy the files of another one into it.

    Raises:
        ConflictError: There is something of that name.
        VaultError: It cannot be written.
    """
    with writer.explained(target):
        writer.make_folders(os.path.dirname(target))
        try:
            os.mkdir(target)
        except FileExistsError:
            raise _changed(target) from None
        for path in _files(source):
            writer.create(os.path.join(target, path), read_now(os.path.join(source, path)).data)


def seal(target: str) -> None:
    """Record what every file of the folder is now.

    Raises:
        VaultError: The record cannot be written.
    """
    with writer.explained(target):
        writer.make_folders(os.path.join(target, FOLDER))
        record = _digests(target)
        writer.create(os.path.join(target, RECORD), json.dumps(record, indent=0).encode())


def is_unchanged(target: str) -> bool:
    """Return whether a folder holds exactly what its record says."""
    return bool(_recorded(target))


def remove(target: str) -> None:
    """Remove a folder in which nothing was changed.

    Raises:
        ConflictError: Something in it was changed; the folder is left as it is.
        VaultError: It cannot be removed.
    """
    aside = writer.beside(target, os.urandom(6).hex())
    with writer.explained(target):
        os.rename(target, aside)
        known = _recorded(aside)
        if not known:
            os.rename(aside, target)
            raise _changed(target)
        for folder, folders, names, here in os.fwalk(aside, topdown=False):
            for name in names:
                if os.path.relpath(os.path.join(folder, name), aside) in known:
                    os.unlink(name, dir_fd=here)
            for name in folders:
                os.rmdir(name, dir_fd=here)
        os.rmdir(aside)


def _recorded(target: str) -> set[str]:
    """Return the files of a folder that matches its record, with the record itself; nothing where it does not match."""
    if os.path.islink(target) or not os.path.isdir(target):
        return set()
    try:
        kept = json.loads(read_now(os.path.join(target, RECORD)).data)
        return {*kept, RECORD} if kept == _digests(target) else set()
    except (OSError, ValueError, NotFoundError, UnreadableError):
        return set()


def _digests(target: str) -> dict[str, str]:
    """Return the digest of every file but the record, and of every folder that it is one.

    Raises:
        UnreadableError: There is a link, a device or a FIFO.
        OSError: A folder cannot be listed.
    """
    found = {path: read_now(os.path.join(target, path)).digest for path in _files(target) if path != RECORD}
    return found | {f"{path}/": "" for path in _folders(target)}


def _files(top: str) -> Iterator[str]:
    """Yield the files below a folder, relative to it."""
    for folder, _, names in os.walk(top, onerror=_refused):
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), top)


def _folders(top: str) -> Iterator[str]:
    """Yield the folders below a folder, relative to it.

    Raises:
        UnreadableError: One of them is a link.
    """
    for folder, folders, _ in os.walk(top, onerror=_refused):
        for name in folders:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                raise UnreadableError(path, "is a link")
            yield os.path.relpath(path, top)


def _refused(error: OSError) -> None:
    raise error


def _changed(target: str) -> ConflictError:
    return ConflictError(f"{target} is not an unchanged demo; nothing was overwritten", value=target)
