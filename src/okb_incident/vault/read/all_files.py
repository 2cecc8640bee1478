"""All files of a vault, notes or not: what a person, an editor or a sync tool has left there may tell what a note tells."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.vault.disk.files import FileState
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = frozenset({".git", FOLDER})
"""Folders that are searched by other means, or not at all."""


MEDIA_WORDS = "7z avif bmp docx gif gz heic ico jpeg jpg m4a mkv mov mp3 mp4 ogg otf pdf png pptx tar tiff ttf wav webm webp xlsx xz zip"
MEDIA = frozenset(MEDIA_WORDS.split())
"""Forms of files whose bytes show no text, and which may be large and many."""


def all_files(root: str) -> Iterator[str]:
    """Return the paths of the vault of every regular file in it, hidden ones too; links are not followed."""
    base = os.path.realpath(root)
    for folder, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in sorted(names):
            path = os.path.join(folder, name)
            with suppress(OSError):
                if stat.S_ISREG(os.lstat(path).st_mode):
                    yield path[len(base) :].lstrip("/")


def read_all_files(root: str) -> Iterator[tuple[str, bytes]]:
    """Read every file that can be read and may show text, each once, by its own name or by a link that a scan takes for a note."""
    base = os.path.realpath(root)
    links = [note.path for note in scan(root).notes if os.path.islink(os.path.join(root, note.path))]
    targets = {os.path.realpath(os.path.join(base, path)) for path in links}
    paths = [*links, *(path for path in all_files(root) if os.path.join(base, path) not in targets)]
    shown = [path for path in paths if path.rpartition(".")[2].lower() not in MEDIA]
    for path, state in read_many(root, shown):
        if isinstance(state, FileState):
            yield path, state.data


def is_named_after(path: str, incident: str) -> bool:
    """Return whether a file is an incident's by its name: its note, a companion or a copy of one.

    ``INC-20261123-100.md`` is not a file of ``INC-20261123-10``. Editors put a sign or a dot in front of the names of their copies.
    """
    name = os.path.basename(path).lstrip(".~#")
    return name.startswith(incident) and not name[len(incident) : len(incident) + 1].isalnum()
