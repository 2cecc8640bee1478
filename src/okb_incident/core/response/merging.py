"""Merging: several incidents that turned out to be one. Both notes stay; the one that goes in says where it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, keep_words, quote
from okb_incident.core.response.service_impact import service_impacts
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import as_link, link_target, texts_of
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record


def refuse_ring(source: Incident, target: Incident, parts: Callable[[str], Incident | None]) -> None:
    """Refuse to put an incident into what is part of it.

    Args:
        source: The one that goes in.
        target: The one it goes into, as it was named.
        parts: Gives an incident by id, to follow what was merged before.

    Raises:
        UsageError: They are the same.
        TransitionError: The target is part of the source.
    """
    if source.id == target.id:
        raise UsageError(f"{source.id} cannot be merged into itself", field="INTO", value=str(target.id))
    seen = {source.id.text}
    step: Incident | None = target
    while step is not None and step.status is Status.MERGED and step.duplicate_of:
        if step.duplicate_of in seen:
            raise TransitionError(
                f"{target.id} is part of {source.id} already; merging the other way would make a ring",
                field="duplicate_of",
                value=str(target.id),
                hint=Sentence(Command("merge", target.id, options=("--undo",)), "   comes first, if that was wrong"),
            )
        seen.add(step.duplicate_of)
        step = parts(step.duplicate_of)


def refuse_merge(source: Incident, target: Incident) -> None:
    """Refuse to merge what is over or restricted.

    Raises:
        TransitionError: One of them is; the target may be resolved, because the truth often comes out late.
    """
    for incident, part in ((source, "what goes in"), (target, "what it goes into")):
        if incident.restricted:
            raise TransitionError(
                f"{incident.id} is restricted, and a merge would tell of it in the other note",
                field="visibility",
                value="restricted",
                hint=Sentence(
                    Command("restrict", incident.id, options=("--off",)), "   comes first, if all may know of it"
                ),
            )
        if not incident.is_open and not (incident is target and incident.status is Status.RESOLVED):
            raise TransitionError(
                f"{incident.id} is {incident.status}; {part} has to be open",
                field="status",
                value=str(incident.status),
                hint=Sentence(Command("relate", source.id, target.id), "   says that they belong together"),
            )


def restricted_elsewhere(which: object) -> TransitionError:
    """Return the refusal to name a restricted incident in the note of one that is not."""
    return TransitionError(
        f"{which} is restricted, and the other note would tell of it",
        field="visibility",
        value="restricted",
        hint=Sentence(
            Command("restrict", which, options=("--off",)),
            "   comes first, if all may know of it; or restrict the other one",
        ),
    )


def into(record: Record, target: Incident, at: datetime, reason: str) -> Change:
    """Merge an incident into another one."""
    incident = record.incident
    if incident.status is Status.MERGED and incident.duplicate_of == target.id.text:
        return keep_words(Change(already=True, said=f"already merged into {target.id}"), reason, at, "reason")
    said = f"{incident.status} → {Status.MERGED}"
    return Change(
        properties={"status": str(Status.MERGED), "duplicate_of": as_link(target.id.text)},
        lines=(
            LogLine("status", f"{said}{', ' + reason if reason else ''}", at),
            LogLine("merge", f"into {as_link(target.id.text)}", at),
        ),
        said=f"merged into {target.id}{quote(reason)}, {said}",
        warnings=tuple(_lasting(record, target, at)),
    )


def _lasting(record: Record, target: Incident, at: datetime) -> Iterator[Sentence]:
    """Yield each service whose impact lasts, with the command that records it where the incident went."""
    for impact in service_impacts(record):
        period, since = impact.current(at), impact.since(at)
        if period and since and period.end is None:
            fields = {**period.fields, "service": impact.service, "level": period.level}
            kept = {
                key: text for key, text in fields.items() if key in {"service", "level", "share", "users", "planned"}
            }
            line = KINDS["impact"].write({**kept, "from": write_moment(since, record.zone)}, record.zone)
            yield Sentence(
                f"{impact.service} is still {period.level.replace('-', ' ')}; to record that in {target.id}: ",
                Command("log", f"impact: {line}", incident=target.id),
            )


def take_in(source: Incident, at: datetime) -> Change:
    """Record in the other note what was merged into it."""
    return Change(lines=(LogLine("merge", f"from {as_link(source.id.text)}", at),), said=f"includes {source.id}")


def take_out(record: Record, at: datetime, reason: str) -> Change:
    """Unmerge an incident: it has the status that it had before.

    Raises:
        TransitionError: It is merged into nothing.
    """
    incident = record.incident
    if incident.status is not Status.MERGED:
        raise TransitionError(
            f"{incident.id} is {incident.status}, so there is no merge to undo",
            field="status",
            value=str(incident.status),
        )
    before = Status.INVESTIGATING
    for entry in record.of_kind("status"):
        fields = entry.fields or {}
        if Status.read(fields["after"]) is Status.MERGED:
            before = Status.read(fields.get("before", "")) or before
    said = f"{Status.MERGED} → {before}"
    return Change(
        properties={"status": str(before), "duplicate_of": None},
        lines=(LogLine("status", f"{said}, {reason or 'no duplicate after all'}", at),),
        said=f"merge undone{quote(reason)}, {said}",
    )


def let_go(source: Incident, at: datetime) -> Change:
    """Record in the other note that the first one was taken out."""
    return Change(
        lines=(LogLine("note", f"{as_link(source.id.text)} is not part of it after all", at),),
        said=f"no longer includes {source.id}",
    )


def relate(record: Record, other: Incident, at: datetime, *, recurrence: bool = False) -> Change:
    """Record that an incident belongs with another one, or is its return.

    Raises:
        UsageError: They are the same.
        TransitionError: The other one is restricted, and this note would tell of it.
    """
    incident = record.incident
    key = "recurrence_of" if recurrence else "related"
    present = texts_of(incident.properties.get(key))
    if incident.id == other.id:
        raise UsageError(f"{incident.id} cannot be related to itself", field="REF", value=str(other.id))
    if other.restricted and not incident.restricted:
        raise restricted_elsewhere(other.id)
    if other.id.text in map(link_target, present):
        return Change(already=True, said=f"already {'recurrence of' if recurrence else 'related to'} {other.id}")
    link = as_link(other.id.text)
    value: str | tuple[str, ...] = link if recurrence else (*present, link)
    said = f"{'recurrence of' if recurrence else 'related to'} {other.id}"
    return Change(
        properties={key: value},
        lines=(LogLine("note", f"{'recurrence of' if recurrence else 'related to'} {link}", at),),
        said=said,
    )
