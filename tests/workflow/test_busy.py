"""Whoever gives up gets the command back, with everything that was typed."""

from __future__ import annotations

import fcntl
import io
import json
import os
import shlex
from contextlib import contextmanager

import pytest

from okb_incident.vault.disk import lock

TEXT = "it's the DB's fault; $5 lost"


@pytest.fixture
def busy(desk, monkeypatch):
    """Another process holds the lock of the vault, and nobody waits for long."""

    @contextmanager
    def held():
        monkeypatch.setattr(lock.Waiting, "goes_on", lambda *_: False)
        descriptor = os.open(f"{desk.root}/.incident/lock", os.O_RDWR)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    return held


@pytest.mark.parametrize(
    ("typed", "given_back"),
    [
        (["log", TEXT], ["log", TEXT]),
        (["log", TEXT, "--at", "11:50"], ["log", TEXT, "--at", "2026-11-23T11:50:00"]),
        (["log", "1123-01", "-5", "hosts"], ["log", "-i", "1123-01", "--", "-5", "hosts"]),
        (["log", "-i", "01", TEXT, "--external"], ["log", "-i", "01", TEXT, "--external"]),
        (["open", TEXT, "-s", "sev1"], ["open", TEXT, "--severity", "sev1"]),
        (["tell", "team", TEXT, "--next", "30m"], ["tell", "team", TEXT, "--next", "2026-11-23T12:30:00"]),
        (["comms", "draft", "users", TEXT], ["comms", "draft", "users", TEXT]),
        (["restrict"], ["restrict"]),
        (["undo", "--yes"], ["undo", "--yes"]),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_was_typed_comes_back_as_a_command(desk, busy, typed, given_back):
    before = desk.note.read_bytes()
    with busy():
        answer = desk(*typed, code=6)
    assert desk.note.read_bytes() == before
    (line,) = [line for line in answer.err.splitlines() if line.startswith("hint: nothing was written; repeat: ")]
    command = shlex.split(line.removeprefix("hint: nothing was written; repeat: "))
    assert command == ["incident", "--vault", str(desk.root), "--as", "alice", *given_back]
    desk(*command[5:])


def test_what_came_through_a_pipe_comes_back_too(desk, busy, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("pool exhausted\n"))
    with busy():
        answer = desk("log", "-", code=6)
    assert answer.err.splitlines()[-1].endswith(" log --lines 'pool exhausted'")


def test_a_program_gets_it_back_too(desk, busy):
    with busy():
        answer = desk("log", TEXT, "--json", code=6)
    error = json.loads(answer.err)["error"]
    assert error["commands"][0]["argv"] == [
        "incident",
        "--vault",
        str(desk.root),
        "--as",
        "alice",
        "log",
        TEXT,
        "--json",
    ]


def test_of_a_command_that_ran_it_is_the_line_that_comes_back(desk, busy):
    with busy():
        answer = desk("run", "--", "true", code=125)
    (line,) = [line for line in answer.err.splitlines() if line.startswith("hint: the command has run; to log it: ")]
    command = shlex.split(line.removeprefix("hint: the command has run; to log it: "))
    desk(*command[3:])
    assert "exit 0 after 0s" in desk.note.read_text()


def test_a_note_that_is_saved_all_the_time_gives_the_words_back(desk, monkeypatch):
    ordinary = os.fsync

    def somebody_saves(descriptor):
        ordinary(descriptor)
        desk.note.write_bytes(desk.note.read_bytes() + b".")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", somebody_saves)
        answer = desk("log", TEXT, code=6)
    assert "was changed by another program during each of 5 attempts" in answer.err
    assert "hint: nothing was written; repeat: incident" in answer.err
    assert TEXT.replace("'", "") in answer.err.replace("'", "").replace('"', "")
