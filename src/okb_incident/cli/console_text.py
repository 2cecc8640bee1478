"""What a console shows of its incident: the prompt, and the entries that others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli.output import comment
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.core.values.screen_time import show_time
from okb_incident.workflow.session import read_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.workflow.look.console import ConsoleIncident


def show_entries(incident: ConsoleIncident, entries: Sequence[TimelineEntry]) -> None:
    """Print entries of the timeline, each on a line."""
    for entry in entries:
        clock = f"{show_time(entry.at, read_clock()[0], incident.view.record.zone)} " if entry.at else ""
        comment(f"{clock}{f'@{entry.actor} ' if entry.actor else ''}{entry.text}")


def prompt_text(incident: ConsoleIncident) -> str:
    """Return the prompt: ``01 SEV1 investigating 42m> ``."""
    one = incident.view.incident
    age = f" {show_seconds(seconds_between(one.anchor, read_clock()[0]))}" if one.anchor else ""
    return f"{one.id.number:02d} {one.severity or '–'} {one.status or '–'}{age}> "
