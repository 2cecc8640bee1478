"""What is wrong with a block of frontmatter, in words that help the person who typed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.vault.scalar import MAX_DIGITS

if TYPE_CHECKING:
    from yaml import YAMLError

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


FORBIDDEN = re.compile(
    # C0 but tab and the line ends, DEL and C1, what is no character at all, a byte order mark, which libyaml swallows at the
    # start of a line, and the two that stand in for U+2028 and U+2029. A lone CR ends a line in YAML 1.1 and none in Obsidian.
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\U000f2028\U000f2029]|\r(?!\n)",
)


def forbidden_character(text: str) -> YamlFault | None:
    """Find the first character that has no place in frontmatter."""
    if not (found := FORBIDDEN.search(text)):
        return None
    code = ord(found[0])
    line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
    if 0xD800 <= code <= 0xDFFF:
        return YamlFault(ENCODING, "this is not UTF-8 text", line, column, "save the note as UTF-8")
    return YamlFault(
        BAD_YAML,
        f"the invisible character U+{code:04X} has no place in frontmatter",
        line,
        column,
        "delete the character, or type the line again",
    )


def duplicate_key(key: str, line: int, first: int | None) -> YamlFault:
    """Say that a key stands twice, which leaves open which value counts."""
    where = "" if first is None else f", first on line {first}"
    return YamlFault(DUPLICATE_KEY, f"{key!r} stands twice{where}", line, hint="keep one of the two and delete the other")


def too_much(what: str, limit: str, line: int) -> YamlFault:
    """Say that a block passes a limit that no note passes which a person wrote."""
    return YamlFault(BAD_YAML, f"{what} than the {limit} that are read", line, hint="move the data into the note's body")


def too_long_a_number(line: int) -> YamlFault:
    """Say that a number is longer than any parser keeps."""
    return YamlFault(BAD_YAML, f"a number of more than {MAX_DIGITS} digits", line, hint="put it in double quotes")


def foreign_syntax(message: str, line: int, hint: str | None = None) -> YamlFault:
    """Say that something is YAML, but not of the kind that properties are made of."""
    return YamlFault(BAD_YAML, message, line, hint=hint)


def explain(text: str, error: YAMLError | ValueError | OverflowError) -> YamlFault:
    """Say in a writer's words what libyaml found, and guess the cause from the line it stopped at.

    A quote or bracket that is never closed is blamed on the line that opens it, not on the end of the block.
    """
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    if context is not None and (mark is None or "end of stream" in problem):
        mark = context
    if mark is None:
        return YamlFault(BAD_YAML, f"this is not YAML: {problem}", 1)
    lines = text.split("\n")
    at = min(mark.line, len(lines) - 1)
    # libyaml notices some faults only when it meets the next line.
    return YamlFault(BAD_YAML, f"this is not YAML: {problem}", at + 1, mark.column + 1)
