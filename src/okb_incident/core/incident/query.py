"""Filters, order and columns over incidents: one grammar for list, report, board and search.

A filter is ``KEY=VALUE``, ``KEY!=VALUE``, ``KEY~VALUE`` (contains), ``KEY<VALUE`` or ``KEY>VALUE``. KEY is any property,
unknown ones included; a list fits if one of its items does. Texts are compared without regard to case, severities by how bad
they are, scopes by their level where a level is asked for, moments as moments, numbers as numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.properties import COUNT_KEYS, MOMENT_KEYS, ORDER, count_of, link_target, texts_of
from okb_incident.core.values.scope import place_of, read_scope
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings

FILTER = re.compile(r"\s*(?P<key>[^=!~<>\s][^=!~<>]*?)\s*(?P<sign>!=|<=|>=|=|~|<|>)\s*(?P<value>.*?)\s*", re.DOTALL)
SIGNS = ("=", "!=", "~", "<", ">", "<=", ">=")
NAMES = {"service": "services", "sev": "severity", "alias": "aliases", "tag": "tags"}
#: Columns that are not properties.
EXTRA_COLUMNS = ("path", "age")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition.

    Attributes:
        key: The property.
        sign: How it is compared.
        value: With what.
    """

    key: str
    sign: str
    value: str


def read_filter(text: str) -> Filter:
    """Read a condition as typed.

    Raises:
        UsageError: It is none.
    """
    found = FILTER.fullmatch(text)
    if not found:
        raise UsageError(
            f"--where: cannot read {shorten(text)!r}; write a condition such as severity=SEV1, services~pay or started<2026-11-01",
            field="--where",
            value=text,
            allowed=SIGNS,
        )
    key = found["key"].lower() if found["key"].lower() in ORDER or found["key"].lower() in NAMES else found["key"]
    return Filter(NAMES.get(key, key), found["sign"], found["value"])


def matches(incident: Incident, condition: Filter, settings: Settings) -> bool:
    """Return whether an incident fits a condition.

    Raises:
        UsageError: The value cannot be compared with that property.
    """
    values = values_of(incident, condition.key)
    wanted = condition.value
    if condition.sign == "=":
        return any(_equal(condition.key, value, wanted, settings) for value in values) if wanted else not values
    if condition.sign == "!=":
        return not matches(incident, Filter(condition.key, "=", wanted), settings)
    if condition.sign == "~":
        return any(wanted.casefold() in value.casefold() for value in values)
    return any(_compares(condition, value, settings) for value in values)


def values_of(incident: Incident, key: str) -> tuple[str, ...]:
    """Return what an incident holds under a key, as texts; links without their brackets."""
    if key == "path":
        return (incident.path,)
    values = incident.properties.get(key)
    return tuple(link_target(text) for text in texts_of(values))


def _equal(key: str, value: str, wanted: str, settings: Settings) -> bool:
    if key == "status" and wanted.casefold() == "open":
        from okb_incident.core.values.status import Status  # noqa: PLC0415

        status = Status.read(value)
        return status is not None and status.is_open
    if key == "severity":
        have, want = settings.severities.read(value), settings.severities.read(wanted)
        if have and want:
            return have.label == want.label
    if key == "scope":
        return _same_scope(value, link_target(wanted), settings)
    if key in MOMENT_KEYS and value != wanted:
        # A day, or the beginning of a moment, stands for all moments that begin so.
        return value.startswith(wanted)
    return value.casefold() == link_target(wanted).casefold()


def _same_scope(value: str, wanted: str, settings: Settings) -> bool:
    """Return whether a scope is the one that is asked for; a level alone stands for every scope of that level."""
    have, want = (read_scope(each, settings.vocabulary.scope) for each in (value, wanted))
    return have.level == want.level and (not want.text or have.text.casefold() == want.text.casefold())


def _compares(condition: Filter, value: str, settings: Settings) -> bool:
    """Compare in the order that the property has: how bad, how late, how much, or the alphabet."""
    have, want = _ordered(condition.key, value, settings), _ordered(condition.key, condition.value, settings)
    if want is None:
        raise UsageError(
            f"--where: {shorten(condition.value)!r} cannot be compared with {condition.key}",
            field="--where",
            value=condition.value,
        )
    if have is None or type(have) is not type(want):
        return False
    less, same = have < want, have == want  # type: ignore[operator]
    return {"<": less, "<=": less or same, ">": not less and not same, ">=": not less}[condition.sign]


def _ordered(key: str, text: str, settings: Settings) -> float | str | None:
    if key == "severity":
        severity = settings.severities.read(text)
        return float(severity.rank) if severity else None
    if key == "scope":
        place = place_of(read_scope(text, settings.vocabulary.scope).level, settings.vocabulary.scope)
        return text.casefold() if place is None else float(place)
    if key in MOMENT_KEYS:
        try:
            return read_moment(text, settings.zone).at.timestamp()
        except ValueError:
            return None
    if key in COUNT_KEYS:
        count = count_of(text)
        return None if count is None else float(count)
    try:
        return float(text.lstrip("~").rstrip("%"))
    except ValueError:
        return text.casefold()


def select(
    incidents: Iterable[Incident],
    conditions: Sequence[Filter],
    settings: Settings,
    sort: str | None = None,
) -> list[Incident]:
    """Return the incidents that fit all conditions, sorted; the newest first where no order is asked for."""
    found = [each for each in incidents if all(matches(each, condition, settings) for condition in conditions)]
    if sort is None:
        return sorted(found, key=lambda each: each.id, reverse=True)
    backward = sort.startswith("-")
    key = NAMES.get(sort.lstrip("-"), sort.lstrip("-"))
    have = [each for each in found if values_of(each, key)]
    lack = [each for each in found if not values_of(each, key)]
    have.sort(key=lambda each: _sort_key(key, values_of(each, key)[0], settings), reverse=backward)
    return have + lack


def _sort_key(key: str, value: str, settings: Settings) -> tuple[int, float, str]:
    ordered = _ordered(key, value, settings)
    return (0, ordered, "") if isinstance(ordered, float) else (1, 0.0, str(ordered))


def cell(incident: Incident, column: str, settings: Settings) -> str:
    """Return what a table shows of an incident in a column."""
    if column == "title":
        return incident.headline
    if column == "severity":
        return str(incident.severity or "–")
    if column in incident.moments:
        return write_moment(incident.moments[column].at, settings.zone).replace("T", " ")[:16]
    return ", ".join(values_of(incident, column)) or "–"
