"""What a hook is given, what of its output is passed on, and that nothing of it lives on."""

from __future__ import annotations

import json
import os

import pytest

from okb_incident.core.comms.hook import Hook
from okb_incident.integrations.hooks import INSIDE, MOST_OUTPUT, call

HOUR = 3600.0


def hook(tmp_path, script: str, *arguments: str, seconds: float = HOUR) -> Hook:
    program = tmp_path / "page"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Hook(frozenset({"changed"}), (str(program), *arguments), seconds)


def test_a_hook_reads_json_and_knows_that_it_is_one(tmp_path):
    value = {"events": ["opened"], "incident": {"title": "Zahlung – läuft nicht\n"}}
    called = call(hook(tmp_path, f'cat > "$1"; echo "${INSIDE}" > "$1.inside"', str(tmp_path / "got")), value)
    assert called == ((), True)
    assert json.loads((tmp_path / "got").read_text()) == value
    assert (tmp_path / "got.inside").read_text() == "1\n"


def test_a_hook_may_end_without_reading_what_it_is_given(tmp_path):
    assert call(hook(tmp_path, "exec <&-; exit 0"), {"lines": ["x" * 1_000_000]}).succeeded


def test_both_streams_of_a_hook_are_passed_on_by_its_name_without_empty_lines(tmp_path):
    called = call(hook(tmp_path, r"printf 'paged\n\n  \n'; printf 'twice \377' >&2", "--quiet"), {})
    assert called == (("page: paged", "page: twice \ufffd"), True)


def test_the_beginning_of_a_long_output_is_passed_on(tmp_path):
    printed = "x" * (MOST_OUTPUT - 1) + "yz"
    (line,) = call(hook(tmp_path, f"printf '{printed}'"), {}).notes
    assert line.removeprefix("page: ") == printed[:MOST_OUTPUT]


@pytest.mark.parametrize(("ending", "code"), [("exit 3", "3"), ("kill -9 $$", "-9")])
def test_a_hook_that_fails_has_not_succeeded_and_its_words_are_kept(tmp_path, ending, code):
    called = call(hook(tmp_path, f"echo no route; {ending}"), {})
    assert not called.succeeded
    first, second = called.notes
    assert first == "page: no route"
    assert "page" in second
    assert code in second


def test_a_hook_that_cannot_be_run_has_not_succeeded(tmp_path):
    called = call(Hook(frozenset(), (str(tmp_path / "missing"),)), {})
    assert not called.succeeded
    assert len(called.notes) == 1
    assert "missing" in called.notes[0]


def test_a_hook_that_takes_too_long_has_not_succeeded(tmp_path):
    called = call(hook(tmp_path, "exec sleep 600", seconds=0.01), {})
    assert not called.succeeded
    assert len(called.notes) == 1
    assert "page" in called.notes[0]


def test_what_a_hook_leaves_running_ends_with_it(tmp_path):
    for name in ("go", "alive"):
        os.mkfifo(tmp_path / name)
    # Whoever survives hears of it and answers; of whoever is gone the end of file is all that comes.
    go, alive = os.open(tmp_path / "go", os.O_RDWR), os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(alive, True)
    script = f"exec 3> {tmp_path}/alive\n(read word < {tmp_path}/go; echo $word >&3) > /dev/null 2>&1 &\nexit 0"
    try:
        assert call(hook(tmp_path, script), {}).succeeded
        os.write(go, b"survived\n")
        assert os.read(alive, 9) == b""
    finally:
        os.close(go)
        os.close(alive)
