"""What the journal keeps of notes that not everybody may read, and of secrets that nobody may."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.exchange import KEPT
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.writer import TEMP_SUFFIX, opened, sync
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.kept import names_in, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from okb_incident.vault.journal.store import Journal


def make_private(journal: Journal, paths: Collection[str], is_of_them: Callable[[bytes], bool]) -> None:
    """Let only their owner read what is kept of some notes.

    Args:
        journal: The journal.
        paths: The notes as they are called now.
        is_of_them: Whether the text of a note is one of theirs, for a person may have moved it since it was kept.

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
    files += [f"{journal.root}/{kept.path}" for kept in kept_files(journal) if is_of_them(kept.data)]
    for path in files:
        with suppress(FileNotFoundError):
            os.chmod(path, PRIVATE)


class KeptFile(NamedTuple):
    """A file that a journal keeps, with words of a note in it.

    Attributes:
        path: Of the vault.
        known: The SHA-256 of the bytes that it was kept for; nothing where it was never finished.
        data: What it holds, unpacked.
    """

    path: str
    known: str
    data: bytes


def kept_files(journal: Journal) -> Iterator[KeptFile]:
    """Return every image and displaced file of a journal, what a crash left half made among them."""
    for each in journal.displaced():
        yield KeptFile(_of_vault(journal, each.path), each.held, each.state.data)
    for name in names_in(journal.place("images")):
        known, _, form = name.partition(".")
        path = journal.place("images", name)
        with suppress(NotFoundError, UnreadableError):
            data = read_now(path).data
            yield KeptFile(_of_vault(journal, path), known, unpacked(data) if form == "z" else data)


def purge(root: str, paths: Iterable[str]) -> None:
    """Remove files for good, durably; one that is gone is gone.

    Nothing is removed but what is ours: an intent that came with a vault from elsewhere must not lead to a note.

    Raises:
        OSError: The system refuses.
    """
    folders = set()
    for path in paths:
        folder, name = os.path.split(path)
        real = os.path.join(os.path.realpath(root), folder).rstrip("/")
        if _is_ours(path) and os.path.realpath(real) == real:
            with suppress(FileNotFoundError):
                os.unlink(f"{real}/{name}")
                folders.add(real)
    for real in folders:
        with opened(real) as folder_of_it:
            sync(folder_of_it)


def _is_ours(path: str) -> bool:
    """Return whether a path is that of a file which a journal keeps, or of a temp."""
    parts = path.split("/")
    kept = len(parts) == 4 and parts[0] == FOLDER and parts[2] in {"images", "displaced", "outbox"}
    temp = parts[-1].startswith(".") and parts[-1].endswith((TEMP_SUFFIX, TEMP_SUFFIX + KEPT))
    return (kept or temp) and not {"", ".", ".."} & set(parts)


def _of_vault(journal: Journal, path: str) -> str:
    return path.removeprefix(journal.root + "/")
