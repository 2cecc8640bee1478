"""Comparing: what is different between two states of a note, in the words of who reads its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.timeline.redaction import payload_start
from okb_incident.core.values.properties import text_of, texts_of
from okb_incident.vault.note import frontmatter
from okb_incident.vault.note.note import decode, split

if TYPE_CHECKING:
    from collections.abc import Iterator


def compare(before: bytes | None, after: bytes | None) -> tuple[str, ...]:
    """Return what changed: ``status: triage → investigating``, ``+ a line``, ``- a line``.

    Args:
        before: The note before, None where there was none.
        after: The note after, None where there is none any more.
    """
    if before is None or after is None:
        return ("the note was made",) if before is None else ("the note went away",)
    old, new = decode(before), decode(after)
    properties = list(_properties(old, new))
    return (*properties, *_lines(split(old).body, split(new).body))


def outline(before: bytes, after: bytes) -> tuple[str, ...]:
    """Name what changed without its words, which may be in no note any more: properties, and entries by moment, kind and actor."""
    old, new = decode(before), decode(after)
    keys = [key for key, _, _ in _changed(old, new)]
    lines = list(_lines(split(old).body, split(new).body))
    heads = [f"{line[0]} {line[2:][:start].strip(' -*+:')}" for line in lines if (start := payload_start(line[2:]))]
    others = len(lines) - len(heads)
    return (*keys, *heads, *([f"{others} other lines" if others > 1 else "another line"] if others else []))


def _properties(old: str, new: str) -> Iterator[str]:
    for key, was, now in _changed(old, new):
        yield f"{key}: {_shown(was)} → {_shown(now)}"


def _changed(old: str, new: str) -> Iterator[tuple[str, object, object]]:
    was, now = frontmatter.read(old, "").values, frontmatter.read(new, "").values
    for key in (*now, *(key for key in was if key not in now)):
        if was.get(key) != now.get(key):
            yield key, was.get(key), now.get(key)


def _shown(value: object) -> str:
    return text_of(value) or ", ".join(texts_of(value)) or "–"


def _lines(old: str, new: str) -> Iterator[str]:
    """Return the lines that went and came, without those that moved nowhere."""
    import difflib  # noqa: PLC0415

    # The first two lines of a diff name the files, and look like lines that went and came.
    for line in list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""))[2:]:
        if not line.startswith("@@") and line[1:].strip():
            yield f"{line[0]} {line[1:].strip()}"
