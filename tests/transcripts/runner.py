"""Run a transcript: each command in a shell of its own, all of them in one folder that is gone afterwards."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from tests.shell import call_into
from tests.transcripts.ledger import faults_in_story
from tests.transcripts.transcript import ANY_LINES, load_transcript, show_block, show_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.transcripts.transcript import Command, Transcript

SECONDS_PER_COMMAND = 600

#: What differs from run to run or from release to release, and what stands for it. The story's folder is masked as <TMP>.
MASKS = (
    (re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b"), "<ULID>"),
    (re.compile(r"\b((?:okb-)?incident[ /])\d+\.\d+\.\d+[\w.+-]*"), r"\1<VERSION>"),
)

# The shell tells where it ended and what it exported, so that `cd` and `export` last as they do in a terminal. A trap does
# so even after `exit`.
SHELL = """trap 'code=$?; {{ pwd -P; env -0; }} >"{state}"; exit $code' EXIT
{command}
"""
OWN_TO_EACH_SHELL = {"_", "SHLVL"}

#: A command whose words a shell changes in no way but by taking the quotes off, and the pipeline that reads its answer.
PLAIN = re.compile(
    r"""incident (?P<words>(?:[ \w@%+:,./=-]|'[^']*'|"[^"$`\\]*")+)(?P<both> 2>&1)?(?: \| (?P<reader>.+))?""", re.DOTALL
)


class StoryError(Exception):
    """A command that did not come to an end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, masked, and its exit code."""

    output: tuple[str, ...]
    code: int


class Story:
    """The folder, the environment and the current folder in which the commands of one transcript run.

    Args:
        incident: The installed command under test; it comes first on PATH.
        inside: Answer a plain command in this process. It is then our own source that is tested, not what is installed.
    """

    def __init__(self, incident: Path, *, inside: bool = False) -> None:
        if incident.name != "incident" or not os.access(incident, os.X_OK):
            raise StoryError(
                f"{incident} is not a program called incident; install the project or pass --incident PATH"
            )
        self._inside = inside
        self._place = tempfile.TemporaryDirectory(prefix="incident-", ignore_cleanup_errors=True)
        top = Path(self._place.name).resolve()
        self.folder = top / "story"
        self._state, self._output, self._piped = top / "state", top / "output", top / "piped"
        self._cwd = str(self.folder)
        self._environment = environment(self.folder, incident)
        self._groups: list[int] = []
        for folder in (self.folder, self.folder / ".home", self.folder / ".tmp"):
            folder.mkdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for group in self._groups:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._place.cleanup()

    def run(self, command: str) -> Answer:
        """Run one command and wait for its shell; what it left in the background runs on until the story ends.

        Raises:
            StoryError: It took too long.
        """
        plain = PLAIN.fullmatch(command) if self._inside else None
        # A file and not a pipe: a background process that keeps it open does not keep us waiting.
        with self._output.open("wb") as sink:
            if plain is None:
                code = self._shell(command, subprocess.DEVNULL, sink)
            elif plain["reader"] is None:
                code = self._call(plain["words"], sink, sink)
            else:
                with self._piped.open("wb") as piped:
                    self._call(plain["words"], piped, piped if plain["both"] else sink)
                with self._piped.open("rb") as piped:
                    code = self._shell(plain["reader"], piped, sink)
        output = tuple(self._read().split("\n")) if self._output.stat().st_size else ()
        return Answer(output, code if code >= 0 else 128 - code)

    def _call(self, words: str, answer: IO[bytes], commentary: IO[bytes]) -> int:
        """Run our command in this process."""
        return call_into(answer, commentary, *shlex.split(words), env=self._environment, cwd=self._cwd)

    def _shell(self, command: str, stdin: IO[bytes] | int, sink: IO[bytes]) -> int:
        """Run a command in a shell of its own."""
        shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", SHELL.format(state=self._state, command=command)],
            cwd=self._cwd,
            env=self._environment,
            stdin=stdin,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._groups.append(shell.pid)
        try:
            code = shell.wait(SECONDS_PER_COMMAND)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)
            shell.wait()
            raise StoryError(f"still running after {SECONDS_PER_COMMAND} s: $ {command}\n{self._read()}") from None
        self._remember()
        return code

    def _read(self) -> str:
        """Give what was printed, as `cat -v` would show it, masked and without its last line end."""
        text = self._output.read_bytes().decode(errors="backslashreplace")
        text = "".join(c if c in "\n\t" or c.isprintable() or ord(c) > 127 else f"^{chr(ord(c) ^ 64)}" for c in text)
        text = text.removesuffix("\n") if text.endswith("\n") else f"{text} (no end of line)"
        text = text.replace(str(self.folder), "<TMP>")
        for pattern, mask in MASKS:
            text = pattern.sub(mask, text)
        return text

    def _remember(self) -> None:
        """Take over where the last shell ended and what it exported."""
        if not self._state.exists():
            return
        cwd, _, exported = os.fsdecode(self._state.read_bytes()).partition("\n")
        self._state.unlink()
        self._cwd = cwd
        pairs = (entry.partition("=") for entry in exported.split("\0") if entry)
        self._environment = {name: value for name, _, value in pairs if name not in OWN_TO_EACH_SHELL}


