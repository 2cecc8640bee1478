"""Which incident is meant: by its id or a part of it, by `last`, by INCIDENT_ID, or because only one can be."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import one_line, shorten
from okb_incident.core.values.moment import distance
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.core.values.status import Status
from okb_incident.errors import AmbiguousReferenceError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.workflow.session import Session

SHORT = re.compile(r"(?:(?P<month>\d{2})(?P<day>\d{2})-)?(?P<number>\d{2,3})")
#: How long after its end an incident may still be meant without being named.
AFTERWARDS = timedelta(days=1)
ROLES = ("commander", "technical_lead", "communications_lead", "scribe", "responders")


class Target(NamedTuple):
    """An incident that was found without reading more notes than needed.

    Attributes:
        id: Its id.
        path: Its note, relative to the vault.
    """

    id: IncidentId
    path: str


def split_words(session: Session, words: Sequence[str]) -> tuple[str | None, str]:
    """Part the words after a verb: a first one of exactly an id's form is the reference, the rest is the message."""
    if words and is_reference(session, words[0]):
        return words[0], " ".join(words[1:])
    return None, " ".join(words)


def is_reference(session: Session, word: str) -> bool:
    """Say whether a word has exactly the form of a reference: ``INC-…``, ``1123-01``, ``01``, ``last``."""
    ids = session.vault.settings.ids
    return word.lower() == "last" or SHORT.fullmatch(word) is not None or ids.read(word) is not None


def find_target(
    session: Session,
    reference: str | None,
    *,
    verb: str,
    fits: Callable[[Incident], bool],
    else_fits: Callable[[Incident], bool] | None = None,
    message: str = "",
    by_title: bool = False,
    restricted: bool = False,
    ask: Callable[[Sequence[str]], int | None] | None = None,
) -> Target:
    """Find the incident that a command is about.

    Args:
        session: The session.
        reference: What was typed for it, if anything.
        verb: The command, for the sentences that offer it again.
        fits: Whether the verb can apply to an incident; decides where nothing was typed.
        else_fits: The same, where no incident fits the first.
        message: The rest of the command line, repeated in what is offered.
        by_title: A part of a title is accepted too.
        restricted: Restricted incidents can be meant by less than their whole id too.
        ask: Offers a numbered choice to a person; absent where nobody can be asked.

    Raises:
        NotFoundError: There is no such incident.
        AmbiguousReferenceError: Several fit; each is listed with the full command.
    """
    reference = reference or os.environ.get("INCIDENT_ID") or None
    if reference:
        return _named(session, reference, verb=verb, by_title=by_title, restricted=restricted)
    unfinished = session.vault.unfinished(include_restricted=restricted)
    found = [incident for incident in unfinished if fits(incident)]
    if not found and else_fits is not None:
        found = [incident for incident in unfinished if else_fits(incident)]
    if len(found) > 1:
        mine = [incident for incident in found if _holds_a_role(incident, session)]
        found = mine if len(mine) == 1 else found
    if len(found) == 1:
        return Target(found[0].id, found[0].path)
    if not found:
        raise NotFoundError(
            f"there is no incident to {verb} now",
            field="incident",
            hint="incident list --all shows every one; name one as INC-…, 1123-01 or last",
        )
    found.sort(key=lambda incident: incident.id, reverse=True)
    if ask is not None:
        chosen = ask([describe(incident, session) for incident in found])
        if chosen is not None:
            return Target(found[chosen].id, found[chosen].path)
    # The words of a log line are all its own, so there the reference is an option.
    named = "-i " if verb == "log" else ""
    raise AmbiguousReferenceError(
        f"{len(found)} incidents could be meant by {verb}; repeat the command with one of them",
        field="incident",
        candidates=tuple(
            f"incident {verb} {named}{incident.id}{' ' + message if message else ''}   # {one_line(incident.title)}"
            for incident in found
        ),
    )


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
    return f"{incident.id}  {incident.severity or '–'}  {incident.status or '–'}  {one_line(incident.title)}{age}"


