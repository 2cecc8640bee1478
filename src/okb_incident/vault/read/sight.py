"""Sight: the incidents that are not over, read where they are or were seen last, without a scan of the vault."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.schema import note_type
from okb_incident.core.values.problem import Problem
from okb_incident.vault.disk.files import UnreadableError
from okb_incident.vault.note import properties
from okb_incident.vault.note.note import decode
from okb_incident.vault.read import abridged, names, peek
from okb_incident.vault.read.contribution import incident_of, since_reopened
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.places import known_places
from okb_incident.vault.read.restricted import note_is_restricted

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.read.names import NamedNote
    from okb_incident.vault.read.places import KnownPlace


class Sight(NamedTuple):
    """What is seen of the incidents that are not over.

    Attributes:
        incidents: Those that were found; two of one id where their notes tie.
        lost: Where the notes of others were seen last, and none is any more; restricted ones among them, which may not be that any more.
        unclear: Where notes of others are that cannot be read as incidents now: half saved, or half typed.
        restricted: Those that were found and may be shown only where they are asked for; where they are, they are among the incidents.
    """

    incidents: list[Incident]
    lost: list[KnownPlace]
    unclear: list[KnownPlace]
    restricted: list[Incident]


def look(root: str, settings: Settings, *, include_restricted: bool = False) -> Sight:
    """Read the incidents that are not plainly over; of the others a glance is enough.

    Raises:
        UnreadableError: A note whose first bytes could be read a moment ago cannot be; taking another for the only one would be worse.
    """
    return _Look(root, settings, include_restricted).sight()


class _Look:
    """One look around.

    Attributes:
        notes: All notes that could be meant, by path.
        folder: That of restricted incidents.
        known: Where notes were seen last.
        of_id: The paths of each id, those of incidents that are over among them.
        failed: The notes that an id leads to and that are not incidents.
        secret: The ids of restricted incidents.
    """

    def __init__(self, root: str, settings: Settings, include_restricted: bool) -> None:
        self.root = root
        self.settings = settings
        self.include_restricted = include_restricted
        self.folder = settings.folders.restricted + "/"
        self.known = known_places(root)
        notes = names.near(root, settings)
        self.notes = {note.path: note for note in notes if not (note.rest and note.is_companion)}
        self.notes |= {path: names.named(path, settings.ids) for path in self.known if path not in self.notes}
        self.of_id: dict[IncidentId, list[str]] = {}
        self.failed: list[tuple[IncidentId, str]] = []
        self.secret: set[IncidentId] = set()

    def sight(self) -> Sight:
        paths = [path for path, note in self.notes.items() if self._may_be_meant(note)]
        incidents = self._read(paths)
        open_to_all = [each.path for each in incidents if not each.restricted and each.id not in self.secret]
        abridged.forget_abridged(self.root, but=open_to_all)
        found = {each.id for each in incidents}
        meant = [each for each in incidents if self._is_the_one(each) and each.can_be_meant]
        shown = [each for each in meant if self._may_be_shown(each)]
        hidden = [each for each in meant if not self._may_be_shown(each)]
        unfinished = [(self.settings.ids.read(place.id), place) for place in self.known.values() if not place.is_over]
        lost = [place for which, place in unfinished if which is not None and which not in self.of_id]
        unclear = [
            place._replace(path=path)
            for which, path in self.failed
            for known, place in unfinished
            if which == known and which not in found and (self.include_restricted or not place.is_restricted)
        ]
        return Sight(shown, lost, unclear, hidden)

    def _may_be_meant(self, note: NamedNote) -> bool:
        """Take note of a note by its name and its head; return whether its incident may not be over."""
        data = peek.head(os.path.join(self.root, note.path))
        if data is None:
            return False
        which = note.id if note.id and not note.rest else names.told(note, data, self.settings.ids)
        if which is None and note.path in self.known and peek.may_be_incident(data):
            # Somebody is saving it just now: what it was is known.
            which = self.settings.ids.read(self.known[note.path].id)
        if which is None:
            return False
        self.of_id.setdefault(which, []).append(note.path)
        if note.path.startswith(self.folder):
            self.secret.add(which)
        return not peek.is_plainly_over(data)

    def _read(self, paths: list[str]) -> list[Incident]:
        found = []
        known = {path: data for path in paths if (data := abridged.remembered(self.root, path)) is not None}
        states = read_many(self.root, [path for path in paths if path not in known])
        for path, state in chain(known.items(), states):
            if isinstance(state, Problem):
                if state.code == UnreadableError.code:
                    raise UnreadableError(path, state.message, hint=state.hint)
                continue
            incident = self._incident(path, state if isinstance(state, bytes) else state.data)
            if incident is None:
                # It only has the name; another note may say that it is the incident.
                for which, same in self.of_id.items():
                    if path in same:
                        same.remove(path)
                        self.failed.append((which, path))
                continue
            found.append(incident)
            if incident.restricted:
                self.secret.add(incident.id)
            name = self.notes[path].id
            if name is not None and name != incident.id and path in self.of_id.get(name, []):
                self.of_id[name].remove(path)
            if path not in self.of_id.setdefault(incident.id, []):
                self.of_id[incident.id].append(path)
        return found

    def _incident(self, path: str, data: bytes) -> Incident | None:
        """Read a note as the incident that it says it is, or that its name says where it says nothing."""
        block = properties.read(decode(data), path)
        if note_type(block.values) not in {None, "incident"}:
            return None
        incident, _ = incident_of(block, path, self.settings)
        name = self.notes[path].id
        if incident is None and name is not None:
            incident, _ = incident_of(block._replace(values={**block.values, "id": name.text}), path, self.settings)
            # A note that says neither which incident it is nor its state has only a name.
            incident = incident if incident and incident.status else None
        if incident is None:
            return None
        # What a block that cannot be read says of it counts all the same.
        restricted = incident.restricted or note_is_restricted(path, data, block, self.settings)
        return since_reopened(incident, data, self.settings)._replace(restricted=restricted)

    def _is_the_one(self, incident: Incident) -> bool:
        return incident.path in names.best(incident.id, self.of_id[incident.id], self.settings.folders)

    def _may_be_shown(self, incident: Incident) -> bool:
        return self.include_restricted or incident.id not in self.secret
