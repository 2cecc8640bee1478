"""Moments that are typed have to fit the note they go into; what does not is confirmed by whoever means it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from okb_incident.core.incident.change import LogLine
from okb_incident.core.incident.doubt import Limits
from okb_incident.core.incident.plausible import as_written, implausible
from okb_incident.core.timeline.evidence import CONFIRMED
from okb_incident.core.values.moment import Moment
from okb_incident.core.values.properties import MOMENTS
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.doubt import Doubt
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.request import Request


def confirmed(call: Request, record: Record, change: Change) -> Change:
    """Return a change whose typed moments fit the note, or are meant all the same: then its lines say so.

    Raises:
        UsageError: One does not fit, and nobody has confirmed it.
    """
    session = call.session
    typed = {each.at: each.field for each in session.typed if each.at <= session.now}
    given = {
        name: Moment(value)
        for name, value in change.properties.items()
        if name in MOMENTS and isinstance(value, datetime) and value in typed
    }
    told = {moment.at for moment in given.values()}
    given |= {typed[line.at]: Moment(line.at) for line in change.lines if line.at in typed and line.at not in told}
    others = [moment.at for name, moment in record.incident.moments.items() if name not in given]
    others += [entry.at for entry in record.entries if entry.at is not None]
    limits = Limits(session.zone, session.vault.settings.window)
    found = implausible(record.incident, given, others, session.now, limits)
    refuse_unconfirmed(call, found)
    written = {doubt.name: f"{doubt.name}: {as_written(given[doubt.name], session.zone)}{CONFIRMED}" for doubt in found}
    lines = [
        LogLine("note", text, session.now)
        for name, text in written.items()
        if name in MOMENTS and not any(CONFIRMED in line.text for line in change.lines if line.text.startswith(name))
    ]
    return change._replace(lines=(*change.lines, *lines))


def refuse_unconfirmed(call: Request, found: Iterable[Doubt]) -> None:
    """Refuse moments that do not fit, unless whoever typed them has confirmed them.

    Raises:
        UsageError: Nobody has; with the command that does.
    """
    for doubt in () if call.shared.confirm else found:
        raise UsageError(
            f"{doubt.message}; if it is meant, add --confirm",
            field=doubt.name,
            hint=call.repeated(call.after, also=("--confirm",)),
        )
