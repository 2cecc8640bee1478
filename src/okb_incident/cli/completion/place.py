"""The place of the cursor on a command line: the command, what is typed of it, and which word is completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.cli.aliases import WITH_VALUE, meant
from okb_incident.cli.table import BY_NAME, is_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Place(NamedTuple):
    """Where on a command line something is completed.

    Attributes:
        command: The command, of a group both words; a group alone where its command is completed; empty where the first one is.
        words: The positional words before the cursor.
        options: The options before the cursor, by the longest name of each, with the last value.
        option: The option whose value is completed, by its longest name; None where a word is.
        current: What is typed of the word that is completed.
        kept: What is typed before that in the same word, and stays: ``--where=``.
        only_words: Two hyphens are typed, so that no word is an option any more.
    """

    command: str
    words: tuple[str, ...] = ()
    options: Mapping[str, str] = {}
    option: str | None = None
    current: str = ""
    kept: str = ""
    only_words: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether a command is typed that does not exist."""
        return bool(self.words) and (not self.command or is_group(self.command))

    def at(self, kept: int) -> Place:
        """Return the place with some more of the current word kept."""
        return self._replace(kept=self.kept + self.current[:kept], current=self.current[kept:])


def find_place(words: Sequence[str], current: str) -> Place:
    """Find the place of the cursor.

    Args:
        words: The words before the one at the cursor, without the name of the program.
        current: What is typed of the word at the cursor.
    """
    words = meant(words)
    options: dict[str, str] = {}
    rest = list(words)
    while rest and rest[0].startswith("-"):
        name, equals, value = rest.pop(0).partition("=")
        if name in WITH_VALUE and not equals:
            if not rest:
                return Place("", options=options, option=name, current=current)
            value = rest.pop(0)
        options[name] = value
    command = rest.pop(0) if rest else ""
    if command in BY_NAME and is_group(command) and rest and not rest[0].startswith("-"):
        below = f"{command} {rest[0]}"
        if rest[0] in _commands_below(command):
            command, rest = below, rest[1:]
    if command not in BY_NAME and command.partition(" ")[0] not in BY_NAME:
        return _first_word(command, options, current)
    return _inside(Place(command, options=options, current=current), rest)


def _first_word(command: str, options: Mapping[str, str], current: str) -> Place:
    """Return the place of a command that is typed now, or the place behind one that does not exist."""
    place = Place("", (command,) if command else (), options, current=current)
    name, equals, _ = current.partition("=")
    return place.at(len(name) + 1)._replace(option=name) if equals and name in WITH_VALUE else place


def _commands_below(group: str) -> Mapping[str, str]:
    below = BY_NAME[group].words
    return below if not isinstance(below, str) else {}


def _inside(place: Place, rest: Sequence[str]) -> Place:
    """Return the place in the words after a command."""
    if not any(word.startswith("-") and len(word) > 1 for word in (*rest, place.current)):
        # The parser, which alone knows the options, takes as long to load as all the rest.
        return place._replace(words=tuple(rest))
    from okb_incident.cli.completion.parameters import options_of, stops_at_words

    known = options_of(place.command)
    words: list[str] = []
    options = dict(place.options)
    stops, remaining = stops_at_words(place.command), iter(rest)
    for word in remaining:
        name, equals, value = word.partition("=")
        if word == "--" or (stops and name not in known):
            words += [*([word] if stops or word != "--" else []), *remaining]
            return place._replace(words=tuple(words), options=options, only_words=True)
        option = known.get(name)
        if option is None:
            words += [word] if not word.startswith("-") else []
            continue
        if option.takes_value and not equals:
            following = next(remaining, None)
            if following is None:
                return place._replace(words=tuple(words), options=options, option=option.name)
            value = following
        options[option.name] = value
    place = place._replace(words=tuple(words), options=options)
    name, equals, _ = place.current.partition("=")
    option = known.get(name) if equals else None
    return place.at(len(name) + 1)._replace(option=option.name) if option and option.takes_value else place
