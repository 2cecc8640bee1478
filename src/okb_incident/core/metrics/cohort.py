"""Which incidents a period is about, which are set aside and why, and what is wrong with the notes behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.doubt import DAY_ONLY, DEFAULT_LIMITS
from okb_incident.core.incident.incident import ANCHORS, NATURES
from okb_incident.core.incident.order import open_with_resolved
from okb_incident.core.incident.plausible import doubts, is_ahead, no_date, problems_of
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import MOMENTS, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.incident.doubt import Limits
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.core.values.moment import Moment
    from okb_incident.core.values.period import Period

#: What the whole incident takes from the first of its duplicates. `declared` is among them because an acknowledgement is:
#: one taken from a duplicate would otherwise seem to come before its own incident was declared.
EARLIEST = ("started", "detected", "declared", "acknowledged")
MEASURED = (*EARLIEST, "mitigated", "resolved")


@dataclass(frozen=True, slots=True)
class Excluded:
    """An incident that is listed and never measured.

    Attributes:
        incident: As its note states it.
        reason: drill, maintenance, announcement, declined or merged.
        into: The id of the incident that a merged one is part of; None where that is not known.
    """

    incident: Incident
    reason: str
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """The incidents of a period, sorted by their date, and all that is reported with them.

    Attributes:
        incidents: Those that count; each has taken in its duplicates.
        open_now: All that are open, whatever the period.
        excluded: Those of the period that do not count.
        undated: Those that belong to no period, because no usable moment says when they were.
        duplicates: Which ids each incident has taken in, by its path.
        problems: What is wrong with the notes of all these, as far as it touches a number.
    """

    incidents: tuple[Incident, ...]
    open_now: tuple[Incident, ...]
    excluded: tuple[Excluded, ...]
    undated: tuple[Incident, ...]
    duplicates: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]


def date_of(incident: Incident, as_of: datetime) -> datetime | None:
    """Return the moment that says to which period an incident belongs: its start, else its detection, else its declaration."""
    for name in ANCHORS:
        at = incident.at(name)
        if at is not None and not is_ahead(at, as_of):
            return at
    return None


def gather(
    incidents: Iterable[Incident],
    period: Period,
    as_of: datetime,
    *,
    wanted: Callable[[Incident], bool] = lambda _: True,
    include_restricted: bool = False,
    hidden: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Cohort:
    """Sort the incidents of a vault by what they are to a period.

    Args:
        incidents: All of the vault, so that every link between them can be followed.
        period: What the report is about.
        as_of: The report's own moment; what is after it is not used.
        wanted: Which incidents are asked for, decided when each has taken in its duplicates.
        include_restricted: Count restricted incidents too; otherwise they are as if they were not there.
        hidden: The ids of restricted incidents that are not among those given; their duplicates are set aside all the same.
        limits: By what moments are judged; one that does not fit its note is named, also where it takes the incident out of the
            period in which it was declared.
    """
    everyone = sorted(incidents, key=lambda incident: incident.path)
    families = _Families(everyone, hidden, include_restricted=include_restricted)
    counted: list[tuple[datetime, Incident]] = []
    listed_open: list[Incident] = []
    excluded: list[Excluded] = []
    undated: list[Incident] = []
    problems: list[Problem] = []
    for incident in everyone if include_restricted else [each for each in everyone if not each.restricted]:
        aside = families.aside(incident)
        children = families.children(incident) if aside is None else ()
        whole = fold(incident, children) if children else incident
        if not wanted(whole):
            continue
        date = families.date_aside(aside, as_of) if aside else date_of(whole, as_of)
        is_open = whole.may_be_open and aside is None
        if date is None:
            undated.append(incident)
            problems += [problem] if (problem := no_date(incident)) else []
        elif date not in period and not is_open:
            if aside is None and _was_declared_in(incident, period, limits):
                problems += [_elsewhere(problem) for problem in _problems(incident, as_of, limits)]
            continue
        elif date in period and aside:
            excluded.append(aside)
        elif date in period:
            counted.append((date, whole))
        if is_open:
            listed_open.append(whole)
        problems += families.problems(incident)
        for note in () if aside else (incident, *children):
            problems += _problems(note, as_of, limits)
    counted.sort(key=lambda entry: (entry[0], entry[1].id, entry[1].path))
    return Cohort(
        incidents=tuple(whole for _, whole in counted),
        open_now=tuple(sorted(listed_open, key=_by_id)),
        excluded=tuple(sorted(excluded, key=lambda entry: _by_id(entry.incident))),
        undated=tuple(sorted(undated, key=_by_id)),
        duplicates={
            whole.path: tuple(str(child.id) for child in sorted(children, key=_by_id))
            for _, whole in counted
            if (children := families.children(whole))
        },
        problems=tuple(
            sorted(problems, key=lambda problem: (problem.path, problem.line or 0, problem.code, str(problem)))
        ),
    )


def _by_id(incident: Incident) -> tuple[IncidentId, str]:
    return incident.id, incident.path


def fold(root: Incident, children: Sequence[Incident]) -> Incident:
    """Return an incident with its duplicates taken in: the first start, detection, declaration, page and acknowledgement of all."""
    notes = (root, *children)
    moments = dict(root.moments)
    for name in EARLIEST:
        found = [note.moments[name] for note in notes if name in note.moments]
        if found:
            moments[name] = min(found, key=_latest_reading)
    services = {service.casefold(): service for note in reversed(notes) for service in reversed(note.services)}
    return root._replace(
        moments={name: moments[name] for name in MOMENTS if name in moments},
        paged=min((note.paged for note in notes if note.paged), default=None),
        services=tuple(reversed(services.values())),
    )


def _latest_reading(moment: Moment) -> datetime:
    """Take a mere date for the end of its day, so that a moment on that very day is preferred to it."""
    return moment.latest


class _Families:
    """Which incidents are part of which, over chains of any length.

    A chain that leads nowhere, or in a circle, is not believed: its notes count for themselves, save those that say they
    are merged.
    """

    def __init__(self, everyone: Sequence[Incident], hidden: Collection[str], *, include_restricted: bool) -> None:
        self._include_restricted = include_restricted
        self._hidden = frozenset(each.upper() for each in hidden)
        self._part_of_hidden: set[str] = set()
        self._root_of: dict[str, Incident] = {}
        self._broken: dict[str, str] = {}
        self._children: dict[str, list[Incident]] = {}
        linked = [incident for incident in everyone if incident.duplicate_of]
        if not linked:
            return
        by_id = {str(incident.id).upper(): incident for incident in reversed(everyone)}
        for incident in everyone:
            for former in texts_of(incident.properties.get("former_ids")):
                by_id.setdefault(former.upper(), incident)
        for incident in linked:
            if _set_aside(incident) or not self._shows(incident):
                continue
            self._follow(incident, by_id)
            if incident.path in self._root_of:
                self._children.setdefault(self._root_of[incident.path].path, []).append(incident)

    def _shows(self, incident: Incident) -> bool:
        return self._include_restricted or not incident.restricted

    def _follow(self, child: Incident, by_id: Mapping[str, Incident]) -> None:
        seen = {child.path}
        current = child
        while current.duplicate_of:
            found = by_id.get(current.duplicate_of.upper())
            if found is None and current.duplicate_of.upper() in self._hidden:
                self._part_of_hidden.add(child.path)
                return
            if found is None:
                # Nothing of the notes in between is told: one of them may be restricted.
                ends = "which is not an incident here" if current is child else "and from there to no incident"
                self._broken[child.path] = f"duplicate_of leads to {child.duplicate_of}, {ends}"
                return
            if found.path in seen:
                self._broken[child.path] = f"duplicate_of leads to {child.duplicate_of}, and from there in a circle"
                return
            seen.add(found.path)
            current = found
        self._root_of[child.path] = current

    def children(self, root: Incident) -> Sequence[Incident]:
        """Return the notes that are part of an incident, directly or by way of others."""
        return self._children.get(root.path, ())

    def aside(self, incident: Incident) -> Excluded | None:
        """Return why an incident does not count, None where it does."""
        reason = _set_aside(incident)
        if reason:
            return Excluded(incident, reason)
        root = self._root_of.get(incident.path)
        if root is not None:
            return Excluded(incident, "merged", str(root.id) if self._shows(root) else None)
        is_part = incident.status is Status.MERGED or incident.path in self._part_of_hidden
        return Excluded(incident, "merged") if is_part else None

    def date_aside(self, aside: Excluded, as_of: datetime) -> datetime | None:
        """Date what does not count: plans may be ahead, and a duplicate without a date has that of its incident."""
        incident = aside.incident
        if incident.anchor or aside.into is None:
            return incident.anchor
        return date_of(self._root_of[incident.path], as_of)

    def problems(self, incident: Incident) -> Iterator[Problem]:
        """Name a link that does not lead to the whole."""
        message = self._broken.get(incident.path)
        if message is None and incident.status is Status.MERGED and not incident.duplicate_of:
            message = "status is merged, but duplicate_of does not say into which incident"
        if message:
            fate = "is not counted" if incident.status is Status.MERGED else "is counted as an incident of its own"
            yield Problem(
                incident.path,
                incident.lines.get("duplicate_of", incident.lines.get("status")),
                "dangling-duplicate",
                f"{message}; the note {fate}",
                Command("set", "duplicate_of", incident=incident.id),
            )


def _set_aside(incident: Incident) -> str | None:
    """Return the reason why an incident by itself is never measured."""
    if incident.nature in NATURES:
        return incident.nature
    return str(Status.DECLINED) if incident.status is Status.DECLINED else None


def _elsewhere(problem: Problem) -> Problem:
    """Return a finding on an incident that the period has lost to another one."""
    return problem._replace(message=f"{problem.message}; the incident is not counted in this period")


def _was_declared_in(incident: Incident, period: Period, limits: Limits) -> bool:
    """Return whether an incident was declared in a period by its property or its id, wherever its start is."""
    declared, day = incident.at("declared"), read_moment(incident.id.day.isoformat(), limits.zone).at
    return day in period or (declared is not None and declared in period)


def _problems(incident: Incident, as_of: datetime, limits: Limits) -> Iterator[Problem]:
    """Name the moments of a note that cannot be used as they are, or do not fit it."""
    unused = open_with_resolved(incident)
    if unused:
        yield unused
    yield from problems_of(
        incident,
        (
            doubt
            for doubt in doubts(incident, as_of, limits)
            if not (unused and doubt.name == "resolved") and (doubt.code != DAY_ONLY or doubt.name in MEASURED)
        ),
        limits.zone,
    )
