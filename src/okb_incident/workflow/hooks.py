"""Telling the user's hooks what happened, once it is on the disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.core.describe import as_object
from okb_incident.core.hook import events_of, told
from okb_incident.integrations.hooks import INSIDE, call

if TYPE_CHECKING:
    from okb_incident.core.change import Change
    from okb_incident.core.incident import Incident
    from okb_incident.workflow.session import Session


def tell_hooks(
    session: Session, incident: Incident, change: Change, verb: str, *, opened: bool = False
) -> tuple[str, ...]:
    """Call the hooks that wait for what was done; give what the person should know.

    A hook that fails, hangs or is missing is a warning and nothing more: what it is told of is done.

    Args:
        session: The session, with the user's settings.
        incident: As its note states it now.
        change: What was done.
        verb: The command.
        opened: The incident is new.
    """
    if os.environ.get(INSIDE):
        return ()
    events = events_of(change, opened=opened)
    value = told(
        events,
        as_object(incident, session.vault.root),
        change,
        command=verb,
        actor=session.known_actor,
        at=session.now,
    )
    return tuple(
        note
        for hook in session.user.hooks
        if hook.on & events and (hook.restricted or not incident.restricted)
        for note in call(hook, value)
    )
