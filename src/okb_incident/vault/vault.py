"""The vault: its incidents, found by name without a scan, or all read at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.name import is_good_name
from okb_incident.core.values.properties import texts_of
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.disk.files import FileState, UnreadableError, inside, place, read_bytes, read_now
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.journal.store import names_once_given
from okb_incident.vault.read.scan import list_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.note.frontmatter import Frontmatter
    from okb_incident.vault.read.loaded import Loaded


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
    """

    root: str
    settings: Settings

    @property
    def templates(self) -> tuple[str, ...]:
        """The folders whose notes are never read as facts."""
        return (*self.settings.folders.ignore, self.settings.folders.templates)

    def real(self, path: str) -> str:
        """Give the real path of an existing note."""
        return inside(self.root, path)

    def new(self, path: str) -> str:
        """Give the real path for a note to come; it lies inside the vault whatever links are on the way."""
        return place(self.root, path)

    def read(self, path: str) -> Note:
        """Read one note that a command is aimed at.

        Raises:
            NotFoundError: It is gone.
            InvalidNoteError: It cannot be read as a file.
        """
        return self.parse(path, read_bytes(self.real(path)).data)

    def parse(self, path: str, data: bytes) -> Note:
        """Give the bytes of a note as a Note."""
        # `open` reads no note, and so need not load what reading takes.
        from okb_incident.vault.note import frontmatter  # noqa: PLC0415
        from okb_incident.vault.note.note import decode  # noqa: PLC0415

        text = decode(data)
        return Note(path, text, frontmatter.read(text, path))

    def incident_of(self, note: Note) -> tuple[Incident | None, tuple[Problem, ...]]:
        """Read a note as an incident; the problems are those of its frontmatter and of its properties."""
        from okb_incident.vault.read.contribution import incident_of  # noqa: PLC0415

        incident, problems = incident_of(note.frontmatter, note.path, self.settings)
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
        if self.settings.ids.read(str(values.get("id") or "")) is not None:
            return note
        return note._replace(frontmatter=note.frontmatter._replace(values={**values, "id": incident_id.text}))

    def is_restricted(self, note: Note) -> bool:
        """Say whether a note may be shown only where it is asked for."""
        from okb_incident.vault.note.note import encode  # noqa: PLC0415
        from okb_incident.vault.read.restricted import note_is_restricted  # noqa: PLC0415

        return note_is_restricted(note.path, encode(note.text), note.frontmatter, self.settings)

    def hides(self, incident_id: IncidentId) -> bool:
        """Say whether an incident is restricted, from its notes alone: one of several of that id is enough.

        A note that cannot be read is not known to be.
        """
        return any(known == incident_id and self._hides(path) for known, path in self.incident_names())

    def _hides(self, path: str) -> bool:
        if path.startswith(self.settings.folders.restricted + "/"):
            return True
        try:
            return self.is_restricted(self.parse(path, read_now(self.real(path)).data))
        except (NotFoundError, UnreadableError):
            return False

    # -- finding without reading -------------------------------------------------------------------------------------

    def incident_names(self) -> list[tuple[IncidentId, str]]:
        """List the ids and paths of all incidents from the names of their files; nothing is read, nothing else listed."""
        ids = self.settings.ids
        found = []
        for folder in self._incident_folders():
            for name in list_names(os.path.join(self.root, folder)):
                incident_id = ids.read(name.removesuffix(".md"))
                if incident_id is not None:
                    found.append((incident_id, f"{folder}/{name}"))
        return found

    def companion_paths(self, ending: str) -> list[str]:
        """List the notes beside incidents whose name is an id and some words, such as ``review``."""
        return [
            f"{folder}/{name}"
            for folder in self._incident_folders()
            for name in list_names(os.path.join(self.root, folder))
            if name.endswith(f" {ending}.md") and self.settings.ids.read(name.partition(" ")[0]) is not None
        ]

    def _incident_folders(self) -> Iterator[str]:
        """Give the folders that hold incident notes: each year's, and the restricted ones."""
        folders = self.settings.folders
        for top in (folders.incidents, folders.restricted):
            if not self._has_folder(top):
                continue
            yield top
            try:
                with os.scandir(os.path.join(self.root, top)) as entries:
                    inner = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
            except FileNotFoundError:
                continue
            except OSError as error:
                # Going on would take another incident for the last one.
                raise VaultError(f"{top} cannot be listed: {reason(error)}", value=top, hint=remedy(error)) from error
            for name in inner:
                if not name.startswith(".") and f"{top}/{name}" not in {folders.restricted, folders.reports}:
                    yield f"{top}/{name}"

    def folder_of(self, incident_id: IncidentId) -> str:
        """Give the folder in which an incident's note lies: flat, by year."""
        return f"{self.settings.folders.incidents}/{incident_id.day.year}"

    def path_of(self, incident_id: IncidentId) -> str | None:
        """Find the note of an id by its file name, the usual place first; None where there is none."""
        usual = f"{self.folder_of(incident_id)}/{incident_id}.md"
        if os.path.lexists(os.path.join(self.root, usual)):
            return usual
        return next((path for known, path in self.incident_names() if known == incident_id), None)

    def next_number(self, day_id: IncidentId) -> int:
        """Give the number after the last one that a day has used, restricted incidents included.

        Companions count too: a note that is named after an incident shows that its id was used. So does the journal, where
        the note is gone. Ids before a renumbering are lower than the one that their note has now.
        """
        ids = self.settings.ids
        last = 0
        year = f"/{day_id.day.year}"
        folders = self.settings.folders
        names = names_once_given(self.root, ids.start_of(day_id.day))
        for folder in (folders.incidents + year, folders.restricted + year, folders.restricted, folders.incidents):
            names += list_names(os.path.join(self.root, folder))
        for name in names:
            known = ids.read(name.removesuffix(".md").split(" ", 1)[0])
            if known is not None and known.day == day_id.day:
                last = max(last, known.number)
        return last + 1

    def names_in(self, folder: str) -> list[str]:
        """List the basenames of the notes of a folder such as `services`, without reading them.

        They become links; a name that could be more than a name in a note is left out.
        """
        if not self._has_folder(folder):
            return []
        names = (name.removesuffix(".md") for name in list_names(os.path.join(self.root, folder)))
        return [name for name in names if is_good_name(name)]

    def _has_folder(self, folder: str) -> bool:
        """Say whether there is such a folder, and links on the way do not lead out of the vault."""
        try:
            return os.path.isdir(self.real(folder))
        except (NotFoundError, UnreadableError):
            return False

    def person_named(self, name: str) -> str | None:
        """Find the note on a person by file name, alias or handle; None where no note knows the name."""
        wanted = name.casefold()
        names = self.names_in(self.settings.folders.people)
        for known in names:
            if known.casefold() == wanted:
                return known
        folder = self.settings.folders.people
        from okb_incident.vault.read.many import read_many  # noqa: PLC0415

        for path, state in read_many(self.root, [f"{folder}/{known}.md" for known in names]):
            if not isinstance(state, FileState):
                continue
            values = self.parse(path, state.data).frontmatter.values
            others = (*texts_of(values.get("aliases")), *texts_of(values.get("handle")))
            if any(other.lstrip("@").casefold() == wanted for other in others):
                return path.removeprefix(f"{folder}/").removesuffix(".md")
        return None

    # -- reading many ------------------------------------------------------------------------------------------------

    def unfinished(self, *, include_restricted: bool = False) -> list[Incident]:
        """Read the incidents that are not plainly over, for verbs that act on the one that can be meant.

        Only the incident folders are looked at; what cannot be read cannot be meant.
        """
        found, secret = self._unfinished()
        return found if include_restricted else [each for each in found if each.id not in secret]

    def unfinished_restricted(self) -> tuple[list[Incident], list[Incident]]:
        """Read the same ones, and return those that may be shown, and those that are restricted."""
        found, secret = self._unfinished()
        return [each for each in found if each.id not in secret], [each for each in found if each.id in secret]

    def _unfinished(self) -> tuple[list[Incident], set[IncidentId]]:
        from okb_incident.vault.read import peek  # noqa: PLC0415
        from okb_incident.vault.read.many import read_many  # noqa: PLC0415

        paths = []
        secret: set[IncidentId] = set()
        for incident_id, path in self.incident_names():
            if path.startswith(self.settings.folders.restricted + "/"):
                secret.add(incident_id)
            data = peek.head(os.path.join(self.root, path))
            if data is not None and not peek.is_plainly_over(data):
                paths.append(path)
        found = []
        for path, state in read_many(self.root, paths):
            if not isinstance(state, FileState):
                if state.code == UnreadableError.code:
                    # Its first bytes could be read a moment ago; taking another one for the only one would be worse.
                    raise UnreadableError(path, state.message, hint=state.hint)
                continue
            incident, _ = self.incident_of(self.parse(path, state.data))
            if incident is None:
                continue
            if incident.restricted:
                secret.add(incident.id)
            if incident.needs_someone or not incident.is_open:
                found.append(incident)
        return found, secret

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
