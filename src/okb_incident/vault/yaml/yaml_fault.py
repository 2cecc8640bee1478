"""What is wrong with a block of frontmatter, in words that help the person who typed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.vault.yaml.scalar import MAX_DIGITS

if TYPE_CHECKING:
    from yaml import YAMLError

BAD_YAML = "bad-yaml"
DUPLICATE_KEY = "duplicate-key"
ENCODING = "encoding"
NOT_A_MAPPING = "not-a-mapping"

QUOTE_IT = 'put the whole value in double quotes, such as title: "Outage: api"'
UNFILLED = "{{ }} of an unfilled template is here"
FILL_IT_IN = "fill the template in, or put it in double quotes"

# How the line looks that libyaml stopped at, what that means, and what to do. The first that fits is shown. The looks are
# texts until they are first used, as most notes have no fault and compiling takes a millisecond.
CAUSES = (
    (r"^ *\t", "a tab indents this line", "indent with blanks"),
    (r"\{\{", UNFILLED, FILL_IT_IN),
    (
        r"(?:: |\[|, ?|- )\s*[@`]",
        "a value cannot begin with @ or a backquote",
        'put the whole value in double quotes, such as commander: "@alice"',
    ),
    (
        r"\[#|, ?#|:\s+\[.*\s#",
        "a # begins a comment here, and the bracket before it stays open",
        'put a tag with # in double quotes, such as "#db"',
    ),
    (r"\[\[", "a link is not in quotes", 'put it in double quotes, such as "[[checkout]]"'),
    (r"(?:: |- )\s*[*&!%|>,\]}]", "a value cannot begin with one of * & ! % | > , ] }", QUOTE_IT),
    (r"(?:: |- )\s*([\"']).*\1\s*[^\s#,\]}]", "text follows after the closing quote", QUOTE_IT),
    (
        r"(?:: |- )\s*[\"'\[{]",
        "a quote or bracket is opened here and not closed",
        "close it on the same line",
    ),
    (r":\s.*:(?:\s|$)", "a colon with a blank after it is inside the value", QUOTE_IT),
    (
        r"^ +[^\s-]|^ +-\S",
        "the indentation of this line fits nothing above it",
        "start every property at the left margin; indent the items of a list by two blanks",
    ),
    (r"^[^:]*$", "this line is not a property", "write it as name: value, or move it below the closing ---"),
)

# Of a line this long nobody types more, and a search of the whole of a longer one could take for ever.
CAUSE_LENGTH = 200

FORBIDDEN = (
    # C0 but tab and the line ends, DEL and C1, bytes that are not UTF-8, and a byte order mark at the start of a line, which
    # Obsidian drops above the first key. A lone CR ends a line in YAML 1.1 and none in Obsidian.
    "(?m)[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)|^\ufeff"
)


MAX_DEPTH = 50
"""Lists and mappings in one another; no property of a note has more than three."""


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


def explain(text: str, error: YAMLError | ValueError | OverflowError) -> YamlFault:
    """Explain in a writer's words what libyaml found, and guess the cause from the line it is about.

    Outside block collections that is the line on which the faulty thing began: an open quote is noticed only at the end of
    the block, a line without a colon only on the next one.
    """
    problem = getattr(error, "problem", None) or "it cannot be read"
    mark = getattr(error, "problem_mark", None)
    if not str(getattr(error, "context", "")).startswith("while parsing a block") and "tab" not in problem:
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "maximum nesting depth" in problem:
        # PyYAML from 6.0.4 on has a limit of its own, far beyond ours, and reads brackets ahead of their events.
        return too_deep(line)
    if "escape" in problem:
        message = "a backslash in double quotes begins an escape, and this one is none"
        return YamlFault(BAD_YAML, message, line, column, "double the backslash, or use single quotes")
    return unreadable(text, problem, line, column)


def unreadable(text: str, problem: str, line: int, column: int = 1) -> YamlFault:
    """Return what is wrong with a line, by its look if that tells, else in the words of the parser."""
    lines = text.split("\n")
    line = min(line, len(lines))
    for look, message, hint in CAUSES:
        if re.search(look, lines[line - 1][:CAUSE_LENGTH]):
            return YamlFault(BAD_YAML, message, line, column, hint)
    return YamlFault(BAD_YAML, f"this is not YAML: {problem}", line, column, QUOTE_IT)


def forbidden_character(text: str) -> YamlFault | None:
    """Find the first character that has no place in frontmatter."""
    if text.replace("\n", "").isprintable() or not (found := re.search(FORBIDDEN, text)):
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


def duplicate_key(key: str, line: int) -> YamlFault:
    """Return the fault that a key is there twice, which leaves open which value counts."""
    return YamlFault(DUPLICATE_KEY, f"{key!r} is there twice", line, hint="delete one of the two")


def too_much(what: str, limit: int, line: int) -> YamlFault:
    """Return the fault that a block passes a limit that no note passes which a person wrote."""
    return YamlFault(BAD_YAML, f"more than {limit:,} {what}", line, hint="move the data into the note's body")


def too_deep(line: int) -> YamlFault:
    """Return the fault that lists or mappings are nested deeper than any writer has them."""
    return too_much("levels of nesting", MAX_DEPTH, line)


def too_long_a_number(line: int) -> YamlFault:
    """Return the fault that a number is longer than any parser keeps."""
    return YamlFault(BAD_YAML, f"a number of more than {MAX_DIGITS} digits", line, hint="put it in double quotes")


def no_key(text: str, line: int) -> YamlFault:
    """Return the fault that something other than a name is before a colon; mostly it is a template that was not filled in."""
    if "{{" in text.split("\n")[line - 1]:
        return foreign_syntax(UNFILLED, line, FILL_IT_IN)
    return foreign_syntax("a list or mapping is where a key should be", line)


def foreign_syntax(message: str, line: int, hint: str = QUOTE_IT) -> YamlFault:
    """Return the fault that something is YAML, but not of the kind that properties are made of."""
    return YamlFault(BAD_YAML, message, line, hint=hint)
