"""Setting properties by hand: ``set KEY=VALUE…``."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from okb_incident.command import Candidate, Command
from okb_incident.core.incident import lifecycle
from okb_incident.core.incident.change import Change, LogLine, quote, together
from okb_incident.core.response.actions import with_checklist
from okb_incident.core.response.duty import waive
from okb_incident.core.response.handling import HANDLING, with_handling
from okb_incident.core.response.property_words import words_of
from okb_incident.core.timeline.evidence import CONFIRMED
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import (
    COUNT_KEYS,
    DERIVED,
    FIXED_KEYS,
    LIST_KEYS,
    MOMENT_KEYS,
    MOMENTS,
    ORDER,
    text_of,
    texts_of,
)
from okb_incident.core.values.screen_time import show_time
from okb_incident.core.values.status import MOMENT_OF, Status
from okb_incident.errors import MissingWordError, TransitionError
from okb_incident.workflow.lifecycle.property_value import read_pair, read_value, unlike_a_level
from okb_incident.workflow.lifecycle.resolve import refuse_force_without
from okb_incident.workflow.lifecycle.set_status import set_status
from okb_incident.workflow.look.business import other_arithmetic
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.moment import Moment
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.lifecycle.property_value import Value
    from okb_incident.workflow.session import Session


def set_properties(call: Call) -> ChangedIncident:
    """Set properties; an empty value takes the property away, commas part a list.

    Raises:
        UsageError: A pair is none, a key is not for setting, or a value is missing or not allowed; with what is.
        TransitionError: A status would move backward without a reason, or a set moment change without ``--correct``.
    """
    session = call.session
    for word in call.words:
        _refuse_without_value(session, word)
    pairs = dict(read_pair(word, partial(_again, call, word)) for word in call.words)
    if not pairs:
        raise MissingWordError("KEY=VALUE", "which property, and its value", "set users_affected=~1200 cause=change")
    values = {key: read_value(session, key, text) for key, text in pairs.items()}

    target = Status(str(values.pop("status"))) if "status" in values else None
    if target is Status.CLOSED:
        refuse_force_without(call.reason, call)

    def decide(record: Record) -> Change:
        change = _decide(call, record.incident, values, target)
        if values.get("notify_by", "") is None:
            change = together((change, waive(record, session.vault.settings.policy.notify, call.reason, call.moment)))
        if target is not None:
            entered = set_status(call, record, target, values)
            change = together((change, entered)) if change.lines else entered
            if target in {Status.RESOLVED, Status.CLOSED} and not change.is_empty:
                change = lifecycle.derive(change, record.incident)
        return _with_what_follows(call, record, change)

    if HANDLING.isdisjoint(values):
        return call.change(decide, is_open, resolved_today(session))
    from okb_incident.workflow.lifecycle.handling import change_handling  # noqa: PLC0415 - few properties decide on that

    return change_handling(call, call.target(is_open, resolved_today(session)), decide, values)


def _with_what_follows(call: Call, record: Record, change: Change) -> Change:
    """Return a change with what its category, its source and its agreement bring with them."""
    settings = call.session.vault.settings
    change = with_handling(change, record.incident, settings, call.moment)
    if "category" in change.properties:
        steps = settings.policy.category(str(change.properties["category"] or "")).checklist
        change = with_checklist(change, record, steps, call.session.now)
    if change.properties.get("sla"):
        odd = other_arithmetic(call.session, record, str(change.properties["sla"]))
        change = change._replace(warnings=(*change.warnings, *odd))
    return change


def _refuse_without_value(session: Session, word: str) -> None:
    """Refuse the name of a property of ours that is alone.

    Raises:
        MissingWordError: It does, with the values that are allowed.
    """
    key = word.lower()
    if key not in ORDER or key in {*FIXED_KEYS, *DERIVED, "visibility"}:
        return
    allowed = words_of(session.vault.settings, key)
    kinds = ((MOMENT_KEYS, "01:47"), (LIST_KEYS, "checkout"), (COUNT_KEYS, "40"))
    example = allowed[0] if allowed else next((value for keys, value in kinds if key in keys), "")
    raise MissingWordError(
        f"the value of {key}",
        key.replace("_", " "),
        f"set {key}={example}" if example else "set users_affected=~1200",
        allowed=allowed,
        fill=lambda words, answer: [f"{key}={answer}" if each == word else each for each in words],
    )


def _again(call: Call, word: str, meant: str) -> Candidate:
    """Return the command line with another pair in the place of one."""
    return Candidate(call.repeated([meant if each == word else each for each in call.after]), meant)


def _decide(call: Call, incident: Incident, values: dict[str, Value], target: Status | None) -> Change:
    """Decide on all properties but the status; a moment that the status stamps is left to it."""
    reason = call.reason
    stamped = MOMENT_OF.get(target) if target else None
    properties: dict[str, Value] = {}
    lines = []
    said = []
    moments: dict[str, datetime] = {}
    for key, value in values.items():
        old = _text(incident.properties.get(key), key)
        new = _shown(value, call.session)
        confirms = call.shared.confirm and key in MOMENT_KEYS and value is not None
        moment = incident.moments.get(key)
        if old == new or (moment is not None and not moment.day_only and moment.at == value):
            if confirms:
                properties |= {} if old == new else {key: value}
                said.append(f"{key}{CONFIRMED}")
                moments |= {key: value} if isinstance(value, datetime) else {}
                line = f"{key}: {new}{CONFIRMED}" + (f", {reason}" if reason else "")
                lines.append(LogLine("note", line, call.moment))
            continue
        if key == stamped and value is not None and (not old or call.shared.correct):
            continue
        if key in MOMENTS and old and not call.shared.correct:
            raise TransitionError(
                f"{key} is already set to {old}; --correct replaces it",
                field=key,
                value=new,
                hint=Command("set", f"{key}={new}", options=("--correct",), incident=incident.id),
            )
        properties[key] = value
        mark = CONFIRMED if confirms else ""
        if isinstance(value, datetime):
            moments[key] = value
            said.append(f"{key}{_was(moment, old, call.session)}{mark}")
        else:
            said.append(f"{key} {old or '–'} → {new or '–'}{mark}")
        if key == "severity":
            payload = f"{old} → {new}" if old else new
            lines.append(LogLine(key, payload + (f", {reason}" if reason else ""), call.moment))
        else:
            line = f"{key}: {old or '–'} → {new or '–'}{mark}" + (f", {reason}" if reason else "")
            lines.append(LogLine("note", line, call.moment))
    if not lines:
        return _already(values, call.session)
    # Of a status that is set with it, the answer quotes the reason there.
    text = f"{'; '.join(said)}{'' if target else quote(reason)}"
    odd = unlike_a_level(call.session, str(properties.get("scope") or ""))
    change = Change(properties=properties, lines=tuple(lines), said=text, moments=moments, warnings=odd)
    touches = {"started", "detected", "declared", "acknowledged", "mitigated", "resolved"} & values.keys()
    over = incident.at("resolved") is not None or any(key in incident.properties for key in DERIVED)
    return lifecycle.derive(change, incident) if touches and over else change


def _was(moment: Moment | None, old: str, session: Session) -> str:
    """Return the time that a property had, for an answer; nothing where it had none."""
    if moment is not None and not moment.day_only:
        return f", was {show_time(moment.at, session.now, session.zone)}"
    return f", was {old}" if old else ""


def _already(values: dict[str, Value], session: Session) -> Change:
    """Return that all properties have these values; of a single time the answer has its form for a terminal."""
    if len(values) == 1:
        ((key, value),) = values.items()
        if isinstance(value, datetime):
            return Change(already=True, said=f"already {key}", done_at=value)
    same = ", ".join(f"{key} {_shown(value, session) or '–'}" for key, value in values.items())
    return Change(already=True, said=f"already {same}")


def _text(value: object, key: str) -> str:
    return ", ".join(texts_of(value)) if key in LIST_KEYS else (text_of(value) or ", ".join(texts_of(value)))


def _shown(value: Value, session: Session) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value) if isinstance(value, str | int) else write_moment(value, session.zone)
