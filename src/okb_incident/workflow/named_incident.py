"""An incident that is named: by its id or a part of it, by `last`, by its number, or by a part of its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.text.terminal_text import one_line, shorten
from okb_incident.core.values.screen_time import show_distance
from okb_incident.errors import AmbiguousReferenceError, NotFoundError
from okb_incident.workflow.whereabouts import look, note_of, one_of

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.workflow.request import Request
    from okb_incident.workflow.session import Session

#: Candidates that are offered with their commands; who has more of them looks at the list.
MOST_CANDIDATES = 5


class Target(NamedTuple):
    """An incident that was found without reading more notes than needed.

    Attributes:
        id: Its id.
        path: Its note, relative to the vault.
    """

    id: IncidentId
    path: str


def incident_named(request: Request, name: str, *, by_title: bool) -> Target:
    """Find the incident that a word names.

    Args:
        request: The command line.
        name: The word.
        by_title: A part of a title names one, too.

    Raises:
        NotFoundError: There is no such incident.
        AmbiguousReferenceError: There are several.
    """
    from okb_incident.workflow.grammar import short  # noqa: PLC0415 - a list names none

    vault = request.session.vault
    word = name.strip()
    full = vault.settings.ids.read(word)
    if full is not None:
        # Who knows the whole id of a restricted incident asks for it.
        found = note_of(request.session, full)
        if found is None:
            raise _missing(request.session, word)
        return Target(*found)
    if word.lower() == "last":
        return _last(request)
    parts = short(word)
    if parts:
        return _short(request, word, parts)
    if by_title:
        return _titled(request, word)
    raise _missing(request.session, word)


def _last(request: Request) -> Target:
    """Return the incident declared last; ids are ordered by that."""
    target = _newest(request, request.session.vault.ids_seen())
    if target is None:
        raise NotFoundError("there is no incident yet", field="incident", value="last", hint=Command("open"))
    return target


def _newest(request: Request, ids: Collection[IncidentId]) -> Target | None:
    """Return the newest of these incidents that may be shown; of each, only the note is looked into that could be it."""
    vault, restricted = request.session.vault, request.shared.restricted
    shown = (incident_id for incident_id in sorted(ids, reverse=True) if restricted or not vault.hides(incident_id))
    # One that was moved out of sight is sought; one that is gone for good is not meant.
    found = (note_of(request.session, incident_id) for incident_id in shown)
    return next((Target(*each) for each in found if each), None)


def _short(request: Request, word: str, found: re.Match[str]) -> Target:
    """Return the incident of ``1123-01``, of the latest year; or of ``01``: the open one, else the newest."""
    session, number = request.session, int(found["number"])
    ids = {incident_id for incident_id in session.vault.ids_seen() if incident_id.number == number}
    if found["month"]:
        month, day = int(found["month"]), int(found["day"])
        ids = {incident_id for incident_id in ids if (incident_id.day.month, incident_id.day.day) == (month, day)}
    elif open_ones := _open_numbered(request, number):
        one = {incident.id for incident in open_ones}
        return target_of(open_ones[0], open_ones) if len(one) == 1 else _several(request, word, open_ones)
    target = _newest(request, ids)
    if target is None:
        raise _missing(session, word)
    return target


def _open_numbered(request: Request, number: int) -> list[Incident]:
    """Return the open incidents of a number; searched for wherever they are before a command writes to one that is over."""
    for anywhere in (False, True) if request.writes else (False,):
        seen = look(request.session, include_restricted=request.shared.restricted, anywhere=anywhere)
        if found := [incident for incident in seen.incidents if incident.is_open and incident.id.number == number]:
            return found
    return []


def _titled(request: Request, word: str) -> Target:
    """Return the incident whose title holds the word; an open one before others."""
    from okb_incident.vault.index.answer import load  # noqa: PLC0415

    loaded = load(request.session.vault, include_restricted=request.shared.restricted)
    incidents = [each for each in loaded.incidents if word.lower() in each.title.lower()]
    open_ones = [incident for incident in incidents if incident.is_open]
    found = open_ones if len(open_ones) == 1 else incidents
    if not found:
        raise _missing(request.session, word)
    if len(found) > 1:
        return _several(request, word, sorted(found, key=lambda incident: incident.id, reverse=True))
    return Target(*(note_of(request.session, found[0].id) or (found[0].id, found[0].path)))


def _several(request: Request, word: str, found: Sequence[Incident]) -> Target:
    message = f"{shorten(word)!r} could be {len(found)} incidents; repeat the command with one of them"
    return chosen_from(request, found, message, value=word)


def _missing(session: Session, word: str) -> NotFoundError:
    from difflib import get_close_matches  # noqa: PLC0415
    from itertools import islice  # noqa: PLC0415

    known = {incident_id.text: incident_id for incident_id, _ in session.vault.incident_names()}
    close = get_close_matches(word.upper(), known, n=max(len(known), 1), cutoff=0.8)
    shown = islice((text for text in close if not session.vault.hides(known[text])), 3)
    return NotFoundError(
        f"no incident {shorten(word)!r} in {session.vault.root}",
        field="incident",
        value=word,
        candidates=tuple(shown),
        hint="incident list --all shows every one",
    )


def commands_for(request: Request, found: Sequence[Incident], value: str | None = None) -> tuple[Candidate, ...]:
    """Return the command for each incident, each once."""
    unique = {each.id: each for each in found}
    return tuple(
        Candidate(request.repeated(request.after, each.id, for_word=value), describe(each, request.session))
        for each in sorted(unique.values(), key=lambda incident: incident.id, reverse=True)[:MOST_CANDIDATES]
    )


def target_of(incident: Incident, found: Sequence[Incident]) -> Target:
    """Return an incident as the target.

    Raises:
        AmbiguousReferenceError: Another note has its id, and neither counts before the other.
    """
    return Target(incident.id, one_of(incident.id, [each.path for each in found if each.id == incident.id]))


def chosen_from(request: Request, found: Sequence[Incident], message: str, *, value: str | None = None) -> Target:
    """Let a person choose, or refuse with the command for each.

    Raises:
        AmbiguousReferenceError: Nobody could be asked, or nothing was chosen.
    """
    session = request.session
    if request.person is not None:
        chosen = request.person.choose([describe(incident, session) for incident in found])
        if chosen is not None:
            return target_of(found[chosen], found)
    more = len(found) - MOST_CANDIDATES
    raise AmbiguousReferenceError(
        message,
        field="incident",
        value=value,
        candidates=commands_for(request, found, value),
        more=Sentence(f"{more} more: ", Command("list")) if more > 0 else None,
    )


def describe(incident: Incident, session: Session) -> str:
    """Return an incident as one line, for a choice."""
    declared = incident.at("declared")
    age = f", declared {show_distance(declared, session.now)}" if declared else ""
    return f"{incident.id}  {incident.severity or '–'}  {incident.status or '–'}  {one_line(incident.headline)}{age}"
