"""Names: the notes of incidents, found by the names below their folders and by where they were seen last, without a scan.

The name of a note is its id; a person may have renamed it, or moved it anywhere. Only of a note whose name is not an id is the head
read, and there are few of those. Of several notes of one id the one that is at home counts, then the one whose name is the id.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.identity import names_companion
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.disk.conflict_copy import conflict_copy_of
from okb_incident.vault.disk.files import UnreadableError, inside
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.read import peek
from okb_incident.vault.read.places import known_places
from okb_incident.vault.read.scan import Search, list_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from okb_incident.core.settings.settings import Folders, Settings
    from okb_incident.core.values.identity import IdPattern, IncidentId

DEEPEST = 64
"""Folders within folders, as in a scan."""


class NamedNote(NamedTuple):
    """A note by its name.

    Attributes:
        path: Relative to the vault, with ``/``.
        id: The id with which its name begins; None where it begins with none.
        rest: What follows the id in its name, without the ending.
    """

    path: str
    id: IncidentId | None
    rest: str

    @property
    def is_exact(self) -> bool:
        """Return whether its name is an id and nothing else."""
        return self.id is not None and not self.rest

    @property
    def is_companion(self) -> bool:
        """Return whether its name is that of an assessment, a message or a review."""
        return self.id is not None and bool(self.rest) and names_companion(self.rest)


def folders_below(
    root: str, top: str, *, without: Collection[str] = (), closed: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """List a folder and those in it, each with the names of its notes, sorted, whatever is behind them; links are not followed.

    Args:
        root: The vault.
        top: The folder, relative to the vault.
        without: Folders that are left out.
        closed: A folder that may be closed to others; whoever is one of them finds nothing in it.

    Raises:
        VaultError: A folder cannot be listed; going on would take another incident for the one that is there.
    """
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        if folder in without or folder.count("/") >= DEEPEST:
            continue
        try:
            names = sorted(os.listdir(os.path.join(root, folder)))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            if isinstance(error, PermissionError) and folder == closed:
                continue
            raise VaultError(f"{folder} cannot be listed: {reason(error)}", value=folder, hint=remedy(error)) from error
        yield folder, [name for name in names if name[-3:] == ".md" and name[0] != "."]
        others = [name for name in names if name[-3:] != ".md" and name[0] != "."]
        waiting += [f"{folder}/{name}" for name in reversed(others) if _is_folder(os.path.join(root, folder, name))]


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def named(path: str, ids: IdPattern) -> NamedNote:
    """Return a note with what its name says."""
    lead = ids.lead(path.rpartition("/")[2].removesuffix(".md"))
    return NamedNote(path, *lead) if lead else NamedNote(path, None, "")


def best(incident_id: IncidentId, paths: Sequence[str], folders: Folders) -> list[str]:
    """Return which of the notes of one id counts: the one at home, else the one whose name is the id; several where they tie."""
    ranks = [rank(incident_id, path, folders) for path in paths]
    first = min(ranks, default=0)
    return [path for path, each in zip(paths, ranks, strict=True) if each == first]


def rank(incident_id: IncidentId, path: str, folders: Folders) -> int:
    """Return the place of a note among others of its id; a restricted one comes first, for the other may be an old copy of it."""
    name = f"{incident_id}.md"
    for place, folder in enumerate((folders.restricted, folders.incidents)):
        if path == f"{folder}/{incident_id.day.year}/{name}":
            return place
    return 2 if path.rpartition("/")[2] == name else 3


def has_folder(root: str, folder: str) -> bool:
    """Return whether there is such a folder, and links on the way do not lead out of the vault."""
    try:
        return os.path.isdir(inside(root, folder))
    except (NotFoundError, UnreadableError):
        return False


def near(root: str, settings: Settings) -> list[NamedNote]:
    """List the notes below the folders of incidents, companions among them."""
    folders, ids = settings.folders, settings.ids
    without = {folders.reports, *_of_lessons(folders), folders.templates, *folders.ignore}
    found = []
    for top, more in ((folders.incidents, {folders.restricted}), (folders.restricted, set[str]())):
        if not has_folder(root, top):
            continue
        for folder, names in folders_below(root, top, without=without | more, closed=folders.restricted):
            for name in names:
                # As nearly all are; and all of them are looked at each time.
                known = ids.read(name[:-3])
                path = f"{folder}/{name}"
                found.append(NamedNote(path, known, "") if known else named(path, ids))
    return found


def _of_lessons(folders: Folders) -> list[str]:
    """Return the folders of lessons, none of which is an incident, unless incidents are in them too."""
    both = (folders.lessons, folders.restricted_lessons)
    homes = (folders.incidents, folders.restricted)
    return [each for each in both if not any(f"{home}/".startswith(f"{each}/") for home in homes)]


def told(note: NamedNote, data: bytes, ids: IdPattern) -> IncidentId | None:
    """Return the id of a note whose name is not one, by its head, else by what its name begins with; None where it is not an incident."""
    if note.is_companion or conflict_copy_of(note.path.rpartition("/")[2]) or not peek.may_be_incident(data):
        return None
    return ids.read(peek.value_of(data, b"id") or "") or note.id


def incident_names(root: str, settings: Settings) -> list[tuple[IncidentId, str]]:
    """List the ids and paths of all incidents below their folders or where they were seen last; the names of most say enough."""
    found = []
    notes = {note.path: note for note in near(root, settings)}
    for path, note in notes.items():
        known = note.id if note.is_exact else _told_by_head(root, note, settings.ids)
        if known is not None:
            found.append((known, path))
    elsewhere = (named(path, settings.ids) for path in known_places(root) if path not in notes)
    return found + [(known, note.path) for note in elsewhere if (known := _told_by_head(root, note, settings.ids))]


def _told_by_head(root: str, note: NamedNote, ids: IdPattern) -> IncidentId | None:
    data = None if note.is_companion else peek.head(os.path.join(root, note.path))
    return told(note, data, ids) if data is not None else None


def paths_of(root: str, settings: Settings, incident_id: IncidentId) -> list[str]:
    """Return the note of an id, the usual places first; several where they tie, none where it is not near.

    One that only has the name, and does not say which incident it is, counts where no other note says so.
    """
    by_name_alone = []
    for folder in (settings.folders.restricted, settings.folders.incidents):
        usual = f"{folder}/{incident_id.day.year}/{incident_id}.md"
        if os.path.lexists(os.path.join(root, usual)):
            said = _said(root, usual, settings.ids)
            if said == incident_id:
                return [usual]
            by_name_alone += [usual] if said is None else []
    paths = [
        path for known, path in incident_names(root, settings) if known == incident_id and path not in by_name_alone
    ]
    said_by = {path: _said(root, path, settings.ids) for path in paths}
    sure = [path for path in paths if said_by[path] == incident_id]
    unsure = [*by_name_alone, *(path for path in paths if said_by[path] is None)]
    return best(incident_id, sure or unsure, settings.folders)


def _said(root: str, path: str, ids: IdPattern) -> IncidentId | None:
    """Return the id that the head of a note plainly has."""
    data = peek.head(os.path.join(root, path))
    return ids.read(peek.value_of(data, b"id") or "") if data is not None else None


def companions(root: str, settings: Settings, incident_id: IncidentId, path: str) -> list[str]:
    """List the notes that carry the id of an incident in front, next to its note and below the folders of incidents.

    Args:
        root: The vault.
        settings: Its settings.
        incident_id: The incident.
        path: Its note, which is not one of them whatever its name.
    """
    folder = path.rpartition("/")[0]
    beside = [
        named(f"{folder}/{name}" if folder else name, settings.ids) for name in list_names(os.path.join(root, folder))
    ]
    found = {note.path for note in (*beside, *near(root, settings)) if note.id == incident_id and note.rest[:1] == " "}
    return sorted(found - {path}, key=lambda each: (each.rpartition("/")[2], each))


def companions_anywhere(root: str, settings: Settings, incident_id: IncidentId) -> list[str]:
    """List the assessments, messages and reviews of an incident in the whole vault, by their names."""
    search = Search(root, (settings.folders.templates, *settings.folders.ignore))
    notes = (named(path, settings.ids) for folder in search.folders() for path in folder.paths())
    return sorted(note.path for note in notes if note.id == incident_id and note.is_companion)


def names_of_year(root: str, settings: Settings, year: int) -> list[str]:
    """List the names of notes below the folders of incidents, but for those of other years, and of notes seen elsewhere."""
    folders = settings.folders
    found = [path.rpartition("/")[2] for path in known_places(root)]
    for top in (folders.incidents, folders.restricted):
        if has_folder(root, top):
            others = {f"{top}/{name}" for name in _years(os.path.join(root, top)) if name != str(year)}
            without = others | {folders.reports, *_of_lessons(folders)}
            for _, names in folders_below(root, top, without=without, closed=folders.restricted):
                found += names
    return found


def _years(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if len(name) == 4 and name.isdecimal()]
    except OSError:
        return []
