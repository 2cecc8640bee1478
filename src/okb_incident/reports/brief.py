"""The brief as text for a terminal, and as Markdown for a chat or a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import one_line
from okb_incident.reports.markdown_text import plain
from okb_incident.reports.width import wrap

if TYPE_CHECKING:
    from okb_incident.core.guidance.brief import Brief

WIDTH = 100
LABEL = 8


def as_text(brief: Brief) -> str:
    """Give the brief as lines of at most 100 cells."""
    lines = [one_line(brief.head), one_line(brief.title)]
    for name, told in brief.parts:
        for place, text in enumerate(told):
            first, *rest = wrap(one_line(text), WIDTH - LABEL)
            lines.append(f"{'' if place else name:<{LABEL}}{first}")
            lines += [" " * LABEL + line.strip() for line in rest]
    return "\n".join(lines)


def as_markdown(brief: Brief) -> str:
    """Give the brief as Markdown; what the note says makes no markup of its own there."""
    lines = [f"**{plain(brief.head)}**: {plain(brief.title)}", ""]
    for name, told in brief.parts:
        lines.append(f"- **{name.capitalize()}**: {'; '.join(map(plain, told))}")
    return "\n".join(lines)
