"""The answer to a command that does not exist: the commands that it may mean."""

from __future__ import annotations

from okb_incident.cli.synonyms import suggestions
from okb_incident.cli.topics import TOPICS
from okb_incident.command import Command
from okb_incident.errors import UsageError


def unknown_command(word: str) -> UsageError:
    """Return the error for an unknown command, with those that it may mean by meaning or by spelling."""
    candidates = suggestions(word)
    question = f"; did you mean {' or '.join(candidates)}?" if candidates else ""
    hint = Command("help", word if word in TOPICS else candidates[0] if len(candidates) == 1 else "all")
    return UsageError(
        f"unknown command {word!r}{question}", field="COMMAND", value=word, candidates=candidates, hint=hint
    )
