"""What looks after the work, as the installed command: questions on a terminal, and what is said in words and in JSON."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from okb_incident.vault.disk.digest import digest


@pytest.fixture
def on_a_terminal(incident, vault):
    """Run the command with a terminal for questions and answers; give its exit code and what was to be seen."""

    def run(*words, typed, after=""):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [str(incident), "--vault", str(vault), *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "INCIDENT_USER": "alice", "TERM": "dumb"},
        )
        os.close(theirs)
        seen = b""
        while True:
            # A question for a secret forgets what was typed before it.
            if typed and after.encode() in seen:
                os.write(ours, typed.encode())
                typed = ""
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
        os.close(ours)
        return process.wait(), seen.decode()

    return run


@pytest.fixture
def lost(run, vault, note):
    """A vault in which an editor saved over an acknowledgement."""
    buffer = note.read_bytes()
    assert run("ack", vault=vault).returncode == 0
    note.write_bytes(buffer)
    return note


def entries(vault):
    return sorted(vault.glob(".incident/*/journal/*/*"))


def test_the_doctor_asks_and_does_what_is_agreed_to(on_a_terminal, lost):
    code, seen = on_a_terminal("doctor", typed="y\n")
    assert "Apply it again? [y/N]" in " ".join(seen.split())
    assert code == 0
    assert "repaired: incident ack" in seen
    assert "status: investigating" in lost.read_text()


def test_the_doctor_leaves_what_is_refused(on_a_terminal, lost):
    code, seen = on_a_terminal("doctor", typed="n\n")
    assert code == 5
    assert "lost-edit" in seen
    assert "status: triage" in lost.read_text()


def test_the_doctor_asks_nobody_without_a_terminal_or_with_no_input(run, on_a_terminal, vault, lost):
    assert run("doctor", vault=vault).returncode == 5
    code, seen = on_a_terminal("--no-input", "doctor", typed="")
    assert code == 5
    assert "[y/N]" not in seen
    assert "status: triage" in lost.read_text()


def test_a_secret_is_asked_for_and_not_shown(run, on_a_terminal, vault, note):
    run("log", "with hunter2-hunter2", vault=vault)
    code, seen = on_a_terminal("redact", "INC-20261123-01", typed="hunter2-hunter2\n", after="the secret: ")
    assert code == 0
    assert "the secret:" in seen
    assert "removed from 1 note" in seen
    assert "hunter2" not in note.read_text()


def test_verify_prints_what_to_keep_elsewhere(run, vault):
    (entry,) = entries(vault)
    done = run("doctor", "--only", "journal", vault=vault)
    assert done.returncode == 0
    machine = entry.parts[-4]
    hash_of_it = digest(entry.read_bytes())
    assert done.stdout == f"{machine}: 1 entries, 1 files; the last is {entry.name}, hash {hash_of_it}\n"
    assert json.loads(run("doctor", "--only", "journal", "--json", vault=vault).stdout)["journals"] == [
        {
            "machine": machine,
            "entries": 1,
            "files": 1,
            "last": {"entry": entry.name, "sha256": hash_of_it},
            "problems": 0,
        }
    ]


def test_verify_says_that_there_is_no_journal_yet_or_an_empty_one(run, tmp_path):
    assert run("init", str(tmp_path / "kb"), vault=None).returncode == 0
    done = run("doctor", "--only", "journal", vault=tmp_path / "kb")
    assert (done.returncode, done.stdout) == (0, "this vault has no journal yet\n")
    (tmp_path / "kb/.incident/machine").mkdir(parents=True)
    assert run("doctor", "--only", "journal", vault=tmp_path / "kb").stdout == "machine: 0 entries, 0 files\n"
    told = run("doctor", "--only", "journal", "--json", vault=tmp_path / "kb")
    assert json.loads(told.stdout)["journals"][0]["last"] is None


def test_verify_names_what_was_changed_and_ends_with_5(run, vault):
    (entry,) = entries(vault)
    entry.write_bytes(entry.read_bytes().replace(b"open", b"shut"))
    done = run("doctor", "--only", "journal", vault=vault)
    assert done.returncode == 5
    assert "journal-entry: is not the entry that was written: its sum does not fit it" in done.stderr
    done = run("doctor", "--only", "journal", "--json", vault=vault)
    assert json.loads(done.stdout)["journals"][0]["problems"] == 1
    assert json.loads(done.stderr)["problem"]["code"] == "journal-entry"


def test_prune_says_what_it_did_and_what_it_left(run, vault, note):
    done = run("doctor", "--prune", vault=vault)
    assert (done.returncode, done.stdout) == (0, "packed files: 0; deleted copies: 0; freed: 0 bytes\n")
    run("ack", vault=vault)
    (displaced,) = vault.glob(".incident/*/displaced/*")
    displaced.write_bytes(b"too late\n")
    # What nobody remembers any more waits for the doctor; else the command at hand would have brought it in.
    (displaced.parents[1] / "recent").unlink()
    done = run("doctor", "--prune", "--keep", "90d", vault=vault)
    assert "was saved into by an editor after a command had replaced it; see: incident " in done.stderr
    assert done.stderr.rstrip().endswith(" doctor")
    told = json.loads(run("doctor", "--prune", "--json", vault=vault).stdout)["pruned"]
    assert told == {"packed": 0, "dropped": 0, "freed": 0, "late": [str(displaced.relative_to(vault))]}
    assert run("doctor", "--prune", "--keep", "long", vault=vault).returncode == 2


def test_undo_of_an_undo_of_the_same_command_may_be_typed_as_it_is_printed(run, vault, note):
    run("ack", vault=vault)
    acked = note.read_bytes()
    done = run("undo", "--yes", vault=vault)
    again = done.stdout.splitlines()[-1].removeprefix("to redo it: incident ").split()
    assert run(*again, vault=vault).returncode == 0
    assert note.read_bytes() == acked


def test_a_vault_of_a_newer_format_is_not_written_to(run, vault, note):
    before = note.read_bytes()
    settings = Path(vault / "incident.toml")
    settings.write_text("format = 99\n" + settings.read_text().replace("format = 1", ""))
    for words in (["undo"], ["redact", "01", "--text", "Checkout"], ["restrict", "01"], ["doctor", "--prune"]):
        assert run(*words, vault=vault).returncode == 3, words
    assert note.read_bytes() == before


@pytest.mark.parametrize(
    "words", [["undo", "--yes", "--json"], ["history", "01", "--json"], ["restrict", "01", "--json"]]
)
def test_json_is_all_that_is_answered(run, vault, words):
    assert json.loads(run(*words, vault=vault).stdout)
