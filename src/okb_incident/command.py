"""A command of ours as people paste it: an argument vector, and the one place that writes it for a shell.

Whatever tells a person or a program to run `incident` holds a `Command`, alone or inside a `Sentence`. It becomes text when it is
printed, because only the terminal knows which vault was typed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PROGRAM = "incident"

#: Words that bash, zsh and fish read as themselves. zsh expands an ``=`` at the start of a word, fish a ``%``.
PLAIN = r"[A-Za-z0-9_./:@,+…-][A-Za-z0-9_./:@,+…%=-]*"

#: Fish obeys a backslash in single quotes, so that sign and the single quote itself go into double quotes.
MARKS = r"""(['\\]+)"""


class Command(tuple[str, ...]):
    """An argument vector without the program's name: ``("severity", "-i", "INC-20261123-01", "sev1")``."""

    __slots__ = ()

    def __new__(
        cls, verb: str, *words: object, options: Iterable[object] = (), incident: object = None, by: str | None = None
    ) -> Self:
        """Make one that can be pasted as it is: a word that only a person knows is left out, and the command asks for it.

        Args:
            verb: The command; of a group, both words.
            words: The words that follow it, whatever they begin with.
            options: The options, each followed by its value; the last may lack it.
            incident: The id of the incident that it is about, which goes right after the verb.
            by: Who has to run it, where that is not whoever reads it.
        """
        who = ("--as", by) if by else ()
        named = ("-i", str(incident)) if incident is not None else ()
        after = [*map(str, words)], [*map(str, options)]
        if verb == "run" or any(word.startswith("-") for word in after[0]):
            # Everything after two dashes is a word; what is run has options of its own.
            after = after[1], ["--", *after[0]]
        return super().__new__(cls, (*who, *verb.split(), *named, *after[0], *after[1]))

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Return the command of an argument vector that is known, without the program's name."""
        return super().__new__(cls, words)

    def argv(self, vault: str | None = None) -> tuple[str, ...]:
        """Return what a program runs, the name of ours first."""
        chosen = ("--vault", vault) if vault is not None else ()
        return (PROGRAM, *chosen, *self)

    def text(self, vault: str | None = None) -> str:
        """Return what a person pastes into bash, zsh or fish."""
        return " ".join(map(quoted, self.argv(vault)))

    def __str__(self) -> str:
        return self.text()


class Sentence(tuple["str | Command", ...]):
    """Words with commands among them, such as ``Sentence(command, " names all of them")``."""

    __slots__ = ()

    def __new__(cls, *parts: Text) -> Self:
        """Make one of its parts, in order; a sentence among them is taken apart."""
        flat = (part if isinstance(part, Sentence) else (part,) for part in parts)
        return super().__new__(cls, (each for part in flat for each in part))

    def __str__(self) -> str:
        return shown(self)


class Candidate(NamedTuple):
    """A command that may have been meant.

    Attributes:
        command: The command; its text never holds a title, so that all of it can be pasted.
        label: What it would act on.
    """

    command: Command
    label: str


Text = str | Command | Sentence


def shown(text: Text, words: Callable[[str], str] = str, command: Callable[[Command], str] = str) -> str:
    """Return words with their commands as a person reads and pastes them.

    Args:
        text: The words.
        words: What becomes of the words between commands.
        command: What becomes of a command.
    """
    parts = text if isinstance(text, Sentence) else (text,)
    return "".join(command(part) if isinstance(part, Command) else words(part) for part in parts)


def commands_in(text: Text | None) -> tuple[Command, ...]:
    """Return the commands in some words."""
    if isinstance(text, Command):
        return (text,)
    return tuple(part for part in text if isinstance(part, Command)) if isinstance(text, Sentence) else ()


def quoted(word: str) -> str:
    r"""Quote a word so that bash, zsh and fish read it as it is.

    `shlex.quote` holds in POSIX shells alone: it leaves backslashes in single quotes, where fish obeys them. Signs that a terminal
    would obey cannot be quoted, only kept elsewhere.
    """
    if re.fullmatch(PLAIN, word):
        return word
    if not word:
        return "''"
    return "".join(
        '"' + part.replace("\\", "\\\\") + '"' if part[0] in "'\\" else f"'{part}'"
        for part in re.split(MARKS, word)
        if part
    )
