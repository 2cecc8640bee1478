"""Asking for what a response needs: resource request, grant, refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response import requests
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, split_reference
from okb_incident.workflow.reference import resolved_today

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

STATES = {"grant": "granted", "refuse": "refused"}


def request(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Ask for something: ``[REF] TEXT…``.

    Raises:
        UsageError: Nothing is asked for.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest).split())
    if not text:
        raise UsageError("what is needed? such as: incident resource request a database specialist", field="TEXT")
    moment = session.moment(at)
    return act(
        session,
        reference,
        lambda record: requests.ask_for(record, text, moment),
        verb="resource request",
        message=text,
        dry_run=dry_run,
        ask=ask,
    )


def answer(
    session: Session,
    verb: str,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Grant or refuse what was asked for: ``[REF] NAME [TEXT…]``; a refusal says why.

    Raises:
        UsageError: No request is named, or no reason.
        NotFoundError: There is no request of that name.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest[1:]).split())
    if not rest or (verb == "refuse" and not text):
        example = "r1 gita joins at 03:00" if verb == "grant" else "r1 nobody is free before eight"
        raise UsageError(
            f"{'why' if rest else 'which request'}? such as: incident resource {verb} {example}",
            field="TEXT" if rest else "NAME",
        )
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        return requests.answer(record, rest[0], STATES[verb], text, moment)

    return act(
        session,
        reference,
        decide,
        verb=f"resource {verb}",
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )
