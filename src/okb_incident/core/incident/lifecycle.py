"""The life of an incident: each verb as a function from the incident to the change it makes.

Forward jumps are allowed, because real incidents skip. A verb whose status is behind the current one stamps its moment if
that is empty and leaves the status: finding the cause after mitigating is the normal case. Only `reopen`, or `set status=…`
with a reason, moves backward.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.incident.order import PAIRS, SKEW_SECONDS
from okb_incident.core.incident.reopening import DONE_ANEW, EMPTIED, history
from okb_incident.core.values.moment import DAY_PRECISION_LIMIT, seconds_between, write_moment
from okb_incident.core.values.properties import DERIVED, link_target, text_of, texts_of
from okb_incident.core.values.status import MOMENT_OF, PROCESS, Status
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.severity import Severity

#: The verb that enters each status.
VERB_OF = {
    Status.INVESTIGATING: "ack",
    Status.IDENTIFIED: "identify",
    Status.MONITORING: "mitigate",
    Status.RESOLVED: "resolve",
    Status.CLOSED: "close",
}


def advance(
    incident: Incident,
    target: Status,
    at: datetime,
    zone: tzinfo,
    *,
    text: str = "",
    correct: bool = False,
) -> Change:
    """Move an incident forward to a status, or stamp that status's moment if it is further already.

    Args:
        incident: As its note states it.
        target: The status to enter.
        at: When that happened.
        zone: The vault's zone, for the old value in the line of a correction.
        text: What the person said; the reason in the status line.
        correct: Replace a moment that is set; the old one stays in the timeline.

    Raises:
        TransitionError: The incident was declined or merged, or the moment is after the end it had to precede.
    """
    name, verb = MOMENT_OF[target], VERB_OF[target]
    status = incident.status or _assumed(incident)
    if status.is_aside:
        raise TransitionError(
            f"{incident.id} is {status}; {verb} is for incidents that are open, resolved or closed",
            field="status",
            value=str(status),
            hint=Command("reopen", incident=incident.id)
            if status is Status.DECLINED
            else Command("show", incident=incident.id),
        )
    moment = incident.at(name)
    moves = target.step > status.step or (incident.status is None and target.step == status.step)
    stamps = moment is None or (correct and moment != at)
    if not moves and not stamps:
        return Change(already=True, done_at=moment, said=f"already {name}")
    if stamps:
        _refuse_before_reopening(incident, verb, target, at, zone)
    if stamps and not moves:
        _refuse_after_the_end(incident, verb, target, at)
    properties: dict[str, str | datetime | None] = {}
    lines = []
    if moves:
        properties["status"] = str(target)
        lines.append(LogLine("status", _with_reason(_move(incident.status, target), text), at))
    if stamps:
        properties[name] = at
        lines += _told_of_moment(incident, name, at, zone, None if moves else text)
    if target is Status.RESOLVED and "next_update" in incident.properties:
        properties["next_update"] = None
    how = _move(incident.status, target) if moves else f"status stays {status}"
    if stamps:
        how = f"{name}{quote(text)}{', corrected' if moment else ''}, {how}"
    return Change(
        properties=properties,
        lines=tuple(lines),
        said=how if stamps else f"status {how}{quote(text)}",
        moments={name: at} if stamps else {},
        warnings=_warnings(incident, target, properties),
    )


def stamp(
    incident: Incident, name: str, at: datetime, zone: tzinfo, *, text: str = "", correct: bool = False
) -> Change:
    """Set a moment that belongs to no status, such as `contained`; a set one changes only where it is corrected.

    Args:
        incident: As its note states it.
        name: The moment.
        at: When that happened.
        zone: The vault's zone, for the old value in the line of a correction.
        text: What the person said.
        correct: Replace a moment that is set; the old one stays in the timeline.
    """
    moment = incident.at(name)
    if moment is not None and (not correct or moment == at):
        return Change(already=True, done_at=moment, said=f"already {name}")
    said = name
    if moment is not None:
        said = f"corrected {name}: {write_moment(moment, zone)} → {write_moment(at, zone)}"
    return Change(
        properties={name: at},
        lines=(LogLine("note", _with_reason(said, text), at),),
        said=f"{name}{', corrected' if moment else ''}{quote(text)}",
        moments={name: at},
    )


def _assumed(incident: Incident) -> Status:
    """Take an incident whose status word is unreadable to be where its moments say."""
    reached = [status for status in PROCESS if status in MOMENT_OF and incident.at(MOMENT_OF[status])]
    return reached[-1] if reached else Status.TRIAGE


def _move(status: Status | None, target: Status) -> str:
    return f"{status} → {target}" if status else str(target)


def _with_reason(payload: str, text: str) -> str:
    return f"{payload}, {text}" if text else payload


def _told_of_moment(incident: Incident, name: str, at: datetime, zone: tzinfo, text: str | None) -> Iterator[LogLine]:
    """Yield what tells of a moment that is set, with the one that it replaces; without a text the line of the status tells."""
    moment = incident.at(name)
    if moment is not None:
        said = f"corrected {name}: {write_moment(moment, zone)} → {write_moment(at, zone)}"
        yield LogLine("note", _with_reason(said, text or ""), at)
        return
    if text is not None:
        yield LogLine("note", _with_reason(name, text), at)
    if incident.pauses and (past := text_of(incident.properties.get(name))):
        yield LogLine("note", f"{name} before it was reopened: {past}", at)


def _refuse_before_reopening(incident: Incident, verb: str, target: Status, at: datetime, zone: tzinfo) -> None:
    """Refuse to date what is done anew before the end that did not last: it would count as what was done then."""
    if incident.pauses and MOMENT_OF[target] in (*DONE_ANEW, "resolved") and incident.pauses[-1].follows(at):
        over = write_moment(incident.pauses[-1].start, zone)
        raise TransitionError(
            f"{incident.id} was resolved at {over} and reopened; {MOMENT_OF[target]} has to be later",
            field="--at",
            value=write_moment(at, zone),
            hint=Command(verb, options=("--at",), incident=incident.id),
        )


def _refuse_after_the_end(incident: Incident, verb: str, target: Status, at: datetime) -> None:
    """Refuse to date an acknowledgement or a mitigation after the incident was over: that is a slip, not a fact."""
    end = incident.at("resolved")
    if end is not None and target in {Status.INVESTIGATING, Status.MONITORING} and seconds_between(end, at) > 0:
        raise TransitionError(
            f"{incident.id} was resolved before that moment; to fill in when it was {MOMENT_OF[target]}, set it",
            field="--at",
            hint=Sentence(
                Command(verb, options=("--at",), incident=incident.id),
                "   asks when, before the end; or ",
                Command("reopen", incident=incident.id),
            ),
        )


def _warnings(incident: Incident, target: Status, properties: dict[str, str | datetime | None]) -> tuple[Text, ...]:
    """Return what is odd about the moments that result."""
    found: list[Text] = []
    after = {name: incident.at(name) for pair in PAIRS for name in pair[:2]}
    after.update((key, value) for key, value in properties.items() if key in after and isinstance(value, datetime))
    for first, second, how in PAIRS:
        start, end = after[first], after[second]
        if (
            (first in properties or second in properties)
            and start
            and end
            and seconds_between(start, end) < -SKEW_SECONDS
        ):
            found.append(
                f"{second} is now before {first}" + ("; that duration is not counted" if how == "impossible" else ""),
            )
    name = MOMENT_OF[target]
    if name not in properties:
        found.append(f"{name} stays as it was set before; --correct --at T replaces it")
    if target is Status.CLOSED and after["resolved"] is None:
        command = Command("resolve", options=("--at",), incident=incident.id)
        found.append(Sentence("resolved is not set; ", command, " fills it in"))
    return tuple(found)


def make_commander(change: Change, incident: Incident, person: str) -> Change:
    """Make who acknowledges a responder, and the commander if there is none."""
    responders = texts_of(incident.properties.get("responders"))
    known = {link_target(name).lower() for name in responders}
    properties = dict(change.properties)
    if not texts_of(incident.properties.get("commander")):
        properties["commander"] = person
    if link_target(person).lower() not in known:
        properties["responders"] = (*responders, person)
    return change._replace(properties=properties)


def derive(change: Change, incident: Incident) -> Change:
    """Add the derived minutes that Obsidian's boards show; a value that cannot be had is taken away.

    They are written at resolve and close and never read back; the report computes from the moments.
    """
    derived: dict[str, int | None] = {}
    for key, (first, second) in DERIVED.items():
        start = change.properties.get(first, incident.at(first))
        end = change.properties.get(second, incident.at(second))
        minutes = None
        if isinstance(start, datetime) and isinstance(end, datetime):
            seconds = seconds_between(start, end)
            vague = any(_is_day_only(name, change, incident) for name in (first, second))
            if seconds >= (DAY_PRECISION_LIMIT.total_seconds() if vague else -SKEW_SECONDS):
                minutes = round(max(seconds, 0) / 60)
        if minutes is not None or key in incident.properties:
            derived[key] = minutes
    return change._replace(properties={**change.properties, **derived})


def _is_day_only(name: str, change: Change, incident: Incident) -> bool:
    """Return whether a moment is a bare date in the note and stays so."""
    moment = incident.moments.get(name)
    return name not in change.properties and moment is not None and moment.day_only


def decline(incident: Incident, at: datetime, reason: str) -> Change:
    """Set an incident aside as a false alarm.

    Raises:
        TransitionError: It is over already, or part of another one.
    """
    if incident.status is Status.DECLINED:
        return Change(already=True, said="already declined")
    if incident.status is not None and not incident.status.is_open:
        raise TransitionError(
            f"{incident.id} is {incident.status}; only an open incident can be declined",
            field="status",
            value=str(incident.status),
            hint=Command("reopen", incident=incident.id),
        )
    said = _move(incident.status, Status.DECLINED)
    return Change(
        properties={"status": str(Status.DECLINED)},
        lines=(LogLine("status", _with_reason(said, reason), at),),
        said=f"declined{quote(reason)}, {said}",
        moments={"declined": at},
    )


def reopen(incident: Incident, at: datetime, zone: tzinfo, reason: str) -> Change:
    """Reopen an incident that was over: the impact is back, and has to be stopped again.

    The last end moves to `first_resolved` once; the moments of the response that was not enough and the promises become empty, and
    their values are in the line, so nothing is lost.

    Raises:
        TransitionError: It was merged into another one.
    """
    status = incident.status or _assumed(incident)
    if status.is_open:
        return Change(already=True, said="already open")
    if status is Status.MERGED:
        raise TransitionError(
            f"{incident.id} is part of {incident.duplicate_of or 'another incident'}; reopen that one",
            field="status",
            value=str(status),
            hint=Command("reopen", incident=incident.duplicate_of),
        )
    said = f"{status} → {Status.INVESTIGATING}"
    resolved = incident.at("resolved")
    told, rest = history(incident, zone)
    properties: dict[str, str | datetime | None] = {"status": str(Status.INVESTIGATING)}
    if status is Status.DECLINED or resolved is None:
        lines = [LogLine("status", _with_reason(said, reason), at)]
        rest = (*told, *rest)
    else:
        lines = [LogLine("reopen", f"was {', '.join(told)}: {reason}", at), LogLine("status", said, at)]
        if incident.at("first_resolved") is None:
            properties["first_resolved"] = resolved
    if rest:
        lines.append(LogLine("note", f"was {', '.join(rest)}", at))
    properties |= dict.fromkeys(key for key in EMPTIED if key in incident.properties)
    return Change(
        properties=properties, lines=tuple(lines), said=f"reopened{quote(reason)}, {said}", moments={"reopened": at}
    )


def change_severity(incident: Incident, severity: Severity, at: datetime, reason: str, *, external: bool) -> Change:
    """Set how bad it is; the tag follows."""
    if incident.severity is not None and incident.severity.label == severity.label:
        return Change(already=True, said=f"already {severity}")
    before = str(incident.severity or incident.properties.get("severity") or "–")
    move = f"{before} → {severity}"
    return Change(
        properties={"severity": severity.label},
        lines=(LogLine("severity", _with_reason(move, reason), at, external=external),),
        said=f"severity {move}{quote(reason)}",
    )
