"""The review of an incident: its properties, its states, and how it moves from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

DRAFT, IN_REVIEW, REVIEWED, CLOSED = "draft", "in-review", "reviewed", "closed"
STATES = (DRAFT, IN_REVIEW, REVIEWED, CLOSED)
DONE = {DRAFT: "drafted", IN_REVIEW: "submitted", REVIEWED: "approved", CLOSED: "closed"}
"""What was done to a review that enters each state."""

PROPERTIES = (
    "type",
    "incident",
    "state",
    "author",
    "owner",
    "reviewer",
    "due",
    "completed",
    "visibility",
    "aliases",
    "created",
)
"""The properties of a review's note, in their order."""


def refuse_open(record: Record) -> None:
    """Refuse to review an incident that is open, declined or merged.

    Raises:
        TransitionError: It is one of these.
    """
    incident = record.incident
    if incident.status in {Status.RESOLVED, Status.CLOSED}:
        return
    aside = incident.status is not None and incident.status.is_aside
    raise TransitionError(
        f"cannot review {incident.id}: it is {incident.status or 'open'}{'' if aside else '; resolve it first'}",
        field="status",
        value=str(incident.status),
        hint=Command("show" if aside else "resolve", incident=incident.id),
    )


def moved(record: Record, state: str, note: str, at: datetime, text: str = "") -> Change:
    """Record in the timeline how far the review is."""
    shown = f"[[{note}|review]]"
    payload = KINDS["review"].write({"state": state, "text": f"{shown}{', ' + text if text else ''}"}, record.zone)
    before = STATES[STATES.index(state) - 1] if state != DRAFT else ""
    said = f"review {DONE[state]}{f', {before} → {state}' if before else ''}"
    return Change(lines=(LogLine("review", payload, at),), said=said)


def state_of(record: Record) -> str | None:
    """Return how far the review is, by the timeline, since the incident was reopened last; None before the first line."""
    state: str | None = None
    for entry in record.of_kind("review", "reopen"):
        state = None if entry.kind == "reopen" else (entry.fields or {}).get("state") or state
    return state
