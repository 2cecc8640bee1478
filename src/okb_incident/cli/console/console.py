"""The console: reads lines and carries each out as an entry of the timeline or as a command of the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.cli.aliases import ALIASES
from okb_incident.cli.choice import answered_by
from okb_incident.cli.console.shown import help_lines, show_entries
from okb_incident.cli.main import run_one
from okb_incident.cli.output import comment, show_error, typed_at
from okb_incident.cli.screen.forms import is_dumb
from okb_incident.cli.screen.view import show_lines
from okb_incident.cli.table import BY_NAME
from okb_incident.command import Command, Sentence
from okb_incident.core.guidance.console_line import CommandLine, LoneVerb, RefusedLine, TextLine, line_of, read_line
from okb_incident.errors import ExitCode, OkbError, UsageError
from okb_incident.workflow.look.console import ConsoleIncident

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from okb_incident.workflow.call import Call

    class Prompt(Protocol):
        """Where lines are typed."""

        def read(self, kept: str, who: str | None) -> str:
            """Return a line; raise EOFError at the end, KeyboardInterrupt for Ctrl-C.

            Args:
                kept: A line that was not carried out, to be typed on.
                who: Who types, where that is not whoever opened the console.
            """

        def ask(self, question: str) -> str:
            """Return the answer to a question; raise as `read`."""

        def close(self) -> None:
            """Leave the terminal as it was."""


KNOWN = {**{name: (name,) for name in BY_NAME}, **ALIASES}
"""The commands of the command line and their aliases, each with the words that it stands for."""


def open_console(call: Call) -> None:
    """Read lines and carry them out until the person leaves, then print what is due.

    Raises:
        UsageError: There is no terminal.
        OkbError: No or several incidents are meant.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the console needs a terminal", hint=Sentence(Command("log"), " < FILE"))
    incident = ConsoleIncident(call)
    Console(call, incident, _prompt_for(incident)).run()


class Console:
    """One console on one incident."""

    def __init__(self, call: Call, incident: ConsoleIncident, prompt: Prompt) -> None:
        self.vault = call.session.given_vault
        self.who = call.session.given_actor
        self.incident = incident
        self.prompt = prompt
        self._typist: str | None = None

    def run(self) -> None:
        """Carry out line after line."""
        comment(f"{self.incident.id} {self.incident.view.incident.headline}; /help lists the commands")
        kept: str | None = ""
        try:
            while kept is not None:
                try:
                    kept = self.take(self.prompt.read(kept, self._typist))
                except KeyboardInterrupt:
                    kept = ""
                except EOFError:
                    break
        finally:
            self.prompt.close()
        if not self.incident.is_hidden:
            run_one(self._arguments("next", ()))

    def take(self, line: str) -> str | None:
        """Carry out a line; return what stays in the prompt, None to leave."""
        meant = read_line(line, known=KNOWN, names=self.incident.names)
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
            show_lines(list(help_lines()))
        elif command.verb == "as":
            return self._act_as(command.words, line)
        elif self._is_out_of_sight():
            return line
        else:
            return line if self._run(command.verb, command.words) else ""
        return ""

    def _act_as(self, words: Sequence[str], line: str) -> str:
        if len(words) != 1:
            comment("who types from now on? /as gita")
            return line
        try:
            self.incident.act_as(words[0])
            self._typist = self.incident.me
        except OkbError as error:
            show_error(error, as_json=False)
            return line
        self.who = words[0]
        comment(f"@{self._typist} types from now on")
        return ""

    def _is_out_of_sight(self) -> bool:
        """Show what is new; return whether the incident cannot be shown here any more, and why."""
        try:
            self.show_new()
        except OkbError as error:
            show_error(error, as_json=False)
            return True
        if self.incident.is_hidden:
            shows = Command("show", incident=self.incident.id)
            comment(Sentence(f"{self.incident.id} was restricted; its text is not shown here; to read it: ", shows))
        return self.incident.is_hidden

    def _write(self, meant: CommandLine | TextLine, line: str) -> str:
        """Carry out what changes the incident, unless others changed what it was typed for."""
        try:
            self.show_new()
            if turned := self.incident.turned():
                comment(f"{turned}; nothing was written, Enter writes the line all the same")
                return line
            verb, words = self._as_command(meant)
            self.incident.begin()
        except OkbError as error:
            show_error(error, as_json=False)
            return line
        code = self._run(verb, words, asks=isinstance(meant, CommandLine))
        try:
            show_entries(self.incident, self.incident.done(verb))
        except OkbError as error:
            show_error(error, as_json=False)
        return line if code not in {ExitCode.OK, ExitCode.DELIVERY, ExitCode.INTERRUPTED} else ""

    def _as_command(self, meant: CommandLine | TextLine) -> tuple[str, tuple[str, ...]]:
        """Return the command of the command line, and its words.

        Raises:
            UsageError: It would undo what another console or terminal did.
            NotFoundError: This console has nothing to undo.
        """
        if isinstance(meant, TextLine):
            at = ("--at", meant.at) if meant.at else ()
            below = ("--below", meant.below) if meant.below else ()
            return "log", (*at, *below, "--", meant.text)
        if meant.verb != "undo":
            return meant.verb, meant.words
        if named := [word for word in meant.words if not word.startswith("-")]:
            raise UsageError(
                f"/undo undoes the last command of this console, and no named one (got {named[0]!r})", field="ENTRY"
            )
        return "undo", (*meant.words, self.incident.last_own())

    def show_new(self) -> None:
        """Print the entries that others wrote."""
        show_entries(self.incident, self.incident.look())

    def _run(self, verb: str, words: Sequence[str], *, asks: bool = True) -> int:
        """Run a command of the command line on the incident; return its exit code."""
        with answered_by(self.prompt.ask), typed_at(self._typed):
            return run_one(self._arguments(verb, words, asks=asks))

    def _arguments(self, verb: str, words: Sequence[str], *, asks: bool = True) -> list[str]:
        before = [
            *(("--vault", self.vault) if self.vault is not None else ()),
            *(("--as", self.who) if self.who is not None else ()),
            *(() if asks else ("--no-input",)),
        ]
        about = () if verb in {"undo", "team list"} else ("-i", self.incident.id.text)
        return [*before, *verb.split(), *about, *words]

    def _typed(self, command: Command) -> list[str] | None:
        """Return the words of a printed command as they are typed here."""
        return line_of(command, self.incident.id.text)


def _prompt_for(incident: ConsoleIncident) -> Prompt:
    if is_dumb():
        from okb_incident.cli.console.plain_prompt import PlainPrompt

        return PlainPrompt(incident)
    from okb_incident.cli.console.line_prompt import LinePrompt

    return LinePrompt(incident)
