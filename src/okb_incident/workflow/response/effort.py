"""Writing down work: effort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response import effort as efforts
from okb_incident.core.response.roles import read_role, said
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.errors import UsageError
from okb_incident.workflow.look.read_incident import view_at
from okb_incident.workflow.reference import find_target, is_open, resolved_today
from okb_incident.workflow.response.person import find_person, me, with_hints

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


def read_record(call: Call) -> Record:
    """Read the incident whose work or cost is asked for; a vault that cannot be written answers, too."""
    return view_at(call.session, find_target(call, is_open, resolved_today(call.session))).record


def log_effort(call: Call, person: str | None) -> ChangedIncident:
    """Write down that somebody worked on an incident: ``TIME [as ROLE]``.

    Args:
        call: The call.
        person: Who it was; who acts, unless somebody is named.

    Raises:
        UsageError: The time is none, or too long.
    """
    text, _, role = call.text.partition(" as ")
    minutes = efforts.read_minutes(text)
    found = find_person(call.session, person, "--for") if person else None
    who = found.person if found else me(call.session)
    known = read_role(role)
    fields = {
        "person": who.handle,
        "minutes": str(minutes),
        **({"role": said(known) if known else role} if role else {}),
    }
    return log_fields(call, "effort", fields, found.hint if found else None)


def log_fields(call: Call, kind: str, fields: dict[str, str], hint: str | None = None) -> ChangedIncident:
    """Write a line of a kind with its fields, and say what there is to say of who was named."""
    try:
        payload = KINDS[kind].write(fields, call.session.zone)
    except ValueError as fault:
        raise UsageError(str(fault), field=kind) from None
    change = Change(
        lines=(LogLine(kind, payload, call.moment),), said=f"logged {kind} {payload}", moments={"logged": call.moment}
    )
    return call.change(lambda _: with_hints(change, hint), is_open, resolved_today(call.session))
