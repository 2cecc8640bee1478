"""Completing one place of a command line: the words that may come there and begin with what is typed."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.cli.completion.fixed_words import commands
from okb_incident.cli.completion.offers import ORDER, FromShell, fits, offer_of
from okb_incident.cli.completion.parts import Part, may_come, parts_of
from okb_incident.cli.completion.place import find_place
from okb_incident.cli.completion.vault_words import VaultWords
from okb_incident.cli.table import BY_NAME, is_group, usage_of
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okb_incident.cli.completion.offers import Offer, Words
    from okb_incident.cli.completion.place import Place

MOST = 100
"""Words that are offered; who has more of them types a letter."""


class Completions(NamedTuple):
    """What may be typed at a place.

    Attributes:
        words: Whole words, each with what it means.
        by_shell: What the shell itself completes there; None where it completes nothing.
    """

    words: list[tuple[str, str]]
    by_shell: FromShell | None = None


def complete(words: Sequence[str], current: str, *, described: bool = True) -> Completions:
    """Complete a command line.

    Args:
        words: The words before the one at the cursor, without the name of the program.
        current: What is typed of the word at the cursor.
        described: The shell shows what a word means.
    """
    place = find_place(words, current)
    vault = VaultWords(place.options.get("--vault"))
    sources = list(_sources(vault, place, described=described))
    offered = chain.from_iterable(each(vault, place) for each in sources if not isinstance(each, FromShell))
    by_shell = next((each for each in sources if isinstance(each, FromShell)), None)
    return Completions(_fitting(place, offered), by_shell)


def _sources(vault: VaultWords, place: Place, *, described: bool) -> Iterator[Offer | FromShell]:
    """Yield what offers the words of a place."""
    if place.option is not None:
        yield from _offered(place.command, place.option, _metavar(place))
    elif place.current.startswith("-") and not place.only_words:
        yield _options
    elif not place.command or is_group(place.command):
        yield _commands_below if described else _names_below
    else:
        parts = may_come(_parts_at(place), place.words, partial(fits, vault, place))
        for name in dict.fromkeys(name for part in parts for name in part.names):
            yield from [partial(_word, name)] if is_typed_so(name) else _offered(place.command, name, words=place.words)


def _parts_at(place: Place) -> list[Part]:
    """Return the parts of the words of a command; where its incident is typed as an option, no word names it."""
    parts = parts_of(usage_for(place.command))
    is_named = "--incident" in place.options and parts[:1] == [Part("REF", left_out=1)]
    return parts[1:] if is_named else parts


def usage_for(command: str) -> str:
    """Return the words of a command, as the table has them, else as the parser knows them."""
    if usage := ORDER.get(command) or usage_of(command):
        return usage
    if command in {"help", "describe"}:
        # Asked often, and the parser of them says no more.
        return "[COMMAND | TOPIC | all] [COMMAND]" if command == "help" else "[COMMAND]…"
    from okb_incident.cli.completion.parameters import arguments_of

    return arguments_of(command)


def is_typed_so(name: str) -> bool:
    """Return whether a part of a usage is a word that is typed as it is shown, such as ``ok``."""
    return name.islower() or name == "--"


def _offered(command: str, name: str, metavar: str = "", words: Sequence[str] = ()) -> list[Offer | FromShell]:
    offer = offer_of(command, name, metavar)
    if offer is FromShell.COMMANDS and words[-1:] != ("--",):
        # What another program takes is mostly a file.
        offer = FromShell.FILES
    return [offer] if offer else []


def _metavar(place: Place) -> str:
    """Return what stands for the value of an option in help."""
    from okb_incident.cli.completion.parameters import options_of

    return options_of(place.command)[place.option or ""].metavar


def _word(name: str, *_: object) -> Words:
    return [(name, "")]


def _commands_below(vault: VaultWords, place: Place) -> Words:
    """Return the commands, each with what it does."""
    return commands(vault, place if not place.command else place._replace(words=(place.command, *place.words)))


def _names_below(_: VaultWords, place: Place) -> Words:
    """Return the names of the commands, from the table alone."""
    names: Iterable[str] = BY_NAME
    if place.command:
        below = BY_NAME[place.command].words
        names = () if isinstance(below, str) else below
    return [] if place.words else [(name, "") for name in names]


def _options(_: VaultWords, place: Place) -> Words:
    """Yield the options of a command that may still be typed: each by its first long name, or by the one that is typed."""
    from okb_incident.cli.completion.parameters import options_of

    for option in dict.fromkeys(options_of(place.command).values()):
        if option.hidden or (option.name in place.options and not option.repeated):
            continue
        long = [name for name in option.names if name.startswith("--")] or list(option.names)
        fitting = [name for name in long if name.startswith(place.current)]
        yield from [(name, option.help) for name in fitting[:1]]


def _fitting(place: Place, offered: Words) -> list[tuple[str, str]]:
    """Return the words that begin with what is typed, each once and whole; where none does, those that do in another case."""
    typed, found = place.current, dict[str, str]()
    for word, about in offered:
        if word.casefold().startswith(typed.casefold()):
            found.setdefault(word, about)
            if len(found) == MOST:
                break
    exact = [word for word in found if word.startswith(typed)]
    return [(one_line(f"{place.kept}{word}"), one_line(found[word])) for word in exact or found]
