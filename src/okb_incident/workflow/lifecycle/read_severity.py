"""A severity as typed, for every command that takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from okb_incident.core.values.severity import Severity
    from okb_incident.workflow.session import Session


def read_severity(session: Session, text: str) -> Severity:
    """Read a severity as typed.

    Raises:
        UsageError: It is none; each level is named with its definition.
    """
    scale = session.vault.settings.severities
    severity = scale.read(text)
    if severity is None:
        levels = "; ".join(f"{level.label}: {level.meaning}" for level in scale.levels)
        raise UsageError(
            f"unknown severity {shorten(text)!r}; choose from {', '.join(scale.labels)}",
            field="severity",
            value=text,
            allowed=scale.labels,
            hint=f"{levels}. If unsure, take the higher",
        )
    return severity
