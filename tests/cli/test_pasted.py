"""A printed command, pasted into a real shell at a terminal, starts our program with the very words and no other program."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from okb_incident.command import Command

if TYPE_CHECKING:
    from pathlib import Path

SHELLS = {
    "bash": ("--norc", "--noprofile", "-i"),
    "zsh": ("-f", "-i"),
    "fish": ("--no-config", "-i"),
}
WORDS = (
    "rolled back; it's fine",
    "$(touch pwned)",
    "`touch pwned`",
    "a && touch pwned || touch pwned | touch pwned &",
    "> pwned < /etc/passwd >> pwned 2>&1",
    "${HOME} $HOME $$ $? %self",
    'a "half',
    "it's",
    "'",
    "''",
    "\\",
    "\\'",
    "'\\'",
    "ends in \\",
    "C:\\new\\table",
    "wow! !! !1 !touch ^a^b^",
    "~ ~root ~/x",
    "* ? [a-z] {a,b} **",
    "# no comment",
    "=touch",
    "=ls x",
    "%1",
    "key=~/x",
    "(touch pwned)",
    "a\tb",
    "  two  blanks  ",
    "",
    "–x",
    "-x --flag",
    "naïve “quotes” 🔥",
    "50% of [[INC-20261123-01|it]]",
    "a@b:c,d.e/f+g_h",
)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs that write down how they were started: ours, and one that must never be."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("incident", "touch", "ls", "root"):
        path = folder / name
        path.write_text(
            f"#!{sys.executable}\nimport json, sys\n"
            f"open({str(tmp_path / 'started')!r}, 'a').write(json.dumps([{name!r}, *sys.argv[1:]]) + chr(10))\n"
        )
        path.chmod(0o755)
    return folder


@pytest.mark.real
@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_each_word_comes_through_as_it_is(shell, needs, programs, tmp_path):
    lines = [Command("log", word, f"x{word}y", incident="INC-20261123-01").text("my kb") for word in WORDS]
    _paste(str(needs(shell)), SHELLS[shell], lines, programs, tmp_path)
    started = [json.loads(line) for line in (tmp_path / "started").read_text().splitlines()]
    expected = [
        [*Command("log", word, f"x{word}y", incident="INC-20261123-01").argv("my kb")]
        for word in WORDS
        # A terminal completes at a tab, so this one cannot be typed; what cannot be shown is kept in a file.
        if "\t" not in word
    ]
    assert [each for each in started if "\t" not in "".join(each)] == expected
    assert sorted(os.listdir(tmp_path)) == ["bin", "home", "started"]


@pytest.mark.parametrize("word", WORDS)
def test_python_reads_what_a_shell_reads(word):
    command = Command("log", word, incident="INC-20261123-01")
    assert shlex.split(command.text("my kb")) == list(command.argv("my kb"))


@pytest.mark.parametrize("word", ["-x --flag", "--force", "-", "---", "-10m", "--read-word", "--help"])
@pytest.mark.parametrize("verb", [("log",), ("action add",), ("tell", "team"), ("mitigate",), ("follow-up add",)])
def test_our_own_command_line_takes_such_a_word_for_text(run, vault, note, verb, word):
    command = Command(verb[0], *verb[1:], f"{word} it is", options=("--as", "bob"), incident="INC-20261123-01")
    assert run(*command, vault=vault).returncode == 0
    notes = "".join(each.read_text() for each in note.parent.glob("*.md"))
    assert f"{word} it is" in notes


def _paste(shell: str, options: tuple[str, ...], lines: list[str], programs: Path, folder: Path) -> None:
    """Type lines into a shell at a terminal of its own, and wait for its end."""
    home = folder / "home"
    home.mkdir()
    env = {"PATH": str(programs), "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": str(home)}
    typed = "".join(f"{line}\r" for line in [*(each for each in lines if "\t" not in each), "exit"])
    # A process of its own, because one with threads, as the tests' are, may not be forked.
    spawn = [sys.executable, "-c", "import pty, sys; pty.spawn(sys.argv[1:])", shell, *options]
    subprocess.run(spawn, input=typed.encode(), stdout=subprocess.DEVNULL, cwd=folder, env=env, check=False)
