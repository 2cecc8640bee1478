"""`incident edit`: the person's own editor on the note, which is looked over afterwards."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture
def editor(tmp_path):
    """Make an editor of a few lines of Python, which find the note's path in `path`."""

    def make(code):
        program = tmp_path / "an editor.py"
        program.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{code}\n", encoding="utf-8")
        return f"{sys.executable} '{program}'"

    return make


def test_what_was_saved_stays_and_is_answered_with_id_and_path(run, vault, note, editor):
    append = editor("path.write_text(path.read_text() + 'A line of mine.\\n')")
    done = run("edit", vault=vault, env={"VISUAL": append, "EDITOR": "false"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "edited incidents/2026/INC-20261123-01.md · INC-20261123-01 Checkout is slow\n"
    assert note.read_text().endswith("A line of mine.\n")


def test_what_the_edit_left_unreadable_is_named(run, vault, editor):
    spoil = editor("path.write_text(path.read_text().replace('status: triage', 'status: ongoing'))")
    done = run("edit", "01", vault=vault, env={"EDITOR": spoil, "VISUAL": ""})
    assert done.returncode == 0
    assert "unknown-status: unknown status 'ongoing'; choose from triage" in done.stderr


def test_other_commands_go_on_meanwhile(run, incident, vault, note, editor):
    log = (
        f"import subprocess; subprocess.run([{str(incident)!r}, '--vault', {str(vault)!r}, 'log', 'seen'], check=True)"
    )
    done = run("edit", vault=vault, env={"EDITOR": editor(log)})
    assert done.returncode == 0, done.stderr
    assert "seen" in note.read_text()


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ("", 2, "no editor is named: neither VISUAL nor EDITOR is set"),
        ("no-such-editor -f", 1, "the editor 'no-such-editor -f' cannot be started"),
        ("'open quote", 1, "cannot be started"),
        ("false", 1, "the editor 'false' ended with exit code 1"),
    ],
    ids=["none", "missing", "a quote left open", "failing"],
)
def test_an_editor_that_does_not_edit(run, vault, note, given, code, said):
    before = note.read_bytes()
    done = run("edit", vault=vault, env={"EDITOR": given, "VISUAL": ""})
    assert done.returncode == code
    assert said in done.stderr
    assert note.read_bytes() == before
