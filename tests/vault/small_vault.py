"""A vault of one note, and what must be true of any vault after a command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.entry import read_entry
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.write.commit import Edit, commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.write.commit import Committed

NOTE = "INC-20261123-01.md"
OLD = b"---\ntype: incident\n---\n# Card payments fail\n\nAll cards.\n\n## Timeline\n\n- 02:20 first call\n"
NEW = OLD + b"- 02:22 support has 40 tickets\n"


def make(root: Path) -> Path:
    """Make the vault, and give its note."""
    root.mkdir(exist_ok=True)
    note = root / NOTE
    note.write_bytes(OLD)
    return note


def edit(note: Path, change: Callable[[bytes], bytes] = lambda _: NEW) -> Committed:
    """Change a note that lies at the top of its vault."""
    return commit(str(note.parent), [Edit(note.name, change)], command="incident log", by="alice")


def notes_of(root: Path) -> list[str]:
    """List the files of a vault, temps included, without those of .incident."""
    found = []
    for folder, folders, names in os.walk(root):
        if ".incident" in folders:
            folders.remove(".incident")
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def journal_of(root: Path) -> Journal:
    """Give the journal, after a look at its chain: each entry names the one before, and no intent is left."""
    journal = Journal.here(str(root))
    intents = Path(journal.place("intent"))
    assert not intents.exists() or not list(intents.iterdir())
    before = None
    for name, data in journal.files():
        entry = read_entry(data)
        assert entry.id == name
        assert [(each.id, each.digest) for each in entry.previous] == ([before] if before else [])
        before = (name, digest(data))
    return journal


def images_are_complete(root: Path) -> bool:
    """Say whether the bytes before and after each change can be had."""
    journal = journal_of(root)
    return all(
        (change.before is None or journal.before(entry, number) is not None)
        and (change.after is None or journal.after(entry, number) is not None)
        for entry in journal.entries()
        for number, change in enumerate(entry.changes)
    )
