"""The pages of docs/ and the table of commands say what the program does."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from okb_incident.cli.main import app
from okb_incident.cli.reference import EXIT_CODES, pages
from okb_incident.cli.table import VERBS
from okb_incident.errors import ExitCode

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: python docs/generate.py"


def test_the_page_of_messages_is_what_the_program_makes(monkeypatch):
    monkeypatch.setenv("INCIDENT_NOW", "")
    monkeypatch.setenv("INCIDENT_USER", "")
    made = runpy.run_path(str(DOCS / "generate.py"))["communications_page"]()
    assert (DOCS / "communications.md").read_text(encoding="utf-8") == made, "run: python docs/generate.py"


@pytest.mark.parametrize("entry", VERBS, ids=lambda entry: entry.name)
def test_the_table_says_what_the_command_says_of_itself(entry):
    command = get_command(app).commands[entry.name]  # type: ignore[attr-defined]
    help_text = command.get_help(typer.Context(command, info_name=entry.name, terminal_width=200))
    assert entry.help in " ".join(help_text.split())


def test_every_exit_code_is_documented():
    assert set(EXIT_CODES) == set(ExitCode)


def test_no_help_offers_what_our_own_completion_says_better():
    assert "--install-completion" not in pages()["commands.md"]


def test_no_command_is_cut_off_in_the_help_of_its_group():
    group = get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        for below, each in getattr(command, "commands", {}).items():
            assert not each.get_short_help_str(64).endswith("..."), f"{name} {below}"
