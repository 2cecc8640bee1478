"""The actions of an incident: action add, start, done, cancel, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response import actions
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, is_open, split_reference
from okb_incident.workflow.look.guide import guide_all, guide_one
from okb_incident.workflow.reference import resolved_today
from okb_incident.workflow.response.person import find_person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.actions import Action
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


class Listed(NamedTuple):
    """An action of some incident.

    Attributes:
        incident: Which.
        action: What is done.
        is_overdue: Its day has passed and it is open.
    """

    incident: Incident
    action: Action
    is_overdue: bool


def add_action(
    session: Session,
    words: Sequence[str],
    *,
    owner: str | None = None,
    due: str | None = None,
    verify: str | None = None,
    reference: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Write an action down: ``[REF] TEXT…``.

    Raises:
        UsageError: There are no words, or the day cannot be read.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest).split())
    if not text:
        raise UsageError(
            "what is to be done? such as: incident action add roll back deploy 4f2a --owner bob", field="TEXT"
        )
    found = find_person(session, owner, "--owner") if owner else None
    day = session.day(due) if due else None

    def decide(record: Record) -> Change:
        change = actions.add(
            record, text, session.now, owner=found.person.handle if found else None, due=day, verify=verify
        )
        return change._replace(warnings=(found.hint,) if found and found.hint else ())

    return act(
        session,
        reference,
        decide,
        verb="action add",
        fits=is_open,
        else_fits=resolved_today(session),
        message=text,
        dry_run=dry_run,
        ask=ask,
    )


def move_action(
    session: Session,
    verb: str,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Start, finish or give up an action: ``[REF] NAME [TEXT…]``; giving up says why.

    Raises:
        UsageError: No action is named, or no reason.
        NotFoundError: There is no action of that name.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest[1:]).split())
    if not rest or (verb == "cancel" and not text):
        example = {"start": "a1", "done": "a1 all regions", "cancel": "a1 the cause is elsewhere"}[verb]
        asked = "why" if rest else "which action"
        raise UsageError(f"{asked}? such as: incident action {verb} {example}", field="TEXT" if rest else "NAME")
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        if verb == "start":
            return actions.start(record, rest[0], moment)
        return actions.end(record, rest[0], moment, text=text, given_up=verb == "cancel")

    return act(
        session,
        reference,
        decide,
        verb=f"action {verb}",
        fits=is_open,
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def list_actions(
    session: Session,
    reference: str | None,
    *,
    everything: bool = False,
    overdue: bool = False,
    restricted: bool = False,
    ask: Ask | None = None,
) -> list[Listed]:
    """Give the actions of an incident, or of all that are not at rest; those that are done only where they are asked for."""
    if reference:
        found = [guide_one(session, reference, verb="action list", restricted=restricted, ask=ask)]
    else:
        found = guide_all(session, restricted=restricted)
    today = write_moment(session.now, session.zone)[:10]
    listed = [
        Listed(guided.incident, action, action.task.is_open and bool(action.task.due) and str(action.task.due) < today)
        for guided in found
        for action in actions.actions(guided.record)
    ]
    wanted = [
        each for each in listed if everything or each.action.task.is_open or each.action.state.endswith("unverified")
    ]
    return [each for each in wanted if each.is_overdue or not overdue]
