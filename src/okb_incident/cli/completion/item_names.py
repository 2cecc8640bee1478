"""The short names in an incident's notes: actions, follow-ups, requests, hypotheses, checks, timeline entries and messages."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from okb_incident.core.timeline.record import Record
from okb_incident.errors import OkbError
from okb_incident.vault.disk.files import read_now
from okb_incident.vault.note.sections import section_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.cli.completion.incidents import Seen
    from okb_incident.cli.completion.vault_words import VaultWords

    Words = Iterator[tuple[str, str]]

MOST_ENTRIES = 20
"""Entries of a timeline that are offered, the latest."""
MESSAGE = re.compile(r" update (?P<number>\d+) (?P<audience>[\w-]+) (?P<kind>[\w-]+)\.md\Z")


def records(vault: VaultWords, incidents: Iterable[Seen]) -> Iterator[Record]:
    """Yield the records of incidents; a note that cannot be read is left out."""
    for each in incidents:
        with suppress(OkbError, OSError):
            if vault.vault is not None:
                note = vault.vault.parse(each.path, read_now(vault.vault.real(each.path)).data)
                incident, _ = vault.vault.incident_of(note)
                if incident is not None and not incident.restricted:
                    yield Record(incident, vault.settings.zone, partial(section_lines, note.text))


def actions(record: Record, *, begun: bool) -> Words:
    """Yield the actions that are open; those that were begun only where asked for."""
    from okb_incident.core.timeline.task import BEGUN

    for task in (*record.checklist, *record.actions):
        if task.name and task.is_open and (begun or task.box != BEGUN):
            yield task.name, task.text


def follow_ups(record: Record, *, begun: bool) -> Words:
    """Yield the follow-ups that are open; those that were begun only where asked for."""
    from okb_incident.core.timeline.task import BEGUN

    for task in record.follow_ups:
        if task.name and task.is_open and (begun or task.box != BEGUN):
            yield task.name, task.text


def requests(record: Record) -> Words:
    """Yield the requests that wait for an answer."""
    from okb_incident.core.response.requests import requests as asked_for

    for each in asked_for(record).values():
        if each.is_open:
            yield each.name, each.text


def hypotheses(record: Record) -> Words:
    """Yield the hypotheses that are open."""
    from okb_incident.core.timeline.hypotheses import OPEN
    from okb_incident.core.timeline.hypotheses import hypotheses as suspected

    for each in suspected(record):
        if each.result == OPEN:
            yield each.name, each.text


def checks(record: Record) -> Words:
    """Yield the checks that have a name, each with its last result."""
    from okb_incident.core.response.verification import every_check

    latest = {each.name: each for each in every_check(record) if each.name}
    for name, each in latest.items():
        yield str(name), f"{'passed' if each.passed else 'failed'}: {each.text}"


def entries(record: Record) -> Words:
    """Yield the names of the latest timeline entries, the latest first."""
    from okb_incident.core.values.moment import write_moment

    numbered = list(enumerate(record.entries, start=1))
    for number, entry in numbered[: -MOST_ENTRIES - 1 : -1]:
        at = write_moment(entry.at, record.zone)[11:16] if entry.at else ""
        yield f"e{number}", f"{at} {entry.kind} {entry.text}".strip()


def messages(vault: VaultWords, incidents: Iterable[Seen], states: frozenset[str]) -> Words:
    """Yield the messages of incidents that are in some states."""
    from okb_incident.core.comms.communication import DRAFT
    from okb_incident.vault.read.peek import head, value_of

    for each in incidents:
        known = vault.settings.ids.read(each.id)
        if vault.vault is None or known is None:
            continue
        for path in vault.vault.companions(known, each.path):
            named = MESSAGE.search(path)
            data = head(os.path.join(vault.vault.root, path)) if named else None
            state = (value_of(data, b"state") or DRAFT).lower() if data else ""
            if named and state in states:
                yield f"u{named['number']}", f"{named['audience']} {named['kind']}, {state}"
