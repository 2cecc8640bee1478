"""Whether the moments of an incident fit its note: its id, its declaration, its timeline, and one another.

A slip of one digit moves an incident into another week, or another year, and out of the report that should have shown it. What is
implausible is named, never corrected: a person confirms it (`set started=… --confirm`) or sets it anew.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.disagreement import blamed, disagreements
from okb_incident.core.incident.doubt import (
    AHEAD_OF_US,
    DAY_ONLY,
    FAR,
    LONELY,
    OF_ANOTHER_DAY,
    TWICE,
    UNTOLD,
    Doubt,
)
from okb_incident.core.incident.order import SKEW_SECONDS
from okb_incident.core.incident.reopening import DONE_ANEW
from okb_incident.core.values.moment import (
    DAY_PRECISION_LIMIT,
    read_moment,
    rfc3339,
    seconds_between,
    show_seconds,
    write_moment,
)
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import MOMENTS, text_of, texts_of
from okb_incident.core.values.typed_moment import repeated_hour

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime, tzinfo

    from okb_incident.core.incident.doubt import (
        Evidence,
        Limits,
    )
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.moment import Moment

#: Clocks differ a little; what is further ahead than this is a slip of the pen or a plan, and is not used.
AHEAD = timedelta(minutes=5)
#: Those that belong to the beginning: they are near the day of the id, whatever came later.
STARTS = ("started", "detected", "declared")
#: Tag of an incident that was written down when it was over: its id has the day of the writing.
BACKFILLED = "backfilled"
A_DAY = timedelta(days=1)
#: Within this of a beginning something else in the note tells of it: another moment, or a line of the timeline.
LONE = timedelta(hours=8)


def is_ahead(at: datetime, as_of: datetime) -> bool:
    """Return whether a moment is so far after another that it is not used."""
    return at > as_of + AHEAD


def doubts(incident: Incident, as_of: datetime, limits: Limits) -> tuple[Doubt, ...]:
    """Find the moments that do not fit what the properties themselves say; each is named once."""
    return tuple(_by_itself(incident, as_of, limits).values())


def doubts_of_note(incident: Incident, as_of: datetime, limits: Limits, evidence: Evidence) -> tuple[Doubt, ...]:
    """Find the moments that do not fit the whole note; each is named once, and a pair that disagrees once."""
    found = _by_itself(incident, as_of, limits)
    for name, moment in incident.moments.items():
        if name not in found and not incident.confirms(name):
            doubt = (
                _untold(name, moment, limits.zone, evidence)
                or _far_from_all(incident, name, moment, limits, evidence)
                or _lone(incident, name, moment, limits, evidence)
            )
            if doubt:
                found[name] = doubt
    others = _other_properties(incident, limits, evidence)
    pairs = blamed([pair for pair in disagreements(incident) if not found.keys() & {pair.first, pair.second}])
    return (*found.values(), *others, *pairs)


def problems_of(incident: Incident, found: Iterable[Doubt], zone: tzinfo) -> tuple[Problem, ...]:
    """Return doubts as findings, each with the commands that clear it: what is meant is confirmed, all else is set anew."""
    return tuple(
        Problem(incident.path, incident.lines.get(doubt.name), doubt.code, doubt.message, remedy(incident, doubt, zone))
        for doubt in found
    )


def remedy(incident: Incident, doubt: Doubt, zone: tzinfo) -> Command | Sentence:
    """Return the command that confirms a moment, and the one that sets another."""
    anew = Command("set", doubt.name, options=("--correct",), incident=incident.id)
    if not doubt.can_be_meant:
        return anew
    moment = incident.moments.get(doubt.name)
    text = as_written(moment, zone) if moment else text_of(incident.properties.get(doubt.name)) or ""
    meant = Command("set", f"{doubt.name}={text}", options=("--confirm",), incident=incident.id)
    return Sentence(meant, " if it is meant, otherwise ", anew)


def as_written(moment: Moment, zone: tzinfo) -> str:
    """Write a moment as precisely as it is known."""
    return write_moment(moment.at, zone)[: 10 if moment.day_only else None]


def unusable(incident: Incident, name: str, moment: Moment, as_of: datetime) -> Doubt | None:
    """Return why no duration is computed from a moment: it is ahead, or is only a day."""
    if is_ahead(moment.at, as_of):
        message = f"{name} is {rfc3339(moment.at)}, which is after the report's time; it is not used"
        return Doubt(name, AHEAD_OF_US, message, can_be_meant=False)
    if moment.day_only and not incident.confirms(name):
        limit = show_seconds(DAY_PRECISION_LIMIT.total_seconds())
        return Doubt(name, DAY_ONLY, f"{name} is only a date; no duration under {limit} is computed from it")
    return None


def no_date(incident: Incident) -> Problem | None:
    """Return the finding on an incident that belongs to no period; None where it has a date, or one that cannot be read is named."""
    if incident.anchor is not None or any(texts_of(incident.properties.get(name)) for name in STARTS):
        return None
    return Problem(
        incident.path,
        None,
        "no-date",
        "neither started nor detected nor declared can be read, so it belongs to no period and is not counted",
        Command("set", "started", incident=incident.id),
    )


def implausible(
    incident: Incident, given: Mapping[str, Moment], others: Iterable[datetime], now: datetime, limits: Limits
) -> tuple[Doubt, ...]:
    """Find which of the moments that a command is about to write do not fit the note.

    Args:
        incident: As its note would say.
        given: The moments that were typed, by property, or by the option where they are not a property.
        others: All that the note holds beside them: properties, lines of the timeline.
        now: The moment of the command; whoever acts late may date what they do near it.
        limits: By what they are judged.
    """
    known = tuple(others)
    found = []
    for name, moment in given.items():
        doubt = _far_from_start(incident, name, moment, limits) or _of_another_day(incident, name, moment, limits)
        if name not in STARTS and now - moment.at > limits.window:
            doubt = _far(name, moment, (*known, *_days_of_id(incident, limits.zone)), limits)
        found += [doubt] if doubt else []
    return tuple(found)


def _by_itself(incident: Incident, as_of: datetime, limits: Limits) -> dict[str, Doubt]:
    found = {}
    planned = incident.nature in {"maintenance", "announcement"}
    for name, moment in incident.moments.items():
        doubt = unusable(incident, name, moment, as_of)
        if doubt is None and not incident.confirms(name):
            doubt = (
                _twice(incident, name, limits)
                or _far_from_start(incident, name, moment, limits)
                or _of_another_day(incident, name, moment, limits)
            )
        if doubt and not (planned and doubt.code in {AHEAD_OF_US, FAR}):
            found[name] = doubt
    return found


def _twice(incident: Incident, name: str, limits: Limits) -> Doubt | None:
    text = text_of(incident.properties.get(name)) or ""
    both = repeated_hour(text, limits.zone)
    if both is None:
        return None
    first, second = (write_moment(at, limits.zone) for at in both)
    return Doubt(name, TWICE, f"{name} is {text}, which clocks showed twice: {first} or {second}; the first is used")


def _far_from_start(incident: Incident, name: str, moment: Moment, limits: Limits) -> Doubt | None:
    """Doubt a beginning that is far from the day of the id; one written down afterwards has to be near its own end."""
    if name not in STARTS:
        return None
    near = list(_days_of_id(incident, limits.zone))
    if _is_backfilled(incident):
        near += [end for key in MOMENTS if key not in STARTS and (end := incident.at(key))]
    return _far(name, moment, near, limits)


def _far_from_all(incident: Incident, name: str, moment: Moment, limits: Limits, evidence: Evidence) -> Doubt | None:
    """Doubt an end that is far from all that the note tells."""
    if name in STARTS or incident.properties.get("imported_from") is not None:
        return None
    others = [other.at for key, other in incident.moments.items() if key != name]
    return _far(name, moment, (*others, *evidence.lines, *_days_of_id(incident, limits.zone)), limits)


def _lone(incident: Incident, name: str, moment: Moment, limits: Limits, evidence: Evidence) -> Doubt | None:
    """Doubt a beginning of which nothing else in the note tells; who opens an incident long after it leaves a line."""
    if name not in {"started", "detected"} or moment.day_only or _is_foreign(incident):
        return None
    others = [other for key, other in incident.moments.items() if key != name]
    known = (
        *evidence.lines,
        *evidence.named.get(name, ()),
        *(each.at for each in others),
        *(each.latest for each in others),
    )
    gap = min((_apart(moment, each) for each in known), default=timedelta(0))
    if gap <= LONE:
        return None
    away = show_seconds(gap.total_seconds())
    return Doubt(
        name,
        LONELY,
        f"{name} is {as_written(moment, limits.zone)}, and nothing else in the note is within {away} of it",
    )


def _far(name: str, moment: Moment, near: Iterable[datetime], limits: Limits) -> Doubt | None:
    gap = min((_apart(moment, each) for each in near), default=timedelta(0))
    if gap <= limits.window:
        return None
    where = "the day of the id" if name in STARTS else "everything else in the note"
    return Doubt(name, FAR, f"{name} is {as_written(moment, limits.zone)}, {gap.days} days from {where}")


def _apart(moment: Moment, other: datetime) -> timedelta:
    """Return how far a moment is from another; a mere day reaches to its end."""
    end = moment.latest
    return max(moment.at - other, other - end, timedelta(0))


def _days_of_id(incident: Incident, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the day that the id names."""
    day = incident.id.day
    # The first and the last year of the calendar hold no moment; the year next to them is as far from everything else.
    begin = read_moment(day.replace(year=min(max(day.year, 2), 9998)).isoformat(), zone).at
    return begin, begin + A_DAY


