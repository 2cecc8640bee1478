"""Evaluation: what can be computed of how an incident was handled, for its review; each fact from the record alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import OUTSIDE
from okb_incident.core.comms.notice import is_notice
from okb_incident.core.metrics.metrics import IN_ALL, METRICS, Complete, active_seconds, observe
from okb_incident.core.response.duty import moment_of
from okb_incident.core.response.expectation import outcome
from okb_incident.core.values.moment import read_moment, seconds_between, show_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

TIMES = ("ttd.started_detected", "ttk.declared_ack", "ttm.started_mitigated", "ttr.started_resolved")
"""The durations that every incident of a vault carries as properties, too."""


class Silence(NamedTuple):
    """A time in which nobody wrote a line.

    Attributes:
        start: The line before it, or the declaration.
        end: The line after it, or the end.
    """

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Return how long it lasted."""
        return seconds_between(self.start, self.end)


def first_messages(record: Record) -> tuple[datetime | None, datetime | None]:
    """Return when the first internal and the first external message went out."""
    found: dict[bool, datetime] = {}
    for entry in record.of_kind("comms"):
        assert entry.at is not None, "a line that fits its kind has a moment"
        if is_notice(entry.fields):
            continue
        found.setdefault((entry.fields or {})["audience"].lower() in OUTSIDE, entry.at)
    return found.get(False), found.get(True)


def longest_silence(record: Record, now: datetime) -> Silence | None:
    """Return the longest time between its declaration and its end in which nobody wrote a line, though it was not resolved."""
    incident = record.incident
    start, end = incident.at("declared"), incident.at("resolved") or now
    if start is None or end <= start:
        return None
    told = sorted(each.at for each in record.entries if each.at and start < each.at < end)
    silences = [Silence(*pair) for pair in pairwise((start, *told, end))]
    worked_on = [
        each
        for each in silences
        if not any(pause.start <= each.start and each.end <= pause.end for pause in incident.pauses)
    ]
    return max(worked_on, key=lambda each: each.seconds, default=None)


def late_messages(record: Record) -> tuple[int, int]:
    """Return how many messages were promised, and how many of these came late or never; an end in between settles the others."""
    promised: dict[str, datetime] = {}
    total = late = 0
    end = record.incident.at("resolved")
    for entry in record.of_kind("comms", "reopen"):
        fields = entry.fields or {}
        if entry.kind == "reopen":
            over = read_moment(fields["resolved"], record.zone).at
            broken = sum(by < over for by in promised.values())
            total, late, promised = total + broken, late + broken, {}
            continue
        if is_notice(fields):
            continue
        audience = fields["audience"].lower()
        by = promised.pop(audience, None)
        if by is not None and entry.at is not None:
            total += 1
            late += entry.at > by
        if "next" in fields:
            promised[audience] = read_moment(fields["next"], record.zone).at
    broken = sum(end is not None and by < end for by in promised.values())
    return total + broken, late + broken


def _notice(record: Record) -> Iterator[tuple[str, str]]:
    """Yield whether the notice to an authority was in time."""
    by, sent = (moment_of(record.incident, key, record.zone) for key in ("notify_by", "notified"))
    if by is None:
        return
    if sent is None:
        yield "notice to the authority", "not sent"
    else:
        seconds = seconds_between(by, sent)
        how = (
            f"{show_seconds(seconds)} late" if seconds > 0 else f"in time, {show_seconds(-seconds)} before the deadline"
        )
        yield "notice to the authority", how


def evaluation(record: Record, now: datetime) -> Iterator[tuple[str, str]]:
    """Return what can be computed, each as a name and a value in words; what cannot be had is left out."""
    incident = record.incident
    for metric in METRICS:
        if metric.id in TIMES and isinstance(found := observe(incident, metric, now), Complete):
            active = active_seconds(incident, found, now) if metric is IN_ALL else None
            beside = "" if active is None else f", active {show_seconds(active)}"
            yield f"time to {metric.label}", f"{show_seconds(found.seconds)}{beside}"
    declared = incident.at("declared")
    for where, at in zip(("internal", "external"), first_messages(record), strict=True):
        if at and declared:
            yield (
                f"first {where} message",
                f"{show_seconds(seconds_between(declared, at))} after the declaration",
            )
    silence = longest_silence(record, now)
    if silence:
        yield "longest silence", show_seconds(silence.seconds)
    total, late = late_messages(record)
    if total:
        yield "promised messages", f"{total - late} of {total} in time"
    for name, kind in (("hand-overs", "handoff"), ("escalations", "escalation"), ("reopened", "reopen")):
        times = sum(entry.kind == kind for entry in record.entries)
        if times:
            yield name, str(times)
    kept = outcome(record)
    if kept:
        yield "estimate", kept
    yield from _notice(record)
