"""The vault: its incidents, found by name without a scan, or all read at once."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.problem import Problem
from okb_incident.core.properties import texts_of
from okb_incident.core.schema import NOTE_TYPES, note_type, read_incident
from okb_incident.errors import VaultError
from okb_incident.vault.files import FileState, UnreadableError, inside, place, read_bytes, read_many
from okb_incident.vault.refusal import reason, remedy
from okb_incident.vault.scan import list_names, scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.core.identity import IncidentId
    from okb_incident.core.incident import Incident
    from okb_incident.core.settings import Settings
    from okb_incident.vault.frontmatter import Frontmatter

#: A status that says at a glance that an incident is long over; only such a note is not looked into.
PLAINLY_OVER = rb"(?m)^status: *(?:closed|declined|merged) *\r?$"
ANY_STATUS = rb"(?m)^[\"']?status[\"']?\s*:"
HEAD = 64 * 1024
NONE_TO_READ = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.EACCES, errno.EPERM}
"""How the system says that a name is gone, is no file, or is not this user's to read."""


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


class Loaded(NamedTuple):
    """All incidents of a vault, and what is wrong in it.

    Attributes:
        incidents: By id; of several notes with one id, the one whose file name is the id.
        problems: In the order of their notes.
        restricted: How many incidents were left out because they may be shown only where they are asked for.
    """

    incidents: tuple[Incident, ...]
    problems: tuple[Problem, ...]
    restricted: int = 0


class Vault(NamedTuple):
    """A vault.

    Attributes:
        root: Its folder, absolute.
        settings: What it decides for itself.
    """

    root: str
    settings: Settings

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
        from okb_incident.vault import frontmatter  # noqa: PLC0415
        from okb_incident.vault.note import decode  # noqa: PLC0415

        text = decode(data)
        return Note(path, text, frontmatter.read(text, path))

    def incident_of(self, note: Note) -> tuple[Incident | None, tuple[Problem, ...]]:
        """Read a note as an incident; the problems are those of its frontmatter and of its properties."""
        incident, problems = read_incident(note.frontmatter.values, note.frontmatter.lines, note.path, self.settings)
        if note.frontmatter.state != "ok":
            # What a broken block hides is not missing; the block is named already.
            problems = tuple(problem for problem in problems if not problem.code.startswith("missing-"))
        return incident, (*note.frontmatter.problems, *problems)

    def named(self, note: Note, incident_id: IncidentId) -> Note:
        """Take a note for the incident that its file name says it is, where its id is missing or half typed."""
        values = note.frontmatter.values
        if self.settings.ids.read(str(values.get("id") or "")) is not None:
            return note
        from dataclasses import replace  # noqa: PLC0415

        return note._replace(frontmatter=replace(note.frontmatter, values={**values, "id": incident_id.text}))

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

    def _incident_folders(self) -> Iterator[str]:
        """Give the folders that hold incident notes: each year's, and the restricted ones."""
        folders = self.settings.folders
        for top in (folders.incidents, folders.restricted):
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

        Companions count too: a note that is named after an incident shows that its id was used.
        """
        ids = self.settings.ids
        last = 0
        year = f"/{day_id.day.year}"
        folders = self.settings.folders
        for folder in (folders.incidents + year, folders.restricted + year, folders.restricted, folders.incidents):
            for name in list_names(os.path.join(self.root, folder)):
                known = ids.read(name.removesuffix(".md").split(" ", 1)[0])
                if known is not None and known.day == day_id.day:
                    last = max(last, known.number)
        return last + 1

    def names_in(self, folder: str) -> list[str]:
        """List the basenames of the notes of a folder such as `services`, without reading them."""
        return [name.removesuffix(".md") for name in list_names(os.path.join(self.root, folder))]

    def person_named(self, name: str) -> str | None:
        """Find the note on a person by file name, alias or handle; None where no note knows the name."""
        wanted = name.casefold()
        names = self.names_in(self.settings.folders.people)
        for known in names:
            if known.casefold() == wanted:
                return known
        for known in names:
            values = self.read(f"{self.settings.folders.people}/{known}.md").frontmatter.values
            others = (*texts_of(values.get("aliases")), *texts_of(values.get("handle")))
            if any(other.lstrip("@").casefold() == wanted for other in others):
                return known
        return None

    # -- reading many ------------------------------------------------------------------------------------------------

    def unfinished(self) -> list[Incident]:
        """Read the incidents that are not plainly over, for verbs that act on the one that can be meant.

        Only the incident folders are looked at; what cannot be read cannot be meant.
        """
        found = []
        for _, path in self.incident_names():
            data = _head(os.path.join(self.root, path))
            if data is None or _is_plainly_over(data):
                continue
            incident, _ = self.incident_of(self.read(path))
            if incident is not None and not incident.restricted and (incident.needs_someone or not incident.is_open):
                found.append(incident)
        return found

    def load(self, *, everything: bool = False, include_restricted: bool = False) -> Loaded:
        """Read all incidents of the vault.

        Args:
            everything: Look into every note, so that each one that cannot be read is named; otherwise a note that cannot be
                one of ours is passed over unread.
            include_restricted: Give restricted incidents too.
        """
        found = scan(self.root, templates=(*self.settings.folders.ignore, self.settings.folders.templates))
        problems = list(found.problems)
        incidents: list[Incident] = []
        restricted = 0
        for path, state in read_many(self.root, [note.path for note in found.notes]):
            if not isinstance(state, FileState):
                problems.append(state)
                continue
            if not everything and not _may_be_ours(state.data):
                continue
            note = self.parse(path, state.data)
            hidden = path.startswith(self.settings.folders.restricted + "/") and not include_restricted
            if note_type(note.frontmatter.values) != "incident":
                problems += () if hidden else note.frontmatter.problems
                continue
            incident, faults = self.incident_of(note)
            if incident is not None and incident.restricted and not include_restricted:
                restricted += 1
                continue
            problems += faults
            if incident is not None:
                incidents.append(incident)
        unique, doubles = _one_per_id(incidents)
        return Loaded(unique, tuple(problems + doubles), restricted)


def _head(path: str) -> bytes | None:
    """Read the first bytes of a file that lies where an incident lies, None where there is none to be read.

    Raises:
        UnreadableError: The system fails; taking another incident for the only one would be worse than stopping.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            return os.read(descriptor, HEAD)
        finally:
            with suppress(OSError):
                os.close(descriptor)
    except OSError as error:
        if error.errno in NONE_TO_READ:
            return None
        raise UnreadableError(path, f"cannot be read: {reason(error)}", hint=remedy(error)) from error


