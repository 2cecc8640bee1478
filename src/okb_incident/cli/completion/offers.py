"""The one table of what is completed: each part of a usage and each option that has a closed or a known set, and those that have none.

A test takes every command apart and fails for a part or an option that is in none of these tables.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from okb_incident.cli.completion import fixed_words, from_vault, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okb_incident.cli.completion.place import Place
    from okb_incident.cli.completion.vault_words import VaultWords

    Words = Iterable[tuple[str, str]]
    Offer = Callable[[VaultWords, Place], Words]
    """What may be typed at a place: whole words, each with what it means."""


class FromShell(StrEnum):
    """What the shell itself completes."""

    FILES = "files"
    FOLDERS = "folders"
    COMMANDS = "commands"


#: Parts of usages, and metavars of options: what each offers wherever it is.
PARTS: dict[str, Offer | FromShell] = {
    "REF": from_vault.incidents,
    "FROM": from_vault.incidents,
    "INTO": from_vault.incidents,
    "AUDIENCE": fixed_words.audiences,
    "SEVERITY": fixed_words.severities,
    "SEV": fixed_words.severities,
    "ROLE": fixed_words.roles,
    "WHO": from_vault.people,
    "PERSON": from_vault.people,
    "TEAM": from_vault.teams,
    "SERVICE": from_vault.services,
    "S": from_vault.services,
    "KIND:": from_vault.log_kinds,
    "KEY=VALUE": pairs.filters,
    "SCORE": fixed_words.scores,
    "uN": from_vault.messages,
    "ENTRY": from_vault.entries,
    "CMD": FromShell.COMMANDS,
    "COMMAND": fixed_words.commands,
    "TOPIC": fixed_words.topics,
    "SHELL": fixed_words.shells,
    "KEY": from_vault.setting_keys,
    "DAY": fixed_words.days,
    "ZONE": fixed_words.zones,
    "DIR": FromShell.FOLDERS,
    "PATH": FromShell.FILES,
    "FILE": FromShell.FILES,
}

#: Parts and options of one command; they come before the table above.
OF_COMMAND: dict[str, Offer | FromShell] = {
    "log WORDS": from_vault.log_words,
    "role WHO": from_vault.people_and_me,
    "verify KIND": from_vault.checks,
    "set KEY=VALUE": pairs.settable,
    "action start NAME": from_vault.new_actions,
    "action done NAME": from_vault.open_actions,
    "action cancel NAME": from_vault.open_actions,
    "follow-up set NAME": from_vault.open_follow_ups,
    "follow-up start NAME": from_vault.new_follow_ups,
    "follow-up done NAME": from_vault.open_follow_ups,
    "follow-up cancel NAME": from_vault.open_follow_ups,
    "resource grant NAME": from_vault.requests,
    "resource refuse NAME": from_vault.requests,
    "restore SERVICE": from_vault.services_of_incident,
    "comms draft KIND": fixed_words.message_kinds,
    "comms withhold AUDIENCE": fixed_words.external_audiences,
    "undo ENTRY": from_vault.journal_entries,
    "redo ENTRY": from_vault.undone_entries,
    "templates show NAME": from_vault.templates,
    "templates copy NAME": from_vault.templates,
    "templates check NAME": from_vault.templates,
    "open --set": pairs.settable_at_once,
    "comms draft --since": fixed_words.news,
    "timeline --kind": fixed_words.entry_kinds,
    "follow-up list --format": fixed_words.table_formats,
    "report --format": fixed_words.report_formats,
    "escalate --to": from_vault.people_and_teams,
    "assess --service": from_vault.services,
}

#: Options by their longest names.
OPTIONS: dict[str, Offer | FromShell] = {
    "--category": fixed_words.categories,
    "--detected-by": fixed_words.sources,
    "--cause": fixed_words.causes,
    "--data-loss": fixed_words.losses,
    "--scope": fixed_words.scopes,
    "--urgency": fixed_words.urgencies,
    "--business-impact": fixed_words.impacts,
    **dict.fromkeys(("--confidentiality", "--integrity", "--availability"), fixed_words.security_losses),
    "--data-class": fixed_words.data_classes,
    "--team": from_vault.teams,
    "--kind": fixed_words.follow_up_kinds,
    "--state": fixed_words.message_states,
    "--as-change": fixed_words.change_ways,
    "--only": fixed_words.doctor_parts,
    "--machine": from_vault.machines,
    "--note": from_vault.notes,
    "--same": from_vault.lessons,
    "--week": fixed_words.weeks,
    "--sort": pairs.sort_keys,
    "--columns": pairs.columns,
    "--evidence": FromShell.FILES,
    "--code": fixed_words.finding_codes,
}

#: Parts and metavars that hold any text, number or time.
FREE = frozenset(
    {
        *("TITLE", "WORDS", "TEXT", "REASON", "WHAT", "VALUE", "T", "TIME", "D", "N", "AMOUNT", "CURRENCY", "SPAN"),
        *("SECONDS", "LOW..HIGH"),
    }
)

#: Options whose metavar stands for a set elsewhere, and that hold any text.
FREE_OPTIONS = frozenset({"init --me", "verify --cmd"})

#: Commands whose words come in another order too than their usage shows.
ORDER = {"role": "[REF] [ROLE] [WHO] [ROLE] [TEXT]…"}

#: The form of words that are read as a part only where they have it; any other word is the part that it may be.
FORMS = {
    "NAME": r"[a-z]+\d+",
    "uN": r"u\d+",
    "ENTRY": r"mine|e\d+|\d{1,2}:\d{2}(?::\d{2})?|\d{4}-\d\d-\d\dT\S+",
    "KIND:": r"[a-z]+:",
    "KEY=VALUE": r"[^=]+=.*",
    "TIME": r"\d.*",
    "--": "--",
}


def offer_of(command: str, part: str, metavar: str = "") -> Offer | FromShell | None:
    """Return what a part or an option of a command offers; None where it may be anything.

    Args:
        command: The command, of a group both words.
        part: The part of its usage, or the longest name of the option.
        metavar: That of the option.
    """
    own = f"{command} {part}".strip()
    if own in FREE_OPTIONS:
        return None
    return OF_COMMAND.get(own) or OPTIONS.get(part) or PARTS.get(metavar or part)


def fits(vault: VaultWords, place: Place, part: str, word: str) -> bool:
    """Return whether a word before the cursor can be a part."""
    if part in {"REF", "FROM", "INTO"}:
        return from_vault.names_incident(vault, word)
    if part in FORMS:
        return re.fullmatch(FORMS[part], word, re.IGNORECASE) is not None
    if part == "ROLE":
        from okb_incident.core.response.roles import read_role

        return read_role(word) is not None
    if part in {"AUDIENCE", "SEVERITY", "SCORE", "KIND"}:
        offer = offer_of(place.command, part)
        known = offer(vault, place) if callable(offer) else ()
        return any(word.lower() == value.lower() for value, _ in known)
    return True
