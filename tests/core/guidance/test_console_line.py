"""How a line of the console is read."""

from __future__ import annotations

import pytest

from okb_incident.core.guidance.console_line import CommandLine, LoneVerb, RefusedLine, TextLine, read_line

KNOWN = ("ack", "close", "log", "resolve", "run")
NAMES = ("inc-20261123-01", "1123-01", "01")


def read(line, *, pasted=False):
    return read_line(line, pasted=pasted, known=KNOWN, names=NAMES)


@pytest.mark.parametrize(
    ("line", "text", "at"),
    [
        ("support has 40 tickets", "support has 40 tickets", None),
        ("02:05 pool exhausted", "pool exhausted", "02:05"),
        ("-10m deploy 4f2a", "deploy 4f2a", "-10m"),
        ("-10m", "-10m", None),
        (" /ack", "/ack", None),
        ("//ack now", "/ack now", None),
        ("/var/log is full", "/var/log is full", None),
        ("/42 of them", "/42 of them", None),
        ("02:05 /var/log is full", "/var/log is full", "02:05"),
        ("incident was opened twice", "incident was opened twice", None),
        ("ack came from gita", "ack came from gita", None),
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
        ("/action call the bank", "action add", ("call", "the", "bank")),
        ("/action start a1", "action start", ("a1",)),
        ("/action", "action list", ()),
        ("/team payments", "team activate", ("payments",)),
        ("/a1 done rolled back", "action done", ("a1", "rolled", "back")),
        ("/h1 confirmed by the graph", "log", ("h1 confirmed by the graph",)),
        ("/q", "quit", ()),
        ("/as gita", "as", ("gita",)),
        ("incident ack on it", "ack", ("on", "it")),
        ("incident ack 1123-01 on it", "ack", ("on", "it")),
        ("/ack -i INC-20261123-01 on it", "ack", ("on", "it")),
        ("/ack 40 of them", "ack", ("40", "of", "them")),
        ("/expect 40m", "expect", ("40m",)),
    ],
)
def test_a_slash_and_a_verb_is_a_command(line, verb, words):
    assert read(line) == CommandLine(verb, words)


@pytest.mark.parametrize(
    "line",
    [
        "/restart now",
        "/close",
        "/a1",
        "/h1 what",
        "incident close",
        "incident run -- rm",
        "incident ack 1122-07",
        "/ack -i 02",
        "/ack -i",
        "/ack --vault /elsewhere",
        "/ack --incident=02",
        "/ack -i02",
        "02:05 /mitigate rolled back",
        "-",
        "02:05 -",
    ],
)
def test_a_line_that_may_not_be_meant_is_refused(line):
    assert isinstance(read(line), RefusedLine)


@pytest.mark.parametrize("lone", ["ack", "resolve", "q", "exit", " resolve"[1:]])
def test_a_lone_verb_is_asked_about(lone):
    meant = read(lone)
    assert isinstance(meant, LoneVerb)
    assert meant.text == TextLine(lone)


def test_a_pasted_line_is_never_a_command_and_several_lines_are_one_entry():
    assert read("/ack", pasted=True) == TextLine("/ack")
    assert read("Traceback:\n  File x\n", pasted=True) == TextLine("Traceback:", None, "Traceback:\n  File x")


def test_a_line_of_blanks_is_nothing():
    assert read("   ") is None


@pytest.mark.parametrize(
    ("line", "writes"), [("/ack", True), ("/next", False), ("/quit", False), ("/undo", True), ("/action", False)]
)
def test_only_what_writes_looks_for_what_others_made_of_the_incident(line, writes):
    assert read(line).writes is writes
