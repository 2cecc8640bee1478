"""Setting how bad an incident is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident import lifecycle
from okb_incident.errors import UsageError
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.lifecycle.read_severity import read_severity
from okb_incident.workflow.reference import find_target, is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session


def change_severity(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    external: bool = False,
    dry_run: bool = False,
    ask: Callable[[Sequence[str]], int | None] | None = None,
) -> Changed:
    """Set the severity: ``[REF] SEVERITY [REASON…]``.

    Raises:
        OkbError: There is no severity in the words, no or several incidents fit, or the note cannot be written.
    """
    words = list(words)
    typed = None
    # One word is a severity; before another one, what has the form of a reference is one.
    if not reference and len(words) > 1 and is_reference(session, words[0]):
        typed, words = words[0], words[1:]
    if not words:
        scale = session.vault.settings.severities
        levels = "; ".join(f"{level.label}: {level.meaning}" for level in scale.levels)
        raise UsageError(
            "which severity? such as: incident severity sev1 every payment fails", field="severity", hint=levels
        )
    severity = read_severity(session, words[0])
    reason = " ".join(words[1:])
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference or typed,
        verb="severity",
        fits=lambda incident: incident.is_open,
        message=" ".join(words),
        by_title=reference is not None,
        ask=ask,
    )
    moment = session.moment(at)
    return change_incident(
        session,
        target,
        lambda record: lifecycle.change_severity(record.incident, severity, moment, reason, external=external),
        verb="severity",
        dry_run=dry_run,
    )
