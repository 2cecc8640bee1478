"""Commands as they are printed: an argument vector, words with commands among them, and what quotes them."""

from __future__ import annotations

import re
import shlex

from hypothesis import given
from hypothesis import strategies as st

from okb_incident.command import Candidate, Command, Sentence, commands_in, quoted, shown

PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=40)


def test_the_incident_stands_right_after_both_words_of_a_verb_and_who_runs_it_before():
    command = Command("follow-up set", "f1", options=("--owner", "bob"), incident="INC-20261123-01", by="dan")
    assert tuple(command) == ("--as", "dan", "follow-up", "set", "-i", "INC-20261123-01", "f1", "--owner", "bob")
    assert command.argv("kb") == ("incident", "--vault", "kb", *command)
    assert str(command) == "incident --as dan follow-up set -i INC-20261123-01 f1 --owner bob"


def test_a_word_that_begins_like_an_option_is_told_from_one():
    for word in ("-x", "--flag", "-", "---", "-10m"):
        command = Command("tell", "users", word, options=("--next", "30m"), incident="INC-20261123-01")
        assert tuple(command) == ("tell", "-i", "INC-20261123-01", "--next", "30m", "--", "users", word)
    assert tuple(Command("tell", "users", options=("--next", "-10m"))) == ("tell", "users", "--next", "-10m")
    # What is run has options of its own, and ours come before it.
    assert tuple(Command("run", "ls", options=("--as-change", "fix"))) == ("run", "--as-change", "fix", "--", "ls")
    assert Command.of(["log", "--", "-x"]) == ("log", "--", "-x")


def test_a_sentence_keeps_its_commands_apart_from_its_words():
    names, list_all = Command("review check"), Command("list", options=("--all",))
    said = Sentence(names, " names all; ", Sentence("or: ", list_all))
    assert str(said) == "incident review check names all; or: incident list --all"
    assert commands_in(said) == (names, list_all)
    assert commands_in(names) == (names,)
    assert commands_in("incident list") == commands_in(None) == ()
    assert shown(said, str.upper, lambda command: command.text("kb")) == (
        "incident --vault kb review check NAMES ALL; OR: incident --vault kb list --all"
    )
    assert Candidate(names, "all").command is names


def test_what_every_shell_reads_as_it_is_has_no_quotes():
    for word in ("sev1", "-10m", "cause=change", "INC-20261123-01", "5%", "a/b.c:d,e@f+g_h", "TEXT", "…", "--", "---"):
        assert quoted(word) == word
    for word in ("", "=ls", "%1", "~", "a b", "a;b", "!x", "ü"):
        assert quoted(word) == f"'{word}'"


@given(PRINTABLE)
def test_a_quoted_word_is_read_back_as_it_was(word):
    assert shlex.split(quoted(word)) == [word]


@given(PRINTABLE)
def test_fish_meets_no_backslash_in_single_quotes(word):
    # Double quotes hold nothing but the two signs, so that what they hold can be taken out.
    without = re.sub(r'"[\\\\\']+"', "", quoted(word))
    assert "\\" not in without
