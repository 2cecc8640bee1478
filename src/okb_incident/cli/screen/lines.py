"""Lines of a view: parts with a tone, plain in a pipe, and on a terminal broken between words to its width."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from okb_incident.cli.output import as_text
from okb_incident.command import Command, Sentence

if TYPE_CHECKING:
    from okb_incident.command import Text


class Part(NamedTuple):
    """A part of a line.

    Attributes:
        text: Words, or a command.
        tone: Its style on a terminal.
    """

    text: str | Command
    tone: str = ""


class Line(NamedTuple):
    """A line of a view.

    Attributes:
        parts: What it consists of.
        hang: How far the rows after the first are indented on a terminal.
        is_cut: Whether it has one row on a terminal, cut with … where it is longer.
    """

    parts: tuple[Part, ...]
    hang: int = 0
    is_cut: bool = False

    @classmethod
    def of(cls, *parts: Text | Part, hang: int = 0, is_cut: bool = False) -> Self:
        """Return a line of words, commands, sentences and parts with a tone."""
        flat: list[Part] = []
        for part in parts:
            if isinstance(part, Part):
                flat.append(part)
            elif isinstance(part, Sentence):
                flat += [Part(each) for each in part]
            else:
                flat.append(Part(part))
        return cls(tuple(flat), hang, is_cut)

    def plain(self) -> str:
        """Return the line as plain text."""
        return "".join(as_text(part.text) for part in self.parts).rstrip()
