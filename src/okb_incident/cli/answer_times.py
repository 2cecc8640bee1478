"""The times in an answer: each once, in the zone of the vault, with what makes a typed one certain."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.screen_time import show_distance, show_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from okb_incident.core.incident.change import Change
    from okb_incident.core.values.typed_moment import TypedMoment
    from okb_incident.workflow.session import Session


def with_times(session: Session, change: Change, *, typed: bool) -> tuple[str, list[str]]:
    """Return what was written, each time after its name, and the times that are not in it.

    Args:
        session: The session.
        change: What was decided.
        typed: Echo what was typed for something else, too; of several incidents only the last one does.
    """
    parts, shown = [], set()
    for part in one_line(change.said).split("; "):
        name = next((name for name in change.moments if name not in shown and part.startswith(name)), None)
        if name is None:
            parts.append(part)
        else:
            shown.add(name)
            parts.append(f"{name} {_time(session, change.moments[name])}{part[len(name) :]}")
    others = [(name, at) for name, at in change.moments.items() if name not in shown and _is_echoed(session, at)]
    if typed:
        others += [(_field(each), each.at) for each in session.typed if each.at not in change.moments.values()]
    return "; ".join(parts), [f"{name} {_echoed(session, at)}" for name, at in others]


def times_of_new(session: Session, moments: Mapping[str, datetime]) -> Iterator[str]:
    """Echo the times of a new incident, where one was typed or vault and viewer differ."""
    if session.typed or _is_elsewhere(session):
        yield "; ".join(f"{name} {_echoed(session, at)}" for name, at in moments.items())


def _field(typed: TypedMoment) -> str:
    """Return what a typed time is for, as words."""
    name = typed.field.removeprefix("--").replace("_", " ")
    return {"next": "next update", "at": "time"}.get(name, name)


def _is_elsewhere(session: Session) -> bool:
    """Return whether the clock of the viewer is another than that of the vault."""
    return str(session.viewer_zone) != str(session.zone)


def _is_echoed(session: Session, at: datetime) -> bool:
    """Return whether a time needs more than its clock: it was typed, or vault and viewer differ."""
    return at in {each.at for each in session.typed} or _is_elsewhere(session)


def _time(session: Session, at: datetime) -> str:
    return _echoed(session, at) if _is_echoed(session, at) else show_time(at, session.now, session.zone)


def _echoed(session: Session, at: datetime) -> str:
    ours = f"{show_time(at, session.now, session.zone)} {session.zone_name}"
    if _is_elsewhere(session):
        ours += f" = {show_time(at, session.now, session.viewer_zone)} {session.viewer_zone}"
    if any(each.is_bare and each.at == at for each in session.typed):
        ours += _on_this_machine(session, at)
    return ours if at == session.now else f"{ours} ({show_distance(at, session.now)})"


def _on_this_machine(session: Session, at: datetime) -> str:
    """Return what the clock of a terminal shows, where it is another than the one by which a bare time was read."""
    here = at.astimezone()
    if not sys.stderr.isatty() or here.utcoffset() == at.astimezone(session.viewer_zone).utcoffset():
        return ""
    return f" = {here:%H:%M} {here.tzname()} on this machine"
