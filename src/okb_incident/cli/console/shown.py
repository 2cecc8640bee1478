"""What a console shows of its incident: the prompt, what is due first, the entries of others, and the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli.screen.forms import words_form
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import DIM, STRONG, due_tone, state_tone
from okb_incident.cli.screen.view import show_lines
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.core.values.screen_time import show_deadline, show_time
from okb_incident.errors import OkbError
from okb_incident.workflow.session import read_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.workflow.look.console import ConsoleIncident

HELP = (
    ("TEXT", "timeline entry, stamped when Enter is pressed"),
    ("02:05 TEXT, -10m TEXT", "entry with its time"),
    ("/ack [TEXT]", "acknowledge; TEXT is logged with it"),
    ("/sev LEVEL [TEXT]", "set the severity"),
    ("/identify /contain /mitigate /resolve /reopen [TEXT]", ""),
    ("/tell AUDIENCE TEXT", "status update"),
    ("/expect 40m [TEXT]", "expected recovery"),
    ("/role ROLE WHO", "assign a role"),
    ("/handoff ROLE WHO [TEXT]", "hand a role over"),
    ("/team TEAM", "notify a team"),
    ("/escalate WHO [TEXT]", "escalate to a person or team"),
    ("/action TEXT", "add an action"),
    ("/a1 start, done, cancel", "what became of action a1"),
    ("/h1 confirmed, refuted", "what became of hypothesis h1"),
    ("/verify KIND WHAT ok", "verification check, ok or fail"),
    ("/next /show /timeline", "look"),
    ("/undo", "undo the last command of this console"),
    ("/as WHO", "WHO types from now on"),
    ("/quit", "leave; so does Ctrl-D on an empty line"),
    ("//TEXT, or a leading blank", "text, whatever it begins with"),
)
"""What can be typed, and what it does; each fits 60 columns."""
WIDEST = 26
"""Cells of what can be typed, where its meaning follows."""


def help_lines() -> Iterator[Line]:
    """Return the help."""
    for typed, meaning in HELP:
        yield Line.of(
            Part(f"{typed:<{WIDEST}}" if meaning else typed, STRONG), f"  {meaning}" if meaning else "", hang=4
        )


def show_entries(incident: ConsoleIncident, entries: Sequence[TimelineEntry]) -> None:
    """Print entries of the timeline, the rows of each below its time."""
    show_lines(list(_entry_lines(incident, entries)))


def _entry_lines(incident: ConsoleIncident, entries: Sequence[TimelineEntry]) -> Iterator[Line]:
    for entry in entries:
        clock = f"{show_time(entry.at, read_clock()[0], incident.view.record.zone)} " if entry.at else ""
        who = f"@{one_line(entry.actor)} " if entry.actor else ""
        kind = "" if entry.kind == "note" else f"{entry.kind}: "
        text = f"{kind}{words_form(incident.session, entry.text)}"
        yield Line.of(Part(clock, DIM), Part(who, STRONG), text, hang=len(clock))


def prompt_parts(incident: ConsoleIncident, who: str | None = None) -> tuple[Part, ...]:
    """Return the prompt: ``01 SEV1 investigating 42m> ``; behind the time, who types where `/as` said so."""
    one = incident.view.incident
    severity, status = one_line(str(one.severity or "–")), one_line(str(one.status or "–"))
    age = f" {show_seconds(max(seconds_between(one.anchor, read_clock()[0]), 0))}" if one.anchor else ""
    return (
        Part(f"{one.id.number:02d}", STRONG),
        Part(f" {severity}", state_tone(severity)),
        Part(f" {status}", state_tone(status)),
        Part(f"{age}{f' @{one_line(who)}' if who else ''}> "),
    )


def due_parts(incident: ConsoleIncident) -> tuple[Part, ...]:
    """Return what is due first."""
    if incident.lost is not None:
        return (Part(one_line(incident.lost.message), due_tone("late")),)
    if incident.is_hidden:
        return (Part(f"{incident.id} was restricted; its text is not shown here"),)
    try:
        first = next(iter(incident.due()), None)
    except OkbError as error:
        return (Part(one_line(error.message), due_tone("late")),)
    if first is None:
        return (Part("nothing is due"),)
    by = show_deadline(first.by, read_clock()[0]) if first.by else ""
    return (Part(f"{by}: " if by else "", due_tone(by)), Part(one_line(first.what)))
