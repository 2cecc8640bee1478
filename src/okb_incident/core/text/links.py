"""Links of a vault in a text that leaves it: outside of Obsidian only the words of a link mean something."""

from __future__ import annotations

import re

#: Code holds no links. Blanks inside the brackets are a test of a shell rather than a link.
LINK = re.compile(
    r"(?P<code>^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)|(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))"
    r"|!?\[\[(?=[^\s\]])(?P<target>[^\[\]|#\n]*)(?:#(?P<part>[^\[\]|\n]*))?(?:\|(?P<shown>[^\[\]\n]*))?(?<=\S)\]\]",
    re.DOTALL | re.MULTILINE,
)


def unlinked(text: str) -> str:
    """Return a text with the words of each link in its place: what it shows, else the note that it leads to."""
    if "[[" not in text:
        return text
    return LINK.sub(lambda found: found["code"] or found["shown"] or found["target"] or found["part"] or "", text)
