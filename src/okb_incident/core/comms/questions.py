"""Open questions: the parts of a draft that somebody still has to write before it can be sent.

A template asks by a remark ``%% ANSWER: … %%``, and the answer takes its place. Where a vault's own template has no such remark, what
people leave where a word is missing counts as a question: ``TBD``, ``{{…}}``, a lone ``…``. Any other remark is advice, and keeps
nothing from being sent.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: One that never ends counts as well, because it hides what follows it.
ANSWER = re.compile(r"%%[ \t]*ANSWER:(?P<question>.*?)(?:%%|\Z)", re.DOTALL)
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|<%.*?%>|\b(?:TODO|TBD|FIXME|XXX)\b|\?\?\?", re.DOTALL)
#: An ellipsis with nothing beside it: on a line, after a list sign or a label, in a cell of a table.
LONE_ELLIPSIS = re.compile(
    r"(?:^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?:[^\n|:]*:)?|\|)[ \t*_]*(…)(?=[ \t*_]*(?:\||$))", re.MULTILINE
)
REMARK = re.compile(r"%%(?!%).*?%%", re.DOTALL)


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
    """Return the open questions of a text, in the order in which they stand there.

    Args:
        text: The body of a note, or a part of it.
        first_line: The line of the note at which it begins.
    """
    # As many blanks and line ends as a remark has signs, so that no place moves.
    spoken = REMARK.sub(_blank, ANSWER.sub(_blank, text))
    found = sorted(
        [
            *((each.start(), " ".join(each["question"].split()), True) for each in ANSWER.finditer(text)),
            *((each.start(), each[0], False) for each in PLACEHOLDER.finditer(spoken)),
            *((each.start(1), each[1], False) for each in LONE_ELLIPSIS.finditer(spoken)),
        ]
    )
    return [OpenQuestion(first_line + text.count("\n", 0, place), shown, asked) for place, shown, asked in found]


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
