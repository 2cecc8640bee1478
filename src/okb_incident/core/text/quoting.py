"""Quoting: how text that we did not write enters a note without becoming more than text.

Obsidian's plug-ins execute what is in a note. Templater may run every ``<% … %>`` of a note the moment it appears,
inside code and properties too; Dataview runs inline code that begins with ``=`` or ``$=``, and ``dataviewjs`` fences.
Beyond that, a stray ``[[``, ``::`` or ``- [ ]`` makes links, properties and tasks that nobody meant.

Degrees. ``defuse`` is for what people of the team type: it breaks only what could be executed; ``defuse_body`` breaks comments
too, which would hide what follows in the body of a note. ``quote_external`` is for alerts, imports and whatever else comes from
outside: its result is one line that makes no markup. All write the character at fault as an HTML entity or with a backslash, so
that the reader of the note sees what was there before. ``write_literal`` does as ``defuse_body`` and can be undone:
``read_literal`` returns the text to the letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable

# A match says: its last character becomes an entity.
EXECUTED = re.compile(
    r"<(?=%)"  # Templater
    r"|`(?=`*\s*\$?=)"  # inline code that Dataview evaluates
    r"|\A\s*\$?=",  # the same, where a template puts the value between backticks
)
EXECUTED_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*(?=(?:dataviewjs|datacore[jt]sx?|js-engine))", re.IGNORECASE)

# Patterns that few texts need are texts until they are first used: most commands see none, and compiling takes 1 ms.

#: A remark, which Obsidian does not show. Three signs begin none.
REMARK = r"(?s)%%(?!%).*?%%[ \t]*\n?"

# How `write_literal` keeps apart what it has broken from what was typed like that: such text gets one sign more.
_TAG = r"(?:<|&(?:amp;)*lt;)(?=%)"
_TICK = r"(?:`|&(?:amp;)*#96;)"
_EVALUATED = r"\s*\$?="
_QUERY = r"\A(\s*\$?)(=|&(?:amp;)*#61;)"
_BARS = r"((?:(?<!`)`{3,}|(?<!~)~{3,})[ \t]*)"
_LANGUAGE = r"(?=(?:text )*(?:dataviewjs|datacore[jt]sx?|js-engine))"

# Colour and the like in the output of programs, sequences that set a window's title among them.
TERMINAL_CODE = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[@-Z\\-_]"
LINE_END = "\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
# Left and right marks, embeddings and isolates, byte order marks, blanks of no width. The joiners of emoji stay.
INVISIBLE = "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
CONTROL = "[\x00-\x08\x0e-\x1f\x7f-\x9f]"
HALF = "[\ud800-\udfff]"
# A carriage return overwrites its line, unless the line ends there.
OBEYED = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)"
_BLANKS = {ord(each): " " for each in "\n\t"}

SIGNS = (
    r"<(?=[%A-Za-z/!?])",  # Templater, HTML
    r"`",  # code, and with it whatever evaluates code
    r"%(?=%)",  # a comment
    r"\{(?=\{)",  # a placeholder
    r"\[(?=[\[^])|!(?=\[)|\](?=[(:])",  # links, embeds, footnotes
    r":(?=:)",  # a property in the text
    r"\$(?=\$)",  # mathematics
    r"\((?=recorded )",  # our own second clock
    r"(?<![\w/&])#(?!\d+(?![\w/-]))(?=[\w/-]|[^\x00-\x7f])",  # a tag; a bare number is none
    r"\^(?=\[)|(?<!\S)\^(?=[A-Za-z0-9-]+\Z)",  # a footnote, the name of a block
    r"\\(?=[!-/:-@\[-`{-~])",  # else it would take the next character, or our entity, for itself
    r"\A[>|]|\A=|\A\$(?==)",  # quotation, table, heading or query
    r"\A#(?=#{0,5}(?:\s|\Z))",  # heading
    r"\A[-+*](?=\s|[-+*]*\Z|[-+*]{2})|\A_(?=[\s_]*_)|\A~(?=~~)",  # item, task, rule, fence
    r"\A\d{1,9}[.)](?=\s|\Z)",  # numbered item
)
MARKUP = "|".join(SIGNS)
NAMED = {"<": "&lt;", ">": "&gt;"}


def quote_external(text: str, *, limit: int = 200) -> str:
    """Make text from outside one line that may be anywhere in a note and makes no markup there.

    White space and control characters collapse, terminal codes and invisible marks go, what is longer than ``limit``
    characters is cut (before anything is written as an entity).
    """
    return re.sub(MARKUP, _entity, shorten(" ".join(_visible(text).split()), limit))


def defuse(text: str) -> str:
    """Break what a plug-in would execute in text that a person of the team typed; links, tags and lines stay.

    To do it twice changes nothing.
    """
    return EXECUTED_FENCE.sub(r"\1text ", EXECUTED.sub(_entity, text))


def defuse_body(text: str) -> str:
    """Do as `defuse` does for text in the body of a note, where a typed ``%%`` would begin a comment; twice changes nothing."""
    return _break_comments(r"%(?=%)", defuse(text))


def write_literal(text: str) -> str:
    """Write typed text for the body of a note so that `read_literal` returns it to the letter, and nothing executes or hides it."""
    text = _each_sign(text, _broken)
    if "```" in text or "~~~" in text:
        text = re.sub(_BARS + _LANGUAGE, r"\1text ", text, flags=re.IGNORECASE)
    return _break_comments(r"%(\\*)(?=%)", text)


def read_literal(text: str) -> str:
    """Return the text that `write_literal` has written; what a person wrote into the note reads as Markdown shows it."""
    if "\\" in text:
        text = re.sub(r"%(\\*)\\(?=%)", r"%\1", text)
    if "```" in text or "~~~" in text:
        text = re.sub(_BARS + "text " + _LANGUAGE, r"\1", text, flags=re.IGNORECASE)
    return _each_sign(text, _mended) if "&" in text else text


def without_remarks(text: str) -> str:
    """Leave out the remarks that somebody has written into a note, which are not meant to leave it."""
    return re.sub(REMARK, "", text) if "%%" in text else text


def break_tags(text: str) -> str:
    """Break every opening Templater tag, and nothing else."""
    return text.replace("<%", "&lt;%")


def without_controls(text: str) -> str:
    """Remove what a terminal would obey from the text of a template; its lines, tabs and every other character stay."""
    if text.translate(_BLANKS).isprintable():
        # Nearly every template is, and compiling the patterns takes a millisecond.
        return text
    return re.sub(f"{TERMINAL_CODE}|{OBEYED}", "", text)


def fence(text: str) -> str:
    """Put text of many lines from outside between fences that it cannot close, ending in a line end.

    Templater looks into fences as well, so its tags are broken here too.
    """
    content = break_tags(_visible(text)).strip("\n")
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    bars = "`" * max(3, longest + 1)
    return f"{bars}text\n{content}\n{bars}\n" if content else f"{bars}text\n{bars}\n"


def with_fence_closed(text: str) -> str:
    """Return text that is put among other text, with the code fence closed that it leaves open, by the rules of CommonMark 4.5."""
    if "```" not in text and "~~~" not in text:
        return text
    bars = ""
    for line in text.splitlines():
        sign = re.match(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})", line)
        if not bars:
            bars = sign[1] if sign else ""
        elif sign and sign[1].startswith(bars) and not line.strip().strip(bars[0]):
            bars = ""
    return f"{text}\n{bars}" if bars else text


def _visible(text: str) -> str:
    """Leave what can be seen, in lines that end in a newline."""
    for pattern, instead in ((TERMINAL_CODE, ""), (LINE_END, "\n"), (INVISIBLE, ""), (CONTROL, " "), (HALF, "\ufffd")):
        text = re.sub(pattern, instead, text)
    return text


def _break_comments(pattern: str, text: str) -> str:
    """Put a backslash between the signs of a comment; Markdown does not show it."""
    return re.sub(pattern, r"\g<0>\\", text) if "%" in text else text


def _each_sign(text: str, change: Callable[[str], str]) -> str:
    """Change each sign that makes text be executed, broken or not."""

    def run(found: re.Match[str]) -> str:
        # Looked for from the end of a whole run of backticks: a pattern that looks ahead from each would take long.
        is_evaluated = re.compile(_EVALUATED).match(text, found.end())
        return re.sub(_TICK, lambda tick: change(tick[0]), found[0]) if is_evaluated else found[0]

    text = re.sub(_TAG, lambda sign: change(sign[0]), text) if "%" in text else text
    text = re.sub(_QUERY, lambda query: query[1] + change(query[2]), text) if "=" in text or "#61;" in text else text
    return re.sub(f"{_TICK}+", run, text) if "=" in text else text


def _broken(sign: str) -> str:
    return f"&amp;{sign[1:]}" if sign[0] == "&" else {"<": "&lt;", "`": "&#96;", "=": "&#61;"}[sign]


def _mended(sign: str) -> str:
    if sign.startswith("&amp;"):
        return f"&{sign[5:]}"
    return {"&lt;": "<", "&#96;": "`", "&#61;": "="}.get(sign, sign)


def _entity(found: re.Match[str]) -> str:
    before, last = found[0][:-1], found[0][-1]
    return before + NAMED.get(last, f"&#{ord(last)};")
