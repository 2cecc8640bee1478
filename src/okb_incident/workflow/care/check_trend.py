"""The findings of `check` by the month in which the incidents were declared, and those of some incidents or codes alone."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from okb_incident.core.metrics.documentation import MONTHS, Notes, is_within, of_period
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.period import choose_period, months_to
from okb_incident.errors import UsageError
from okb_incident.workflow.care.check import CODES, HINTS, check_vault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.metrics.documentation import Documentation
    from okb_incident.core.values.period import Period
    from okb_incident.core.values.problem import Problem
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.check import Checked
    from okb_incident.workflow.look.report import TypedPeriod


def trend(call: Call, typed: TypedPeriod) -> Documentation:
    """Check every note, and count the findings by month; without a period of the last twelve months.

    Raises:
        UsageError: The period cannot be read.
    """
    session = call.session
    period = _period(call, typed) or months_to(session.now.astimezone(session.zone).date(), session.zone, MONTHS)
    checked = check_vault(call)
    findings = (each for each in checked.problems if each.code not in HINTS)
    notes = Notes(checked.incidents, session.vault.settings.ids)
    return of_period(notes, findings, period, session.now, session.zone)


def selected(call: Call, checked: Checked, codes: Sequence[str], typed: TypedPeriod) -> Checked:
    """Return what was found of some codes, and in the notes of the incidents that were declared in a period; of none typed, all.

    Raises:
        UsageError: A code is unknown, or the period cannot be read.
    """
    wanted = {_code(each) for each in codes} or {*CODES}
    period, session = _period(call, typed), call.session
    notes = Notes(checked.incidents, session.vault.settings.ids)

    def fits(problem: Problem) -> bool:
        if problem.code not in wanted:
            return False
        incident = notes.incident_of(problem.path)
        return period is None or (incident is not None and is_within(incident, period, session.zone))

    return checked._replace(
        problems=tuple(filter(fits, checked.problems)), foreign=tuple(filter(fits, checked.foreign))
    )


def _period(call: Call, typed: TypedPeriod) -> Period | None:
    if not any(typed):
        return None
    return choose_period(now=call.session.now, zone=call.session.zone, **typed._asdict())


def _code(typed: str) -> str:
    word = typed.strip().lower()
    if word in CODES:
        return word
    close = tuple(get_close_matches(word[:40], CODES, n=1))
    raise UsageError(
        f"unknown code {shorten(typed)!r}; "
        + (f"did you mean {close[0]}?" if close else "docs/check.md lists all, such as bad-moment"),
        field="--code",
        value=typed,
        allowed=tuple(CODES),
        candidates=close,
    )
