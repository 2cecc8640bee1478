"""The answers to a command or help that does not exist: the commands that may be meant."""

from __future__ import annotations

from difflib import get_close_matches

from okb_incident.cli.synonyms import PARTS, suggestions
from okb_incident.cli.topics import TOPICS
from okb_incident.command import Command
from okb_incident.errors import NotFoundError, UsageError


def unknown_command(word: str) -> UsageError:
    """Return the error for an unknown command, with those that it may mean by meaning or by spelling."""
    if word in TOPICS:
        message = f"unknown command {word!r}; it is a topic of help"
        return UsageError(message, field="COMMAND", value=word, hint=Command("help", word))
    candidates = suggestions(word)
    question = f"; did you mean {' or '.join(candidates)}?" if candidates else ""
    return UsageError(
        f"unknown command {word!r}{question}",
        field="COMMAND",
        value=word,
        candidates=candidates,
        hint=help_on(candidates),
    )


def unknown_part(group: str, word: str, parts: tuple[str, ...]) -> UsageError:
    """Return the error for an unknown part of a command, with those that it has, and the one that may be meant."""
    meant = next((part for part in PARTS.get(word.lower(), ()) if part in parts), None)
    close = (meant,) if meant else tuple(get_close_matches(word.lower(), parts, n=1))
    return UsageError(
        f"unknown command '{group} {word}'; "
        + (f"did you mean {group} {close[0]}?" if close else f"choose from {', '.join(parts)}"),
        field="COMMAND",
        value=word,
        allowed=parts,
        candidates=close,
        hint=Command("help", group),
    )


def unknown_help(name: str) -> NotFoundError:
    """Return the error for help on what is neither a command nor a topic."""
    candidates = suggestions(name.partition(" ")[0])
    more = f"did you mean {' or '.join(candidates)}?" if candidates else f"topics are {', '.join(TOPICS)}"
    return NotFoundError(
        f"no command or topic {name!r}; {more}",
        field="COMMAND",
        value=name,
        candidates=candidates,
        hint=help_on(candidates),
    )


def help_on(candidates: tuple[str, ...]) -> Command:
    """Return the command that shows help on the only candidate, else on all commands."""
    return Command("help", candidates[0] if len(candidates) == 1 else "all")
