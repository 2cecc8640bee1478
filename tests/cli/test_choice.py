"""What a person may answer where one of some words is asked for."""

from __future__ import annotations

import io

import pytest

from okb_incident.cli.choice import Terminal

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
