"""The brief as Markdown for a chat or a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.reports.markdown_text import plain

if TYPE_CHECKING:
    from okb_incident.core.guidance.brief import Brief


def as_markdown(brief: Brief) -> str:
    """Return the brief as Markdown; what the note says makes no markup of its own there."""
    lines = [f"**{plain(brief.head)}**: {plain(brief.title)}", ""]
    for name, told in brief.parts:
        lines.append(f"- **{name.capitalize()}**: {'; '.join(map(plain, told))}")
    return "\n".join(lines)
