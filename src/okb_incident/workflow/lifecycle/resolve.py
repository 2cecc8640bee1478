"""The ending of an incident: resolve, close."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from okb_incident.command import Candidate, Sentence
from okb_incident.core.guidance.due import for_whom
from okb_incident.core.guidance.skipped import is_by_hand
from okb_incident.core.incident import lifecycle
from okb_incident.core.incident.change import LogLine, quote
from okb_incident.core.response import resolution
from okb_incident.core.response.resolution import LOSSES
from okb_incident.core.response.restoration import with_unrestored
from okb_incident.core.values.status import Status
from okb_incident.errors import MissingWordError, TransitionError
from okb_incident.workflow.lifecycle.advance import in_status
from okb_incident.workflow.look.what_next import requirements
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from collections.abc import Collection

    from okb_incident.core.guidance.gates import Gate
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.resolution import ResolutionDetails
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


def resolve(call: Call, details: ResolutionDetails) -> ChangedIncident:
    """Record that an incident is over, and what there is to say of it; a person is asked for what the note does not say yet.

    Raises:
        UsageError: A word is not in its vocabulary.
    """
    details = _checked(call.session, details)
    target = call.target(is_open, resolved_today(call.session))
    if call.question is not None:
        details = _asked(call, target, details)

    def decide(record: Record) -> Change:
        change = lifecycle.advance(
            record.incident,
            Status.RESOLVED,
            call.moment,
            call.session.zone,
            text=call.text,
            correct=call.shared.correct,
        )
        if not change.is_empty:
            change = with_unrestored(lifecycle.derive(change, record.incident), record, call.moment)
        return resolution.add(call.keeping_words(change), record, details, call.moment)

    return call.change_at(target, decide)


def _asked(call: Call, target: Target, details: ResolutionDetails) -> ResolutionDetails:
    """Ask for what neither the options nor the note say."""
    causes = call.session.vault.settings.vocabulary.cause
    questions: dict[str, tuple[str, tuple[str, ...]]] = {
        "summary": ("What happened, in a sentence or two? (Enter to skip) ", ()),
        "cause": ("What was the cause? (Enter to skip) ", causes),
        "fix": ("What fixed it? (Enter to skip) ", ()),
    }
    record = call.record(target)
    if not record.incident.is_open:
        return details
    for name in resolution.missing(record):
        given = details.workaround if name == "fix" and details.workaround else getattr(details, name)
        reply = None if given or call.question is None else call.question.line(*questions[name])
        if reply:
            details = details._replace(**{name: reply})
    return _checked(call.session, details)


def _checked(session: Session, details: ResolutionDetails) -> ResolutionDetails:
    """Check the words against their vocabulary.

    Raises:
        UsageError: A word is not in it.
    """
    from okb_incident.workflow.lifecycle.read_word import word_of  # noqa: PLC0415

    vocabulary = session.vault.settings.vocabulary
    if details.cause:
        details = details._replace(cause=word_of("cause", details.cause, vocabulary.cause))
    if details.data_loss:
        details = details._replace(data_loss=word_of("data_loss", details.data_loss, LOSSES))
    if details.trigger:
        details = details._replace(trigger=" ".join(details.trigger.split()))
    return details


def close(call: Call) -> ChangedIncident:
    """Close a resolved incident; the policy's gates have to be met, or overridden with a reason.

    Raises:
        TransitionError: A gate is not met; each is named with the command that meets it.
        MissingWordError: It is forced without a reason.
    """
    refuse_force_without(call.why, call)
    return call.change(lambda record: enter_closed(call, record, call.moment, call.why), in_status(Status.RESOLVED))


def refuse_force_without(reason: str, call: Call) -> None:
    """Refuse an override without a reason.

    Raises:
        MissingWordError: It is forced without a reason.
    """
    if call.shared.force and not reason:
        verb = call.verb if call.verb == "close" else f"{call.verb} status={Status.CLOSED}"
        raise MissingWordError(
            "--reason",
            "why is it closed although requirements are missing",
            f'{verb} --force --reason "it was a test of the alarm"',
            option="reason",
        )


def enter_closed(call: Call, record: Record, at: datetime, reason: str, given: Collection[str] = ()) -> Change:
    """Decide on closing an incident; one that was closed by hand meets the same requirements, or the reason is recorded.

    Args:
        call: The call.
        record: The incident.
        at: When it was closed.
        reason: What was said of it; of an override, why.
        given: The properties that the same call sets.

    Raises:
        TransitionError: A requirement is missing; each is named with the command that satisfies it.
    """
    incident = record.incident
    by_hand = incident.status is Status.CLOSED and is_by_hand(record)
    asked = by_hand or (incident.status is not Status.CLOSED and not (incident.status and incident.status.is_aside))
    gates = requirements(call.session, record) if asked else ()
    gates = tuple(gate for gate in gates if ("resolved" if gate.name == "end" else gate.name) not in given)
    if gates and not call.shared.force:
        raise _refusal(call, record, gates, reason)
    missing = ", ".join(gate.name for gate in gates)
    typed = reason
    if gates:
        reason = f"without {missing}: {reason}"
    change = lifecycle.advance(incident, Status.CLOSED, at, call.session.zone, text=reason, correct=call.shared.correct)
    if gates:
        change = change._replace(said=f"{change.said.replace(quote(reason), quote(typed))}, without {missing}")
    if by_hand:
        change = _told(change, incident, at, reason)
    return change if change.is_empty else lifecycle.derive(change, incident)


def _told(change: Change, incident: Incident, at: datetime, reason: str) -> Change:
    """Record in the timeline that an incident is closed which a person had closed without a line."""
    closed = change.properties.get("closed") or incident.at("closed")
    line = LogLine(
        "status",
        f"{Status.CLOSED}, {reason}" if reason else str(Status.CLOSED),
        closed if isinstance(closed, datetime) else at,
    )
    if incident.at("closed") is None:
        return change._replace(lines=(line,))
    return change._replace(already=False, lines=(line, *change.lines), said=change.said or "closing recorded")


def _refusal(call: Call, record: Record, gates: tuple[Gate, ...], reason: str) -> TransitionError:
    which = record.incident.id

    def offered(gate: Gate) -> Candidate:
        whose = for_whom(gate.who, gate.other_than, call.session.actor.handle)
        return Candidate(gate.command, f"{gate.missing} (for {whose})" if whose else gate.missing)

    return TransitionError(
        f"{which} cannot be closed yet; {'one thing is' if len(gates) == 1 else f'{len(gates)} things are'} missing",
        field=gates[0].name,
        candidates=tuple(map(offered, gates)),
        hint=Sentence(
            call.repeated(call.after, which, also=("--force",)),
            f"   closes it all the same, and {'records' if reason else 'asks'} why",
        ),
    )