def _holds_a_role(incident: Incident, session: Session) -> bool:
    me = {session.actor.handle.lower(), (session.actor.note or "").lower()}
    return any(link_target(text).lower() in me for role in ROLES for text in texts_of(incident.properties.get(role)))


def _named(session: Session, reference: str, *, verb: str, by_title: bool, restricted: bool) -> Target:
    vault = session.vault
    word = reference.strip()
    full = vault.settings.ids.read(word)
    if full is not None:
        # Who knows the whole id of a restricted incident asks for it.
        path = vault.path_of(full)
        return Target(full, path) if path is not None else _renumbered(session, full, word)
    if word.lower() == "last":
        return _last(session, restricted=restricted)
    found = SHORT.fullmatch(word)
    if found:
        return _short(session, word, found, verb, restricted=restricted)
    if by_title:
        return _titled(session, word, verb, restricted=restricted)
    raise _missing(session, word)


def _renumbered(session: Session, former: IncidentId, word: str) -> Target:
    """Give the incident that had this id before it was renumbered; only where no note has it as its name."""
    from okb_incident.vault.index.answer import load  # noqa: PLC0415

    for incident in load(session.vault, include_restricted=True).incidents:
        if former.text.upper() in (text.upper() for text in texts_of(incident.properties.get("former_ids"))):
            return Target(incident.id, incident.path)
    raise _missing(session, word)


def _last(session: Session, *, restricted: bool) -> Target:
    """Give the incident declared last; ids are ordered by that."""
    target = _newest(session, session.vault.incident_names(), restricted=restricted)
    if target is None:
        raise NotFoundError("there is no incident yet", field="incident", value="last", hint='incident open "TITLE"')
    return target


def _newest(session: Session, names: Sequence[tuple[IncidentId, str]], *, restricted: bool) -> Target | None:
    """Give the newest of these incidents that may be shown; of each, only the note is looked into that could be it."""
    newest_first = sorted(names, reverse=True)
    return next((Target(*name) for name in newest_first if restricted or not session.vault.hides(name[0])), None)


def _short(session: Session, word: str, found: re.Match[str], verb: str, *, restricted: bool) -> Target:
    """Give the incident of ``1123-01``, of the latest year; or of ``01``: the open one, else the newest."""
    number = int(found["number"])
    names = [
        (incident_id, path) for incident_id, path in session.vault.incident_names() if incident_id.number == number
    ]
    if found["month"]:
        month, day = int(found["month"]), int(found["day"])
        names = [name for name in names if (name[0].day.month, name[0].day.day) == (month, day)]
    if not found["month"] and len(names) > 1:
        unfinished = session.vault.unfinished(include_restricted=restricted)
        open_ids = [incident for incident in unfinished if incident.is_open and incident.id.number == number]
        if len(open_ids) == 1:
            return Target(open_ids[0].id, open_ids[0].path)
        if open_ids:
            raise _several(word, verb, [f"{incident.id}   # {one_line(incident.title)}" for incident in open_ids])
    target = _newest(session, names, restricted=restricted)
    if target is None:
        raise _missing(session, word)
    return target


def _titled(session: Session, word: str, verb: str, *, restricted: bool) -> Target:
    """Give the incident whose title holds the word; an open one before others."""
    from okb_incident.vault.index.answer import load  # noqa: PLC0415

    loaded = load(session.vault, include_restricted=restricted)
    incidents = [each for each in loaded.incidents if word.lower() in each.title.lower()]
    open_ones = [incident for incident in incidents if incident.is_open]
    found = open_ones if len(open_ones) == 1 else incidents
    if not found:
        raise _missing(session, word)
    if len(found) > 1:
        found.sort(key=lambda incident: incident.id, reverse=True)
        raise _several(word, verb, [f"{incident.id}   # {one_line(incident.title)}" for incident in found])
    return Target(found[0].id, found[0].path)


def _several(word: str, verb: str, lines: Sequence[str]) -> AmbiguousReferenceError:
    return AmbiguousReferenceError(
        f"{shorten(word)!r} could be {len(lines)} incidents; repeat the command with one of them",
        field="incident",
        value=word,
        candidates=tuple(f"incident {verb} {line}" for line in lines),
    )


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
