"""What a vault holds of an incident besides its note: companions, copies of them, and other files that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.schema import note_type
from okb_incident.core.review.lesson import TYPE as LESSON
from okb_incident.core.text.secret import Secret
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.vault.disk.writer import TEMP_SUFFIX
from okb_incident.vault.note import frontmatter
from okb_incident.vault.note.note import decode
from okb_incident.vault.read.all_files import all_files, is_named_after, read_all_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.session import Session

SHORTEST = 4
"""Characters of a title; what is shorter is in too many places to tell of the incident."""


class Traces(NamedTuple):
    """Files of a vault that tell of an incident, by their paths of the vault.

    Attributes:
        own: What is the incident's: companions, copies by sync tools, editors and people, whatever they are called.
        others: What only holds its title: saved reports, notes that link to it, files of other programs.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]


def find_traces(session: Session, incident: Incident) -> Traces:
    """Look through every file of the vault; the incident's note itself is not among the answers."""
    root, name = session.vault.root, incident.id.text
    title = Secret(incident.title) if len(incident.title.strip()) >= SHORTEST else None
    own, others = [], []
    read = set()
    for path, data in read_all_files(root):
        read.add(path)
        if path == incident.path:
            continue
        text = decode(data)
        values = _values(path, text, incident)
        # A temp is what another machine left half done; it finishes that itself, from where the temp is.
        if _is_own(path, values, incident) and TEMP_SUFFIX not in path:
            own.append(path)
        elif (
            is_named_after(path, name)
            or (title and title.is_in(text))
            or (name in text and note_type(values) == "incident-report")
        ):
            others.append(path)
    # What is too large or not ours to read still tells by its name.
    others += [path for path in all_files(root) if path not in read and is_named_after(path, name)]
    return Traces(tuple(own), tuple(others))


def is_own(path: str, data: bytes, incident: Incident) -> bool:
    """Return whether a file is the incident's own, wherever it is and whatever it is called: its note, a companion or a copy of one."""
    return path == incident.path or _is_own(path, _values(path, decode(data), incident), incident)


def is_lesson_of(path: str, data: bytes, incident: Incident) -> bool:
    """Return whether a file is a lesson that names the incident."""
    values = _values(path, decode(data), incident)
    return note_type(values) == LESSON and any(incident.id.text in text for text in texts_of(values.get("incidents")))


def is_text_of(data: bytes, incident: Incident) -> bool:
    """Return whether a text, whatever it was called, is a note of the incident or a companion."""
    return is_own("some.md", data, incident)


def _values(path: str, text: str, incident: Incident) -> Mapping[str, object]:
    """Return the properties of a file that may be the incident's, by its ending and because the id is in it."""
    is_note = incident.id.text in text and path.endswith((".md", ".orig", ".bak", "~"))
    return frontmatter.read(text, path).values if is_note else {}


def _is_own(path: str, values: Mapping[str, object], incident: Incident) -> bool:
    uid = text_of(values.get("uid"))
    if uid and incident.uid and uid.upper() != incident.uid.upper():
        # Another incident of the same number, from a clone.
        return False
    if is_named_after(path, incident.id.text):
        return True
    kind = note_type(values) or ""
    named = text_of(values.get("id")) if kind == "incident" else link_target(text_of(values.get("incident")) or "")
    return kind.startswith("incident") and named == incident.id.text
