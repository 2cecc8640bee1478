"""Reading a word of a vocabulary, and asking for the traffic light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.incident import TLP
from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from okb_incident.workflow.request import Person


def word_of(key: str, text: str, allowed: tuple[str, ...], *, option: str | None = None) -> str:
    """Return a word of a vocabulary in the spelling of the vocabulary.

    Raises:
        UsageError: The vocabulary does not hold it.
    """
    for word in allowed:
        # `amber` is TLP:AMBER.
        if text.lower() in {word.lower(), word.lower().removeprefix("tlp:")}:
            return str(word)
    raise UsageError(
        f"unknown {key} {shorten(text)!r}; choose from {', '.join(allowed)}",
        field=key,
        value=text,
        allowed=allowed,
        hint=f"{option} {allowed[0]}" if option else None,
    )


def ask_tlp(question: Person) -> str:
    """Ask who may know of an incident; nothing where the question is skipped."""
    words = tuple(word.removeprefix("TLP:").lower() for word in TLP)
    return question.line("Who may know of the incident, by TLP? (Enter to skip) ", words) or ""
