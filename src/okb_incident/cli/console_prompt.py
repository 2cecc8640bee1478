"""The prompt of the console on a terminal: a line editor, a toolbar with what is due first, and what others write above it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

from okb_incident.cli.console_text import prompt_text, show_entries
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.screen_time import show_deadline
from okb_incident.errors import OkbError
from okb_incident.workflow.session import read_clock

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent

    from okb_incident.workflow.look.console import ConsoleIncident

EVERY = 1.0
"""Seconds between two looks at the note, and two drawings of the toolbar."""


class LinePrompt:
    """A line editor with history in memory."""

    def __init__(self, incident: ConsoleIncident, **given: Any) -> None:
        """Make the prompt.

        Args:
            incident: What it is about.
            given: Input and output, where they are not the terminal's.
        """
        self.incident = incident
        self.pasted = False
        self._session: PromptSession[str] = PromptSession(
            key_bindings=self._keys(), enable_open_in_editor=False, enable_suspend=True, **given
        )
        self._questions: PromptSession[str] = PromptSession(**given)
        self._session.default_buffer.on_text_changed += self._changed

    def read(self, kept: str) -> tuple[str, bool]:
        """Return a line, and whether it begins with pasted text."""
        pasted, self.pasted = self.pasted, False
        line = self._session.prompt(
            lambda: prompt_text(self.incident),
            default=kept,
            bottom_toolbar=self._toolbar,
            refresh_interval=EVERY,
            pre_run=lambda: self._begin(pasted=pasted and bool(kept)),
        )
        return line, self.pasted

    def ask(self, question: str) -> str:
        """Return the answer to a question."""
        return self._questions.prompt(question)

    def _begin(self, *, pasted: bool) -> None:
        self.pasted = pasted
        self._session.app.create_background_task(self._watch())

    def _changed(self, buffer: Any) -> None:
        if not buffer.text:
            self.pasted = False

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add(Keys.BracketedPaste)
        def paste(event: KeyPressEvent) -> None:
            """Put pasted text into the line; behind a command that was typed, on one line."""
            buffer = event.current_buffer
            before = buffer.document.text_before_cursor
            text = event.data.replace("\r\n", "\n").replace("\r", "\n")
            if before.startswith(("/", "incident ")) and not self.pasted:
                text = " ".join(text.split())
            buffer.insert_text(text)
            self.pasted = self.pasted or not before.strip()

        return keys

    def _toolbar(self) -> str:
        try:
            due = self.incident.due()
        except OkbError as error:
            return one_line(error.message)
        if not due:
            return "nothing is due"
        first = due[0]
        by = f"{show_deadline(first.by, read_clock()[0])}: " if first.by else ""
        return one_line(f"{by}{first.what}")

    async def _watch(self) -> None:
        """Look at the note once a second, and print what others wrote above the prompt."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                new = self.incident.look()
            except OkbError:
                continue
            if new:
                await run_in_terminal(lambda new=new: show_entries(self.incident, new))  # type: ignore[misc]
