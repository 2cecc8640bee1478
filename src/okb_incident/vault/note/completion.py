"""A note that is named like an incident and lacks what makes it one: type, id and title are put in before anything else is.

Otherwise the first command would find it by its name, and the next would find no incident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.values.properties import ORDER, text_of, texts_of
from okb_incident.core.values.title import as_title
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.note import frontmatter
from okb_incident.vault.note.incident_note import Written
from okb_incident.vault.note.note import FENCE, split
from okb_incident.vault.note.properties import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.values.identity import IdPattern, IncidentId
    from okb_incident.vault.note.properties import Frontmatter


def complete(text: str, found: Frontmatter, path: str, incident_id: IncidentId, ids: IdPattern) -> Written:
    """Return a note with its type, id and title, and what was put in; a note that has them as it is.

    Properties that cannot be read are left alone: they may hold what seems to be missing.

    Args:
        text: The whole note.
        found: Its properties.
        path: The note's name in messages.
        incident_id: What its file name says.
        ids: How ids look.

    Raises:
        InvalidNoteError: One of them holds what is not text, or the properties do not begin at the top of the note.
    """
    if found.state is State.NONE:
        _refuse_properties_below(text, path)
    elif found.state is not State.OK:
        return Written(text, ())
    notes = []
    for key, value in _missing(found, text, path, incident_id, ids):
        old = found.values.get(key)
        text = frontmatter.set_property(text, key, value, ORDER, path=path)
        notes.append(f"{key} was {old!r}; it is now {value}" if old else f"the note had no {key}; added {value}")
    return Written(text, tuple(notes))


def _missing(
    found: Frontmatter, text: str, path: str, incident_id: IncidentId, ids: IdPattern
) -> Iterator[tuple[str, str]]:
    values = found.values
    for key in ("type", "id", "title"):
        # An empty list is as empty as an empty text; of several titles the first is shown.
        texts = texts_of(values.get(key))
        if values.get(key) and (not texts or (len(texts) > 1 and key != "title")):
            raise InvalidNoteError(
                f"{path}:{found.lines.get(key, 1)}: {key} does not hold one text",
                field=key,
                hint=f"write {key}: {_example(key, incident_id)} in {path}",
            )
    if not text_of(values.get("type")):
        yield "type", "incident"
    if ids.read(text_of(values.get("id")) or "") is None:
        yield "id", incident_id.text
    if not texts_of(values.get("title")):
        yield "title", _title(found, text) or incident_id.text


def _example(key: str, incident_id: IncidentId) -> str:
    return {"type": "incident", "id": incident_id.text}.get(key, "Checkout is slow")


def _title(found: Frontmatter, text: str) -> str:
    """Return what the note is called elsewhere in it: its alias, or the heading with which it begins."""
    aliases = texts_of(found.values.get("aliases"))
    if aliases:
        return as_title(aliases[0])
    body = split(text).body.lstrip()
    return as_title(body.split("\n", 1)[0].removeprefix("# ")) if body.startswith("# ") else ""


def _refuse_properties_below(text: str, path: str) -> None:
    """Refuse a note whose properties are below its first line, where Obsidian reads none; new ones above would hide them.

    Raises:
        InvalidNoteError: They do.
    """
    lines = text.split("\n")
    # A second byte order mark is a character like any other, and hides the line as well.
    first = next((place for place, line in enumerate(lines) if line.lstrip("\ufeff").rstrip() == FENCE), None)
    if first is not None and any(line.startswith(("type:", "id:", "status:")) for line in lines[first:]):
        raise InvalidNoteError(
            f"{path}:{first + 1}: its properties begin below the first line, and nothing reads them there",
            field="type",
            hint=f"remove what is above the line --- in {path}",
        )
