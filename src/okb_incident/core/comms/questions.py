"""Open questions: the parts of a draft that somebody still has to write before it can be sent.

A template asks by a remark ``%% ANSWER: … %%``, and the answer takes its place. Where a vault's own template has no such remark, what
people leave where text is missing counts as a question: ``TBD``, ``{{…}}``, a lone ``…``. Any other remark is advice, and keeps
nothing from being sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Texts until they are first used: most commands send nothing, and compiling takes a millisecond.

#: One that never ends counts as well, because it hides what follows it.
ANSWER = r"(?s)%%[ \t]*ANSWER:(?P<question>.*?)(?:%%|\Z)"
#: Of at most so many signs, because nobody types longer ones, and a long text of opening braces would take seconds.
PLACEHOLDER = r"(?s)\{\{.{0,200}?\}\}|<%.{0,500}?%>|\b(?:TODO|TBD|FIXME|XXX)\b|\?\?\?"
ELLIPSIS = "…"
REMARK = r"(?s)%%(?!%).*?%%"
BESIDE = " \t\r>*_"
"""What may be next to an ellipsis and means nothing: blanks, the sign of a quotation, emphasis."""

SHOWN = 60
"""Characters of a remark that a clause shows."""


class OpenQuestion(NamedTuple):
    """A part that somebody still has to write.

    Attributes:
        line: Its line, counted from 1.
        text: The question, or the placeholder that is left there.
        is_asked: A template asks the question; else it is a placeholder.
    """

    line: int
    text: str
    is_asked: bool

    def clause(self, where: str = "it") -> str:
        """Return what is missing, as a clause."""
        return f"unanswered: {self.text}" if self.is_asked else f"{self.text[:40]!r} is left in {where}"


def open_questions(text: str, first_line: int = 1) -> list[OpenQuestion]:
    """Return the open questions of a text, in the order in which they are there.

    Args:
        text: The body of a note, or a part of it.
        first_line: The line of the note at which it begins.
    """
    # As many blanks and line ends as a remark has signs, so that no place moves.
    spoken = re.sub(REMARK, _blank, re.sub(ANSWER, _blank, text))
    found = sorted(
        [
            *((each.start(), " ".join(each["question"].split()), True) for each in re.finditer(ANSWER, text)),
            *((each.start(), each[0], False) for each in re.finditer(PLACEHOLDER, spoken)),
            *((place, ELLIPSIS, False) for place in _lone_ellipses(spoken)),
        ]
    )
    return [OpenQuestion(first_line + text.count("\n", 0, place), shown, asked) for place, shown, asked in found]


def remarks_amid_words(text: str, first_line: int = 1) -> list[str]:
    """Return the remarks that begin or end amid words, each as a clause: whoever typed two signs of percent may not mean one.

    Args:
        text: The body of a note.
        first_line: The line of the note at which it begins.
    """
    if "%%" not in text:
        return []
    asked = re.sub(ANSWER, _blank, text)
    found = []
    for each in re.finditer(REMARK, asked):
        before, after = text[: each.start()].rpartition("\n")[2], text[each.end() :].partition("\n")[0]
        if before.strip(BESIDE + "-+") or after.strip(BESIDE):
            line = first_line + text.count("\n", 0, each.start())
            found.append(f"line {line}: {' '.join(each[0].split())[:SHOWN]!r} is a comment and does not go out")
    return found


def _lone_ellipses(text: str) -> Iterator[int]:
    """Return the places of those with nothing beside them: on a line, after a list sign or a label, in a cell of a table."""
    if ELLIPSIS not in text:
        return
    begin = 0
    for cell in re.split(r"[\n|]", text):
        said = cell.strip(BESIDE)
        before = said[:-1].strip(BESIDE)
        if said.endswith(ELLIPSIS) and (before[-1:] in {"", ":"} or re.fullmatch(r"[-+]|\d{1,9}[.)]", before)):
            yield begin + cell.rindex(ELLIPSIS)
        begin += len(cell) + 1


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
