"""What the journal keeps of notes that not everybody may read, and of secrets that nobody may."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.writer import TEMP_SUFFIX, AlreadyThereError, create
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.kept import NEW, TAKEN_OUT, names_in, unpacked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from okb_incident.vault.journal.store import Journal


def make_private(journal: Journal, paths: Collection[str]) -> None:
    """Let only their owner read what is kept of some notes.

    Raises:
        OSError: The system refuses.
    """
    touched = {}
    for entry in journal.entries():
        for number, change in enumerate(entry.changes):
            if change.path in paths:
                touched[entry.id, number] = {each for each in (change.before, change.after, change.held) if each}
    hashes = set().union(*touched.values())
    files = [each.path for each in journal.displaced() if (each.entry, each.number) in touched]
    files += [journal.place("images", name) for name in journal.images() if name.partition(".")[0] in hashes]
    for path in files:
        with suppress(FileNotFoundError):
            os.chmod(path, PRIVATE)


def take_out(journal: Journal, secret: bytes, by: str) -> list[str]:
    """Throw away every image and displaced file that holds a secret; a tombstone with its hash says so.

    Returns:
        The hashes of what was thrown away.

    Raises:
        OSError: The system refuses.
        VaultError: A tombstone cannot be written.
    """
    for name in names_in(journal.place("images")):
        # What a crash left half made may hold it too, and is of no use.
        if name.endswith((NEW, TEMP_SUFFIX)):
            os.unlink(journal.place("images", name))
    taken = []
    for path, known, data in list(_kept(journal)):
        if secret in data:
            text = f"taken out {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} by {by}\nsha256 {known}\n"
            with suppress(AlreadyThereError):
                create(journal.place("images", known + TAKEN_OUT), text.encode())
            os.unlink(path)
            taken.append(known)
    return taken


def _kept(journal: Journal) -> Iterator[tuple[str, str, bytes]]:
    """Give path, hash and bytes of all that the journal keeps; a tombstone keeps nothing."""
    for each in journal.displaced():
        yield each.path, each.held, each.state.data
    for name in journal.images():
        known, _, packed = name.partition(".")
        if name.endswith(TAKEN_OUT):
            continue
        with suppress(NotFoundError, UnreadableError):
            path = journal.place("images", name)
            data = read_now(path).data
            yield path, known, unpacked(data) if packed == "z" else data
