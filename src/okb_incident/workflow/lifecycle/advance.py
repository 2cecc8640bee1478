"""The verbs that move an incident while it lasts, or aside and back: ack, identify, mitigate, decline, reopen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident import lifecycle
from okb_incident.core.values.status import Status
from okb_incident.errors import UsageError
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.reference import find_target, resolved_today, split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

#: Which status each verb enters, and to which incidents it can apply where none is named.
TARGETS: dict[str, tuple[Status, frozenset[Status]]] = {
    "ack": (Status.INVESTIGATING, frozenset({Status.TRIAGE})),
    "identify": (Status.IDENTIFIED, frozenset({Status.TRIAGE, Status.INVESTIGATING, Status.MONITORING})),
    "mitigate": (Status.MONITORING, frozenset({Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED})),
}


def advance(
    session: Session,
    verb: str,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    correct: bool = False,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Run one of the forward verbs.

    Args:
        session: The session.
        verb: ack, identify or mitigate.
        words: A reference, perhaps, and what the person says.
        reference: The reference given as an option.
        at: When it happened, as typed.
        correct: Replace a moment that is set.
        dry_run: Write nothing.
        ask: Offers a choice where several incidents fit.

    Raises:
        OkbError: No or several incidents fit, the moment cannot be read, the status forbids it, the note cannot be written.
    """
    status, applicable = TARGETS[verb]
    typed, text = (None, " ".join(words)) if reference else split_words(session, words)
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference or typed,
        verb=verb,
        fits=lambda incident: incident.status in applicable,
        # The cause is often found when all is over.
        else_fits=resolved_today(session) if verb == "identify" else None,
        message=text,
        by_title=reference is not None,
        ask=ask,
    )
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        incident = record.incident
        change = lifecycle.advance(incident, status, moment, session.zone, text=text, correct=correct)
        if verb == "ack" and not change.is_empty:
            change = lifecycle.make_commander(change, incident, session.actor.link)
        if incident.at("resolved") is not None and not change.is_empty:
            # It was over before that was said; the minutes that follow from the moments are there already.
            change = lifecycle.derive(change, incident)
        return change

    return change_incident(session, target, decide, verb=verb, dry_run=dry_run)


def confirm(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say that an incident is real: it is being investigated, and nobody's for that.

    Raises:
        OkbError: As `advance`.
    """
    typed, text = (None, " ".join(words)) if reference else split_words(session, words)
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference or typed,
        verb="confirm",
        fits=lambda incident: incident.status is Status.TRIAGE,
        message=text,
        by_title=reference is not None,
        ask=ask,
    )
    moment = session.moment(at)
    said = f"confirmed{', ' + text if text else ''}"

    def decide(record: Record) -> Change:
        return lifecycle.advance(record.incident, Status.INVESTIGATING, moment, session.zone, text=said)

    return change_incident(session, target, decide, verb="confirm", dry_run=dry_run)


def set_aside(
    session: Session,
    verb: str,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Run decline or reopen, which need a reason.

    Raises:
        UsageError: There is no reason.
        OkbError: As `advance`.
    """
    typed, reason = (None, " ".join(words)) if reference else split_words(session, words)
    if not reason.strip():
        raise UsageError(
            f"{verb} needs a reason, such as: incident {verb} {typed or reference or 'INC-…'} "
            + ("probe was wrong, the site was up" if verb == "decline" else "the errors are back"),
            field="reason",
        )
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference or typed,
        verb=verb,
        fits=(lambda incident: incident.is_open)
        if verb == "decline"
        else (lambda incident: incident.status is Status.RESOLVED),
        message=reason,
        by_title=reference is not None,
        ask=ask,
    )
    moment: datetime = session.moment(at)

    def decide(record: Record) -> Change:
        if verb == "decline":
            return lifecycle.decline(record.incident, moment, reason)
        return lifecycle.reopen(record.incident, moment, session.zone, reason)

    return change_incident(session, target, decide, verb=verb, dry_run=dry_run)
