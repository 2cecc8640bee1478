"""What is around the text of a note: a byte order mark, what ends its lines, and whether its last one ends.

Each is one of two things, so that of three notes never all differ; and taken off, they make no line differ that nobody changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.merge.agreement import pick
from okb_incident.vault.note.note import BOM

if TYPE_CHECKING:
    from collections.abc import Sequence


class Wrapping(NamedTuple):
    """What to put around a merged text.

    Attributes:
        bom: A byte order mark, or nothing.
        eol: What ends each line; a line feed also where the lines of one note end in both ways, which then stay as they are.
        ends: Whether the last line ends.
    """

    bom: str
    eol: str
    ends: bool

    def around(self, text: str) -> str:
        """Return the note of a text that ``unwrap`` might have given."""
        if not self.ends and text.removesuffix("\n").strip(" \t\n") and not text.endswith("\n\n"):
            text = text.removesuffix("\n")
        return self.bom + text.replace("\n", self.eol)


def unwrap(notes: Sequence[str]) -> tuple[Wrapping, list[str]]:
    """Take what is around three notes off them, and merge it: base, ours, theirs.

    Returns:
        What to put around the merged text, and the texts, all of whose lines end.
    """
    boms = [BOM if note.startswith(BOM) else "" for note in notes]
    eols = [_eol(note) for note in notes]
    ends = [note.endswith("\n") or not note.strip(BOM) for note in notes]
    texts = [note.removeprefix(bom) for note, bom in zip(notes, boms, strict=True)]
    eol = "\n"
    if None not in eols:
        known = next((each for each in eols if each), "\n")
        eol = pick(*(each or known for each in eols))
        texts = [text.replace("\r\n", "\n") for text in texts]
    texts = [text if ended else text + "\n" for text, ended in zip(texts, ends, strict=True)]
    return Wrapping(pick(*boms), eol, pick(*ends)), texts


def _eol(note: str) -> str | None:
    """Return what ends the lines of a note: nothing where it has one line, None where they end in both ways."""
    feeds, pairs = note.count("\n"), note.count("\r\n")
    if not feeds:
        return ""
    if not pairs:
        return "\n"
    return "\r\n" if pairs == feeds else None
