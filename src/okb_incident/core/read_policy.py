"""Reading the policy out of incident.toml: each part over its default, and what is said of a key that cannot be used."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.name import is_good_name
from okb_incident.core.payload import handle
from okb_incident.core.policy import (
    AUDIENCES,
    DEFAULT_POLICY,
    IMPACTS,
    PRIORITIES,
    ROLES,
    TEAM_KINDS,
    URGENCIES,
    Category,
    Team,
)
from okb_incident.core.properties import ORDER
from okb_incident.core.setting import SettingError, table_of
from okb_incident.core.typed_moment import read_span
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from okb_incident.core.policy import (
        Expectation,
        Policy,
    )
    from okb_incident.core.severity import SeverityScale

LONGEST_TEXT = 200
LONGEST_LIST = 50


class Key(NamedTuple):
    """A key of one table of the policy.

    Attributes:
        read: Makes the value out of what TOML holds; given the value and its full name.
        meaning: What it decides, for the documentation.
    """

    read: Callable[[Any, str], Any]
    meaning: str


def read_policy(table: Mapping[str, Any], scale: SeverityScale) -> Policy:
    """Read the tables `policy`, `priority`, `categories` and `teams`.

    Args:
        table: The parsed file.
        scale: The vault's severities, which the policy is for.

    Raises:
        SettingError: A key holds what it may not, or is none of ours.
    """
    policy = table_of(table, "policy")
    by_rank = {}
    own: dict[str, Any] = {}
    for name, value in policy.items():
        if name in POLICY:
            own[name] = POLICY[name].read(value, f"policy.{name}")
            continue
        severity = next((level for level in scale.levels if level.label == name), None)
        if severity is None:
            allowed = ", ".join((*POLICY, *(level.label for level in scale.levels)))
            raise SettingError(f"policy.{name}", value, f"the table policy holds {allowed}")
        by_rank[severity.rank] = table_of(policy, name, "policy.")
    return DEFAULT_POLICY._replace(
        **own,
        expectations=tuple(
            _expectation(by_rank.get(level.rank, {}), level.rank, level.label) for level in scale.levels
        ),
        priorities=_priorities(table_of(table, "priority")),
        categories=_categories(table_of(table, "categories")),
        teams=_teams(table_of(table, "teams")),
    )


def _expectation(table: Mapping[str, Any], rank: int, label: str) -> Expectation:
    known = DEFAULT_POLICY.expectations[min(rank, len(DEFAULT_POLICY.expectations)) - 1]
    return known._replace(**_fields(table, EXPECTATION, f"policy.{label}."))


def _fields(table: Mapping[str, Any], keys: Mapping[str, Key], prefix: str) -> dict[str, Any]:
    found = {}
    for name, value in table.items():
        if name not in keys:
            raise SettingError(prefix + name, value, f"the keys here are {', '.join(keys)}")
        found[name] = keys[name].read(value, prefix + name)
    return found


def _priorities(table: Mapping[str, Any]) -> Mapping[tuple[str, str], str]:
    found = dict(DEFAULT_POLICY.priorities)
    for urgency in table:
        if urgency not in URGENCIES:
            raise SettingError(f"priority.{urgency}", table[urgency], f"the urgencies are {', '.join(URGENCIES)}")
        row = table_of(table, urgency, "priority.")
        for impact, priority in row.items():
            key = f"priority.{urgency}.{impact}"
            if impact not in IMPACTS:
                raise SettingError(key, priority, f"the business impacts are {', '.join(IMPACTS)}")
            found[urgency, impact] = one_of(PRIORITIES)(priority, key)
    return MappingProxyType(found)


def _categories(table: Mapping[str, Any]) -> Mapping[str, Category]:
    found = dict(DEFAULT_POLICY.categories)
    for name in table:
        given = _fields(table_of(table, name, "categories."), CATEGORY, f"categories.{name}.")
        found[name] = found.get(name, Category())._replace(**given)
    return MappingProxyType(found)


def _teams(table: Mapping[str, Any]) -> Mapping[str, Team]:
    found = {}
    for name in table:
        if not is_good_name(name) or any(sign in name for sign in ",:→"):
            raise SettingError(f"teams.{name}", name, "the name of a team has no comma, colon or arrow in it")
        found[name] = Team(**_fields(table_of(table, name, "teams."), TEAM, f"teams.{name}."))
    return MappingProxyType(found)


# -- sorts of values --------------------------------------------------------------------------------------------------


def span(value: Any, key: str) -> timedelta | None:
    """Read a length of time such as ``30m``; ``none`` for no target."""
    if isinstance(value, str) and value.strip().lower() == "none":
        return None
    return required_span(value, key)


def required_span(value: Any, key: str) -> timedelta:
    """Read a length of time such as ``30m``."""
    try:
        return read_span(value if isinstance(value, str) else "", key)
    except UsageError:
        raise SettingError(key, value, 'it must be a length of time such as "30m", "4h" or "7d"') from None


def days(value: Any, key: str) -> int | None:
    """Read a number of days; ``none`` where nothing is due."""
    if isinstance(value, str) and value.strip().lower() == "none":
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 366:
        raise SettingError(key, value, 'it must be a number of days such as 3, or "none"')
    return value


def truth(value: Any, key: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise SettingError(key, value, "it must be true or false")
    return value


def text(value: Any, key: str) -> str:
    """Read one line of text."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT or not value.isprintable():
        raise SettingError(key, value, f"it must be one line of text of at most {LONGEST_TEXT} characters")
    return " ".join(value.split())


