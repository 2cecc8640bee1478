"""What programs read is as the schemas say; what a terminal shows can do it no harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.limits import wait_until

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


def valid(value, schema):
    validator = Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text()))
    assert [error.message for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize(
    "words",
    [
        ["open", "Search is down", "--json"],
        ["ack", "--json"],
        ["log", "--json", "seen"],
        ["set", "cause=change", "--json"],
        ["severity", "sev1", "--json"],
        ["show", "last", "--json"],
        ["resolve", "--json"],
        ["decline", "--json", "01", "a false alarm"],
    ],
    ids=lambda words: words[0],
)
def test_a_command_prints_an_incident_as_the_schema_says(run, vault, words):
    done = run(*words, vault=vault)
    assert done.returncode == 0, done.stderr
    valid(json.loads(done.stdout), "incident")


def test_list_prints_incidents_as_the_schema_says(run, vault):
    incidents = json.loads(run("list", "--json", vault=vault).stdout)
    assert [each["id"] for each in incidents] == ["INC-20261123-01"]
    valid(incidents[0], "incident")
    assert incidents[0]["started"] == "2026-11-23T11:51:00Z"
    assert incidents[0]["acknowledged"] is None


@pytest.mark.parametrize("words", [["ack", "07"], ["open"], ["nonsense"], ["log", "--at", "soon", "x"]], ids=" ".join)
def test_a_failure_is_an_object_with_json(run, vault, words):
    done = run(*words, "--json", vault=vault)
    error = json.loads(done.stderr)
    valid(error, "error")
    assert error["error"]["exit"] == done.returncode != 0
    assert done.stdout == ""


def test_a_terminal_without_the_signs_shows_plain_ones(start, vault):
    done = start("ack", vault=vault, env={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0
    assert "triage -> investigating" in done.stdout


def test_interrupting_leaves_with_130(incident, vault, note, tmp_path):
    before = note.read_bytes()
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n: >'{tmp_path}/open'\nexec sleep 600\n")
    editor.chmod(0o755)
    with subprocess.Popen(
        ["bash", "-c", f"exec {incident} --vault {vault} edit last"],
        env={"EDITOR": str(editor), "PATH": "/usr/bin:/bin", "HOME": str(vault)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and that would be passed on from the tests' own start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread here holds a lock it needs
    ) as process:
        wait_until(lambda: (tmp_path / "open").exists() or process.poll() is not None)
        # As Ctrl-C on a terminal does, to the command and to the editor.
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
        assert process.stderr is not None
        assert process.stderr.read() == "incident: interrupted\n"
    assert process.returncode == 130
    assert note.read_bytes() == before


def test_nothing_that_a_terminal_obeys_comes_out(run, vault, note):
    text = note.read_text().replace("Checkout is slow", '"x\\e]0;owned\\a \\u202e [red]y[/red]"', 1)
    note.write_text(text.replace("## Timeline\n", "## Timeline\n- 02:00 \x1b[31mred\x9b2J\x07 \u202e\n"))
    for words in (["list"], ["show", "last"], ["timeline", "last"], ["status"], ["check"], ["report"], ["log", "x"]):
        done = run(*words, vault=vault)
        shown = done.stdout + done.stderr
        assert not any((ord(sign) < 32 and sign not in "\n\t") or 127 <= ord(sign) < 160 for sign in shown), words
        assert "\u202e" not in shown, words
        assert "Traceback" not in shown


def test_the_remedies_of_a_report_name_the_vault_that_was_typed(run, vault, note):
    note.write_text(note.read_text().replace("declared:", "detected: soon\ndeclared:"))
    done = run("report", vault=vault)
    assert f"    incident --vault {vault} set -i INC-20261123-01 " in done.stdout
    hints = list(json.loads(run("report", "--json", vault=vault).stdout)["quality"]["missing"])
    assert hints[0]["argv"][:5] == ["incident", "--vault", str(vault), "set", "-i"]


@pytest.mark.parametrize("words", [["list"], ["show", "last", "--json"]], ids=" ".join)
def test_a_reader_who_has_gone_hears_of_it_by_the_exit_code_alone(incident, vault, words):
    there, ours = os.pipe()
    os.close(there)
    # Where each print is written at once, Typer sees the closed pipe before we do.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [str(incident), "--vault", str(vault), *words]
    try:
        done = subprocess.run(command, stdout=ours, stderr=subprocess.PIPE, text=True, check=False, env=env)
    finally:
        os.close(ours)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_moment_is_told_on_the_clock_of_the_vault_and_on_that_of_who_reads(run, vault):
    settings = vault.parent / "own/okb-incident/settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('zone = "Europe/Berlin"\n')
    done = run("ack", "--at", "-5m", vault=vault, env={"XDG_CONFIG_HOME": str(vault.parent / "own")})
    assert "acknowledged 11:55 UTC = 12:55 Europe/Berlin (5m ago)" in done.stdout
