"""Words from the vault at hand: incidents, people, teams, services, and the names in the incident that is meant."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from okb_incident.cli.completion.fixed_words import check_kinds, plain, typed_kinds
from okb_incident.cli.completion.incidents import acted_on, meant, short_ids
from okb_incident.cli.completion.pairs import behind
from okb_incident.errors import OkbError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okb_incident.cli.completion.incidents import Seen
    from okb_incident.cli.completion.place import Place
    from okb_incident.cli.completion.vault_words import VaultWords
    from okb_incident.core.timeline.record import Record

    Words = Iterable[tuple[str, str]]

SHORT = re.compile(r"(?:\d{4}-)?\d{2,3}")
HYPOTHESIS = re.compile(r"h\d+", re.IGNORECASE)
MOST_UNDONE = 10
"""Journal entries that are offered, the latest."""


def names_incident(vault: VaultWords, word: str) -> bool:
    """Return whether a word may name an incident."""
    return word.lower() == "last" or SHORT.fullmatch(word) is not None or vault.settings.ids.read(word) is not None


def incidents(vault: VaultWords, place: Place) -> Words:
    """Yield the incidents that the command can act on: by their ids, by short ids once a digit is typed, and ``last``."""
    verb = f"{place.command} {place.option}" if place.option in {"--into", "--recurrence-of"} else place.command
    taken = {word.upper() for word in place.words}
    by_digit = place.current[:1].isdigit()
    for each in acted_on(vault, verb) if by_digit or _may_begin_an_id(vault, place.current.upper()) else ():
        if each.id not in taken:
            yield from ((name, each.about) for name in (short_ids(vault, each) if by_digit else (each.id,)))
    if place.current:
        yield "last", "the newest incident"


def _may_begin_an_id(vault: VaultWords, typed: str) -> bool:
    """Return whether an id can begin so; where none can, no note has to be read."""
    head = re.split("YYYY|MM|DD|NN", vault.settings.id_pattern)[0].upper()
    return head.startswith(typed) or typed.startswith(head)


def people(vault: VaultWords, place: Place) -> Words:
    """Return the people of the vault; with an at sign where one is typed."""
    return behind("@" if place.current.startswith("@") else "", vault.people())


def people_and_me(vault: VaultWords, place: Place) -> Words:
    """Return the people of the vault, and the word for whoever types."""
    return () if "--me" in place.options else chain([("me", "you")], people(vault, place))


def people_and_teams(vault: VaultWords, place: Place) -> Words:
    """Return the teams and the people of the vault."""
    return chain(vault.teams(), people(vault, place))


def teams(vault: VaultWords, place: Place) -> Words:
    """Return the teams of the vault that are not typed yet."""
    taken = {word.lower() for word in place.words}
    return ((name, about) for name, about in vault.teams() if name.lower() not in taken)


def services(vault: VaultWords, _: Place) -> Words:
    """Return the services of the vault."""
    return vault.services()


def services_of_incident(vault: VaultWords, place: Place) -> Words:
    """Return the services of the incident that is meant."""
    taken = {word.lower() for word in place.words}
    found = dict.fromkeys(name for each in _meant(vault, place) for name in each.services if name)
    return plain(name for name in found if name.lower() not in taken)


def log_kinds(vault: VaultWords, place: Place) -> Words:
    """Return the kinds that a timeline entry may begin with, and the open hypotheses."""
    if not place.current:
        return typed_kinds()
    from okb_incident.cli.completion.item_names import hypotheses

    return chain(_in_notes(vault, place, hypotheses), typed_kinds()) if place.current[0] in "hH" else typed_kinds()


def log_words(_: VaultWords, place: Place) -> Words:
    """Return what may be said of a hypothesis that is typed."""
    ends = plain(("confirmed", "refuted")) if place.words and HYPOTHESIS.fullmatch(place.words[-1]) else ()
    return ends if len(place.words) <= 2 else ()


def checks(vault: VaultWords, place: Place) -> Words:
    """Return the kinds of checks, and the checks that have a name."""
    from okb_incident.cli.completion.item_names import checks as named

    return chain(check_kinds(), _in_notes(vault, place, named))


def new_actions(vault: VaultWords, place: Place) -> Words:
    """Return the actions that nobody has begun."""
    from okb_incident.cli.completion.item_names import actions

    return _in_notes(vault, place, lambda record: actions(record, begun=False))


def open_actions(vault: VaultWords, place: Place) -> Words:
    """Return the actions that are open."""
    from okb_incident.cli.completion.item_names import actions

    return _in_notes(vault, place, lambda record: actions(record, begun=True))


def new_follow_ups(vault: VaultWords, place: Place) -> Words:
    """Return the follow-ups that nobody has begun."""
    from okb_incident.cli.completion.item_names import follow_ups

    return _in_notes(vault, place, lambda record: follow_ups(record, begun=False))


def open_follow_ups(vault: VaultWords, place: Place) -> Words:
    """Return the follow-ups that are open."""
    from okb_incident.cli.completion.item_names import follow_ups

    return _in_notes(vault, place, lambda record: follow_ups(record, begun=True))


def requests(vault: VaultWords, place: Place) -> Words:
    """Return the requests that wait for an answer."""
    from okb_incident.cli.completion.item_names import requests as waiting

    return _in_notes(vault, place, waiting)


def entries(vault: VaultWords, place: Place) -> Words:
    """Return the timeline entries of the incident that is meant."""
    from okb_incident.cli.completion.item_names import entries as latest

    return chain([("mine", "your latest entry")], _in_notes(vault, place, latest))


def messages(vault: VaultWords, place: Place) -> Words:
    """Return the messages of the incident that is meant, in the states to which the command applies."""
    from okb_incident.cli.completion.item_names import messages as of_states
    from okb_incident.core.comms.communication import APPROVED, DRAFT, SENT, STATES

    fitting = {
        "comms edit": (DRAFT, APPROVED),
        "comms approve": (DRAFT,),
        "comms send": (DRAFT, APPROVED),
        "comms amend": (SENT,),
    }
    return of_states(vault, _meant(vault, place), frozenset(fitting.get(place.command, STATES)))


def _meant(vault: VaultWords, place: Place) -> list[Seen]:
    """Return the incidents that the command line may be about."""
    first = place.words[0] if place.words and names_incident(vault, place.words[0]) else None
    return meant(vault, place.command, place.options.get("--incident") or first)


def _in_notes(vault: VaultWords, place: Place, names: Callable[[Record], Words]) -> Words:
    """Yield the names in the notes of the incidents that may be meant, each with its incident where there are several."""
    from okb_incident.cli.completion.item_names import records

    incidents = _meant(vault, place)
    for record in records(vault, incidents):
        which = f"{record.incident.id} " if len(incidents) > 1 else ""
        yield from ((name, f"{which}{text}") for name, text in names(record))


def journal_entries(vault: VaultWords, _: Place) -> Words:
    """Return the latest entries of this machine's journal that can be undone."""
    return _journal(vault, undone=False)