def _is_backfilled(incident: Incident) -> bool:
    return BACKFILLED in texts_of(incident.properties.get("tags"))


def _is_foreign(incident: Incident) -> bool:
    """Return whether an incident was not written down while it lasted."""
    return _is_backfilled(incident) or incident.properties.get("imported_from") is not None


def _of_another_day(incident: Incident, name: str, moment: Moment, limits: Limits) -> Doubt | None:
    """Doubt a declaration on another day than the id says; the id of an imported incident has the day of its start."""
    if name != ("started" if incident.properties.get("imported_from") is not None else "declared"):
        return None
    day: date = moment.at.astimezone(limits.zone).date()
    if day == incident.id.day:
        return None
    written = as_written(moment, limits.zone)
    return Doubt(name, OF_ANOTHER_DAY, f"{name} is {written}, and the id has the day {incident.id.day}")


def _untold(name: str, moment: Moment, zone: tzinfo, evidence: Evidence) -> Doubt | None:
    """Doubt a moment for which the timeline has another."""
    entered, named = evidence.entered.get(name, ()), evidence.named.get(name, ())
    if any(_is_same(moment, at) for at in named):
        return None
    is_set = f"{name} is {as_written(moment, zone)}"
    if entered and not any(_is_same(moment, at) for at in entered):
        return Doubt(name, UNTOLD, f"{is_set}, and the timeline says {write_moment(entered[-1], zone)}")
    if name == "contained" and evidence.lines and not any(_is_same(moment, at) for at in evidence.lines):
        return Doubt(name, UNTOLD, f"{is_set}, and no line of the timeline is of that time")
    if name == "declared" and evidence.noted_by is not None and moment.at > evidence.noted_by:
        entered_by = write_moment(evidence.noted_by, zone)
        return Doubt(name, UNTOLD, f"{is_set}, and a line was entered by {entered_by}, before that")
    return None


def _is_same(moment: Moment, at: datetime) -> bool:
    """Return whether two moments are one within a minute, which people leave out; a mere day holds all of its moments."""
    if moment.day_only:
        return moment.at <= at < moment.latest
    return abs(seconds_between(moment.at, at)) < SKEW_SECONDS


def _other_properties(incident: Incident, limits: Limits, evidence: Evidence) -> Iterator[Doubt]:
    """Doubt a promise, or a moment that a reopening ended, of which the timeline knows only others."""
    ended = [name for name in DONE_ANEW if incident.pauses and name not in incident.moments]
    for name in ("next_update", "expected_recovery", *ended):
        promised = (*evidence.entered.get(name, ()), *evidence.named.get(name, ()))
        try:
            moment = read_moment(text_of(incident.properties.get(name)) or "", limits.zone)
        except ValueError:
            continue
        if promised and not any(_is_same(moment, at) for at in promised):
            message = f"{name} is {as_written(moment, limits.zone)}, and the timeline says {write_moment(promised[-1], limits.zone)}"
            yield Doubt(name, UNTOLD, message)
