"""Incidents as cards of two lines: which one and in which state; what is late first, who, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli.screen.forms import id_form
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import DIM, STRONG, due_tone, state_tone
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.core.values.screen_time import show_deadline, show_distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.guidance.due import Due
    from okb_incident.workflow.look.guide import GuidedIncident
    from okb_incident.workflow.session import Session


def cards(session: Session, found: Sequence[GuidedIncident]) -> Iterator[Line]:
    """Return two lines for each incident, the first parts under one another."""
    labels = [id_form(session, each.incident.id.text) for each in found]
    wide = max(map(len, labels), default=0)
    severities = max((len(str(each.incident.severity or "–")) for each in found), default=0)
    states = max((len(_state(each)) for each in found), default=0)
    for label, each in zip(labels, found, strict=True):
        severity = str(each.incident.severity or "–")
        yield Line.of(
            Part(f"{label:<{wide}}", STRONG),
            Part(f"  {severity:<{severities}}", state_tone(severity)),
            Part(f"  {_state(each):<{states}}", state_tone(str(each.incident.status))),
            f"  {one_line(each.incident.headline)}",
            is_cut=True,
        )
        yield Line.of("  ", *_second(session, each), is_cut=True)


def head_of(session: Session, guided: GuidedIncident) -> tuple[Part, ...]:
    """Return which incident it is, its severity, and its state for how long; the title follows it."""
    one = guided.incident
    severity = str(one.severity or "–")
    return (
        Part(id_form(session, one.id.text), STRONG),
        Part(f"  {severity}", state_tone(severity)),
        Part(f"  {_state(guided)}", state_tone(str(one.status))),
    )


def when(session: Session, due: Due) -> str:
    """Return how far away a deadline is: ``12m late``, ``in 4m``; a dash where there is none."""
    return show_deadline(due.by, session.now) if due.by is not None else "–"


def notice_of(session: Session, guided: GuidedIncident) -> str:
    """Return the clock of a notice to an authority, where it is due and not what is due first; otherwise nothing."""
    found = next((each for each in guided.due[1:] if each.item == "notice"), None)
    return f"notify the authority {when(session, found)}" if found else ""


def _state(guided: GuidedIncident) -> str:
    lasting = f" {show_seconds(guided.status_for)}" if guided.status_for is not None else ""
    return f"{guided.incident.status or 'state unknown'}{lasting}"


def _second(session: Session, guided: GuidedIncident) -> Iterator[Part]:
    """Return what is due first, who has the incident, how old it is and when it was last heard of."""
    first = next(iter(guided.due), None)
    late = len(guided.overdue(session.now))
    if first is None:
        yield Part("nothing is due", DIM)
    else:
        by = when(session, first)
        yield Part(f"{by}: " if first.by else "", due_tone(by))
        yield Part(one_line(first.what))
        rest = late - 1 if first.is_overdue(session.now) else late
        yield Part(f" (+{rest} late)" if rest > 0 else "", due_tone("late"))
    if notice := notice_of(session, guided):
        yield Part(f" · {notice}", due_tone(notice))
    names = ", ".join(map(link_target, texts_of(guided.incident.properties.get("commander"))))
    yield Part(f" · @{one_line(names)}" if names else " · no commander", "" if names else due_tone("in 0s"))
    anchor = guided.incident.anchor
    age = f" · open {show_seconds(max(seconds_between(anchor, session.now), 0))}" if anchor else ""
    heard = f" · last entry {show_distance(guided.last_word, session.now)}" if guided.last_word else ""
    yield Part(age + heard, DIM)
