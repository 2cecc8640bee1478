"""Where the note of an incident is: near, or moved and found by searching; for verbs that read and verbs that write alike."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.errors import AmbiguousReferenceError, NotFoundError
from okb_incident.vault.read.names import best
from okb_incident.vault.read.places import known_places, remember
from okb_incident.vault.read.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.index.seek import Found
    from okb_incident.workflow.session import Session


def note_of(session: Session, incident_id: IncidentId) -> tuple[IncidentId, str] | None:
    """Find the note of an id wherever it is, also by an id that it had before a renumbering.

    Returns:
        The id that the note has now, and its path; None where there is no such note.

    Raises:
        AmbiguousReferenceError: Two notes have the id, and neither counts before the other.
        NotFoundError: It is not near, and not everything could be searched.
    """
    paths = session.vault.paths_of(incident_id)
    if paths:
        return incident_id, one_of(incident_id, paths)
    found = _sought(session, [incident_id])
    paths = [each.path for each in found.incidents if each.id == incident_id]
    if paths:
        return incident_id, one_of(incident_id, best(incident_id, paths, session.vault.settings.folders))
    for incident in found.incidents:
        return incident.id, incident.path
    if found.not_searched:
        raise _not_all(found, incident_id.text)
    return None


def look(session: Session, *, include_restricted: bool = False, anywhere: bool = False) -> Sight:
    """Return the incidents that are not plainly over, and search the vault for those whose notes are gone from their places.

    Args:
        session: The session.
        include_restricted: Restricted ones are meant too.
        anywhere: Search it for all that are open, because none that is near fits.

    Raises:
        NotFoundError: A note is gone from its place, or none fits, and not everything could be searched.
    """
    vault = session.vault
    sight = vault.look(include_restricted=include_restricted)
    if not sight.lost and not anywhere:
        return sight
    ids = {known for place in sight.lost if (known := vault.settings.ids.read(place.id))}
    found = _sought(session, ids, open_ones=anywhere)
    near = {each.path for each in (*sight.incidents, *sight.restricted)}
    moved = [
        each
        for each in found.incidents
        if each.path not in near and each.path in _counting(session, each.id, found) and each.can_be_meant
    ]
    hidden = [each for each in moved if not include_restricted and (each.restricted or vault.hides(each.id))]
    shown = [each for each in moved if each not in hidden]
    there = {each.id.text for each in found.incidents}
    still = [place for place in sight.lost if place.id not in there and (include_restricted or not place.is_restricted)]
    if found.not_searched and (still or anywhere):
        raise _not_all(found, still[0].id if still else None, still[0].path if still else None)
    # What is in its place, or has its id, may yet become readable again; what is nowhere was deleted.
    unclear = [place for place in still if os.path.lexists(os.path.join(vault.root, place.path))]
    unclear += [
        place._replace(path=path) for path, which in found.others.items() for place in still if place.id == which.text
    ]
    return Sight([*sight.incidents, *shown], [], [*sight.unclear, *unclear], [*sight.restricted, *hidden])


def _counting(session: Session, incident_id: IncidentId, found: Found) -> list[str]:
    """Return which of the notes of an id counts, those that are near among them."""
    paths = {*session.vault.paths_of(incident_id), *(each.path for each in found.incidents if each.id == incident_id)}
    return best(incident_id, sorted(paths), session.vault.settings.folders)


def one_of(incident_id: IncidentId, paths: Sequence[str]) -> str:
    """Return the note of an id.

    Raises:
        AmbiguousReferenceError: There are several, and none counts before the others.
    """
    if len(paths) == 1:
        return paths[0]
    raise AmbiguousReferenceError(
        f"{len(paths)} notes have the id {incident_id}: {' and '.join(paths)}",
        field="incident",
        value=incident_id.text,
        candidates=tuple(paths),
        hint=f"name the one that counts {incident_id}.md, and give the other another id or delete it",
    )


def _sought(session: Session, ids: Collection[IncidentId], *, open_ones: bool = False) -> Found:
    from okb_incident.vault.index.seek import seek  # noqa: PLC0415 - notes are hardly ever moved

    vault = session.vault
    found = seek(vault, ids, open_ones=open_ones)
    vault.saw(*found.incidents)
    # Where it is not any more need not be looked at again; nor where one was that is nowhere.
    past = {each.id.text for each in found.incidents}
    if not found.not_searched:
        past |= {each.text for each in ids} - {each.text for each in found.others.values()}
    places = [place for place in known_places(vault.root).values() if place.id in past]
    remember(vault.root, (), [each.path for each in places if not os.path.lexists(os.path.join(vault.root, each.path))])
    return found


def _not_all(found: Found, incident: str | None, place: str | None = None) -> NotFoundError:
    """Return the error that names what is missing, and what was not searched for it."""
    if place is not None:
        missing = f"the note of {incident} is not at {place} any more"
    else:
        missing = f"no note of {incident} is near" if incident else "no open incident is near"
    return NotFoundError(
        f"{missing}; searching stopped early, and left out {found.not_searched}",
        field="incident",
        value=incident,
        hint=Sentence(Command("list"), " searches the whole vault, and remembers where each incident is"),
    )
