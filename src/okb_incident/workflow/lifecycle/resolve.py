"""Ending an incident, and putting it to rest: resolve, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.guidance.gates import unmet
from okb_incident.core.incident import lifecycle
from okb_incident.core.response import resolution
from okb_incident.core.response.resolution import LOSSES
from okb_incident.core.values.status import Status
from okb_incident.errors import MissingWordError, TransitionError
from okb_incident.workflow.lifecycle.advance import in_status
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.core.guidance.gates import Gate
    from okb_incident.core.incident.change import Change
    from okb_incident.core.response.resolution import ResolutionDetails
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


def resolve(call: Call, details: ResolutionDetails) -> ChangedIncident:
    """Record that an incident is over, and what there is to say of it; a person is asked for what the note does not say yet.

    Raises:
        UsageError: A word is none of its vocabulary.
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
            change = lifecycle.derive(change, record.incident)
        return resolution.add(call.keeping_words(change), record, details, call.moment)

    return call.change_at(target, decide)


def _asked(call: Call, target: Target, details: ResolutionDetails) -> ResolutionDetails:
    """Ask for what neither the options nor the note say."""
    causes = call.session.vault.settings.vocabulary.cause
    questions: dict[str, tuple[str, tuple[str, ...]]] = {
        "summary": ("what happened, in a sentence or two? ", ()),
        "cause": (f"the cause? ({', '.join(causes)}) ", causes),
        "fix": ("what mended it? ", ()),
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
    """Hold the words against their vocabulary.

    Raises:
        UsageError: One is none of it.
    """
    from okb_incident.workflow.lifecycle.set_properties import word_of  # noqa: PLC0415

    vocabulary = session.vault.settings.vocabulary
    if details.cause:
        details = details._replace(cause=word_of("cause", details.cause, vocabulary.cause))
    if details.data_loss:
        details = details._replace(data_loss=word_of("data_loss", details.data_loss, LOSSES))
    if details.trigger:
        details = details._replace(trigger=" ".join(details.trigger.split()))
    return details


def close(call: Call) -> ChangedIncident:
    """Put a resolved incident to rest; the policy's gates have to be met, or overridden with a reason.

    Raises:
        TransitionError: A gate is not met; each is named with the command that meets it.
        MissingWordError: It is forced without a reason.
    """
    force, why = call.shared.force, call.why
    if force and not why:
        raise MissingWordError(
            "--reason",
            "why is it closed in spite of what is missing",
            'close --force --reason "it was a test of the alarm"',
            option="reason",
        )

    def decide(record: Record) -> Change:
        incident = record.incident
        gates = () if incident.status is Status.CLOSED else unmet(record, call.session.vault.settings.policy)
        said = why
        if gates and not force and not (incident.status is not None and incident.status.is_aside):
            raise _refusal(record, gates)
        if gates:
            said = f"in spite of {', '.join(gate.name for gate in gates)}: {why}"
        change = lifecycle.advance(
            incident, Status.CLOSED, call.moment, call.session.zone, text=said, correct=call.shared.correct
        )
        return change if change.is_empty else lifecycle.derive(change, incident)

    return call.change(decide, in_status(Status.RESOLVED))


def _refusal(record: Record, gates: tuple[Gate, ...]) -> TransitionError:
    which = record.incident.id
    return TransitionError(
        f"{which} cannot be closed yet; {'one thing is' if len(gates) == 1 else f'{len(gates)} things are'} missing",
        field=gates[0].name,
        candidates=tuple(Candidate(gate.command, gate.missing) for gate in gates),
        hint=Sentence(
            Command("close", options=("--force",), incident=which), "   closes it all the same, and asks why"
        ),
    )
