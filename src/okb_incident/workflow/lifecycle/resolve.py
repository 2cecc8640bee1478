"""Ending an incident, and putting it to rest: resolve, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.guidance.gates import unmet
from okb_incident.core.incident import lifecycle
from okb_incident.core.response import resolution
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError, UsageError
from okb_incident.workflow.act import split_reference
from okb_incident.workflow.change import change_incident, incident_in, record_of
from okb_incident.workflow.reference import find_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.guidance.gates import Gate
    from okb_incident.core.incident.change import Change
    from okb_incident.core.response.resolution import Told
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]
    AskFor = Callable[[str], str | None]
    """Asks a person for one of `summary`, `cause` and `fix`; None where they leave it open."""


def resolve(
    session: Session,
    words: Sequence[str],
    told: Told,
    *,
    reference: str | None = None,
    at: str | None = None,
    correct: bool = False,
    dry_run: bool = False,
    ask: Ask | None = None,
    ask_for: AskFor | None = None,
) -> Changed:
    """Say that an incident is over, and what there is to say of it: ``[REF] [TEXT…]``.

    Args:
        session: The session.
        words: A reference, perhaps, and the reason of the status line.
        told: What the options say.
        reference: The reference given as an option.
        at: When it was over.
        correct: Replace a moment that is set.
        dry_run: Write nothing.
        ask: Offers a choice where several incidents fit.
        ask_for: Asks a person for what the note does not say yet; absent where nobody can be asked.

    Raises:
        UsageError: A word is none of its vocabulary.
        OkbError: No or several incidents fit, the moment cannot be read, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(rest)
    told = _checked(session, told)
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference,
        verb="resolve",
        fits=lambda incident: incident.is_open,
        message=text,
        by_title=True,
        ask=ask,
    )
    moment = session.moment(at)
    if ask_for is not None and not dry_run:
        told = _asked(session, target, told, ask_for)

    def decide(record: Record) -> Change:
        change = lifecycle.advance(record.incident, Status.RESOLVED, moment, session.zone, text=text, correct=correct)
        if not change.is_empty:
            change = lifecycle.derive(change, record.incident)
        return resolution.add(change, record, told, moment)

    return change_incident(session, target, decide, verb="resolve", dry_run=dry_run)


def _asked(session: Session, target: Target, told: Told, ask_for: AskFor) -> Told:
    """Ask for what neither the options nor the note say."""
    note = session.vault.read(target.path)
    incident = incident_in(session, target, note.text.encode())
    if not incident.is_open:
        return told
    for name in resolution.missing(record_of(session, incident, note.text)):
        given = told.workaround if name == "fix" and told.workaround else getattr(told, name)
        reply = None if given else ask_for(name)
        if reply:
            told = told._replace(**{name: reply})
    return _checked(session, told)


def _checked(session: Session, told: Told) -> Told:
    """Hold the words against their vocabulary.

    Raises:
        UsageError: One is none of it.
    """
    from okb_incident.workflow.lifecycle.set_properties import word_of  # noqa: PLC0415

    vocabulary = session.vault.settings.vocabulary
    if told.cause:
        told = told._replace(cause=word_of("cause", told.cause, vocabulary.cause))
    if told.data_loss:
        told = told._replace(data_loss=word_of("data_loss", told.data_loss, ("none", "some", "unknown")))
    if told.trigger:
        told = told._replace(trigger=" ".join(told.trigger.split()))
    return told


def close(
    session: Session,
    words: Sequence[str],
    *,
    force: bool = False,
    reason: str | None = None,
    reference: str | None = None,
    at: str | None = None,
    correct: bool = False,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Put a resolved incident to rest: ``[REF] [TEXT…]``; the policy's gates have to be met, or overridden with a reason.

    Raises:
        TransitionError: A gate is not met; each is named with the command that meets it.
        UsageError: It is forced without a reason.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(rest)
    why = " ".join((reason or "").split())
    if force and not (why or text):
        raise UsageError(
            "closing in spite of what is missing needs a reason, such as: "
            'incident close --force --reason "it was a test of the alarm"',
            field="--reason",
        )
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference,
        verb="close",
        fits=lambda incident: incident.status is Status.RESOLVED,
        message=text,
        by_title=True,
        ask=ask,
    )
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        incident = record.incident
        gates = () if incident.status is Status.CLOSED else unmet(record, session.vault.settings.policy)
        said = text
        if gates and not force and not (incident.status is not None and incident.status.is_aside):
            raise _refusal(record, gates)
        if gates:
            names = ", ".join(gate.name for gate in gates)
            said = f"in spite of {names}: {why or text}"
        change = lifecycle.advance(incident, Status.CLOSED, moment, session.zone, text=said, correct=correct)
        return change if change.is_empty else lifecycle.derive(change, incident)

    return change_incident(session, target, decide, verb="close", dry_run=dry_run)


def _refusal(record: Record, gates: tuple[Gate, ...]) -> TransitionError:
    which = record.incident.id
    wide = max(len(gate.command) for gate in gates)
    return TransitionError(
        f"{which} cannot be closed yet; {'one thing is' if len(gates) == 1 else f'{len(gates)} things are'} missing",
        field=gates[0].name,
        candidates=tuple(f"{gate.command:<{wide}}   # {gate.missing}" for gate in gates),
        hint=f"incident close {which} --force --reason TEXT   closes it all the same, and says so",
    )