def _is_plainly_over(head: bytes) -> bool:
    """Say whether the head of a note leaves no doubt that its incident is over: one status, plainly written."""
    return re.search(PLAINLY_OVER, head) is not None and len(re.findall(ANY_STATUS, head)) == 1


def _may_be_ours(data: bytes) -> bool:
    """Say whether a note could be one of ours: only escapes could hide the words that say so."""
    if not data.startswith((b"---", b"\xef\xbb\xbf---")):
        return False
    end = data.find(b"\n---", 3)
    block = data if end < 0 else data[:end]
    return b"\\" in block or any(word.encode() in block for word in NOTE_TYPES)


def _one_per_id(incidents: Iterable[Incident]) -> tuple[tuple[Incident, ...], list[Problem]]:
    """Keep one note for each id, the one whose file name is the id, and report the others."""
    by_id: dict[IncidentId, list[Incident]] = {}
    for incident in incidents:
        by_id.setdefault(incident.id, []).append(incident)
    kept = []
    problems = []
    for incident_id in sorted(by_id):
        same = sorted(by_id[incident_id], key=lambda each: (not each.path.endswith(f"/{incident_id}.md"), each.path))
        kept.append(same[0])
        problems += [
            Problem(
                double.path,
                double.lines.get("id"),
                "duplicate-id",
                f"{incident_id} is the id of {same[0].path} too; this note is not counted",
                "give it another id, or remove it if it is a copy",
            )
            for double in same[1:]
        ]
    return tuple(kept), problems