def undone_entries(vault: VaultWords, _: Place) -> Words:
    """Return the latest undo commands."""
    return _journal(vault, undone=True)


def _journal(vault: VaultWords, *, undone: bool) -> Iterator[tuple[str, str]]:
    if vault.root is None:
        return
    from okb_incident.vault.journal.store import Journal

    left = MOST_UNDONE
    for entry in Journal.here(vault.root).backward():
        if (entry.undoes is not None) is undone:
            yield entry.id[-8:], f"{entry.command}, {entry.at[:16].replace('T', ' ')}"
            left -= 1
            if not left:
                return


def machines(vault: VaultWords, _: Place) -> Words:
    """Return the machines that have a journal in the vault."""
    if vault.root is None:
        return ()
    from okb_incident.vault.journal.store import Journal

    return plain(journal.machine for journal in Journal.all_of(vault.root))


def notes(vault: VaultWords, _: Place) -> Words:
    """Return the notes that a follow-up may change: procedures and services."""
    folders = vault.settings.folders
    return plain((*vault.notes_in(folders.operations), *vault.notes_in(folders.services)))


def lessons(vault: VaultWords, _: Place) -> Words:
    """Return the lessons that are notes, by their names."""
    return plain(vault.notes_in(vault.settings.folders.lessons))


def templates(vault: VaultWords, _: Place) -> Words:
    """Return the templates, each with its purpose."""
    from okb_incident.core.guidance.template import purpose_of
    from okb_incident.workflow.session import Session
    from okb_incident.workflow.templates import list_templates

    try:
        names = list_templates(Session.start(vault=vault.root))
    except (OkbError, OSError):
        return ()
    return [(name, found.what if (found := purpose_of(name)) else "your own") for name in names]


def setting_keys(vault: VaultWords, place: Place) -> Words:
    """Return the settings of the vault, each with its meaning; with ``--user`` those of a person."""
    if "--user" in place.options:
        from okb_incident.vault.read.locate import USER_KEYS

        return plain(USER_KEYS)
    from okb_incident.workflow.care.show_settings import meanings

    return meanings(vault.settings)
