"""Writing down work and money: effort, cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response import effort as efforts
from okb_incident.core.response.roles import read_role, said
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.errors import UsageError
from okb_incident.workflow.look.read_incident import view_at
from okb_incident.workflow.reference import find_target, is_open, resolved_today
from okb_incident.workflow.response.person import find_person, me, with_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return _log(call, "effort", fields, found.hint if found else None)


def log_cost(call: Call, low: str | None, high: str | None) -> ChangedIncident:
    """Write down what an incident cost: ``WHAT AMOUNT CURRENCY [TEXT]``.

    Args:
        call: The call.
        low: The least that it may be.
        high: The most that it may be.

    Raises:
        UsageError: It is not an amount of money, or its range does not hold it.
    """
    found = efforts.COST.fullmatch(call.text)
    if not found:
        raise UsageError(
            f"cost {shorten(call.text)!r} is not CATEGORY AMOUNT CURRENCY; such as: "
            "incident cost refunds 1200 CHF from the payment provider",
            field="cost",
            value=call.text,
        )
    fields = {"category": found["category"], "amount": found["amount"], "currency": found["currency"]}
    if low or high:
        fields |= {"low": low or found["amount"], "high": high or found["amount"]}
        _check_range(fields)
    if found["text"]:
        fields["text"] = found["text"]
    return _log(call, "cost", fields)


def _check_range(fields: Mapping[str, str]) -> None:
    try:
        low, amount, high = (float(fields[name]) for name in ("low", "amount", "high"))
    except ValueError:
        raise UsageError("--low and --high are amounts such as 900", field="--low") from None
    if not 0 <= low <= amount <= high:
        raise UsageError(
            f"{fields['amount']} is not between {fields['low']} and {fields['high']}",
            field="--low",
            value=fields["low"],
        )


def _log(call: Call, kind: str, fields: dict[str, str], hint: str | None = None) -> ChangedIncident:
    """Write a line of a kind with its fields, and say what there is to say of who was named."""
    try:
        payload = KINDS[kind].write(fields, call.session.zone)
    except ValueError as fault:
        raise UsageError(str(fault), field=kind) from None
    change = Change(
        lines=(LogLine(kind, payload, call.moment),), said=f"logged {kind} {payload}", moments={"logged": call.moment}
    )
    return call.change(lambda _: with_hints(change, hint), is_open, resolved_today(call.session))
