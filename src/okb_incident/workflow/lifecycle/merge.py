"""Several incidents that are one, and incidents that belong together: merge, relate."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change
from okb_incident.core.response import merging
from okb_incident.core.values.status import Status
from okb_incident.errors import UsageError
from okb_incident.workflow.change import change_incidents, incident_in
from okb_incident.workflow.reference import find_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Decision = tuple[Target, Callable[[Record], Change]]


def merge(
    session: Session,
    references: Sequence[str],
    *,
    into: str | None = None,
    reason: str = "",
    at: str | None = None,
    dry_run: bool = False,
) -> list[Changed]:
    """Put incidents into another one: all of them, or none.

    What the target was merged into itself is followed to its end.

    Args:
        session: The session.
        references: Those that go in, and last where ``into`` is absent the one they go into.
        into: The one they go into.
        reason: Why.
        at: When.
        dry_run: Write nothing.

    Raises:
        UsageError: Fewer than two are named, or one twice.
        TransitionError: One of them is over or restricted, or it would make a ring.
        OkbError: There is no such incident, or the notes cannot be written.
    """
    names = [*references, *([into] if into else [])]
    if len(names) < 2:
        raise UsageError("which ones? such as: incident merge 02 03 01, which puts 02 and 03 into 01", field="FROM")
    if not dry_run:
        session.about_to_write()
    *sources, last = [_target(session, name) for name in names]
    if len({source.id for source in sources}) < len(sources):
        raise UsageError("one of them is named twice", field="FROM")
    goal = _end_of_chain(session, last)
    target = _read(session, goal)
    for source in sources:
        incident = _read(session, source)
        if incident.duplicate_of != target.id.text:
            merging.refuse_ring(incident, _read(session, last), partial(_by_id, session))
            merging.refuse_merge(incident, target)
    moment = session.moment(at)

    def take_in(record: Record) -> Change:
        new = [source for source in sources if f"from [[{source.id}]]" not in "\n".join(record.section("Timeline"))]
        changes = [merging.take_in(_read(session, source), moment) for source in new]
        lines = tuple(line for change in changes for line in change.lines)
        return Change(lines=lines, said=", ".join(change.said for change in changes), already=not lines)

    decisions = [(source, partial(merging.into, target=target, at=moment, reason=reason)) for source in sources]
    return change_incidents(session, [*decisions, (goal, take_in)], verb="merge", dry_run=dry_run)


def unmerge(
    session: Session, reference: str, *, reason: str = "", at: str | None = None, dry_run: bool = False
) -> list[Changed]:
    """Take a merged incident out again.

    Raises:
        TransitionError: It is merged into nothing.
        OkbError: There is no such incident, or the notes cannot be written.
    """
    if not dry_run:
        session.about_to_write()
    source = _target(session, reference)
    incident = _read(session, source)
    moment = session.moment(at)
    decisions: list[Decision] = [(source, partial(merging.take_out, at=moment, reason=reason))]
    if incident.status is Status.MERGED and incident.duplicate_of:
        holder = _target(session, incident.duplicate_of)
        decisions.append((holder, lambda _: merging.let_go(incident, moment)))
    return change_incidents(session, decisions, verb="merge", dry_run=dry_run)


def relate(
    session: Session,
    references: Sequence[str],
    *,
    recurrence: bool = False,
    at: str | None = None,
    dry_run: bool = False,
) -> list[Changed]:
    """Say that incidents belong together, in the notes of both; or that the first is the return of the second.

    Raises:
        UsageError: Not two are named, or one twice.
        OkbError: There is no such incident, or the notes cannot be written.
    """
    if len(references) != 2:
        raise UsageError("which two? such as: incident relate 02 01", field="REF")
    if not dry_run:
        session.about_to_write()
    one, other = (_target(session, name) for name in references)
    first, second = _read(session, one), _read(session, other)
    moment = session.moment(at)
    decisions = [(one, partial(merging.relate, other=second, at=moment, recurrence=recurrence))]
    if not recurrence:
        decisions.append((other, partial(merging.relate, other=first, at=moment)))
    return change_incidents(session, decisions, verb="relate", dry_run=dry_run)


def _target(session: Session, name: str) -> Target:
    return find_target(session, name, verb="merge", fits=lambda _: False)


def _read(session: Session, target: Target) -> Incident:
    return incident_in(session, target, session.vault.read(target.path).text.encode())


def _by_id(session: Session, name: str) -> Incident | None:
    return _read(session, _target(session, name))


def _end_of_chain(session: Session, target: Target) -> Target:
    """Follow what was merged into what; a ring ends where it began."""
    seen = set()
    incident = _read(session, target)
    while incident.status is Status.MERGED and incident.duplicate_of and incident.id not in seen:
        seen.add(incident.id)
        target = _target(session, incident.duplicate_of)
        incident = _read(session, target)
    return target