def environment(folder: Path, incident: Path) -> dict[str, str]:
    """Give what a command sees: nothing of the machine but PATH, and the coverage that is being measured."""
    home = folder / ".home"
    measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return measured | {
        "PATH": f"{incident.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_RUNTIME_DIR": str(folder / ".tmp"),
        "TMPDIR": str(folder / ".tmp"),
        "USER": "alice",
        "LOGNAME": "alice",
        "SHELL": "/bin/bash",
        "TERM": "dumb",
        "COLUMNS": "100",
        "LINES": "40",
        "NO_COLOR": "1",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        # Otherwise a file or pipe gets all of stderr before any of stdout; a terminal shows them as they come.
        "PYTHONUNBUFFERED": "1",
    }


def play(path: Path, incident: Path, *, name: str | None = None, update: bool = False, inside: bool = False) -> str:
    """Run a transcript and say what went differently than it tells; nothing where all is as told.

    Args:
        path: The transcript.
        incident: The installed command under test; it comes first on PATH.
        name: What messages call the file.
        update: Write what came into the file. Proofs are still held.
        inside: Answer plain commands in this process, without starting the installed one.

    Raises:
        TranscriptError: The file cannot be read as a transcript.
        StoryError: A command did not end, or there is no command to test.
    """
    transcript = load_transcript(path, name)
    with Story(incident, inside=inside) as story:
        answers = [[story.run(command.text) for command in block.commands] for block in transcript.blocks]
    if update:
        path.write_text(_updated(transcript, answers), encoding="utf-8")
    faults: list[str] = []
    for block, given in zip(transcript.blocks, answers, strict=True):
        if not update:
            faults += [
                _difference(command, answer, transcript.name)
                for command, answer in zip(block.commands, given, strict=True)
                if not _fits(command, answer)
            ]
    faults += faults_in_story(transcript, answers)
    return "\n\n".join(faults)


def _fits(command: Command, answer: Answer) -> bool:
    wanted = "".join(r"(?:.*\n)*?" if line is ANY_LINES else re.escape(line) + r"\n" for line in command.expected)
    return command.code == answer.code and bool(re.fullmatch(wanted, "".join(f"{line}\n" for line in answer.output)))


def _difference(command: Command, answer: Answer, name: str) -> str:
    return "\n".join(
        difflib.unified_diff(
            show_output(command.expected, command.code),
            show_output(answer.output, answer.code),
            fromfile=f"{name}:{command.line}: $ {command.text.splitlines()[0]}",
            tofile="what came",
            lineterm="",
        ),
    )


def _updated(transcript: Transcript, answers: Sequence[Sequence[Answer]]) -> str:
    """Give the file with what came in place of what differed; prose and fitting answers keep their bytes."""
    lines = list(transcript.lines)
    for block, given in reversed(list(zip(transcript.blocks, answers, strict=True))):
        pairs = list(zip(block.commands, given, strict=True))
        if not all(_fits(command, answer) for command, answer in pairs):
            kept = [
                (command.expected if _fits(command, answer) else answer.output, answer.code)
                for command, answer in pairs
            ]
            lines[block.first - 1 : block.last] = show_block(block, kept)
    return "\n".join(lines) + "\n"
