"""How the report says a number: never bare, and never a nought where nothing is known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okb_incident.core.metrics.measurement import SURVIVAL
from okb_incident.core.values.moment import show_seconds
from okb_incident.core.values.statistics import Beyond

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from okb_incident.core.metrics.measurement import Measurement
    from okb_incident.core.values.period import Period


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 incident``, ``no incidents``."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def number(value: float | Beyond) -> str:
    """Return a duration as text; one that was not reached as what it exceeds."""
    return f"> {show_seconds(value.bound)}" if isinstance(value, Beyond) else show_seconds(value)


def median_of(measurement: Measurement) -> str:
    """Return the median with its interval and level, or each duration where there are too few."""
    if not measurement.covered:
        return "no data"
    if measurement.median is None:
        return ", ".join(number(value) for value in measurement.listed)
    interval = measurement.interval
    assert interval is not None, "a median is never shown without its interval"
    low, high = (show_seconds(end) if end is not None else "open" for end in (interval.low, interval.high))
    level = f"{100 * interval.level:.2f}".rstrip("0").rstrip(".")
    mark = " KM" if measurement.method == SURVIVAL else ""
    return f"{number(measurement.median)} [{low}–{high}] {level}%{mark}"


def longest_of(measurement: Measurement) -> str:
    """Return the longest complete duration."""
    return show_seconds(measurement.longest) if measurement.longest is not None else "–"


def moment(at: datetime, zone: tzinfo, *, day_only: bool = False) -> str:
    """Return a moment to the minute, in a zone that the reader finds at the head."""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d}" if day_only else f"{local:%Y-%m-%d %H:%M}"


def span(period: Period, zone: tzinfo) -> str:
    """Return from when to when: by days where it begins and ends with them, the last one included."""
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    if start.time() == end.time() == start.time().min:
        return f"{start:%Y-%m-%d} to {end - timedelta(days=1):%Y-%m-%d}"
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
