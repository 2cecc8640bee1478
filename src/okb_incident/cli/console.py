"""The console: a prompt on one incident, whose lines run the same commands as the command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from okb_incident.cli.console_text import prompt_text, show_entries
from okb_incident.cli.output import answer, comment, show_error
from okb_incident.cli.table import BY_NAME
from okb_incident.command import Command, Sentence
from okb_incident.core.guidance.console_line import CommandLine, LoneVerb, RefusedLine, TextLine, read_line
from okb_incident.errors import ExitCode, OkbError, UsageError
from okb_incident.workflow.look.console import ConsoleIncident

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from okb_incident.workflow.call import Call

    class Prompt(Protocol):
        """Where lines are typed."""

        def read(self, kept: str) -> tuple[str, bool]:
            """Return a line, and whether it begins with pasted text; raise EOFError at the end, KeyboardInterrupt for Ctrl-C.

            Args:
                kept: A line that was not carried out, to be typed on.
            """

        def ask(self, question: str) -> str:
            """Return the answer to a question; raise as `read`."""


HELP = """\
TEXT                    timeline entry, stamped at Enter; 02:05 TEXT or -10m TEXT sets its time
/ack  /sev LEVEL  /identify  /contain  /mitigate  /resolve  /reopen   with words that are logged
/tell AUDIENCE TEXT  /expect 40m TEXT
/role ROLE WHO  /handoff ROLE WHO TEXT  /team TEAM  /escalate REASON
/action TEXT  /a1 start|done|cancel  /h1 confirmed|refuted  /verify KIND WHAT ok|fail
/next  /show  /timeline  /undo (this console's last command)
/as WHO (who types from now on)  /help  /quit
A leading blank or // makes any line text. Ctrl-C clears the line, Ctrl-D leaves."""


def open_console(call: Call) -> None:
    """Read lines and carry them out until the person leaves, then print what is due.

    Raises:
        UsageError: There is no terminal.
        OkbError: No or several incidents are meant.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the console needs a terminal", hint=Sentence(Command("log"), " < FILE"))
    Console(call).run()


class Console:
    """One console on one incident."""

    def __init__(self, call: Call, prompt: Prompt | None = None) -> None:
        self.vault = call.session.given_vault
        self.who = call.session.given_actor
        self.incident = ConsoleIncident(call)
        self.prompt = prompt or _prompt_for(self.incident)

    def run(self) -> None:
        """Carry out line after line."""
        comment(f"{self.incident.id} {self.incident.view.incident.headline}; /help lists the commands")
        kept = ""
        while True:
            try:
                line, pasted = self.prompt.read(kept)
            except KeyboardInterrupt:
                kept = ""
                continue
            except EOFError:
                break
            left = self.take(line, pasted=pasted)
            if left is None:
                break
            kept = left
        self._run("next", ())

    def take(self, line: str, *, pasted: bool = False) -> str | None:
        """Carry out a line; return what stays in the prompt, None to leave."""
        meant = read_line(line, pasted=pasted, known=BY_NAME, names=self.incident.names)
        if isinstance(meant, LoneVerb):
            chosen = self._chosen(meant)
            if chosen is None:
                return line
            meant = chosen
        if meant is None:
            return ""
        if isinstance(meant, RefusedLine):
            comment(meant.reason)
            return line
        if isinstance(meant, CommandLine) and not meant.writes:
            return self._without_writing(meant, line)
        return self._write(meant, line)

    def _chosen(self, lone: LoneVerb) -> CommandLine | TextLine | None:
        """Ask whether a lone verb is a command; None for no answer."""
        try:
            reply = self.prompt.ask(f"Run /{lone.text.text}? (y: run, n: log as text, Enter: back to the line) ")
        except (EOFError, KeyboardInterrupt):
            return None
        answers: dict[str, CommandLine | TextLine] = {"y": lone.command, "n": lone.text}
        return answers.get(reply.strip().lower()[:1])

    def _without_writing(self, command: CommandLine, line: str) -> str | None:
        if command.verb == "quit":
            return None
        if command.verb == "help":
            answer(HELP)
        elif command.verb == "as":
            if len(command.words) != 1:
                comment("who types from now on? /as gita")
                return line
            self.who = command.words[0]
            self.incident.act_as(self.who)
            comment(f"@{self.who.removeprefix('@')} types from now on")
        else:
            return line if self._run(command.verb, command.words) else ""
        return ""

    def _write(self, meant: CommandLine | TextLine, line: str) -> str:
        """Carry out what changes the incident, unless others changed what it was typed for."""
        try:
            self.show_new()
            if turned := self.incident.turned():
                comment(f"{turned}; nothing was written, Enter writes the line all the same")
                return line
            verb, words = _as_command(meant, self.incident)
            self.incident.begin()
        except OkbError as error:
            show_error(error, as_json=False)
            return line
        code = self._run(verb, words, asks=isinstance(meant, CommandLine))
        self._settle()
        return line if code not in {ExitCode.OK, ExitCode.DELIVERY, ExitCode.INTERRUPTED} else ""

    def _settle(self) -> None:
        try:
            self.incident.done()
            self.incident.look()
            self.incident.settle()
        except OkbError as error:
            show_error(error, as_json=False)

    def show_new(self) -> None:
        """Print the entries that others wrote."""
        show_entries(self.incident, self.incident.look())

    def _run(self, verb: str, words: Sequence[str], *, asks: bool = True) -> int:
        """Run a command of the command line on the incident; return its exit code."""
        from okb_incident.cli.main import run_one

        before = [
            *(("--vault", self.vault) if self.vault is not None else ()),
            *(("--as", self.who) if self.who is not None else ()),
            *(() if asks else ("--no-input",)),
        ]
        about = () if verb in {"undo", "team list"} else ("-i", self.incident.id.text)
        return run_one([*before, *verb.split(), *about, *words])


def _as_command(meant: CommandLine | TextLine, incident: ConsoleIncident) -> tuple[str, tuple[str, ...]]:
    """Return the command of the command line, and its words."""
    if isinstance(meant, CommandLine):
        if meant.verb == "undo":
            return "undo", (incident.last_own(),)
        return meant.verb, meant.words
    at = ("--at", meant.at) if meant.at else ()
    below = ("--below", meant.below) if meant.below else ()
    return "log", (*at, *below, "--", meant.text)


def _prompt_for(incident: ConsoleIncident) -> Prompt:
    if os.environ.get("TERM", "dumb") in {"dumb", "", "unknown"}:
        return PlainPrompt(incident)
    from okb_incident.cli.console_prompt import LinePrompt

    return LinePrompt(incident)


class PlainPrompt:
    """A prompt for a terminal that can only print."""

    def __init__(self, incident: ConsoleIncident) -> None:
        self.incident = incident

    def read(self, kept: str) -> tuple[str, bool]:
        """Return a line; a line that was kept is shown to be typed again."""
        if kept:
            comment(f"not written: {kept}")
        return self.ask(prompt_text(self.incident)), False

    def ask(self, question: str) -> str:
        """Return a line."""
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")
