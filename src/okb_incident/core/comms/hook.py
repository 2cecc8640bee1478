"""Hooks: commands of the user's own that receive what happened. They are in the user's settings, and in no vault's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.incident.incident import NATURES, marked
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.moment import rfc3339
from okb_incident.core.values.status import Status
from okb_incident.core.values.typed_moment import read_span
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from okb_incident.core.incident.change import Change

ANY, OPENED = "changed", "opened"
EVENTS = (OPENED, ANY, *dict.fromkeys((*KINDS, *map(str, Status))))
"""What a hook can wait for: an incident was opened or changed in any way, a line of a kind was written, a status was entered."""

SHORTEST, USUAL, LONGEST = 1.0, 10.0, 120.0
"""Seconds for which a hook may run."""


class Hook(NamedTuple):
    """A command that is told of events.

    Attributes:
        on: The events, any of which is enough.
        run: The command and its arguments; no shell reads them.
        seconds: For which it may run.
        restricted: Whether it hears of restricted incidents.
    """

    on: frozenset[str]
    run: tuple[str, ...]
    seconds: float = USUAL
    restricted: bool = False


def read_hooks(table: Any) -> tuple[Hook, ...]:
    """Read the ``[[hooks]]`` of a user's settings.

    Raises:
        SettingError: One of them cannot be used.
    """
    if not isinstance(table, list) or not all(isinstance(each, dict) for each in table):
        raise SettingError(
            "hooks", table, 'it must be written as [[hooks]], with on = ["opened"] and run = ["/path/to/command"]'
        )
    return tuple(_read(each) for each in table)


def _read(table: Mapping[str, Any]) -> Hook:
    unknown = sorted(table.keys() - {"on", "run", "timeout", "restricted"})
    if unknown:
        raise SettingError(f"hooks.{unknown[0]}", table[unknown[0]], "a hook has on, run, timeout and restricted")
    run = table.get("run")
    if not isinstance(run, list) or not run or not all(isinstance(word, str) and word for word in run):
        raise SettingError(
            "hooks.run", run, 'it must be a command with its arguments such as ["/usr/local/bin/page", "-q"]'
        )
    restricted = table.get("restricted", False)
    if not isinstance(restricted, bool):
        raise SettingError("hooks.restricted", restricted, "it must be true or false")
    return Hook(_events(table.get("on")), tuple(run), _seconds(table.get("timeout", "10s")), restricted)


def _events(words: Any) -> frozenset[str]:
    given = words if isinstance(words, list) else []
    wrong = [word for word in given if word not in EVENTS]
    if not given or wrong:
        raise SettingError("hooks.on", wrong[0] if wrong else words, f"it must be a list of {', '.join(EVENTS)}")
    return frozenset(given)


def _seconds(value: Any) -> float:
    try:
        seconds = read_span(value if isinstance(value, str) else "", "timeout").total_seconds()
    except UsageError:
        seconds = 0.0
    if not SHORTEST <= seconds <= LONGEST:
        raise SettingError("hooks.timeout", value, 'it must be a length of time between "1s" and "2m"')
    return seconds


def events_of(change: Change, *, opened: bool = False) -> frozenset[str]:
    """Return the events that a change causes."""
    found = {OPENED} if opened else set()
    found.add(ANY)
    found.update(line.kind for line in change.lines)
    if change.outgoing:
        # A correction has no line of that kind, and goes out all the same.
        found.add("comms")
    status = change.properties.get("status")
    if isinstance(status, str):
        found.update(("status", status))
    return frozenset(found)


def told(
    events: Collection[str],
    incident: Mapping[str, Any],
    change: Change,
    *,
    command: str,
    actor: str | None,
    at: datetime,
) -> dict[str, Any]:
    """Return what a hook reads on its stdin; its schema is in docs/schemas. What people may read of a drill is marked as such.

    Args:
        events: What happened.
        incident: The incident as the object that programs read.
        change: What was done.
        command: The verb.
        actor: The handle of who did it.
        at: When.
    """
    is_drill = incident.get("nature") == NATURES[0]
    shown = marked if is_drill else str
    return {
        "events": sorted(events),
        "command": command,
        "actor": actor,
        "at": rfc3339(at),
        "drill": is_drill,
        "incident": {**incident, "title": shown(incident["title"])},
        "lines": [
            {"kind": line.kind, "text": line.text, "at": rfc3339(line.at), "external": line.external}
            for line in change.lines
        ],
        "said": shown(change.said),
        "message": change.outgoing._asdict() if change.outgoing else None,
    }
