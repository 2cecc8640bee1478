"""What is wrong with a block of frontmatter, in words that help the person who typed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

BAD_YAML = "bad-yaml"
DUPLICATE_KEY = "duplicate-key"
ENCODING = "encoding"
NOT_A_MAPPING = "not-a-mapping"

QUOTE_IT = 'put the whole value in double quotes, such as title: "Outage: api"'

# What the text at the fault looks like -> what to do. The first that fits is shown.
CAUSES = (
    (re.compile(r"^ *\t"), "indent with blanks, not with a tab"),
    (re.compile(r"\{\{.*\}\}"), "this looks like an unfilled template; fill it in, or put it in double quotes"),
    (re.compile(r"<%.*%>"), "this looks like an unfilled template; fill it in, or put it in double quotes"),
    (re.compile(r"\[\["), 'put the link in double quotes, such as "[[checkout]]"'),
    (re.compile(r"(?:^|[:\[,-])\s*[@`]"), 'a value that begins with @ or ` needs double quotes, such as "@alice"'),
    (re.compile(r"(?:[:\[,]|^\s*-)\s+#|[\[,]#"), 'a # after a blank begins a comment; a tag needs quotes, such as "#db"'),
    (re.compile(r":\s+[*&!%>|,\]}]"), "a value that begins with * & ! % > | , ] or } needs double quotes"),
    (re.compile(r":\s+([\"']).*\1\s*[^\s#]"), "quotes go around a whole value: put it all in double quotes"),
    (re.compile(r":\s+[\"'\[{]"), "a quote or bracket is opened here and not closed on this line"),
    (re.compile(r":\s.*:(?:\s|$)"), QUOTE_IT),
    (re.compile(r"^\s"), "align the keys: every property starts at the left margin, list items are indented by two blanks"),
)


class YamlFault(Exception):  # noqa: N818 - a fault of the data, as core.problem calls it
    """A block that cannot be read, and why.

    Attributes:
        code: The code of the Problem it becomes.
        message: One sentence.
        line: The line in the block, counted from 1.
        column: The column, counted from 1.
        hint: What to do about it.
    """

    def __init__(self, code: str, message: str, line: int, column: int = 1, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint
