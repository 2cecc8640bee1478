"""Several people, several programs, one vault, at the same moment."""

from __future__ import annotations

import pytest


def test_nobodys_open_is_lost_and_no_number_given_twice(program, long):
    size = ("20", "50") if long else ("8", "8")
    print(program("tests.races.writers", "opens", "--processes", size[0], "--times", size[1]))


def test_nobodys_line_in_one_note_is_lost(program, long):
    size = ("50", "20") if long else ("6", "8")
    print(program("tests.races.writers", "lines", "--processes", size[0], "--times", size[1]))


def test_of_many_who_open_at_once_nobody_gives_up(program):
    print(program("tests.races.writers", "opens", "--processes", "20", "--times", "1"))


def test_what_an_editor_saves_in_pieces_is_in_the_note_or_beside_it(program, long):
    size = ("5000", "12") if long else ("54", "6")
    print(program("tests.races.pieces", "--saves", size[0], "--editors", size[1]))


@pytest.mark.parametrize("style", ["rename", "in-place", "slow"])
def test_nothing_that_an_editor_saves_is_lost(style, program, long):
    size = ("600", "3") if long else ("100", "1")
    print(program("tests.races.editor", "--style", style, "--saves", size[0], "--runs", size[1]))
