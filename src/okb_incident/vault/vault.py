"""The vault: its incidents, found by name without a scan, or all read at once."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.name import is_good_name
from okb_incident.core.values.properties import text_of, texts_of
from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.files import FileState, UnreadableError, inside, place, read_now
from okb_incident.vault.disk.stillness import Patience
from okb_incident.vault.journal.recent import is_ours
from okb_incident.vault.journal.store import Journal, names_once_given
from okb_incident.vault.read import names, places
from okb_incident.vault.read.scan import list_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.note.frontmatter import Frontmatter
    from okb_incident.vault.read.loaded import Loaded
    from okb_incident.vault.read.sight import Sight


class Note(NamedTuple):
    """A note as read.

    Attributes:
        path: Relative to the vault, with ``/``.
        text: All of it.
        frontmatter: Its properties and what is wrong with them.
    """

    path: str
    text: str
    frontmatter: Frontmatter


class Vault(NamedTuple):
    """A vault.

    Attributes:
        root: Its folder, absolute.
        settings: What it decides for itself.
        patience: How a command waits for those who save the notes that it reads; without one, anew for each note.
    """

    root: str
    settings: Settings
    patience: Patience | None = None

    @classmethod
    def here(cls, root: str, settings: Settings) -> Vault:
        """Return a vault for one command, which waits for all of its notes together."""
        return cls(root, settings, Patience(partial(is_ours, Journal.here(root))))

    @property
    def templates(self) -> tuple[str, ...]:
        """Return the folders whose notes are never read as facts."""
        return (*self.settings.folders.ignore, self.settings.folders.templates)

    def real(self, path: str) -> str:
        """Return the real path of an existing note."""
        return inside(self.root, path)

    def new(self, path: str) -> str:
        """Return the real path for a note to come; it is inside the vault whatever links are on the way."""
        return place(self.root, path)

    def read(self, path: str) -> Note:
        """Read one note that a command is aimed at, once nobody is saving it any more.

        Raises:
            NotFoundError: It is gone.
            InvalidNoteError: It cannot be read as a file.
        """
        return self.parse(path, self.settled(path).data)

    def settled(self, path: str) -> FileState:
        """Return the file of one note that a command is aimed at, once nobody is saving it any more; raises as `read` does."""
        patience = self.patience or Patience(partial(is_ours, Journal.here(self.root)))
        return patience.read(self.real(path))

    def parse(self, path: str, data: bytes) -> Note:
        """Return the bytes of a note as a Note."""
        # `open` reads no note, and so need not load what reading takes.
        from okb_incident.vault.note import frontmatter  # noqa: PLC0415
        from okb_incident.vault.note.note import decode  # noqa: PLC0415

        text = decode(data)
        return Note(path, text, frontmatter.read(text, path))

    def incident_of(self, note: Note) -> tuple[Incident | None, tuple[Problem, ...]]:
        """Read a note as an incident; the problems are those of its frontmatter and of its properties."""
        from okb_incident.vault.note.note import encode  # noqa: PLC0415
        from okb_incident.vault.read.contribution import incident_of, since_reopened  # noqa: PLC0415

        incident, problems = incident_of(note.frontmatter, note.path, self.settings)
        if incident is not None:
            incident = since_reopened(incident, encode(note.text), self.settings)
        if incident is not None and not incident.restricted and self.is_restricted(note):
            # What a block that cannot be read says of it counts all the same.
            incident = incident._replace(restricted=True)
        if incident is not None and note.frontmatter.state != "ok" and "tlp" not in incident.properties:
            incident = self._with_marking(incident, note)
        return incident, problems

    def _with_marking(self, incident: Incident, note: Note) -> Incident:
        """Return an incident with the traffic light that a line of its block gives it, though the block cannot be read."""
        from okb_incident.vault.note.note import encode  # noqa: PLC0415
        from okb_incident.vault.read.restricted import marking_in  # noqa: PLC0415

        said = marking_in(encode(note.text))
        return incident._replace(properties={**incident.properties, "tlp": said}) if said else incident

    def named(self, note: Note, incident_id: IncidentId) -> Note:
        """Take a note for the incident that its file name says it is, where its id is missing or half typed."""
        values = note.frontmatter.values
        if self.settings.ids.read(text_of(values.get("id")) or "") is not None:
            return note
        return note._replace(frontmatter=note.frontmatter._replace(values={**values, "id": incident_id.text}))

    def is_restricted(self, note: Note) -> bool:
        """Return whether a note may be shown only where it is asked for."""
        from okb_incident.vault.note.note import encode  # noqa: PLC0415
        from okb_incident.vault.read.restricted import note_is_restricted  # noqa: PLC0415

        return note_is_restricted(note.path, encode(note.text), note.frontmatter, self.settings)

    def hides(self, incident_id: IncidentId) -> bool:
        """Return whether an incident is restricted, from its notes alone: one of several of that id is enough.

        A note that cannot be read is not known to be.
        """
        if any(known == incident_id and self._hides(path) for known, path in self.incident_names()):
            return True
        known = places.known_places(self.root).values()
        return any(
            place.is_restricted and place.id == incident_id.text and not self._has(place.path) for place in known
        )

    def _has(self, path: str) -> bool:
        return os.path.lexists(os.path.join(self.root, path))

    def _hides(self, path: str) -> bool:
        if path.startswith(self.settings.folders.restricted + "/"):
            return True
        try:
            return self.is_restricted(self.parse(path, read_now(self.real(path)).data))
        except (NotFoundError, UnreadableError):
            return False

    # -- finding without a scan --------------------------------------------------------------------------------------

    def incident_names(self) -> list[tuple[IncidentId, str]]:
        """List the ids and paths of all incidents that are below their folders or where they were seen last."""
        return names.incident_names(self.root, self.settings)

    def ids_seen(self) -> set[IncidentId]:
        """Return the ids of these incidents, and of those whose notes are gone from where they were seen last."""
        known = (self.settings.ids.read(place.id) for place in places.known_places(self.root).values())
        return {*(each for each, _ in self.incident_names()), *filter(None, known)}

    def companion_paths(self, ending: str) -> list[str]:
        """List the notes beside incidents whose name is an id and some words, such as ``review``."""
        return [note.path for note in names.near(self.root, self.settings) if note.rest == f" {ending}"]

    def companions(self, incident_id: IncidentId, path: str) -> list[str]:
        """List the notes that carry the id of an incident in front, wherever its note is and they were left."""
        return names.companions(self.root, self.settings, incident_id, path)

    def companions_anywhere(self, incident_id: IncidentId) -> list[str]:
        """List the assessments, messages and reviews of an incident in the whole vault, by their names."""
        return names.companions_anywhere(self.root, self.settings, incident_id)

    def folder_of(self, incident_id: IncidentId) -> str:
        """Return the folder in which an incident's note is: flat, by year."""
        return f"{self.settings.folders.incidents}/{incident_id.day.year}"

    def paths_of(self, incident_id: IncidentId) -> list[str]:
        """Find the note of an id, the usual place first; several where they tie, none where a scan would have to find it."""
        return names.paths_of(self.root, self.settings, incident_id)

    def path_of(self, incident_id: IncidentId) -> str | None:
        """Find the note of an id; None where there is none near."""
        return next(iter(self.paths_of(incident_id)), None)

    def names_of_year(self, day_id: IncidentId) -> list[str]:
        """List the names of files that a year's incidents have, restricted ones and companions included, and what the journal knows."""
        given = names_once_given(self.root, self.settings.ids.start_of(day_id.day))
        return [*given, *names.names_of_year(self.root, self.settings, day_id.day.year)]

    def next_number(self, day_id: IncidentId, given: Iterable[str] | None = None) -> int:
        """Return the number after the last one that a day has used, restricted incidents included.

        Companions count too: a note that is named after an incident shows that its id was used. So does the journal, where
        the note is gone. Ids before a renumbering are lower than the one that their note has now.

        Args:
            day_id: An id of the day.
            given: The names of its year, where they are known.
        """
        ids = self.settings.ids
        begin = ids.start_of(day_id.day).upper()
        given = self.names_of_year(day_id) if given is None else given
        leads = (ids.lead(name.removesuffix(".md")) for name in given if name[: len(begin)].upper() == begin)
        return max((lead[0].number for lead in leads if lead and lead[0].day == day_id.day), default=0) + 1

    def saw(self, *incidents: Incident) -> None:
        """Remember where the notes of incidents are, for the commands to come."""
        places.remember(self.root, [place_of(each) for each in incidents])

    def saw_notes(self, notes: Mapping[str, bytes]) -> None:
        """Remember the incidents among notes that were written, by their paths."""
        from okb_incident.core.incident.schema import note_type  # noqa: PLC0415

        found = (self.parse(path, data) for path, data in notes.items())
        incidents = (self.incident_of(note)[0] for note in found if note_type(note.frontmatter.values) == "incident")
        self.saw(*filter(None, incidents))

    def names_in(self, folder: str) -> list[str]:
        """List the basenames of the notes of a folder such as `services`, without reading them.

        They become links; a name that could be more than a name in a note is left out.
        """
        if not names.has_folder(self.root, folder):
            return []
        listed = (name.removesuffix(".md") for name in list_names(os.path.join(self.root, folder)))
        return [name for name in listed if is_good_name(name)]

    def person_named(self, name: str) -> str | None:
        """Find the note on a person by file name, alias or handle; None where no note knows the name."""
        wanted = name.casefold()
        people = self.names_in(self.settings.folders.people)
        for known in people:
            if known.casefold() == wanted:
                return known
        folder = self.settings.folders.people
        from okb_incident.vault.read.many import read_many  # noqa: PLC0415

        for path, state in read_many(self.root, [f"{folder}/{known}.md" for known in people]):
            if not isinstance(state, FileState):
                continue
            values = self.parse(path, state.data).frontmatter.values
            others = (*texts_of(values.get("aliases")), *texts_of(values.get("handle")))
            if any(other.lstrip("@").casefold() == wanted for other in others):
                return path.removeprefix(f"{folder}/").removesuffix(".md")
        return None

    # -- reading many ------------------------------------------------------------------------------------------------

    def look(self, *, include_restricted: bool = False) -> Sight:
        """Read the incidents that are not plainly over, where they are or were seen last."""
        from okb_incident.vault.read.sight import look  # noqa: PLC0415

        return look(self.root, self.settings, include_restricted=include_restricted)

    def read_all(self, *, everything: bool = False, include_restricted: bool = False) -> Loaded:
        """Read all incidents of the vault from their notes.

        Args:
            everything: Name also what is wrong with notes that cannot be ours.
            include_restricted: Give restricted incidents too.
        """
        from okb_incident.vault.read.contribution import contribution_of  # noqa: PLC0415
        from okb_incident.vault.read.loaded import gathered  # noqa: PLC0415
        from okb_incident.vault.read.many import read_many  # noqa: PLC0415
        from okb_incident.vault.read.scan import scan  # noqa: PLC0415

        found = scan(self.root, templates=self.templates)
        states = read_many(self.root, [note.path for note in found.notes])
        return gathered(
            [each for path, state in states if (each := contribution_of(path, state, self.settings))],
            found.problems,
            self.settings.folders,
            everything=everything,
            include_restricted=include_restricted,
        )


def place_of(incident: Incident) -> places.KnownPlace:
    """Return where the note of an incident is, as it is remembered."""
    is_over = incident.status is not None and not incident.is_open and incident.status != "resolved"
    return places.KnownPlace(incident.path, incident.id.text, is_over, incident.restricted)
