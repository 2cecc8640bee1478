"""Which incident is meant: by its id or a part of it, by `last`, by INCIDENT_ID, or because only one can be."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.text.terminal_text import one_line, shorten
from okb_incident.core.values.moment import distance
from okb_incident.core.values.properties import PEOPLE_KEYS, link_target, texts_of
from okb_incident.core.values.status import Status
from okb_incident.errors import AmbiguousReferenceError, NotFoundError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.workflow.request import Request
    from okb_incident.workflow.session import Session

    Fits = Callable[[Incident], bool]
    """Whether a verb can apply to an incident."""

#: Candidates that are offered with their commands; who has more of them looks at the list.
MOST_CANDIDATES = 5
#: How long after its end an incident may still be meant without being named.
AFTERWARDS = timedelta(days=1)


class Target(NamedTuple):
    """An incident that was found without reading more notes than needed.

    Attributes:
        id: Its id.
        path: Its note, relative to the vault.
    """

    id: IncidentId
    path: str


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
        return _named(request, request.reference, by_title=request.may_name_by_title)
    if from_environment := os.environ.get("INCIDENT_ID"):
        return _named(request, from_environment, by_title=False)
    found = _fitting(request, fits)
    if len(found) == 1:
        return Target(found[0].id, found[0].path)
    if not found:
        raise NotFoundError(
            f"there is no incident to {request.verb} now",
            field="incident",
            hint="incident list --all shows every one; name one as INC-…, 1123-01 or last",
        )
    return _chosen(
        request,
        found,
        f"{len(found)} incidents could be meant by {request.verb}; repeat the command with one of them",
    )


def find_named(request: Request, name: str) -> Target:
    """Find an incident that a verb names among its own words or options, by an id or ``last``.

    Raises:
        NotFoundError: There is no such incident, or several.
    """
    return _named(request, name, by_title=False)


def _fitting(request: Request, fits: Sequence[Fits]) -> list[Incident]:
    """Return the incidents that a verb can apply to, the newest first; the one where the person holds a role before others."""
    session = request.session
    unfinished = session.vault.unfinished(include_restricted=request.shared.restricted)
    found: list[Incident] = []
    for test in fits:
        found = [incident for incident in unfinished if test(incident)]
        if found:
            break
    if len(found) > 1:
        mine = [incident for incident in found if holds_a_role(incident, session)]
        found = mine if len(mine) == 1 else found
    return sorted(found, key=lambda incident: incident.id, reverse=True)


def _chosen(request: Request, found: Sequence[Incident], message: str, *, value: str | None = None) -> Target:
    """Let a person choose, or refuse with the command for each.

    Raises:
        AmbiguousReferenceError: Nobody could be asked, or nothing was chosen.
    """
    session = request.session
    if request.person is not None:
        chosen = request.person.choose([describe(incident, session) for incident in found])
        if chosen is not None:
            return Target(found[chosen].id, found[chosen].path)
    more = len(found) - MOST_CANDIDATES
    raise AmbiguousReferenceError(
        message,
        field="incident",
        value=value,
        candidates=tuple(
            Candidate(request.repeated(request.after, incident.id, for_word=value), describe(incident, session))
            for incident in found[:MOST_CANDIDATES]
        ),
        more=Sentence(f"{more} more: ", Command("list")) if more > 0 else None,
    )


def _settled(request: Request, fits: Sequence[Fits]) -> Target:
    """Find out whether the first word names an incident or begins the text.

    Raises:
        AmbiguousReferenceError: Nobody could be asked, or nothing was chosen.
    """
    session, word = request.session, request.reference or ""
    named = _named(request, word, by_title=False)
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
    """Give the question whether an incident was resolved within a day, and may still be meant."""

    def fits(incident: Incident) -> bool:
        resolved = incident.at("resolved")
        return incident.status is Status.RESOLVED and resolved is not None and session.now - resolved < AFTERWARDS

    return fits


def describe(incident: Incident, session: Session) -> str:
    """Say an incident in one line, for a choice."""
    declared = incident.at("declared")
    age = f", declared {distance(declared, session.now)}" if declared else ""
    return f"{incident.id}  {incident.severity or '–'}  {incident.status or '–'}  {one_line(incident.headline)}{age}"


def holds_a_role(incident: Incident, session: Session) -> bool:
    """Return whether whoever acts is named for a role of an incident, or among its responders."""
    me = {session.actor.handle.lower(), (session.actor.note or "").lower()}
    return any(
        link_target(text).lstrip("@").lower() in me
        for role in PEOPLE_KEYS
        for text in texts_of(incident.properties.get(role))
    )


def _named(request: Request, name: str, *, by_title: bool) -> Target:
    from okb_incident.workflow.grammar import short  # noqa: PLC0415 - a list names none

    vault = request.session.vault
    word = name.strip()
    full = vault.settings.ids.read(word)
    if full is not None:
        # Who knows the whole id of a restricted incident asks for it.
        path = vault.path_of(full)
        return Target(full, path) if path is not None else _renumbered(request.session, full, word)
    if word.lower() == "last":
        return _last(request)
    found = short(word)
    if found:
        return _short(request, word, found)
    if by_title:
        return _titled(request, word)
    raise _missing(request.session, word)


def _renumbered(session: Session, former: IncidentId, word: str) -> Target:
    """Give the incident that had this id before it was renumbered; only where no note has it as its name."""
    from okb_incident.vault.index.answer import load  # noqa: PLC0415

    for incident in load(session.vault, include_restricted=True).incidents:
        if former.text.upper() in (text.upper() for text in texts_of(incident.properties.get("former_ids"))):
            return Target(incident.id, incident.path)
    raise _missing(session, word)


def _last(request: Request) -> Target:
    """Give the incident declared last; ids are ordered by that."""
    target = _newest(request, request.session.vault.incident_names())
    if target is None:
        raise NotFoundError("there is no incident yet", field="incident", value="last", hint='incident open "TITLE"')
    return target


def _newest(request: Request, names: Sequence[tuple[IncidentId, str]]) -> Target | None:
    """Give the newest of these incidents that may be shown; of each, only the note is looked into that could be it."""
    newest_first = sorted(names, reverse=True)
    vault, restricted = request.session.vault, request.shared.restricted
    return next((Target(*name) for name in newest_first if restricted or not vault.hides(name[0])), None)


def _short(request: Request, word: str, found: re.Match[str]) -> Target:
    """Give the incident of ``1123-01``, of the latest year; or of ``01``: the open one, else the newest."""
    session, number = request.session, int(found["number"])
    names = [
        (incident_id, path) for incident_id, path in session.vault.incident_names() if incident_id.number == number
    ]
    if found["month"]:
        month, day = int(found["month"]), int(found["day"])
        names = [name for name in names if (name[0].day.month, name[0].day.day) == (month, day)]
    if not found["month"] and len(names) > 1:
        unfinished = session.vault.unfinished(include_restricted=request.shared.restricted)
        open_ones = [incident for incident in unfinished if incident.is_open and incident.id.number == number]
        if len(open_ones) == 1:
            return Target(open_ones[0].id, open_ones[0].path)
        if open_ones:
            return _several(request, word, open_ones)
    target = _newest(request, names)
    if target is None:
        raise _missing(session, word)
    return target


def _titled(request: Request, word: str) -> Target:
    """Give the incident whose title holds the word; an open one before others."""
    from okb_incident.vault.index.answer import load  # noqa: PLC0415

    loaded = load(request.session.vault, include_restricted=request.shared.restricted)
    incidents = [each for each in loaded.incidents if word.lower() in each.title.lower()]
    open_ones = [incident for incident in incidents if incident.is_open]
    found = open_ones if len(open_ones) == 1 else incidents
    if not found:
        raise _missing(request.session, word)
    if len(found) > 1:
        return _several(request, word, sorted(found, key=lambda incident: incident.id, reverse=True))
    return Target(found[0].id, found[0].path)


def _several(request: Request, word: str, found: Sequence[Incident]) -> Target:
    message = f"{shorten(word)!r} could be {len(found)} incidents; repeat the command with one of them"
    return _chosen(request, found, message, value=word)


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
