"""Programs that are run for a person: their output, how they ended, and what is kept of it."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

import pytest

from okb_incident.integrations.process import KEPT_BYTES, NoCommandError, capture, pass_through

if TYPE_CHECKING:
    from okb_incident.integrations.process import Ended

HOUR = 3600.0


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def captured(argv) -> Ended:
    return capture(argv, seconds=HOUR)


@pytest.fixture(params=[pass_through, captured], ids=["passed on", "captured"])
def run(request, capfdbinary):
    """Run a program in either way."""
    return request.param


@pytest.mark.parametrize(
    ("script", "code", "signal"),
    [
        ("exit 0", 0, None),
        ("exit 3", 3, None),
        ("exit 128", 128, None),
        ("kill -KILL $$", 137, "SIGKILL"),
        # A shell says so of a program that it started.
        ("exit 129", 129, "SIGHUP"),
        ("exit 143", 143, "SIGTERM"),
        # There is no signal of that number.
        ("exit 255", 255, None),
    ],
)
def test_how_a_program_ended_is_told_as_a_shell_tells_it(run, script, code, signal):
    ended = run(shell(script))
    assert (ended.code, ended.signal) == (code, signal)


def test_both_streams_are_kept_in_their_order(run):
    # What is passed on comes through two pipes, which have no order in the same moment.
    assert captured(shell("echo one; echo two >&2; echo three")).tail == b"one\ntwo\nthree\n"
    assert run(shell("echo one; echo two; exit 1")).tail == b"one\ntwo\n"


def test_of_a_long_output_the_end_is_kept(run):
    ended = run([sys.executable, "-c", f"print('begin' + 'x' * {KEPT_BYTES - 4} + 'end', end='')"])
    assert ended.tail == b"n" + b"x" * (KEPT_BYTES - 4) + b"end"


def test_the_time_a_program_took_is_told_in_seconds(run):
    # It never takes less, however fast the machine, and hangs before it takes so much more.
    assert 1.2 <= run(["sleep", "1.2"]).seconds < 1800


@pytest.mark.parametrize("name", ["no-such-command-here", ""])
def test_a_command_that_does_not_exist_is_named(run, name):
    with pytest.raises(NoCommandError) as caught:
        run([name, "--help", "me"])
    assert (caught.value.field, caught.value.value) == ("CMD", name)


def test_a_file_that_is_no_program_and_a_missing_one_are_two_things(run, tmp_path):
    (tmp_path / "notes").write_text("x")
    with pytest.raises(NoCommandError) as refused:
        run([str(tmp_path / "notes"), "--help"])
    with pytest.raises(NoCommandError) as missing:
        run([str(tmp_path / "none"), "--help"])
    assert refused.value.value == str(tmp_path / "notes")
    assert missing.value.hint
    assert not refused.value.hint


def test_arguments_are_read_by_no_shell(run):
    assert run(["printf", "%s|", "a b", "$HOME", "*", "; exit 9"]).tail == b"a b|$HOME|*|; exit 9|"


def test_each_stream_is_passed_on_to_ours_byte_by_byte(capfdbinary):
    pass_through(shell(r"printf 'a\377\n'; printf 'b\000' >&2"))
    assert capfdbinary.readouterr() == (b"a\xff\n", b"b\0")


def test_a_program_ends_by_itself_though_nobody_reads_what_it_prints_any_more(tmp_path, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    stream = TextIOWrapper(open(writer, "wb", 0))  # noqa: SIM115
    monkeypatch.setattr(sys, "stdout", stream)
    lines = 40_000
    ended = pass_through([sys.executable, "-c", f"for n in range({lines}): print(n)\nopen('{tmp_path}/done', 'w')"])
    assert ended.code == 0
    assert ended.tail.endswith(f"{lines - 1}\n".encode())
    assert (tmp_path / "done").exists()
    stream.close()


def test_a_captured_program_waits_for_no_input():
    assert captured(["cat"]).tail == b""


def test_a_captured_program_that_takes_too_long_is_named():
    with pytest.raises(NoCommandError) as caught:
        capture(["sleep", "600"], seconds=0.01)
    assert (caught.value.field, caught.value.value) == ("CMD", "sleep")
    assert "sleep" in str(caught.value)
    assert "600" not in str(caught.value)
