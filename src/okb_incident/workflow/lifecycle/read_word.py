"""Reading a word of a vocabulary."""

from __future__ import annotations

from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError


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
