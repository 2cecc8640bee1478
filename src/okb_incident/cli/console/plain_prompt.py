"""The prompt of the console on a terminal that can only print: no toolbar, no editing, no colour."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.cli.console.shown import prompt_parts, show_entries
from okb_incident.cli.output import comment
from okb_incident.errors import OkbError

if TYPE_CHECKING:
    from okb_incident.workflow.look.console import ConsoleIncident


class PlainPrompt:
    """A prompt for a terminal that can only print."""

    def __init__(self, incident: ConsoleIncident) -> None:
        self.incident = incident

    def read(self, kept: str, who: str | None) -> str:
        """Return a line; an empty one stands for a line that was kept, which this terminal cannot put into the prompt."""
        try:
            show_entries(self.incident, self.incident.watch())
        except OkbError as error:
            comment(error.message)
        if kept:
            comment(f"not written; Enter sends it again, Ctrl-C drops it: {kept}")
        try:
            line = self.ask("".join(str(part.text) for part in prompt_parts(self.incident, who)))
        except KeyboardInterrupt:
            print(file=sys.stderr)
            raise
        return line if line.strip() else kept

    def ask(self, question: str) -> str:
        """Return a line."""
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            print(file=sys.stderr)
            raise EOFError
        return line.rstrip("\n")

    def close(self) -> None:
        """Leave the terminal as it is."""
