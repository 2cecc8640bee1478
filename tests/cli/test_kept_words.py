"""Words that a terminal would obey: kept for the command that is printed, and read back by it."""

from __future__ import annotations

import json
import os
import shlex
import stat
import time

import pytest

WORDS = "two\nlines \x1b[31mred\x1b[0m and a\ttab"


@pytest.fixture
def two(run, vault):
    assert run("open", "Search is slow", vault=vault).returncode == 0
    return vault


@pytest.fixture
def home(tmp_path):
    return {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": "", "INCIDENT_USER": "eve"}


def offered(done):
    return [line.strip() for line in done.stderr.splitlines() if line.startswith("    incident ")]


def test_they_are_read_back_to_the_letter_from_a_file_of_ones_own(run, two, home, tmp_path):
    done = run("tell", "team", WORDS, vault=two, env=home)
    assert done.returncode == 4
    assert "\x1b" not in done.stderr
    folder = tmp_path / "home" / ".local" / "state" / "okb-incident" / "words"
    (kept,) = folder.iterdir()
    assert kept.read_text() == WORDS
    assert (stat.S_IMODE(kept.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)
    command = shlex.split(offered(done)[1])
    assert command[1:] == ["--vault", str(two), "tell", "-i", "INC-20261123-01", "team", "--read-word", str(kept)]
    assert run(*command[3:], vault=two, env=home).returncode == 0
    (first,) = two.rglob("INC-20261123-01 update 1 *.md")
    assert run("tell", "-i", "INC-20261123-02", "team", WORDS, vault=two, env=home).returncode == 0
    (second,) = two.rglob("INC-20261123-02 update 1 *.md")
    assert (
        first.read_text().partition("\n**Investigating: ")[2].partition("\n")[2]
        == second.read_text().partition("\n**Investigating: ")[2].partition("\n")[2]
    )


def test_a_program_gets_them_as_they_are(run, two, home):
    done = run("log", WORDS, "--json", vault=two, env=home)
    assert WORDS in json.loads(done.stderr)["error"]["commands"][0]["argv"]


def test_words_that_are_gone_are_told_of(run, two, home):
    done = run("log", "-i", "01", "--read-word", "/no/such/file", vault=two, env=home)
    assert (done.returncode, "cannot be read any more" in done.stderr) == (4, True)


def test_old_ones_are_forgotten_when_others_are_kept(run, two, home, tmp_path):
    run("log", WORDS, vault=two, env=home)
    (first,) = (tmp_path / "home" / ".local" / "state" / "okb-incident" / "words").iterdir()
    a_week_ago = time.time() - 8 * 86_400
    os.utime(first, (a_week_ago, a_week_ago))
    run("log", f"{WORDS}!", vault=two, env=home)
    assert not first.exists()
    assert len(list(first.parent.iterdir())) == 1
