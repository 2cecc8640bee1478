"""From the impact to its end: contain, restore, expect, data-loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident import lifecycle
from okb_incident.core.response import expectation, restoration
from okb_incident.core.response.resolution import LOSSES, lose_data
from okb_incident.core.response.service_impact import service_impacts
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.impact_lines import LONGEST_SERVICE, service_key, service_name
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


def contain(call: Call) -> ChangedIncident:
    """Record that it spreads no further; the status stays."""

    def decide(record: Record) -> Change:
        return lifecycle.stamp(
            record.incident, "contained", call.moment, call.session.zone, text=call.text, correct=call.shared.correct
        )

    return call.change(decide, is_open, resolved_today(call.session))


def restore(call: Call) -> ChangedIncident:
    """Record that services work again; without one, all that suffer.

    Raises:
        UsageError: No service is named, and none is known to suffer; or a name is empty or too long.
        TransitionError: It would end before it began.
    """
    services = [service_name(" ".join(word.split())).strip("[]") for word in call.words]
    for name, typed in zip(services, call.words, strict=True):
        if not name or len(name) > LONGEST_SERVICE:
            raise UsageError(
                f"{shorten(typed)!r} is not the name of a service; write one such as checkout",
                field="SERVICE",
                value=typed,
            )

    def decide(record: Record) -> Change:
        known = [each.service for each in service_impacts(record)]
        suffering = restoration.suffering(record, call.moment) or list(record.incident.services)
        named = services or suffering
        if not named:
            raise MissingWordError("SERVICE", "which service works again", "restore checkout")
        change = restoration.restore(record, named, call.moment)
        expected = {service_key(name) for name in (*known, *record.incident.services)}
        strangers = [name for name in services if service_key(name) not in expected]
        return change._replace(warnings=(*change.warnings, *(_stranger(name, suffering) for name in strangers)))

    return call.change(decide, is_open, resolved_today(call.session))


def _stranger(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"nothing was said of {name} before" + (f"; did you mean {close[0]}?" if close else "")


def expect(call: Call) -> ChangedIncident:
    """Record when it will be over.

    Raises:
        UsageError: No moment is named, or it cannot be read.
    """
    session, typed = call.session, call.given.get("T")
    if typed is None:
        raise MissingWordError("T", "when will it be over", "expect 40m the index is being built")
    until = session.moment(typed, "T", promise=True)
    if until <= session.now:
        raise UsageError(
            f"the expected recovery must be in the future (got {session.written(until)}), such as 40m or 14:30",
            field="T",
            value=typed,
        )
    return call.change(lambda record: expectation.expect(record, until, session.now, call.text))


def data_loss(call: Call, since: str | None, restored_from: str | None) -> ChangedIncident:
    """Record whether data was lost.

    Args:
        call: The call.
        since: From which moment on, as typed.
        restored_from: What it was restored from.

    Raises:
        UsageError: It is not one of the words for it.
    """
    typed = call.given.get("none|some|unknown")
    loss = (typed or "").lower()
    if typed is None:
        example = 'data-loss some --since 01:35 --from "the backup of 01:30"'
        raise MissingWordError("none|some|unknown", "was data lost", example, allowed=LOSSES)
    if loss not in LOSSES:
        raise UsageError(
            f"unknown data loss {typed!r}; choose from {', '.join(LOSSES)}",
            field="data_loss",
            value=loss,
            allowed=LOSSES,
        )
    begin = call.session.moment(since, "--since") if since else None

    def decide(record: Record) -> Change:
        return lose_data(record, loss, call.moment, since=begin, restored_from=restored_from, text=call.text)

    return call.change(decide, is_open, resolved_today(call.session))
