"""What a person may answer where one of some words is asked for."""

from __future__ import annotations

import io

import pytest

from okb_incident.cli.choice import Terminal, answered_by

LEVELS = ("SEV1", "SEV2", "undetermined")
TLP = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER")


@pytest.mark.parametrize(
    ("typed", "allowed", "meant"),
    [
        ("sev2", LEVELS, "SEV2"),
        ("sev-1", LEVELS, "SEV1"),
        ("1", LEVELS, "SEV1"),
        ("und", LEVELS, "undetermined"),
        ("amber", TLP, "TLP:AMBER"),
        ("tlp amber strict", TLP, "TLP:AMBER+STRICT"),
        ("tlp:amber", TLP, "TLP:AMBER"),
        ("red", TLP, "TLP:RED"),
    ],
)
def test_a_word_is_understood_as_the_command_line_would(monkeypatch, typed, allowed, meant):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    assert Terminal().line("which? ", allowed) == meant


@pytest.mark.parametrize("typed", ["3", "sev", "ed", "tlp", "-", "…"])
def test_what_is_none_of_them_is_asked_for_again(monkeypatch, capsys, typed):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n\n"))
    assert Terminal().line("which? ", (*LEVELS, *TLP)) is None
    assert f"{typed!r} is not valid; choose from SEV1, SEV2" in capsys.readouterr().err


@pytest.mark.parametrize("allowed", [LEVELS, TLP, ("ok", "fail")])
def test_what_may_be_answered_is_shown_above_the_question(monkeypatch, capsys, allowed):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    Terminal().line("which? ", allowed)
    choices, question = capsys.readouterr().err.splitlines()
    assert all(word in choices for word in allowed)
    assert question == "which? "


def test_answers_come_from_a_prompt_that_reads_the_terminal_itself(monkeypatch, capsys):
    asked = []

    def read(question):
        asked.append(question)
        return "2"

    monkeypatch.setattr("sys.stdin", io.StringIO("from stdin\n"))
    with answered_by(read):
        assert Terminal().line("which? ", ("ok", "fail")) == "fail"
    assert asked == ["which? "]
    assert Terminal().line("which? ") == "from stdin"
