"""Nothing that has a closed or a known set is forgotten: every part of every usage and every option is looked at."""

from __future__ import annotations

import re

import pytest

from okb_incident.cli.completion import offers
from okb_incident.cli.completion.complete import is_typed_so, usage_for
from okb_incident.cli.completion.incidents import ACTS_ON
from okb_incident.cli.completion.offers import FREE, FREE_OPTIONS, FromShell, offer_of
from okb_incident.cli.completion.parameters import arguments_of, options_of
from okb_incident.cli.completion.parts import parts_of
from okb_incident.cli.table import VERBS, is_group

COMMANDS = [
    *(verb.name for verb in VERBS if not is_group(verb.name)),
    *(f"{verb.name} {below}" for verb in VERBS if not isinstance(verb.words, str) for below in verb.words),
]
LISTED = re.compile(r"\b\w+(?:, \w+)* or \w+\b")
"""How a help text lists what is allowed: `draft, approved or sent`."""


def parts(command):
    return {name for part in parts_of(usage_for(command)) for name in part.names if not is_typed_so(name)}


def values(command):
    """Yield the options of a command that take a value."""
    return {option for option in options_of(command).values() if option.takes_value and not option.hidden}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_part_of_a_usage_is_completed_or_may_be_anything(command):
    forgotten = {name for name in parts(command) if offer_of(command, name) is None and name not in FREE}
    assert forgotten == set(), "add them to cli/completion/offers.py"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_each_option_with_a_value_is_completed_or_may_be_anything(command):
    forgotten = {
        option.name
        for option in values(command)
        if offer_of(command, option.name, option.metavar) is None
        and option.metavar not in FREE
        and f"{command} {option.name}" not in FREE_OPTIONS
    }
    assert forgotten == set(), "add them to cli/completion/offers.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_whose_help_lists_its_words_completes_them(command):
    for option in values(command):
        if "," in (found := (LISTED.search(option.help) or [""])[0]) and ":" in option.help:
            offer = offer_of(command, option.name, option.metavar)
            assert offer is not None, f"{command} {option.name} lists {found}"
            assert not isinstance(offer, FromShell)


def test_an_option_that_would_be_forgotten_is_seen():
    assert offer_of("list", "--colour", "COLOUR") is None
    assert "COLOUR" not in FREE


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_and_the_parser_agree_on_words(command):
    assert bool(usage_for(command)) == bool(arguments_of(command))


def test_each_command_that_names_an_incident_says_which_it_can_act_on():
    naming = {
        command
        for command in COMMANDS
        if parts(command) & {"REF", "FROM", "INTO"} or "--incident" in options_of(command)
    }
    assert naming == {name for name in ACTS_ON if " --" not in name}
    assert {name for name in ACTS_ON if " --" in name} == {"merge --into", "open --recurrence-of"}


def test_no_entry_of_the_tables_is_left_over():
    known_parts = {f"{command} {name}" for command in COMMANDS for name in parts(command)}
    known_options = {f"{command} {option.name}" for command in COMMANDS for option in options_of(command).values()}
    assert {*offers.OF_COMMAND, *FREE_OPTIONS} <= known_parts | known_options
    assert {*offers.OPTIONS} <= {each.rpartition(" ")[2] for each in known_options}
    metavars = {option.metavar for command in ["", *COMMANDS] for option in options_of(command).values()}
    names = {name for command in COMMANDS for name in parts(command)}
    assert {*offers.PARTS, *FREE} <= metavars | names
