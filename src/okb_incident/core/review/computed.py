"""Computed sections: parts of a note that commands may write anew, as long as no person has changed them.

A template marks such a section by a remark ``%% computed %%`` at its end. When the note is made the remark gets a digest of what
is above it; later, a section that still fits its digest is ours, and every other is a person's. A section is what follows a
level-two heading, or a part of the record that is folded away (``> ### People``).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Where a cell of a table ends; a bar behind a backslash is text.
CELL_END = re.compile(r"(?<!\\)\|")
#: A cell of the line under a table's head.
RULE = re.compile(r":?-+:?")
REMARK = r"%% computed(?: (?P<digest>[0-9a-f]{12}))? %%[ \t]*(?=\r?$)"


class Form(NamedTuple):
    """How a section is written.

    Attributes:
        section: Matches a section, with its title and its content.
        mark: Finds the remark in the content.
        sign: Begins each line.
    """

    section: re.Pattern[str]
    mark: re.Pattern[str]
    sign: str


PLAIN = Form(
    re.compile(r"^## (?P<title>[^\r\n]*)\r?\n(?P<content>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL),
    re.compile(f"^{REMARK}", re.MULTILINE),
    "",
)
FOLDED = Form(
    re.compile(r"^> ?### (?P<title>[^\r\n]*)\r?\n(?P<content>(?:(?!> ?### )>[^\r\n]*(?:\r?\n|\Z))*)", re.MULTILINE),
    re.compile(f"^> ?{REMARK}", re.MULTILINE),
    "> ",
)
FORMS = (PLAIN, FOLDED)

RENAMED = {"Impact": "Impact and how we know"}
"""Titles that computed sections had in older templates; their notes go on being computed."""


def seal(text: str) -> str:
    """Return a new note with the digests of its computed sections."""
    for form in FORMS:
        text = form.section.sub(partial(_sealed, form), text)
    return text


def _sealed(form: Form, found: re.Match[str]) -> str:
    mark = form.mark.search(found["content"])
    if mark is None:
        return found[0]
    content = found["content"][: mark.start()]
    remark = f"{form.sign}%% computed {_digest(_lines(content, form))} %%"
    return f"{_head(found)}{content}{remark}{found['content'][mark.end() :]}"


def refresh(old: str, new: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Write the computed sections of a note anew, whichever form they have in it.

    Args:
        old: The note as it is.
        new: The same note, made and sealed now.

    Returns:
        The note; the titles of the sections that changed; and of those that were computed once and are a person's now.
    """
    made = _made(new)
    changed: list[str] = []
    kept: list[str] = []

    def replaced(form: Form, found: re.Match[str]) -> str:
        title, content = found["title"].strip(), found["content"]
        mark = form.mark.search(content)
        fresh = made.get(title) or made.get(RENAMED.get(title, ""))
        if mark is None or mark["digest"] is None or fresh is None:
            return found[0]
        if not _is_ours(_lines(content[: mark.start()], form), mark["digest"]):
            kept.append(title)
            return found[0]
        if _digest(fresh) == mark["digest"]:
            return found[0]
        changed.append(title)
        before, after = _blank_lines(content[: mark.start()])
        end = "\r\n" if "\r\n" in content else "\n"
        anew = "".join(f"{form.sign}{line}".rstrip() + end for line in fresh)
        remark = f"{form.sign}%% computed {_digest(fresh)} %%"
        return f"{_head(found)}{before}{anew}{after}{remark}{content[mark.end() :]}"

    for form in FORMS:
        old = form.section.sub(partial(replaced, form), old)
    return old, tuple(changed), tuple(kept)


def without_computed(text: str) -> tuple[str, bool]:
    """Return the text of a section without what commands computed and nobody changed, and whether there is such a part."""
    mark = PLAIN.mark.search(text)
    if mark is None or mark["digest"] is None or not _is_ours(_lines(text[: mark.start()]), mark["digest"]):
        return text, False
    return text[mark.end() :], True


def _made(text: str) -> dict[str, list[str]]:
    """Return the lines of each computed section of a note, by its title, without the signs of its form."""
    return {
        found["title"].strip(): _lines(found["content"][: mark.start()], form)
        for form in FORMS
        for found in form.section.finditer(text)
        if (mark := form.mark.search(found["content"]))
    }


def _blank_lines(content: str) -> tuple[str, str]:
    """Return the blank lines at the start and at the end of a section, which belong to the layout of its note."""
    lines = content.splitlines(keepends=True)
    said = [at for at, line in enumerate(lines) if line.strip("> \t\r\n")]
    if not said:
        return "", content
    return "".join(lines[: said[0]]), "".join(lines[said[-1] + 1 :])


def _head(found: re.Match[str]) -> str:
    return found[0][: found.start("content") - found.start()]


def _is_ours(lines: Iterable[str], digest: str) -> bool:
    """Return whether a section is as it was sealed, but for what pads or aligns its tables; older seals kept these too."""
    return digest in {_digest(lines), _digest_of(line.rstrip() for line in lines)}


def _digest(lines: Iterable[str]) -> str:
    return _digest_of(map(_unpadded, lines))


def _digest_of(lines: Iterable[str]) -> str:
    from hashlib import sha256  # noqa: PLC0415 - it loads OpenSSL, and few commands need it

    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:12]


def _lines(content: str, form: Form = PLAIN) -> list[str]:
    """Return the lines of a section without the signs of its form, and without blank lines around them."""
    if form is FOLDED:
        content = re.sub(r"(?m)^> ?", "", content)
    return content.strip().splitlines()


def _unpadded(line: str) -> str:
    """Return a line without what only aligns it: blanks at its end, and in a table those around cells and the length of rules."""
    if not line.startswith("|"):
        return line.rstrip()
    cells = [cell.strip() for cell in CELL_END.split(line.rstrip().removeprefix("|").removesuffix("|"))]
    if all(map(RULE.fullmatch, cells)):
        return f"|{'|'.join(re.sub('-+', '---', cell) for cell in cells)}|"
    return f"| {' | '.join(cells)} |"