def name(value: Any, key: str) -> str:
    """Read the name of a note."""
    if not isinstance(value, str) or not is_good_name(value):
        raise SettingError(key, value, 'it must be the name of a note such as "security-incident-response"')
    return value


def one_of(allowed: tuple[str, ...]) -> Callable[[Any, str], str]:
    """Give what reads one of some words."""

    def read(value: Any, key: str) -> str:
        if value not in allowed:
            raise SettingError(key, value, f"it must be one of {', '.join(allowed)}")
        return str(value)

    return read


def some(read: Callable[[Any, str], str], example: str) -> Callable[[Any, str], tuple[str, ...]]:
    """Give what reads a list."""

    def read_all(value: Any, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > LONGEST_LIST:
            raise SettingError(key, value, f"it must be a list such as {example}")
        return tuple(read(each, key) for each in value)

    return read_all


def person(value: Any, key: str) -> str:
    """Read the handle of a person."""
    if not isinstance(value, str) or not handle(value):
        raise SettingError(key, value, 'it must be the handle of a person such as "alice"')
    return handle(value)


def cadence(value: Any, key: str) -> Mapping[str, timedelta]:
    """Read how often each audience hears of it; an audience with ``none``, or absent, is owed nothing."""
    if not isinstance(value, dict):
        raise SettingError(key, value, 'it must be a table such as { team = "30m", users = "20m" }')
    found = {}
    for audience, each in value.items():
        if audience not in AUDIENCES:
            raise SettingError(f"{key}.{audience}", each, f"the audiences are {', '.join(AUDIENCES)}")
        every = span(each, f"{key}.{audience}")
        if every is not None:
            found[audience] = every
    return MappingProxyType(found)


EXPECTATION: dict[str, Key] = {
    "acknowledge": Key(span, "within which time after its declaration somebody takes it"),
    "mitigate": Key(span, "within which time after its declaration the impact stops"),
    "resolve": Key(span, "within which time after its declaration it is over"),
    "updates": Key(cadence, "how often each audience hears of it while it is open"),
    "roles": Key(some(one_of(ROLES), '["commander", "scribe"]'), "the roles that somebody must hold"),
    "review": Key(days, "within how many days after its end it is reviewed"),
    "verification": Key(truth, "whether a passing recovery check is needed to close it"),
}
CATEGORY: dict[str, Key] = {
    "restricted": Key(truth, "whether such incidents are restricted from the start"),
    "tlp": Key(truth, "whether they need a traffic light (the property tlp)"),
    "procedure": Key(name, "the note on how to handle them, linked from each"),
    "requires": Key(some(one_of(ORDER), '["services"]'), "properties that they cannot do without"),
    "checklist": Key(some(text, '["Say what fails, since when, and for whom"]'), "what to do first, in order"),
    "template": Key(name, "the template of their note, where it is not the common one"),
}
TEAM: dict[str, Key] = {
    "kind": Key(one_of(TEAM_KINDS), "technical, support, security or management"),
    "members": Key(some(person, '["alice", "bob"]'), "the people in it, by handle"),
    "contact": Key(text, "how it is reached, in words"),
}
POLICY: dict[str, Key] = {
    "reopen_within": Key(
        required_span, "how long after its end an incident that comes back is reopened, not opened anew"
    ),
    "silent_after": Key(required_span, "how long an open incident may go without a line in its timeline"),
}
