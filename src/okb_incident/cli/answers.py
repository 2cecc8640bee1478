"""The answer of a writing command: at most three lines on what changed, when, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import distance, write_moment
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.lifecycle.open_incident import Opened
    from okb_incident.workflow.session import Session


def answer_opened(session: Session, opened: Opened, *, as_json: bool, dry_run: bool) -> None:
    """Say which incident was opened."""
    incident = opened.incident
    if dry_run:
        answer(opened.text.rstrip("\n"))
        comment(f"dry run: {incident.path} would be written")
        return
    if as_json:
        from okb_incident.core.incident.describe import as_object

        answer_json(as_object(incident, session.vault.root))
    else:
        answer(f"{incident.id} {incident.severity} opened: {one_line(incident.title)}")
        answer(_moments(session, {name: moment.at for name, moment in incident.moments.items()}))
        _say_next(session, incident)
    _say_notes(opened.notes)


def answer_changed(session: Session, changed: Changed, *, as_json: bool, dry_run: bool, last: bool = True) -> None:
    """Say what a command changed in an incident, or that it had been done before.

    Args:
        session: The session.
        changed: What was done.
        as_json: Say it to a program.
        dry_run: Nothing was written; show the difference.
        last: Say what comes next, too; of several that were changed together only the last says so.
    """
    incident, change = changed.incident, changed.change
    if dry_run:
        answer(changed.diff.rstrip("\n") if changed.diff else "nothing would change")
        return
    if as_json:
        from okb_incident.core.incident.describe import as_object

        value: dict[str, Any] = as_object(incident, session.vault.root)
        value["changed"] = not change.is_empty
        value["warnings"] = [*change.warnings, *changed.notes]
        answer_json(value)
    elif change.already:
        when = f", {_moment(session, change.done_at)}" if change.done_at else ""
        answer(f"{incident.id} {_mark(incident)} nothing to do: it is so already{when}: {one_line(incident.title)}")
    else:
        answer(f"{incident.id} {_mark(incident)} {one_line(change.said)}: {one_line(incident.title)}")
        if change.moments:
            answer(_moments(session, change.moments))
        if last:
            _say_next(session, incident)
    if not as_json:
        _say_notes((*change.warnings, *changed.notes))


def _mark(incident: Incident) -> str:
    return str(incident.severity or "–")


def _say_next(session: Session, incident: Incident) -> None:
    """Say what comes next and by when, and the command for it."""
    if incident.status is Status.RESOLVED:
        answer(f"next: incident close {incident.id}")
        return
    from okb_incident.core.guidance.due import first_due

    due = first_due(incident, session.vault.settings.policy, session.zone)
    if due is None:
        return
    when = ""
    if due.by is not None:
        late = due.is_overdue(session.now)
        by, today = (write_moment(at, session.zone) for at in (due.by, session.now))
        by = by[11:16] if by[:10] == today[:10] else by[:16].replace("T", " ")
        when = (
            f", overdue since {by} ({distance(due.by, session.now)})"
            if late
            else f", by {by} ({distance(due.by, session.now)})"
        )
    answer(f"next: {due.command}{when}")


def _say_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        comment(note)


def _moments(session: Session, moments: Mapping[str, datetime]) -> str:
    """Echo moments with their distance, and on both clocks where vault and viewer differ."""
    return "; ".join(f"{name} {_moment(session, at)}" for name, at in moments.items())


def _moment(session: Session, at: datetime) -> str:
    text = write_moment(at, session.zone).replace("T", " ")
    ours = f"{text} {session.zone_name}"
    if str(session.viewer_zone) != str(session.zone):
        ours += f" = {write_moment(at, session.viewer_zone)[11:19]} {session.viewer_zone}"
    return f"{ours} ({distance(at, session.now)})"
