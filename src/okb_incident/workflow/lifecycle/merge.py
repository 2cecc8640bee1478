"""Several incidents that are one, and incidents that belong together: merge, relate."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change
from okb_incident.core.response import merging
from okb_incident.core.values.status import Status
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.workflow.change import incident_in
from okb_incident.workflow.reference import find_named

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call, Decision
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


def merge(call: Call, into: str | None) -> list[ChangedIncident]:
    """Merge incidents into another one: all of them, or none.

    What the target was merged into itself is followed to its end.

    Args:
        call: The call; its words are those that go in, and last where ``into`` is absent the one they go into.
        into: The one they go into.

    Raises:
        UsageError: Fewer than two are named, or one twice.
        TransitionError: One of them is over or restricted, or it would make a ring.
    """
    session = call.session
    names = [*call.words, *([into] if into else [])]
    if len(names) < 2:
        example = "merge 02 03 01, which puts 02 and 03 into 01"
        raise MissingWordError("INTO" if names else "FROM", "into which" if names else "which one", example)
    call.about_to_write()
    *sources, last = [find_named(call, name) for name in names]
    if len({source.id for source in sources}) < len(sources):
        raise UsageError("one of them is named twice", field="FROM")
    goal = _end_of_chain(call, last)
    target = _read(session, goal)
    for source in sources:
        incident = _read(session, source)
        if incident.duplicate_of != target.id.text:
            merging.refuse_ring(incident, _read(session, last), lambda name: _read(session, find_named(call, name)))
            merging.refuse_merge(incident, target)

    def take_in(record: Record) -> Change:
        new = [source for source in sources if f"from [[{source.id}]]" not in "\n".join(record.section("Timeline"))]
        changes = [merging.take_in(_read(session, source), call.moment) for source in new]
        lines = tuple(line for change in changes for line in change.lines)
        names = ", ".join(str(each.id) for each in new or sources)
        said = f"includes {names}" if new else f"already includes {names}"
        return Change(lines=lines, said=said, already=not lines)

    into_target = partial(merging.into, target=target, at=call.moment, reason=call.reason)
    return call.change_each([*((source, into_target) for source in sources), (goal, take_in)])


def unmerge(call: Call) -> list[ChangedIncident]:
    """Unmerge an incident.

    Raises:
        UsageError: Not one is named.
        TransitionError: It is merged into nothing.
    """
    if not call.words:
        raise MissingWordError("REF", "which one is taken out again", "merge --undo 02")
    if len(call.words) > 1:
        raise UsageError("one at a time is taken out again, such as: incident merge --undo 02", field="REF")
    call.about_to_write()
    source = find_named(call, call.words[0])
    incident = _read(call.session, source)
    decisions: list[tuple[Target, Decision]] = [(source, partial(merging.take_out, at=call.moment, reason=call.reason))]
    if incident.status is Status.MERGED and incident.duplicate_of:
        holder = find_named(call, incident.duplicate_of)
        decisions.append((holder, lambda _: merging.let_go(incident, call.moment)))
    return call.change_each(decisions)


def relate(call: Call, *, recurrence: bool) -> list[ChangedIncident]:
    """Record that incidents belong together, in the notes of both; or that the first is the return of the second.

    Raises:
        UsageError: Not two are named, or one twice.
    """
    if len(call.words) < 2:
        raise MissingWordError("REF", "to which" if call.words else "which one", "relate 02 01")
    if len(call.words) > 2:
        raise UsageError(f"{call.words[2]!r} is one too many; two belong together: incident relate 02 01", field="REF")
    call.about_to_write()
    one, other = (find_named(call, name) for name in call.words)
    first, second = _read(call.session, one), _read(call.session, other)
    decisions = [(one, partial(merging.relate, other=second, at=call.moment, recurrence=recurrence))]
    if not recurrence:
        decisions.append((other, partial(merging.relate, other=first, at=call.moment)))
    return call.change_each(decisions)


def _read(session: Session, target: Target) -> Incident:
    return incident_in(session, target, session.vault.read(target.path).text.encode())


def _end_of_chain(call: Call, target: Target) -> Target:
    """Follow what was merged into what; a ring ends where it began."""
    seen = set()
    incident = _read(call.session, target)
    while incident.status is Status.MERGED and incident.duplicate_of and incident.id not in seen:
        seen.add(incident.id)
        target = find_named(call, incident.duplicate_of)
        incident = _read(call.session, target)
    return target
