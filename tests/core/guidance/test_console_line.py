"""How a line of the console is read."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from okb_incident.core.guidance.console_line import (
    OWN,
    VERBS,
    CommandLine,
    LoneVerb,
    RefusedLine,
    TextLine,
    line_of,
    read_line,
)

KNOWN = {
    **{verb: (verb,) for verb in (*VERBS, "close", "follow-up", "merge", "restrict", "run", "set")},
    "handoff": ("role", "--handoff"),
    "note": ("log",),
    "sev": ("severity",),
    "version": ("--version",),
}
NAMES = ("inc-20261123-01", "1123-01", "01")
ELSEWHERE = ("close", "follow-up", "merge", "restrict", "run", "set", "version")

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=8)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)


def read(line):
    return read_line(line, known=KNOWN, names=NAMES)


@pytest.mark.parametrize(
    ("line", "text", "at"),
    [
        ("support has 40 tickets", "support has 40 tickets", None),
        ("02:05 pool exhausted", "pool exhausted", "02:05"),
        ("2:05:30 pool exhausted", "pool exhausted", "2:05:30"),
        ("-10m deploy 4f2a", "deploy 4f2a", "-10m"),
        ("-10m", "-10m", None),
        ("10:80 is blocked", "10:80 is blocked", None),
        ("24:05 is no time", "24:05 is no time", None),
        ("02:05pm pool exhausted", "02:05pm pool exhausted", None),
        (" 02:05 pool exhausted", "02:05 pool exhausted", None),
        (" /ack", "/ack", None),
        ("\t/ack", "/ack", None),
        ("//ack now", "/ack now", None),
        ("/var/log is full", "/var/log is full", None),
        ("/42 of them", "/42 of them", None),
        ("/", "/", None),
        ("02:05 /var/log is full", "/var/log is full", "02:05"),
        ("incident was opened twice", "incident was opened twice", None),
        ("incident", "incident", None),
        ("Incident ack", "Incident ack", None),
        ("ack came from gita", "ack came from gita", None),
        ("quit smoking", "quit smoking", None),
    ],
)
def test_text_is_an_entry_with_the_time_in_front(line, text, at):
    assert read(line) == TextLine(text, at)


@pytest.mark.parametrize(
    ("line", "verb", "words"),
    [
        ("/ack", "ack", ()),
        ("/sev sev1 all of the EU", "severity", ("sev1", "all", "of", "the", "EU")),
        ("/tell users we don't know and can't say", "tell", ("users", *["we", "don't", "know", "and", "can't", "say"])),
        ('/verify recovery "error rate" ok', "verify", ("recovery", "error rate", "ok")),
        ("/handoff commander gita all quiet", "role", ("--handoff", "commander", "gita", "all", "quiet")),
        ("/note seen in the EU", "log", ("seen", "in", "the", "EU")),
        ("/action call the bank", "action add", ("call", "the", "bank")),
        ("/action start a1", "action start", ("a1",)),
        ("/action", "action list", ()),
        ("/team payments", "team activate", ("payments",)),
        ("/team joined payments", "team joined", ("payments",)),
        ("/a1 done rolled back", "action done", ("a1", "rolled", "back")),
        ("/h1 confirmed --at -5m", "log", ("h1", "confirmed", "--at", "-5m")),
        ("/h1 confirmed, 20 of 20", "log", ("h1", "confirmed", "20", "of", "20")),
        ("/h1 refuted by the graph", "log", ("h1", "ruled", "out", "by", "the", "graph")),
        ("/h2 ruled out: by the graph", "log", ("h2", "ruled", "out", "by", "the", "graph")),
        ("/h2 wrong", "log", ("h2", "ruled", "out")),
        ("/q", "quit", ()),
        ("/as gita", "as", ("gita",)),
        ("incident ack on it", "ack", ("on", "it")),
        ("incident  ack  on it", "ack", ("on", "it")),
        ("incident note 'on it' now", "log", ("on it", "now")),
        ("incident ack 1123-01 on it", "ack", ("on", "it")),
        ("incident ack 01 on it", "ack", ("on", "it")),
        ("incident mitigate last deploy rolled back", "mitigate", ("last", "deploy", "rolled", "back")),
        ("/ack -i INC-20261123-01 on it", "ack", ("on", "it")),
        ("/ack --incident 01 -i 1123-01 on it", "ack", ("on", "it")),
        ("/ack 01", "ack", ()),
        ("/ack 40 of them", "ack", ("40", "of", "them")),
        ("/log 01 of 12 pods is left", "log", ("01", "of", "12", "pods", "is", "left")),
        ("/ack 1123-01 on it", "ack", ("on", "it")),
        ("/expect 40m", "expect", ("40m",)),
        ("/log --at 02:05 it began", "log", ("--at", "02:05", "it", "began")),
        ("/log it began --at 02:05", "log", ("it", "began", "--at", "02:05")),
        ("/expect 40", "expect", ("40",)),
    ],
)
def test_a_slash_and_a_verb_is_a_command(line, verb, words):
    assert read(line) == CommandLine(verb, words)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/restart now", "unknown command /restart"),
        ("/a1", "what about a1?"),
        ("/a1 confirmed", "what about a1?"),
        ("/h1 what", "what about h1?"),
        ("/h1", "what about h1?"),
        ("/h1 ruled by gita", "what about h1?"),
        ("/h1 confirmedly", "what about h1?"),
        ("/close", "close is not available"),
        ("/follow-up add an alarm", "follow-up is not available"),
        ("incident close", "close is not available"),
        ("incident run -- rm", "run is not available"),
        ("incident --vault /elsewhere ack", "no option before the command"),
        ("incident ack 'on it", "a quotation mark is not closed"),
        ("incident ack 1122-07", "about one incident"),
        ("incident ack 02 on it", "about one incident"),
        ("incident ack last", "about one incident"),
        ("incident ack SEC-20261123-01", "about one incident"),
        ("/ack 02", "about one incident"),
        ("/ack last", "about one incident"),
        ("/ack 1123-02 on it", "about one incident"),
        ("/ack -i 02", "about one incident"),
        ("/ack -i", "about one incident"),
        ("/ack --vault /elsewhere", "about one incident"),
        ("/ack --incident=02", "about one incident"),
        ("/ack -i02", "about one incident"),
        ("close", "close is not available"),
        ("/log", "nothing to log"),
        ("/log -", "nothing to log"),
        ("/note --at 02:05", "nothing to log"),
        ("incident log -i 01", "nothing to log"),
        ("note", "nothing to log"),
        ("02:05 /mitigate rolled back", "the time of a command comes last: /mitigate rolled back --at 02:05"),
        ("-", "a lone hyphen"),
        ("02:05 -", "a lone hyphen"),
    ],
)
def test_a_line_that_may_not_be_meant_is_refused(line, why):
    meant = read(line)
    assert isinstance(meant, RefusedLine)
    assert why in meant.reason


@pytest.mark.parametrize(
    ("lone", "verb"), [("ack", "ack"), ("resolve ", "resolve"), ("sev", "severity"), ("q", "quit"), ("exit", "quit")]
)
def test_a_lone_verb_is_asked_about(lone, verb):
    assert read(lone) == LoneVerb(CommandLine(verb), TextLine(lone.strip()))


def test_several_lines_are_one_entry_and_never_a_command():
    assert read("Traceback:\n  File x\n") == TextLine("Traceback:", None, "Traceback:\n  File x")
    assert read("/ack\n/resolve") == TextLine("/ack", None, "/ack\n/resolve")
    assert read("incident ack\nnow") == TextLine("incident ack", None, "incident ack\nnow")
    assert read("02:05 Traceback:\n  File x") == TextLine("Traceback:", "02:05", "Traceback:\n  File x")


def test_a_line_of_blanks_is_nothing():
    assert read("   ") is None


@pytest.mark.parametrize(
    ("line", "writes"), [("/ack", True), ("/next", False), ("/quit", False), ("/undo", True), ("/action", False)]
)
def test_only_what_writes_looks_for_what_others_made_of_the_incident(line, writes):
    assert read(line).writes is writes


# -- whatever is typed -------------------------------------------------------------------------------------------------


@given(st.text())
def test_any_line_can_be_read_and_only_one_with_a_slash_or_the_program_s_name_is_a_command(line):
    meant = read(line)
    assert (meant is None) is (not line.strip())
    if isinstance(meant, CommandLine):
        assert line.startswith(("/", "incident "))


@given(st.sampled_from([" ", "\t", "  "]), st.sampled_from(["/", "", "//", "incident "]), texts)
def test_a_leading_blank_makes_any_line_text(blank, front, text):
    assume(front + text != "-")
    assert read(f"{blank}{front}{text}") == TextLine(f"{front}{text}")


@given(texts)
def test_two_slashes_are_text_with_one(text):
    assert read(f"//{text}") == TextLine(f"/{text}")


@given(texts, texts)
def test_lines_that_were_pasted_together_are_one_entry(first, second):
    meant = read(f"{first}\n{second}")
    assert isinstance(meant, TextLine)
    assert meant.below is not None
    assert meant.below.splitlines()[-1] == second


@given(st.sampled_from(["02:05", "23:59:59", "9:00", "-10m", "-90s", "-2h", "-1d"]), texts)
def test_a_time_in_front_is_the_time_of_the_text_behind_it(at, text):
    assume(not text.startswith("/") and text != "-")
    assert read(f"{at} {text}") == TextLine(text, at)


@given(st.text(st.characters(categories=["L"]), min_size=1))
def test_a_slash_and_an_unknown_word_of_letters_is_refused(word):
    assume(word not in KNOWN and word not in OWN)
    assert isinstance(read(f"/{word} now"), RefusedLine)


@given(st.sampled_from(["/", "incident "]), st.sampled_from(ELSEWHERE), texts)
def test_no_command_that_the_console_lacks_is_run(front, verb, text):
    assert isinstance(read(f"{front}{verb} {text}"), RefusedLine)


@given(st.sampled_from(["/", "incident "]), st.sampled_from(sorted(VERBS - {"action", "team"})), texts)
def test_no_command_names_another_incident(front, verb, text):
    meant = read(f"{front}{verb} -i INC-20261124-07 {shlex.quote(text)}")
    assert isinstance(meant, RefusedLine)


# -- commands that are printed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("ack", "-i", "INC-20261123-01"), "/ack"),
        (("role", "-i", "INC-20261123-01", "tech", "me"), "/role tech me"),
        (("action", "done", "-i", "INC-20261123-01", "a1"), "/action done a1"),
        (("verify", "-i", "INC-20261123-01", "recovery", "error rate", "ok"), '/verify recovery "error rate" ok'),
        (("ack", "-i", "INC-20261123-02"), None),
        (("ack",), None),
        (("close", "-i", "INC-20261123-01"), None),
        (("--as", "bob", "ack", "-i", "INC-20261123-01"), None),
        (("log", "-i", "INC-20261123-01", 'he said "no" twice'), None),
        (("log", "-i", "INC-20261123-01", "02"), None),
    ],
)
def test_a_printed_command_is_shown_as_it_is_typed_in_the_console(command, line):
    typed = line_of(command, "INC-20261123-01")
    assert (typed and " ".join(typed)) == line


@given(st.sampled_from(sorted(VERBS - {"action", "team"})), st.lists(texts, max_size=4))
def test_what_is_shown_is_read_as_the_same_command(verb, given_words):
    line = line_of((verb, "-i", "INC-20261123-01", *given_words), "INC-20261123-01")
    if line is not None:
        assert read(" ".join(line)) == CommandLine(verb, tuple(given_words))
