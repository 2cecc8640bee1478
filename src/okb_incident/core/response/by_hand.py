"""What a command records of changes that a person made in the note by hand: status, severity, ticked boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.timeline.payload import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.incident.change import Change, LogLine
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.severity import SeverityScale


class ChangesByHand(NamedTuple):
    """Changes by hand that the timeline did not tell of.

    Attributes:
        lines: The timeline entries that record them.
        notes: What the person of the command should know.
    """

    lines: tuple[LogLine, ...] = ()
    notes: tuple[str, ...] = ()


def changed_by_hand(record: Record, change: Change, scale: SeverityScale, now: datetime) -> ChangesByHand:
    """Return what is recorded of changes by hand beside a change: status and severity with a step of the life cycle, boxes with any.

    Args:
        record: The incident.
        change: What the command does; what it tells of itself is not told twice.
        scale: The vault's severities.
        now: When the changes are seen.
    """
    lines: list[LogLine] = []
    notes: list[str] = []
    if change.moves_on:
        from okb_incident.core.timeline.hand_edits import hand_edits  # noqa: PLC0415 - `log` records no such change

        for edit in hand_edits(record, scale):
            at = min((line.at for line in change.lines if line.kind == edit.key), default=now)
            lines.append(edit.line(at, now, record.zone))
            notes.append(f"{edit.key} was changed by hand: {edit.before} → {edit.after}; recorded without a time")
    if change.heals:
        from okb_incident.core.timeline.tickets import difference, seen  # noqa: PLC0415 - only a repair asks

        count = difference(record)
        if count and count.after != NOBODY:
            lines.append(seen(count, now, record.zone))
            notes.append(f"tickets was changed by hand: {count.before} → {count.after}; recorded without a time")
    if record.section("Actions") or record.section("Checklist"):
        from okb_incident.core.response.actions import noticed  # noqa: PLC0415 - most incidents have no list yet

        ended = {line.text.split()[0] for line in change.lines if line.kind == "action"}
        lines += [line for line in noticed(record, now) if line.text.split()[0] not in ended]
    return ChangesByHand(tuple(lines), tuple(notes))
