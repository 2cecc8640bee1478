"""The incidents that a verb can act on, as their notes are now; those that are over as the index remembers them."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.status import OPEN, PROCESS, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.cli.completion.vault_words import VaultWords
    from okb_incident.core.incident.incident import Incident

MOST_MEANT = 5
"""Incidents whose notes are read for names in them."""

ENDED = frozenset({Status.RESOLVED, Status.CLOSED})
DURING = OPEN | {Status.RESOLVED}
ALL = frozenset(Status)


class ActsOn(NamedTuple):
    """The incidents that a verb can act on.

    Attributes:
        statuses: Their statuses.
        unless: The moment that the verb sets: an incident that has it is left as it is.
    """

    statuses: frozenset[Status]
    unless: str = ""

    def fits(self, incident: Incident) -> bool:
        """Return whether the verb would change something in an incident; one whose status is unreadable may be meant."""
        return (incident.status is None or incident.status in self.statuses) and incident.at(self.unless) is None


#: What each command can act on that names an incident; `VERBS` of the table has no other.
ACTS_ON: dict[str, ActsOn] = {
    "ack": ActsOn(OPEN, "acknowledged"),
    "confirm": ActsOn(frozenset({Status.TRIAGE})),
    "identify": ActsOn(DURING, "identified"),
    "contain": ActsOn(DURING, "contained"),
    "mitigate": ActsOn(OPEN, "mitigated"),
    "resolve": ActsOn(OPEN),
    "close": ActsOn(frozenset({Status.RESOLVED})),
    "reopen": ActsOn(ENDED | {Status.DECLINED}),
    "decline": ActsOn(OPEN),
    "merge": ActsOn(OPEN),
    "merge --into": ActsOn(frozenset(PROCESS)),
    "console": ActsOn(OPEN),
    "review public": ActsOn(ENDED),
    **dict.fromkeys(
        (
            *("log", "tell", "severity", "role", "escalate", "next", "assess", "restore", "verify", "expect"),
            *(
                "action add",
                "action start",
                "action done",
                "action cancel",
                "team activate",
                "team joined",
                "team left",
            ),
            *("resource request", "resource grant", "resource refuse", "run", "data-loss"),
        ),
        ActsOn(DURING),
    ),
    **dict.fromkeys(
        (
            *("amend", "effort", "cost", "follow-up add", "follow-up set", "follow-up start", "follow-up done"),
            *("follow-up cancel", "comms draft", "comms edit", "comms approve", "comms send", "comms withhold"),
            *("comms amend", "open --recurrence-of"),
        ),
        ActsOn(frozenset(PROCESS)),
    ),
    **dict.fromkeys(
        (
            *("review new", "review check", "review set", "review submit", "review approve", "review close"),
            *("review feedback", "review lesson", "review edit"),
        ),
        ActsOn(ENDED),
    ),
    **dict.fromkeys(
        (
            *("status", "show", "timeline", "history", "check", "indicators", "similar", "relate", "set", "edit"),
            *("redact", "restrict", "action list", "resource list", "comms list", "comms show", "follow-up list"),
        ),
        ActsOn(ALL),
    ),
}


class Seen(NamedTuple):
    """An incident that a shell may be offered; a restricted one never is.

    Attributes:
        id: Its id.
        path: Its note.
        about: Its severity, its status and its title.
        services: Their names.
    """

    id: str
    path: str
    about: str
    services: tuple[str, ...]


def acted_on(vault: VaultWords, verb: str) -> Iterator[Seen]:
    """Yield the incidents that a verb can act on: open ones first, of each the newest first."""
    which = ACTS_ON.get(verb, ActsOn(ALL))
    shown = set()
    for incident in vault.unfinished:
        shown.add(incident.id.text)
        if which.fits(incident):
            yield _seen(incident)
    over = which.statuses - DURING
    if over and vault.root:
        yield from (each for each in _remembered(vault.root, over) if each.id not in shown)


def named(vault: VaultWords, reference: str) -> Seen | None:
    """Return the incident of an id, a short id or ``last``; None where none is seen, or it is restricted."""
    everything = acted_on(vault, "show")
    if reference.lower() == "last":
        return max(everything, key=lambda each: each.id, default=None)
    return next((each for each in everything if reference.upper() in (each.id, *short_ids(vault, each))), None)


def short_ids(vault: VaultWords, seen: Seen) -> tuple[str, ...]:
    """Return the shorter forms of an id: ``01`` and ``1123-01``."""
    known = vault.settings.ids.read(seen.id)
    return (f"{known.number:02d}", f"{known.day:%m%d}-{known.number:02d}") if known else ()


def _seen(incident: Incident) -> Seen:
    level, status = incident.severity or "–", incident.status or "status unknown"
    about = f"{level} {status}, {incident.headline}"
    return Seen(incident.id.text, incident.path, about, incident.services)


def _remembered(root: str, statuses: frozenset[Status]) -> Iterator[Seen]:
    from okb_incident.vault.index.peek import in_statuses

    for known in in_statuses(root, statuses):
        about = f"{known.severity or '–'} {known.status}, {known.headline}"
        yield Seen(known.id, known.path, about, known.services)


def meant(vault: VaultWords, verb: str, reference: str | None) -> list[Seen]:
    """Return the incidents that a command may mean: the named one, that of INCIDENT_ID, or some that the verb can act on."""
    reference = reference or os.environ.get("INCIDENT_ID")
    if reference:
        one = named(vault, reference)
        return [one] if one else []
    return list(islice(acted_on(vault, verb), MOST_MEANT))
