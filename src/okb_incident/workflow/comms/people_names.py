"""The names of people as their notes have them, for messages in which a handle means little."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.text.links import unlinked
from okb_incident.core.values.properties import texts_of
from okb_incident.vault.disk.files import FileState
from okb_incident.vault.note.note import split
from okb_incident.vault.read.many import read_many
from okb_incident.workflow.actor import handle_of

if TYPE_CHECKING:
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.session import Session

TITLE = re.compile(r"\s*# +(?P<name>[^\n]{1,60}?)[ \t\r]*(?:\n|\Z)")
"""The heading with which the note of a person begins; a longer one is not taken for a name."""


def people_names(session: Session) -> dict[str, str]:
    """Return the names of people by what they are called in small letters: their notes' names, handles and aliases."""
    folder = session.vault.settings.folders.people
    known = session.vault.names_in(folder)
    found: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for path, state in read_many(session.vault.root, [f"{folder}/{each}.md" for each in known]):
        if not isinstance(state, FileState):
            continue
        note = session.vault.parse(path, state.data)
        called = path.removeprefix(f"{folder}/").removesuffix(".md")
        name = _name_in(note) or called
        found[called.lower()] = found[handle_of(called).lower()] = name
        values = note.frontmatter.values
        for other in (*texts_of(values.get("handle")), *texts_of(values.get("aliases"))):
            aliases.setdefault(other.removeprefix("@").lower(), name)
    # What a note is called goes before what another calls itself.
    return aliases | found


def _name_in(note: Note) -> str | None:
    title = TITLE.match(split(note.text).body)
    return unlinked(title["name"]).strip() or None if title else None
