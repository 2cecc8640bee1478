"""The change log of a note: a table of dates, changes and authors, kept where a writer or a template has put one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.values.properties import DERIVED, text_of, texts_of
from okb_incident.vault.note import sections

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = "Change log"
FOLLOWING = frozenset({"updated", "aliases", "tags", *DERIVED})
"""What changes only because something else did."""


def record(text: str, before: Mapping[str, object], after: Mapping[str, object], *, day: str, actor: str | None) -> str:
    """Add a row on what changed to a note's change log; a note without such a table stays as it is.

    Args:
        text: The note.
        before: Its properties before.
        after: The properties that a command has set.
        day: When, as a date.
        actor: The handle of who acted.
    """
    if sections.find(text, TITLE) is None:
        return text
    lines = sections.section_lines(text, TITLE)
    rows = [at for at, line in enumerate(lines) if line.lstrip().startswith("|")]
    changed = [
        f"{key}: {_shown(before.get(key))} → {_shown(value)}"
        for key, value in after.items()
        if key not in FOLLOWING and _shown(before.get(key)) != _shown(value)
    ]
    if len(rows) < 2 or not changed:
        return text
    cells = (day, "; ".join(changed), f"@{actor}" if actor else "")
    row = "| " + " | ".join(defuse_body(cell).replace("|", "\\|") for cell in cells) + " |"
    return sections.insert_line(text, TITLE, rows[-1] + 1, row)


def _shown(value: object) -> str:
    return text_of(value) or ", ".join(texts_of(value)) or "–"
