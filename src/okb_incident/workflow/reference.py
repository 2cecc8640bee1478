"""Which incident is meant: the one that is named, that INCIDENT_ID names, or to which alone the verb can apply."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from okb_incident.command import Candidate
from okb_incident.core.text.terminal_text import one_line, shorten
from okb_incident.core.values.properties import PEOPLE_KEYS, link_target, texts_of
from okb_incident.core.values.screen_time import show_time
from okb_incident.core.values.status import Status
from okb_incident.errors import AmbiguousReferenceError, NotFoundError
from okb_incident.workflow.named_incident import (
    MOST_CANDIDATES,
    Target,
    chosen_from,
    commands_for,
    describe,
    incident_named,
    target_of,
)
from okb_incident.workflow.whereabouts import look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.read.sight import Sight
    from okb_incident.workflow.request import Request
    from okb_incident.workflow.session import Session

    Fits = Callable[[Incident], bool]
    """Whether a verb can apply to an incident."""

__all__ = ["Fits", "Target", "describe", "find_named", "find_target", "is_open", "resolved_today"]

#: How long after its end an incident may still be meant without being named.
AFTERWARDS = timedelta(days=1)


def find_target(request: Request, *fits: Fits) -> Target:
    """Find the incident that a command is about.

    Args:
        request: The command line.
        fits: Whether the verb can apply to an incident, where none is named: each is tried where none fits those before.

    Raises:
        NotFoundError: There is no such incident.
        AmbiguousReferenceError: Several fit; each is listed with the full command.
    """
    if request.reference:
        if request.in_doubt:
            return _settled(request, fits)
        return incident_named(request, request.reference, by_title=request.may_name_by_title)
    if from_environment := os.environ.get("INCIDENT_ID"):
        return incident_named(request, from_environment, by_title=False)
    found = _fitting(request, fits)
    if found and len({incident.id for incident in found}) == 1:
        return target_of(found[0], found)
    if not found:
        raise _nothing_to_do(request)
    return chosen_from(
        request,
        found,
        f"{len(found)} incidents could be meant by {request.verb}; repeat the command with one of them",
    )


def _nothing_to_do(request: Request) -> NotFoundError:
    """Return the fault that a verb fits no incident; the newest that a person may have in mind is named with its state."""
    session = request.session
    seen = look(session, include_restricted=request.shared.restricted).incidents
    newest = max(seen, key=lambda incident: (incident.is_open, incident.id), default=None)
    why = ""
    if newest is not None:
        since = f" since {show_time(newest.status_since, session.now, session.zone)}" if newest.status_since else ""
        status = "in triage" if newest.status is Status.TRIAGE else newest.status or "of unknown status"
        why = f": {newest.id} is {status}{since}"
    return NotFoundError(
        f"no incident for {request.verb}{why}",
        field="incident",
        hint="incident list --all shows every one; name one as INC-…, 1123-01 or last",
    )


def find_named(request: Request, name: str) -> Target:
    """Find an incident that a verb names among its own words or options, by an id or ``last``.

    Raises:
        NotFoundError: There is no such incident, or several.
    """
    return incident_named(request, name, by_title=False)


def _fitting(request: Request, fits: Sequence[Fits]) -> list[Incident]:
    """Return the incidents that a verb can apply to, the newest first; the one where the person holds a role before others.

    For a verb that applies to open ones, those that are over count only where none is open.
    """
    session, restricted = request.session, request.shared.restricted
    seen = look(session, include_restricted=restricted)
    found = _first_fitting(seen.incidents, fits)
    if not found:
        # Before one that is over is taken, or none: the open one may have been moved to where nobody saw it yet.
        seen = look(session, include_restricted=restricted, anywhere=True)
        found = _first_fitting(seen.incidents, fits)
    if not found:
        found = next((some for test in fits[1:] if (some := [each for each in seen.incidents if test(each)])), [])
        if found:
            _refuse_over(request, seen, found)
    if len({incident.id for incident in found}) > 1:
        mine = [incident for incident in found if holds_a_role(incident, session)]
        found = mine if len({incident.id for incident in mine}) == 1 else found
    return sorted(found, key=lambda incident: incident.id, reverse=True)


def _first_fitting(seen: Sequence[Incident], fits: Sequence[Fits]) -> list[Incident]:
    """Return those that the first of the tests finds that finds any; those that are over by the very first test only."""
    for place, test in enumerate(fits):
        found = [incident for incident in seen if test(incident) and (incident.is_open or place == 0)]
        if found:
            return found
    return []


def _refuse_over(request: Request, seen: Sight, over: Sequence[Incident]) -> None:
    """Keep a verb from an incident that is over while another is open, or may be: half typed, or just being saved.

    Raises:
        NotFoundError: One is; the one that is over has to be named.
    """
    open_ones = [each for each in seen.incidents if each.is_open or each.status is None]
    if not open_ones and not seen.unclear:
        return
    if open_ones:
        newest = max(open_ones, key=lambda incident: incident.id)
        there_is = f"{newest.id} is {newest.status or 'of unknown status'}: {one_line(newest.title)}"
    else:
        there_is = f"{seen.unclear[0].path}, the note of {seen.unclear[0].id}, cannot be read as an incident now"
    raise NotFoundError(
        f"there is no open incident to {request.verb} now, and {there_is}",
        field="incident",
        candidates=commands_for(request, [*(each for each in open_ones if each.status is None), *over]),
        hint="incident list --all shows every one; name one as INC-…, 1123-01 or last",
    )


def _settled(request: Request, fits: Sequence[Fits]) -> Target:
    """Find out whether the first word names an incident or begins the text.

    Raises:
        AmbiguousReferenceError: Nobody could be asked, or nothing was chosen.
    """
    session, word = request.session, request.reference or ""
    named = incident_named(request, word, by_title=False)
    others = [each for each in _fitting(request, fits) if each.id != named.id]
    whole = (word, *request.words)
    readings = [(named, request.words, f"{word} is the incident {named.id}")]
    readings += [
        (Target(each.id, each.path), whole, f"{word} begins the text, for {describe(each, session)}")
        for each in others[: MOST_CANDIDATES - 1]
    ]
    readings.append((named, whole, f"{word} begins the text, for {named.id}"))
    chosen = request.person.choose([label for _, _, label in readings]) if request.person else None
    if chosen is not None:
        target, words, _ = readings[chosen]
        request.settle(words)
        return target
    raise AmbiguousReferenceError(
        f"{shorten(word)!r} is an incident, and could be the first word of the text; repeat the command that is meant",
        field="incident",
        value=word,
        candidates=tuple(Candidate(request.repeated(words, target.id), label) for target, words, label in readings),
    )


def is_open(incident: Incident) -> bool:
    """Return whether somebody is still working on it: what most verbs can apply to."""
    return incident.is_open


def resolved_today(session: Session) -> Callable[[Incident], bool]:
    """Return the question whether an incident was resolved within a day, and may still be meant."""

    def fits(incident: Incident) -> bool:
        resolved = incident.at("resolved")
        return incident.status is Status.RESOLVED and resolved is not None and session.now - resolved < AFTERWARDS

    return fits


def holds_a_role(incident: Incident, session: Session) -> bool:
    """Return whether whoever acts is named for a role of an incident, or among its responders."""
    me = {session.actor.handle.lower(), (session.actor.note or "").lower()}
    return any(
        link_target(text).lstrip("@").lower() in me
        for role in PEOPLE_KEYS
        for text in texts_of(incident.properties.get(role))
    )
