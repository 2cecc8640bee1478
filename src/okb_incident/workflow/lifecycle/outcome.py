"""From the impact to its end: contain, restore, expect, data-loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident import lifecycle
from okb_incident.core.response import expectation, restoration
from okb_incident.core.response.resolution import lose_data
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, is_open, split_reference
from okb_incident.workflow.reference import resolved_today

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

LOSSES = ("none", "some", "unknown")


def contain(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    correct: bool = False,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say that it spreads no further: ``[REF] [TEXT…]``; the status stays.

    Raises:
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(rest)
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        return lifecycle.stamp(record.incident, "contained", moment, session.zone, text=text, correct=correct)

    return act(
        session,
        reference,
        decide,
        verb="contain",
        else_fits=resolved_today(session),
        message=text,
        dry_run=dry_run,
        ask=ask,
    )


def restore(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say that services work again: ``[REF] SERVICE…``; without one, all that suffer.

    Raises:
        UsageError: No service is named, and none is known to suffer.
        TransitionError: It would end before it began.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    services = [" ".join(word.split()).strip("[]") for word in rest]
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        known = restoration.sufferings(record)
        suffering = [each.service for each in known.values() if each.end is None] or list(record.incident.services)
        named = services or suffering
        if not named:
            raise UsageError(
                "which service works again? such as: incident restore checkout",
                field="SERVICE",
                hint=f"incident set {record.incident.id} services=checkout",
            )
        change = restoration.restore(record, named, moment)
        expected = {name.lower() for name in (*known, *record.incident.services)}
        strangers = [name for name in services if name.lower() not in expected]
        return change._replace(warnings=(*change.warnings, *(_stranger(name, suffering) for name in strangers)))

    return act(
        session,
        reference,
        decide,
        verb="restore",
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def _stranger(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"nothing was said of {name} before" + (f"; did you mean {close[0]}?" if close else "")


def expect(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say when it will be over: ``[REF] T [TEXT…]``.

    Raises:
        UsageError: No moment is named, or it cannot be read.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    if not rest:
        raise UsageError("when will it be over? such as: incident expect 40m the index is being built", field="T")
    until = session.moment(rest[0], "T", promise=True)
    if until <= session.now:
        raise UsageError(
            f"{session.written(until)} lies behind; an expected recovery lies ahead, such as 40m or 14:30",
            field="T",
            value=rest[0],
        )
    text = " ".join(rest[1:])
    return act(
        session,
        reference,
        lambda record: expectation.expect(record, until, session.now, text),
        verb="expect",
        fits=is_open,
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def data_loss(
    session: Session,
    words: Sequence[str],
    *,
    since: str | None = None,
    restored_from: str | None = None,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say whether data was lost: ``[REF] none|some|unknown [TEXT…]``.

    Raises:
        UsageError: It is none of the three.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    loss = rest[0].lower() if rest else ""
    if loss not in LOSSES:
        raise UsageError(
            f"data loss {rest[0]!r} is none of {', '.join(LOSSES)}" if rest else "was data lost? none, some or unknown",
            field="data_loss",
            value=loss,
            allowed=LOSSES,
            hint='incident data-loss some --since 01:35 --from "the backup of 01:30"',
        )
    moment = session.moment(at)
    begin = session.moment(since, "--since") if since else None
    text = " ".join(rest[1:])

    def decide(record: Record) -> Change:
        return lose_data(record, loss, moment, since=begin, restored_from=restored_from, text=text)

    return act(
        session,
        reference,
        decide,
        verb="data-loss",
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )
