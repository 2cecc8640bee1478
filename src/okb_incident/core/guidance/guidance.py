"""Guidance: the response process as a function from an incident's record and the organization's policy to what is due, and by when.

Every item names the command that does it; it asks for what only a person can say. Nothing here looks at a clock:
an item is overdue when its deadline is before the moment that the caller knows.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.comms.updates import owed
from okb_incident.core.guidance.due import Due, after, holder, in_order, owner_of, promised, to_end, to_stop, to_take
from okb_incident.core.incident.incident import NATURES
from okb_incident.core.values.properties import NOTICE_KEYS, link_target, text_of, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.standing import ReviewStanding
    from okb_incident.core.settings.policy import Expectation, Policy
    from okb_incident.core.timeline.record import Record


DAYS_TO_CLOSE = 7
"""Within how many days after its end an incident is closed, where no review is due."""


def due(record: Record, policy: Policy, now: datetime, review: ReviewStanding | None = None) -> list[Due]:
    """Return what is due: what is late, then what is required, then what the policy wants by a time, then the rest.

    The ``next:`` line of every answer is the first of it.

    Args:
        record: The incident.
        policy: What the organization expects.
        now: The moment of the command; an incident counts as silent from its point of view.
        review: How far the note of its review is, which only an incident that is over needs.
    """
    incident = record.incident
    expected = policy.of(incident.severity)
    if incident.needs_someone:
        parts: Iterable[Iterator[Due]] = (
            _security(record, policy, expected),
            to_take(incident, expected),
            _severity(incident, expected),
            _roles(incident, expected),
            _facts(incident, policy),
            _checklist(record),
            _updates(record, policy, expected),
            _promise(incident, record.zone),
            _notice(record, policy),
            to_stop(incident, expected),
            _recovery(record, expected),
            _actions(record),
            _requests(record),
            _silence(record, policy, expected, now),
        )
    elif incident.status is Status.RESOLVED and incident.nature in {None, *NATURES[:1]}:
        parts = (_updates(record, policy, expected), _close(record, policy, expected, review))
    else:
        return []
    return in_order(chain.from_iterable(parts), now)


# -- while it is open -------------------------------------------------------------------------------------------------


def _severity(incident: Incident, expected: Expectation) -> Iterator[Due]:
    if incident.severity is None or incident.severity.rank == 0:
        by = after(incident, expected.acknowledge)
        yield Due("severity", "set its severity", by, Command("severity", incident=incident.id), required=True)


def _roles(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask for the roles once somebody has it; they have as long again as taking it may last."""
    if incident.status is Status.TRIAGE:
        return
    by = after(incident, expected.acknowledge and 2 * expected.acknowledge)
    missing = [role for role in expected.roles if not texts_of(incident.properties.get(role))]
    if not missing:
        return
    from okb_incident.core.response.roles import SHORT_OF, said  # noqa: PLC0415 - `open` names no role

    for role in missing:
        command = Command("role", SHORT_OF[role], "me", incident=incident.id)
        yield Due(f"role {role}", f"name a {said(role)}", by, command)


def _facts(incident: Incident, policy: Policy) -> Iterator[Due]:
    category = policy.category(incident.category)
    for key in category.requires:
        if not texts_of(incident.properties.get(key)):
            what = f"say its {key.replace('_', ' ')}, which every {incident.category} incident needs"
            command = Command("set", key, incident=incident.id)
            yield Due(f"property {key}", what, None, command, who=holder(incident, "commander"))
    if policy.handling(incident.category, incident.detected_by).tlp and not text_of(incident.properties.get("tlp")):
        command = Command("set", "tlp", incident=incident.id)
        yield Due("property tlp", "set who may know of it", None, command, who=holder(incident, "commander"))


def _security(record: Record, policy: Policy, expected: Expectation) -> Iterator[Due]:
    """Ask to restrict an incident that an editor made one of security, and to notify the security teams of it."""
    incident = record.incident
    handling = policy.handling(incident.category, incident.detected_by)
    by = after(incident, expected.acknowledge)
    if handling.restricted and not incident.restricted and not _was_released(record):
        command = Command("restrict", incident=incident.id)
        yield Due("restrict", "restrict it, as its category or its source asks for", by, command, required=True)
    teams = policy.security_teams() if handling.security else {}
    notified = _notified(record) if teams else set()
    for name, team in teams.items():
        if name.casefold() in notified:
            continue
        contact = f" ({team.contact})" if team.contact else ""
        command = Command("team activate", name, incident=incident.id)
        yield Due(f"team {name}", f"notify the security team {name}{contact}", by, command)


def _was_released(record: Record) -> bool:
    """Return whether somebody decided that all may know of it."""
    from okb_incident.core.response.handling import RELEASED  # noqa: PLC0415 - hardly any incident is one of these

    return any(entry.text == RELEASED for entry in record.of_kind("note"))


def _notified(record: Record) -> set[str]:
    """Return the teams that were notified or escalated to, in lower case."""
    teams = {link_target(text) for text in texts_of(record.incident.properties.get("teams"))}
    called = {(entry.fields or {}).get("to", "") for entry in record.of_kind("escalation")}
    return {name.casefold() for name in teams | called}


def _checklist(record: Record) -> Iterator[Due]:
    left = [task for task in record.checklist if task.is_open and task.name]
    if left:
        more = f" ({len(left) - 1} more on the checklist)" if len(left) > 1 else ""
        first = left[0]
        command = Command("action done", first.name, incident=record.incident.id)
        yield Due(f"checklist {first.name}", f"{_as_order(first.text)}{more}", None, command)


def _updates(record: Record, policy: Policy, expected: Expectation) -> Iterator[Due]:
    incident = record.incident
    for each in owed(record, expected):
        roles: tuple[str, ...] = ("communications_lead", "commander")
        what, to = each.what, tuple[str, ...]()
        if each.audience == "management":
            from okb_incident.core.response.teams import recipients  # noqa: PLC0415 - few policies have the management informed

            roles = ("management_liaison", *roles)
            named = recipients(incident, policy, each.audience)
            what, to = f"{what}{': ' if named.ways else ''}{', '.join(named.ways)}", named.people
        yield Due(
            f"update {each.audience}",
            what,
            each.by,
            each.command(incident.id),
            each.instead(incident.id),
            who=holder(incident, *roles),
            to=to,
        )


def _promise(incident: Incident, zone: tzinfo) -> Iterator[Due]:
    expected = promised(incident, "expected_recovery", zone)
    if expected and incident.at("mitigated") is None:
        yield Due(
            "expected recovery",
            "have it over as expected, or say when else",
            expected,
            Command("expect", incident=incident.id),
            who=holder(incident, "commander"),
        )


def _notice(record: Record, policy: Policy) -> Iterator[Due]:
    """Ask for the notice to an authority that the law or a contract wants."""
    if any(key in record.incident.properties for key in NOTICE_KEYS):
        from okb_incident.core.guidance.notice import notice_due  # noqa: PLC0415 - few incidents are about data

        yield from (due for _, due in notice_due(record, policy))


def _recovery(record: Record, expected: Expectation) -> Iterator[Due]:
    incident = record.incident
    if incident.status is not Status.MONITORING:
        return
    if expected.verification:
        from okb_incident.core.response.verification import has_recovered  # noqa: PLC0415 - asked when it is watched

        if not has_recovered(record):
            command = Command("verify", "recovery", incident=incident.id)
            by, who = after(incident, expected.resolve), holder(incident, "commander")
            yield Due("verify", "prove that it works again", by, command, who=who)
    yield from to_end(incident, expected)


def _actions(record: Record) -> Iterator[Due]:
    """Ask for the actions that have a day of their own, by its end."""
    for task in record.actions:
        if task.is_open and task.due and task.name:
            try:
                day = datetime.combine(datetime.fromisoformat(task.due), time(23, 59, 59), record.zone)
            except ValueError:
                continue
            command = Command("action done", task.name, incident=record.incident.id)
            yield Due(f"action {task.name}", _as_order(task.text), day, command, who=owner_of(task))


def _requests(record: Record) -> Iterator[Due]:
    if not record.mentions("resource"):
        return
    from okb_incident.core.response.requests import requests  # noqa: PLC0415 - few incidents have any

    for each in requests(record).values():
        if each.is_open:
            command = Command("resource grant", each.name, incident=record.incident.id)
            instead = Command("resource refuse", each.name, incident=record.incident.id)
            what, who = f"grant or refuse {each.name}: {each.text}", holder(record.incident, "commander")
            yield Due(f"request {each.name}", what, None, command, instead, who=who)


def _silence(record: Record, policy: Policy, expected: Expectation, now: datetime) -> Iterator[Due]:
    """Return an incident that has had no entry for long; where updates are due, they come up sooner."""
    anchor = record.incident.anchor
    if expected.updates or anchor is None or now - anchor <= policy.silent_after:
        return
    last = record.latest or anchor
    if now - last > policy.silent_after:
        what, command = (
            "log the current state; nothing was logged for long",
            Command("log", incident=record.incident.id),
        )
        by, who = last + policy.silent_after, holder(record.incident, "commander")
        yield Due("silence", what, by, command, who=who)


# -- when it is over --------------------------------------------------------------------------------------------------


def _close(record: Record, policy: Policy, expected: Expectation, review: ReviewStanding | None) -> Iterator[Due]:
    """Ask for what closing requires, by the day of the review, and then to close it."""
    from okb_incident.core.guidance.gates import unmet  # noqa: PLC0415 - only an incident that is over is closed

    incident = record.incident
    resolved = incident.at("resolved")
    by = resolved + timedelta(days=expected.review or DAYS_TO_CLOSE) if resolved else None
    gates = unmet(record, policy, review)
    for each in gates:
        yield Due(
            each.name,
            f"for closing: {each.missing}",
            each.by or by,
            each.command,
            each.instead,
            each.who,
            each.other_than,
            required=True,
        )
    if not gates:
        command = Command("close", incident=incident.id)
        yield Due("close", "close it", by, command, who=holder(incident, "commander"))


def _as_order(text: str) -> str:
    """Return a sentence as the end of "it is time to …"."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first.istitle() else text
