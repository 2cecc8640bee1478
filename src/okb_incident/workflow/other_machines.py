"""Other machines that share the vault's folder, and what they left unfinished.

A lock reaches no further than its machine: through a sync tool nobody sees whether the other one is at work. So what it left is
named, and only finished where a person says so.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.problem import Problem
from okb_incident.errors import NotFoundError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER, unfinished_elsewhere
from okb_incident.vault.journal.entry import EntryFault, read_entry
from okb_incident.vault.journal.store import Journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.command import Text

MOST = 3
"""How many machines, and commands of each, are named one by one."""
YOUNG, COMMAND_TAKES = 5.0, 0.3
"""Seconds: what was begun so lately may be at work on a folder that is shared live, and would be done after so long."""


def left_by(root: str, machines: Sequence[str]) -> list[Text]:
    """Return a sentence for each machine that left commands unfinished; none while a command is at work on a folder shared live."""
    left = {} if lock.holder(root) else _left(root, machines)
    said: list[Text] = [
        Sentence(
            f"unfinished on machine {machine}: {_commands(Journal(root, machine), intents)}; the next command there finishes it, "
            "or here: ",
            finish(machine),
        )
        for machine, intents in list(left.items())[:MOST]
    ]
    more = len(left) - MOST
    return [*said, f"{more} more machines left commands unfinished"] if more > 0 else said


def left_elsewhere(root: str) -> list[Problem]:
    """Return a finding for each machine that left commands unfinished."""
    return [
        Problem(
            f"{FOLDER}/{machine}/intent",
            None,
            "cut-off",
            f"holds what another machine left unfinished: {_commands(Journal(root, machine), intents)}",
            finish(machine),
        )
        for machine, intents in _left(root, unfinished_elsewhere(root)).items()
    ]


def finish(machine: str) -> Command:
    """Return the command that finishes here what another machine left."""
    return Command(
        "doctor",
        options=("--fix", "--machine", machine),
    )


def journal_of(root: str, name: str) -> Journal:
    """Find the journal of a machine by the name of its folder, or by its host name where only one has it.

    Raises:
        NotFoundError: There is none, or several have the host name.
    """
    known = [journal.machine for journal in Journal.all_of(root)]
    found = [name] if name in known else [each for each in known if each.rpartition("-")[0] == name]
    if len(found) == 1:
        return Journal(root, found[0])
    raise NotFoundError(
        f"{len(found) or 'no'} machines are called {name!r} in this vault",
        field="--machine",
        value=name,
        allowed=tuple(found or known),
        hint=f"Choose from {', '.join(found or known)}." if known else "No machine has written into this vault yet.",
    )


def _left(root: str, machines: Sequence[str]) -> dict[str, list[str]]:
    """Return the intents that machines left, by machine; not those that go while one looks."""
    journals = {machine: Journal(root, machine) for machine in machines}
    found = {machine: journal.intents() for machine, journal in journals.items()}
    if any(_is_young(journals[machine], intents) for machine, intents in found.items()):
        time.sleep(COMMAND_TAKES)
        found = {
            machine: [name for name in journals[machine].intents() if name in intents]
            for machine, intents in found.items()
        }
    return {machine: intents for machine, intents in found.items() if intents}


def _is_young(journal: Journal, intents: Sequence[str]) -> bool:
    ages = []
    for name in intents:
        with suppress(OSError):
            ages.append(abs(time.time() - os.stat(journal.place("intent", name)).st_mtime))
    return any(age < YOUNG for age in ages)


def _commands(journal: Journal, names: Sequence[str]) -> str:
    """Name the commands that a machine left, without a word of what they are about."""
    said = []
    for name in names[:MOST]:
        with suppress(NotFoundError, UnreadableError, EntryFault):
            entry = read_entry(read_now(journal.place("intent", name)).data)
            said.append(f"{shorten(entry.command)} of {shorten(entry.at)}")
    more = len(names) - len(said)
    return ", ".join([*said, *([f"{more} more" if said else f"{more} that cannot be read here"] if more else [])])
