"""The records of many incidents at once, for what goes through all of them: follow-ups, reviews, lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.vault.disk.files import FileState
from okb_incident.vault.index.answer import load
from okb_incident.vault.note.note import decode
from okb_incident.vault.read.many import read_many
from okb_incident.workflow.change import record_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call


def records(call: Call, holding: bytes) -> Iterator[Record]:
    """Return the records of all incidents whose notes hold some bytes, the newest first; others are not looked into."""
    session = call.session
    loaded = load(session.vault, everything=True, include_restricted=call.shared.restricted)
    incidents = {each.path: each for each in loaded.incidents}
    found = []
    for path, state in read_many(session.vault.root, list(incidents)):
        if isinstance(state, FileState) and holding in state.data:
            found.append(record_of(session, incidents[path], decode(state.data)))
    yield from sorted(found, key=lambda record: record.incident.id, reverse=True)


def companions_named(call: Call, ending: str) -> Iterator[Note]:
    """Return the notes beside incidents whose name ends in some words, such as ``review``; restricted ones where asked for."""
    vault = call.session.vault
    for path, state in read_many(vault.root, vault.companion_paths(ending)):
        if not isinstance(state, FileState):
            continue
        note = vault.parse(path, state.data)
        if call.shared.restricted or not vault.is_restricted(note):
            yield note
