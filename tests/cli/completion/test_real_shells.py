"""Completion in real shells: typed at a terminal of its own, as in the typical night, and asked of the shell's own functions."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import termios
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CARDS, SEARCH = "INC-20261123-02", "INC-20261123-01"
PATIENCE = 120
"""Seconds after which a shell is taken to hang."""

OPTIONS = {"bash": ("--noprofile", "-i"), "zsh": ("-d", "-i"), "fish": ("-i",)}
"""With which a shell reads the start-up file of its user, and none of the machine."""
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "scripts.md"
SHOW = {
    "bash": r"""show() { printf '<<%s>>\n' "$(printf '%s|' "$@")"; }""",
    "zsh": r"""show() { printf '<<%s>>\n' "$(printf '%s|' "$@")"; }""",
    "fish": r"""function show; printf '<<%s>>\n' (string join '|' -- $argv)'|'; end""",
}
TO_BEGIN, ENTER, CLEAR = "\x01", "\r", "\x15"
ANSWERS = {b"\x1b[c": b"\x1b[?62c", b"\x1b[0c": b"\x1b[?62c", b"\x1b[6n": b"\x1b[1;1R"}
"""What a terminal answers where a shell asks it."""


class Typist:
    """Somebody who types at a shell and reads what it shows."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._shown = b""

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read until the shell shows something; return it, and forget all before."""
        while (found := re.search(pattern, self._shown.decode(errors="replace"))) is None:
            ready, _, _ = select.select([self._terminal], [], [], PATIENCE)
            assert ready, f"{pattern!r} is not shown: {self._shown.decode(errors='replace')[-2000:]}"
            more = os.read(self._terminal, 4096)
            for question, answer in ANSWERS.items():
                if question in more:
                    os.write(self._terminal, answer)
            self._shown += more
        self._shown = b""
        return found

    def completed(self, line: str) -> list[str]:
        """Type a line with Tab at its end; return the words that stand there then."""
        self.type(f"{line}\t{TO_BEGIN}show {ENTER}")
        return self.wait_for(r"<<([^<>]*)\|>>")[1].split("|")


@pytest.fixture
def environment(kb: Path, incident: Path, tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "dump.hprof").touch()
    (home / "dumps").mkdir()
    return {
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE")},
        "PATH": f"{incident.parent}:/usr/bin:/bin",
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local"),
        "TERM": "xterm",
        "LC_ALL": "C.UTF-8",
        "INCIDENT_VAULT": str(kb),
        "INCIDENT_USER": "alice",
        "INCIDENT_NOW": NOW,
    }


def documented(shell: str) -> str:
    """Return the lines that install completion in a shell, as the documentation has them."""
    return DOCUMENTATION.read_text(encoding="utf-8").partition(f"```{shell}\n")[2].partition("```")[0]


@pytest.fixture
def at_terminal(needs: Callable[[str], object], environment: dict[str, str]) -> Iterator[Callable[[str], Typist]]:
    """Start a shell at a terminal, with completion as the documentation installs it."""
    with ExitStack() as stack:

        def start(name: str) -> Typist:
            program = str(needs(name))
            subprocess.run([program, "-c", documented(name)], env=environment, cwd=environment["HOME"], check=True)
            ours, theirs = pty.openpty()
            stack.callback(os.close, ours)
            process = subprocess.Popen(
                [program, *OPTIONS[name]],
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                env=environment,
                cwd=environment["HOME"],
                start_new_session=True,
                preexec_fn=_own_terminal,  # noqa: PLW1509 - nothing of Python runs after it
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            os.close(theirs)
            typist = Typist(ours)
            typist.type(f"{SHOW[name]}{ENTER}show ready{ENTER}")
            typist.wait_for("<<ready")
            return typist

        yield start


@pytest.fixture(params=sorted(OPTIONS))
def shell(request: pytest.FixtureRequest, at_terminal: Callable[[str], Typist]) -> Typist:
    """Each of the shells."""
    return at_terminal(request.param)


def _own_terminal() -> None:
    """Make the terminal that a shell reads the one that controls it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.real
