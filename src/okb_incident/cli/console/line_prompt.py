"""The prompt of the console on a terminal: a line editor, a toolbar with what is due first, and what others write above it."""

from __future__ import annotations

import asyncio
import re
import sys
import termios
import tty
from functools import partial
from typing import TYPE_CHECKING, Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from rich.cells import cell_len

from okb_incident.cli.console.shown import due_parts, prompt_parts, show_entries
from okb_incident.cli.screen.device import cut, signs
from okb_incident.errors import OkbError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prompt_toolkit.key_binding import KeyPressEvent

    from okb_incident.cli.screen.lines import Part
    from okb_incident.workflow.look.console import ConsoleIncident

EVERY = 1.0
"""Seconds between two looks at the note, and two drawings of the toolbar."""

#: A command that was typed whole, behind which pasted text belongs to its words.
TYPED_COMMAND = re.compile(r"(?:/|incident +)\S+\s")
COLORS = frozenset({"red", "yellow", "green", "cyan"})


class LinePrompt:
    """A line editor with history in memory."""

    def __init__(self, incident: ConsoleIncident) -> None:
        self.incident = incident
        self._terminal = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._terminal)
        # What is typed while a command runs waits for the next prompt key by key, Ctrl-D too, and is shown there.
        tty.setcbreak(self._terminal, termios.TCSANOW)
        self._lines: PromptSession[str] = PromptSession(
            key_bindings=_keys(_paste), enable_open_in_editor=False, enable_suspend=True
        )
        self._answers: PromptSession[str] = PromptSession(key_bindings=_keys(_paste_answer))

    def read(self, kept: str, who: str | None) -> str:
        """Return a line."""
        line = self._lines.prompt(
            lambda: _styled(prompt_parts(self.incident, who)),
            default=kept,
            bottom_toolbar=self._toolbar,
            refresh_interval=EVERY,
            pre_run=self._begin,
        )
        self._mark_pastes(on=True)
        return line

    def ask(self, question: str) -> str:
        """Return the answer to a question; what was typed ahead answers it, as on the terminal itself."""
        answer = self._answers.prompt(question)
        self._mark_pastes(on=True)
        return answer

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._mark_pastes(on=False)
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

    def _mark_pastes(self, *, on: bool) -> None:
        """Let the terminal mark what is pasted while a command runs, so that the next prompt knows it for a paste."""
        output = self._lines.app.output
        (output.enable_bracketed_paste if on else output.disable_bracketed_paste)()
        output.flush()

    def _toolbar(self) -> FormattedText:
        """Return what is due first on one row."""
        cells = self._lines.app.output.get_size().columns
        row, used = FormattedText(), 0
        for part in due_parts(self.incident):
            fitting = cut(signs(str(part.text)), max(cells - used, 0))
            row.append((_style(part.tone), fitting))
            used += cell_len(fitting)
        return row

    def _begin(self) -> None:
        self._lines.app.create_background_task(self._watch())

    async def _watch(self) -> None:
        """Look at the note once a second, and print what others wrote above the prompt."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                new = self.incident.watch()
            except OkbError:
                # The toolbar says so, and so does the next line.
                continue
            if new:
                await run_in_terminal(partial(show_entries, self.incident, new))


def _keys(paste: Any) -> KeyBindings:
    keys = KeyBindings()
    keys.add(Keys.BracketedPaste)(paste)
    return keys


def _paste(event: KeyPressEvent) -> None:
    """Put pasted text into the line: behind a command on one line, and anywhere else so that the line is never a command."""
    buffer = event.current_buffer
    text = event.data.replace("\r\n", "\n").replace("\r", "\n")
    before = buffer.document.text_before_cursor
    if TYPED_COMMAND.match(before):
        buffer.insert_text(" ".join(text.split()))
        return
    buffer.insert_text(text)
    if not before.strip() or before.startswith(("/", "incident")):
        place = buffer.cursor_position
        buffer.text = f" {buffer.text}"
        buffer.cursor_position = place + 1


def _paste_answer(event: KeyPressEvent) -> None:
    """Put pasted text into an answer, which has one line."""
    event.current_buffer.insert_text(" ".join(event.data.split()))


def _styled(parts: Iterable[Part]) -> FormattedText:
    """Return parts as prompt_toolkit draws them."""
    return FormattedText((_style(part.tone), signs(str(part.text))) for part in parts)


def _style(tone: str) -> str:
    return " ".join(f"ansi{word}" if word in COLORS else word for word in tone.split())
