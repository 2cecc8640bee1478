"""Remarks that stay remarks: a line of dashes or equals signs directly below a line of text turns that line into a heading."""

from __future__ import annotations

import re

#: The end of a remark, the quotation in which both lines are, and the line that would underline it.
UNDERLINED = r"(?m)(%%[ \t]*(?P<end>\r?\n))(?=(?P<quote>(?: {0,3}>[ \t]?)*) {0,3}(?:=+|-+)[ \t]*\r?$)"


def keep_remarks(text: str) -> str:
    """Return a new note with a blank line below each remark that CommonMark would read as a heading."""
    if "%%" not in text:
        return text
    return re.sub(UNDERLINED, lambda found: f"{found[1]}{found['quote'].rstrip()}{found['end']}", text)
