"""Computed sections: parts of a note that commands may write anew, as long as no person has changed them.

A template marks such a section by a remark ``%% computed %%`` at its end. When the note is made the remark gets a digest of what
is above it; later, a section that still fits its digest is ours, and every other is a person's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SECTION = re.compile(r"^## (?P<title>[^\r\n]*)\r?\n(?P<content>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
#: Where a cell of a table ends; a bar behind a backslash is text.
CELL_END = re.compile(r"(?<!\\)\|")
#: A cell of the line under a table's head.
RULE = re.compile(r":?-+:?")
MARK = re.compile(r"^%% computed(?: (?P<digest>[0-9a-f]{12}))? %%[ \t]*(?=\r?$)", re.MULTILINE)


def seal(text: str) -> str:
    """Return a new note with the digests of its computed sections."""

    def sealed(found: re.Match[str]) -> str:
        mark = MARK.search(found["content"])
        if mark is None:
            return found[0]
        content = found["content"][: mark.start()]
        return f"{found[0][: found.start('content') - found.start()]}{content}%% computed {_digest(content)} %%{found['content'][mark.end() :]}"

    return SECTION.sub(sealed, text)


def refresh(old: str, new: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Write the computed sections of a note anew.

    Args:
        old: The note as it is.
        new: The same note, made and sealed now.

    Returns:
        The note; the titles of the sections that changed; and of those that were computed once and are a person's now.
    """
    made = {title: content for title, content in _sections(new) if MARK.search(content)}
    changed: list[str] = []
    kept: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        title, content = found["title"].strip(), found["content"]
        mark = MARK.search(content)
        if mark is None or mark["digest"] is None or title not in made:
            return found[0]
        if not _is_ours(content[: mark.start()], mark["digest"]):
            kept.append(title)
            return found[0]
        fresh = MARK.search(made[title])
        assert fresh is not None, "only marked sections are among them"
        anew = made[title][: fresh.end()].replace("\n", "\r\n" if "\r\n" in content else "\n")
        if fresh["digest"] == mark["digest"]:
            return found[0]
        changed.append(title)
        head = found[0][: found.start("content") - found.start()]
        return f"{head}{anew}{content[mark.end() :]}"

    return SECTION.sub(replaced, old), tuple(changed), tuple(kept)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    return ((found["title"].strip(), found["content"]) for found in SECTION.finditer(text))


def _is_ours(content: str, digest: str) -> bool:
    """Return whether a section is as it was sealed, but for what pads or aligns its tables; older seals kept these too."""
    return digest in {_digest(content), _digest_of(line.rstrip() for line in _lines(content))}


def _digest(content: str) -> str:
    return _digest_of(map(_unpadded, _lines(content)))


def _digest_of(lines: Iterable[str]) -> str:
    from hashlib import sha256  # noqa: PLC0415 - it loads OpenSSL, and few commands need it

    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:12]


def _lines(content: str) -> list[str]:
    return content.strip().splitlines()


def _unpadded(line: str) -> str:
    """Return a line without what only aligns it: blanks at its end, and in a table those around cells and the length of rules."""
    if not line.startswith("|"):
        return line.rstrip()
    cells = [cell.strip() for cell in CELL_END.split(line.rstrip().removeprefix("|").removesuffix("|"))]
    if all(map(RULE.fullmatch, cells)):
        return f"|{'|'.join(re.sub('-+', '---', cell) for cell in cells)}|"
    return f"| {' | '.join(cells)} |"