def test_a_night_is_typed_with_tab(shell):
    typed = shell.completed
    assert typed("incident ac") != ["incident", "ack"]  # action too
    assert typed("incident mit") == ["incident", "mitigate"]
    assert typed("incident ack ") == ["incident", "ack", CARDS]
    assert typed("incident ack inc") == ["incident", "ack", CARDS]
    assert typed("incident close ") == ["incident", "close", SEARCH]
    assert typed("incident log hyp") == ["incident", "log", "hypothesis:"]
    assert typed("incident tell us") == ["incident", "tell", "users"]
    assert typed("incident tell users 'Cards fail' --ne") == ["incident", "tell", "users", "Cards fail", "--next"]
    assert typed("incident role te") == ["incident", "role", "tech"]
    assert typed("incident role tech gi") == ["incident", "role", "tech", "gita"]
    assert typed("incident escalate pay") == ["incident", "escalate", "payments"]
    assert typed("incident set urgency=hi") == ["incident", "set", "urgency=high"]
    assert typed("incident set caus") == ["incident", "set", "cause="]
    assert typed("incident set cause=chan") == ["incident", "set", "cause=change"]
    assert typed("incident list --where=severity=sev1") == ["incident", "list", "--where=severity=sev1"]
    assert typed("incident list --where urgency=me") == ["incident", "list", "--where", "urgency=medium"]
    assert typed("incident set tlp=TLP:G") == ["incident", "set", "tlp=TLP:GREEN"]
    assert typed("incident restore -i 02 Card") == ["incident", "restore", "-i", "02", "Card terminal"]
    assert typed("incident set services=che") == ["incident", "set", "services=checkout"]


@pytest.mark.real
def test_files_are_offered_only_where_one_is_wanted(shell):
    assert shell.completed("incident log --file dump.") == ["incident", "log", "--file", "dump.hprof"]
    assert shell.completed('incident log --file "dump.') == ["incident", "log", "--file", "dump.hprof"]
    assert shell.completed("incident log --file=dump.")[-1].endswith("dump.hprof")
    assert shell.completed("incident demo --dir dum")[-1].rstrip("/") == "dumps"
    assert shell.completed("incident log du") == ["incident", "log", "du"]
    assert shell.completed("incident ack dump.") == ["incident", "ack", "dump."]
    assert shell.completed("incident run -- cat dump.") == ["incident", "run", "--", "cat", "dump.hprof"]


@pytest.mark.real
@pytest.mark.parametrize("text", ["no settings [", 'zone = "Nowhere/At All"\n'])
def test_a_vault_that_is_broken_leaves_the_line_as_it_is(shell, kb, text):
    (kb / "incident.toml").write_text(text)
    assert shell.completed("incident foo ba") == ["incident", "foo", "ba"]
    assert shell.completed("incident role responder zz") == ["incident", "role", "responder", "zz"]
    assert shell.completed("incident tell us") == ["incident", "tell", "users"]


@pytest.mark.real
@pytest.mark.parametrize(
    ("line", "current", "offered"),
    [
        ("incident role tech ", "", ["me", "alice", "bob", "gita"]),
        ("incident set severity=", "", ["sev1", "sev2", "sev3", "sev4", "undetermined"]),
        ("incident set tlp=TLP:R", "R", ["RED"]),
        ("incident role tech @g", "g", ["gita"]),
        ("incident restore -i 02 ", "", ["checkout", "Card\\ terminal"]),
        ('incident restore -i 02 "Card', '"Card', ["Card terminal"]),
        ("incident restore -i 02 'Card", "'Card", ["Card terminal"]),
        ("incident ack 'unfinished", "'unfinished", []),
        ("INCIDENT_USER=bob incident ack ", "", [CARDS]),
        ("i ack ", "", [CARDS]),
    ],
)
def test_bash_is_offered_what_fits_behind_its_breaks(needs, environment, line, current, offered):
    ask = (
        "source <(incident completion bash)\n"
        'COMP_LINE=$1; COMP_POINT=${#1}; COMP_WORDS=(incident "$2"); COMP_CWORD=1\n'
        "_incident; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        [str(needs("bash")), "-c", ask, "bash", line, current],
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert [each for each in done.stdout.splitlines() if each] == offered


@pytest.mark.real
def test_fish_shows_what_a_word_means(needs, environment):
    def asked(line):
        script = f"incident completion fish | source; complete -C '{line}'"
        done = subprocess.run(
            [str(needs("fish")), "--no-config", "-c", script],
            env=environment,
            cwd=environment["HOME"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    assert asked("incident ack ") == [f"{CARDS}\tSEV2 triage, Card payments fail"]
    assert "ack\tAcknowledge an incident." in asked("incident a")
    assert asked("incident log du") == []
    assert asked("incident log --file du") == ["dump.hprof", "dumps/"]
    assert asked("incident role tech ")[:2] == ["me\tyou", "alice"]


@pytest.mark.real
def test_zsh_shows_what_a_word_means(at_terminal):
    typist = at_terminal("zsh")
    typist.type("incident ac\t")
    typist.wait_for(r"ack +-- Acknowledge an incident\.")
    typist.type(f"{CLEAR}incident set severity=\t\t")
    typist.wait_for("severity=sev1 +-- most users")
