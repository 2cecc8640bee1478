"""Telling the user's hooks what happened, once it is on the disk; what a message's hook could not take stays in the outbox."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.hook import events_of, told
from okb_incident.core.comms.notice import reader_of
from okb_incident.core.incident.describe import as_object
from okb_incident.errors import OkbError
from okb_incident.integrations.hooks import INSIDE, call
from okb_incident.vault.read.locate import user_settings

if TYPE_CHECKING:
    from typing import Any

    from okb_incident.core.comms.hook import Hook
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.write.outbox import Parcel
    from okb_incident.workflow.session import Session


def own_hooks() -> tuple[str, tuple[Hook, ...]]:
    """Return the path of the user's settings, and the hooks in them."""
    user = user_settings()
    return user.path, user.hooks


class HookResult(NamedTuple):
    """The result of notifying the hooks.

    Attributes:
        notes: What the person should know.
        undelivered: How many hooks could not take a message.
        delivered: What hooks were told that took a message of the outbox.
    """

    notes: tuple[str, ...] = ()
    undelivered: int = 0
    delivered: tuple[dict[str, Any], ...] = ()


def tell_hooks(session: Session, incident: Incident, change: Change, verb: str) -> HookResult:
    """Call the hooks that wait for what was done.

    A hook that fails, hangs or is missing is a warning: what it is told of is done. Where a message goes out with it, the message
    waits in the outbox.

    Args:
        session: The session, with the user's settings.
        incident: As its note states it now.
        change: What was done.
        verb: The command.
    """
    if os.environ.get(INSIDE):
        return HookResult()
    events = events_of(change, opened=verb == "open")
    silent: frozenset[str] = frozenset()
    if incident.is_drill and change.outgoing is not None:
        # A message of a drill is handed to nobody; whoever waits for other changes hears that there was one.
        silent = frozenset({"comms"})
        events, change = events - silent, change._replace(outgoing=None)
    value = told(
        events,
        as_object(incident, session.vault.root, session.zone),
        change,
        command=verb,
        actor=session.known_actor,
        at=session.now,
    )
    waiting = [hook for hook in session.user.hooks if hook.on & events and not hook.on & silent]
    hooks = [hook for hook in waiting if hook.restricted or not incident.restricted]
    if change.outgoing is None:
        return HookResult(tuple(note for hook in hooks for note in call(hook, value).notes))
    delivered = _delivered(session, hooks, value)
    skipped = len(waiting) - len(hooks)
    if skipped:
        note = f"{skipped} of your hooks did not get the message: only one with restricted = true hears of restricted incidents"
        delivered = delivered._replace(notes=(*delivered.notes, note))
    return delivered


def _delivered(session: Session, hooks: list[Hook], value: dict[str, Any]) -> HookResult:
    """Hand a message to each hook by way of the outbox."""
    from okb_incident.vault.write.outbox import Outbox, target_of  # noqa: PLC0415 - few commands send anything

    outbox = Outbox.here(session.vault.root)
    # All of them are written down before the first is tried.
    parcels = [(hook, outbox.put(target_of(hook.run), value)) for hook in hooks]
    notes: list[str] = []
    failed = 0
    for hook, parcel in parcels:
        heard = call(hook, parcel.value)
        notes += heard.notes
        if heard.succeeded:
            outbox.take_out(parcel)
        else:
            failed += 1
    if failed:
        notes.append("what was not delivered is kept: incident comms outbox --retry")
    return HookResult(tuple(notes), failed)


class Waiting(NamedTuple):
    """A message that was not delivered.

    Attributes:
        parcel: The message, as its hook reads it.
        hook: The hook; None where the user's settings have it no more.
    """

    parcel: Parcel
    hook: Hook | None


def undelivered(session: Session, *, restricted: bool = False) -> list[Waiting]:
    """Return the messages that wait in the outbox of this machine, oldest first; of restricted incidents only where asked for."""
    from okb_incident.vault.write.outbox import Outbox, target_of  # noqa: PLC0415

    known = {target_of(hook.run): hook for hook in session.user.hooks}
    found = [Waiting(each, known.get(each.target)) for each in Outbox.here(session.vault.root).waiting()]
    return [each for each in found if restricted or not _is_secret(session, each.parcel)]


def _is_secret(session: Session, parcel: Parcel) -> bool:
    """Return whether a message is about a restricted incident."""
    incident_id = session.vault.settings.ids.read(str((parcel.value.get("incident") or {}).get("id")))
    return incident_id is not None and session.vault.hides(incident_id)


class Obstacle(NamedTuple):
    """What keeps a message that waits from going out.

    Attributes:
        why: As the end of "its incident is …".
        is_final: It was decided, so that the message waits for nothing.
    """

    why: str
    is_final: bool = False


def _obstacle(session: Session, waiting: Waiting) -> Obstacle | None:
    """Return what keeps a message that waits from going out.

    The note decides as it is now: the incident may have been restricted, or called a drill, since the message was sent.
    """
    from okb_incident.core.comms.disclosure import decisions, objection  # noqa: PLC0415 - hardly ever needed
    from okb_incident.core.timeline.record import Record  # noqa: PLC0415
    from okb_incident.vault.note.sections import section_lines  # noqa: PLC0415

    value, vault = waiting.parcel.value, session.vault
    message = value.get("message") or {}
    audience = reader_of(str(message.get("audience")), str(message.get("kind")))
    incident_id = vault.settings.ids.read(str((value.get("incident") or {}).get("id")))
    path = vault.path_of(incident_id) if incident_id else None
    if incident_id is None or path is None:
        return None
    try:
        note = vault.read(path)
    except OkbError:
        return Obstacle("in a note that cannot be read now")
    incident, _ = vault.incident_of(vault.named(note, incident_id))
    assert incident is not None, "the id has just been made readable"
    if incident.is_drill:
        return Obstacle("a drill", is_final=True)
    restricted = incident.restricted or vault.hides(incident_id)
    if restricted and waiting.hook and not waiting.hook.restricted:
        return Obstacle("restricted, and the hook hears of no restricted incident")
    record = Record(incident, session.zone, partial(section_lines, note.text))
    why = objection(record, audience, restricted=restricted)
    decided = decisions(record).get(audience)
    return Obstacle(f"not for {audience}: {why}", is_final=decided is False) if why and not decided else None


def retry(session: Session) -> HookResult:
    """Try again what was not delivered; one failure does not keep the others.

    A message whose hook is gone from the user's settings waits on.
    """
    from okb_incident.vault.write.outbox import Outbox  # noqa: PLC0415

    outbox = Outbox.here(session.vault.root)
    notes: list[str] = []
    delivered: list[dict[str, Any]] = []
    failed = 0
    for each in undelivered(session, restricted=True):
        if obstacle := _obstacle(session, each):
            # Nobody asked for restricted incidents here, so none is named.
            ends = ", so it waits no longer" if obstacle.is_final else ""
            notes.append(f"a message was not delivered: its incident is {obstacle.why}{ends}")
            if obstacle.is_final:
                outbox.take_out(each.parcel)
            failed += not obstacle.is_final
            continue
        heard = call(each.hook, each.parcel.value) if each.hook else None
        notes += heard.notes if heard else ("no hook of your settings takes this message any more",)
        if heard and heard.succeeded:
            outbox.take_out(each.parcel)
            delivered.append(each.parcel.value)
        else:
            failed += 1
    return HookResult(tuple(notes), failed, tuple(delivered))
