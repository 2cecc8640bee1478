"""Text of a note inside a generated note: shown as it is, and obeyed by nothing."""

from __future__ import annotations

import re

from okb_incident.core.text.quoting import quote_external
from okb_incident.core.text.terminal_text import one_line, shorten

#: Inside the text of a link entities are not decoded; there the signs that mean something become their look-alikes.
LOOK_ALIKES = str.maketrans({"[": "(", "]": ")", "|": "¦", "`": "'", "<": "‹", ">": "›", "\\": "/", "$": "＄"})
DOUBLED = re.compile(r"([%:{=~*])(?=\1)")
ALIAS_LENGTH, LONGEST = 120, 2000


def plain(text: str) -> str:
    """Make any text one line that Markdown shows as it is, in a table too."""
    return quote_external(text, limit=LONGEST).replace("|", "&#124;")


def link(target: str, text: str, *, in_table: bool = False) -> str:
    """Write a wikilink with a text of its own.

    Args:
        target: The note; an id, so safe by itself.
        text: What is shown, from wherever.
        in_table: The bar is escaped, because it would end the cell.
    """
    shown = DOUBLED.sub(r"\1 ", one_line(text).translate(LOOK_ALIKES))
    bar = r"\|" if in_table else "|"
    return f"[[{target}{bar}{shorten(shown, ALIAS_LENGTH)}]]" if shown not in {"", target} else f"[[{target}]]"
