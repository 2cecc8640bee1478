"""Writing down work and money: effort, cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response import effort as efforts
from okb_incident.core.response.roles import read_role, said
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, split_reference
from okb_incident.workflow.reference import resolved_today
from okb_incident.workflow.response.person import find_person, me

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


def log_effort(
    session: Session,
    words: Sequence[str],
    *,
    person: str | None = None,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Write down that somebody worked on it: ``[REF] TIME [as ROLE]``.

    Raises:
        UsageError: The time is none, or too long.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text, _, role = " ".join(rest).partition(" as ")
    minutes = efforts.read_minutes(text)
    found = find_person(session, person, "--for") if person else None
    who = found.person if found else me(session)
    known = read_role(role)
    fields = {
        "person": who.handle,
        "minutes": str(minutes),
        **({"role": said(known) if known else role} if role else {}),
    }
    payload = _written("effort", fields, session)
    moment = session.moment(at)
    change = Change(
        lines=(LogLine("effort", payload, moment),),
        said=f"effort {payload}",
        warnings=(found.hint,) if found and found.hint else (),
    )
    return act(
        session,
        reference,
        lambda _: change,
        verb="effort",
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def log_cost(
    session: Session,
    words: Sequence[str],
    *,
    low: str | None = None,
    high: str | None = None,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Write down what it cost: ``[REF] WHAT AMOUNT CURRENCY [TEXT]``.

    Raises:
        UsageError: It is no amount of money, or its range does not hold it.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    typed = " ".join(" ".join(rest).split())
    found = efforts.COST.fullmatch(typed)
    if not found:
        raise UsageError(
            f"cost {shorten(typed)!r} is no amount such as: incident cost refunds 1200 CHF from the payment provider",
            field="cost",
            value=typed,
        )
    fields = {"category": found["category"], "amount": found["amount"], "currency": found["currency"]}
    if low or high:
        fields |= {"low": low or found["amount"], "high": high or found["amount"]}
        _check_range(fields)
    if found["text"]:
        fields["text"] = found["text"]
    payload = _written("cost", fields, session)
    moment = session.moment(at)
    change = Change(lines=(LogLine("cost", payload, moment),), said=f"cost {payload}")
    return act(
        session,
        reference,
        lambda _: change,
        verb="cost",
        fits=lambda incident: incident.is_open,
        else_fits=resolved_today(session),
        message=typed,
        dry_run=dry_run,
        ask=ask,
    )


def _check_range(fields: dict[str, str]) -> None:
    try:
        low, amount, high = (float(fields[name]) for name in ("low", "amount", "high"))
    except ValueError:
        raise UsageError("--low and --high are amounts such as 900", field="--low") from None
    if not 0 <= low <= amount <= high:
        raise UsageError(
            f"{fields['amount']} does not lie between {fields['low']} and {fields['high']}",
            field="--low",
            value=fields["low"],
        )


def _written(kind: str, fields: dict[str, str], session: Session) -> str:
    try:
        return KINDS[kind].write(fields, session.zone)
    except ValueError as fault:
        raise UsageError(str(fault), field=kind) from None
