"""Conflict copies: what sync tools leave beside a note that they could not merge, known by its name."""

from __future__ import annotations

import os
import re
from contextlib import suppress

CONFLICT_COPIES = (
    ("Syncthing", r"\.sync-conflict-\d{8}-\d{6}(-\w+)?$"),
    # Name (Conflicted copy PHONE 202611230201), Name (alice's conflicted copy 2026-11-23), Name (conflicted copy 2026-11-23 …)
    ("incident, Obsidian Sync, Dropbox or Nextcloud", r"(?i) \((.*['’]s )?conflicted copy\b.*\)$"),
    ("Synology Drive", r"_[A-Z][a-z]{2}-\d{2}-\d{4}-\d{4}_(Case)?Conflict(_\d+)?$"),
    ("Resilio Sync", r"\.Conflict$"),
    ("Obsidian Git", r"^conflict-files-obsidian-git$"),
)
"""How sync tools name the copy that lost, after the name without ``.md``.

iCloud (``Name 2.md``) and OneDrive (``Name-HOST.md``) use names that a person would use too; their copies are told apart by
the id inside: of several notes with one id, the one whose file name is the id counts.
"""


def conflict_copy_of(name: str) -> str | None:
    """Name the sync tool that left a file of this name when it could not merge, or None for an ordinary file."""
    if "onflict" not in name:
        return None
    # Compiled here and not at the top: nearly every command imports this module, and hardly any meets such a name.
    stem = name.removesuffix(".md")
    return next((tool for tool, pattern in CONFLICT_COPIES if re.search(pattern, stem)), None)


def copies_beside(path: str) -> list[str]:
    """Return the names of the conflict copies of a note, and of the notes named after it, in its folder."""
    folder, name = os.path.split(path)
    stem = name.removesuffix(".md")
    names: list[str] = []
    with suppress(OSError):
        names = [each for each in os.listdir(folder) if "onflict" in each and each.startswith(stem)]
    return sorted(each for each in names if not each[len(stem)].isalnum() and conflict_copy_of(each))
