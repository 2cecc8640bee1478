"""Seeking incidents that are not where they belong: all over the vault, by name, then by the heads of notes that changed.

What the index remembers of notes that are as it knows them is believed as far as to read them; nothing is put into it. Only so much
is computed: who waits for `log` at night is better told what was not searched than kept waiting.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.schema import note_type
from okb_incident.core.values.properties import texts_of
from okb_incident.core.values.status import OPEN
from okb_incident.vault.disk.files import FileState, UnreadableError
from okb_incident.vault.index.peek import asked
from okb_incident.vault.index.refresh import differing
from okb_incident.vault.index.store import stamp_of
from okb_incident.vault.read import peek
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.names import named
from okb_incident.vault.read.scan import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.read.names import NamedNote
    from okb_incident.vault.read.scan import Folder
    from okb_incident.vault.vault import Vault

MOST_COMPUTING = 2.0
"""Seconds of the processor, after which it is told what was not searched."""

AT_ONCE = 32
"""Heads that are read between two looks at the clock."""


class Found(NamedTuple):
    """What was found.

    Attributes:
        incidents: The notes of the ids that were asked for, now or before a renumbering; and the open ones where they were asked for.
        others: Notes that have such an id, in their name or as a property, and cannot be read as incidents, by path.
        not_searched: What was not searched, as the end of a sentence; empty where everything was.
    """

    incidents: list[Incident]
    others: dict[str, IncidentId]
    not_searched: str = ""


class Budget:
    """How much may still be computed.

    Attributes:
        clock: Gives the seconds of the processor that were used so far.
    """

    def __init__(self, clock: Callable[[], float] = time.process_time, seconds: float | None = None) -> None:
        self.clock = clock
        self._ends = clock() + (MOST_COMPUTING if seconds is None else seconds)

    @property
    def is_used_up(self) -> bool:
        """Return whether nothing more may be computed."""
        return self.clock() >= self._ends


def seek(vault: Vault, ids: Collection[IncidentId], *, open_ones: bool = False, budget: Budget | None = None) -> Found:
    """Find the notes of incidents wherever they are.

    Args:
        vault: The vault.
        ids: The incidents that are sought.
        open_ones: Find all that are open, too.
        budget: How much may be computed.
    """
    seeking = _Seeking(vault, frozenset(ids), open_ones, budget or Budget())
    return seeking.run()


class _Seeking:
    def __init__(self, vault: Vault, ids: frozenset[IncidentId], open_ones: bool, budget: Budget) -> None:
        self.vault = vault
        self.ids = ids
        self.open_ones = open_ones
        self.budget = budget
        self.read: set[str] = set()
        self.found: list[Incident] = []
        self.others: dict[str, IncidentId] = {}
        self.changed: list[str] = []

    def run(self) -> Found:
        unlisted = self._by_name()
        if unlisted is not None:
            return self._told(f"the folder {unlisted or '.'} and what comes after it, and the heads of all notes")
        exact = {each.id for each in self.found if each.path.rpartition("/")[2] == f"{each.id}.md"}
        if not self.open_ones and self.ids <= exact:
            return self._told()
        self._take(path for (path,) in self._remembered())
        left = self._by_head()
        return self._told(f"the heads of {left} notes that changed since the index was built" if left else "")

    def _told(self, not_searched: str = "") -> Found:
        return Found(self.found, self.others, not_searched)

    def _by_name(self) -> str | None:
        """List all notes and read those whose name begins with an id that is sought; return the folder before which it ended."""
        vault = self.vault
        folders, signatures = vault.settings.folders, self._signatures()
        for folder in Search(vault.root, vault.templates).folders((folders.incidents, folders.restricted, "")):
            if self.budget.is_used_up:
                return folder.path
            notes = [named(path, vault.settings.ids) for path in folder.paths()]
            self._take(note.path for note in notes if not note.is_companion and self._is_named(note))
            self.changed += _changed(folder, signatures.get(folder.path))
        return None

    def _is_named(self, note: NamedNote) -> bool:
        return note.id is not None and (self.open_ones or note.id in self.ids)

    def _by_head(self) -> int:
        """Read the notes that changed and whose heads could be those of incidents that are sought; return how many are left."""
        for start in range(0, len(self.changed), AT_ONCE):
            if self.budget.is_used_up:
                return len(self.changed) - start
            self._take(filter(self._may_be_sought, self.changed[start : start + AT_ONCE]))
        return 0

    def _may_be_sought(self, path: str) -> bool:
        try:
            data = peek.head(os.path.join(self.vault.root, path))
        except UnreadableError:
            return False
        if data is None:
            return False
        if not peek.may_be_incident(data):
            return self.vault.settings.ids.read(peek.value_of(data, b"id") or "") in self.ids
        upper = data.upper()
        return self.open_ones or not data or any(each.text.upper().encode() in upper for each in self.ids)

    def _take(self, paths: Iterable[str]) -> None:
        """Read notes, and keep the incidents that are sought."""
        wanted = [path for path in paths if path not in self.read]
        self.read.update(wanted)
        ids = self.vault.settings.ids
        for path, state in read_many(self.vault.root, wanted):
            if not isinstance(state, FileState):
                continue
            note, name = self.vault.parse(path, state.data), named(path, ids)
            kind = note_type(note.frontmatter.values)
            if kind != "incident" and (kind is not None or not name.is_exact):
                which = ids.read(str(note.frontmatter.values.get("id") or "")) or name.id
                if which in self.ids:
                    self.others[path] = which
                continue
            if name.id is not None:
                note = self.vault.named(note, name.id)
            incident, _ = self.vault.incident_of(note)
            if incident is not None and kind is None and incident.status is None and incident.id in self.ids:
                # It has only the name.
                self.others[path] = incident.id
            elif incident is not None and (
                incident.id in self.ids
                or (self.open_ones and (incident.is_open or incident.status is None))
                or self._was(incident)
            ):
                self.found.append(incident)

    def _was(self, incident: Incident) -> bool:
        """Return whether an incident had an id that is sought before it was renumbered."""
        former = (self.vault.settings.ids.read(text) for text in texts_of(incident.properties.get("former_ids")))
        return not self.ids.isdisjoint(former)

    # -- what the index remembers ------------------------------------------------------------------------------------

    def _signatures(self) -> dict[str, bytes]:
        if not self._is_current():
            return {}
        return dict(asked(self.vault.root, "SELECT path, signature FROM folder", ()))

    def _is_current(self) -> bool:
        """Return whether this version made the index with these settings."""
        return asked(self.vault.root, "PRAGMA user_version", ()) == [(stamp_of(self.vault.settings),)]

    def _remembered(self) -> Iterator[tuple[str]]:
        conditions = [f"id IN ({', '.join('?' * len(self.ids))})", "has_former_ids"]
        if self.open_ones:
            conditions.append(f"status IN ({', '.join(repr(str(status)) for status in sorted(OPEN))})")
        for table in ("incident", "restricted"):
            query = f"SELECT path FROM {table} WHERE {' OR '.join(conditions)}"
            yield from asked(self.vault.root, query, tuple(each.text for each in self.ids))


def _changed(folder: Folder, signature: bytes | None) -> Iterator[str]:
    try:
        yield from differing(folder, signature)
    except ValueError:
        # The file holds something else than we wrote; whoever asks the index next builds it again.
        yield from folder.paths()
