"""Reading the policy out of incident.toml: each part over its default, and what is said of a key that cannot be used."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.settings.policy import (
    AUDIENCES,
    DEFAULT_POLICY,
    IMPACTS,
    PRIORITIES,
    ROLES,
    TEAM_KINDS,
    Category,
    Team,
)
from okb_incident.core.settings.read_limits import limit_keys, read_limits
from okb_incident.core.settings.setting import SettingError, table_of
from okb_incident.core.settings.settings import DEFAULT_SCOPES
from okb_incident.core.values.name import handle, is_good_name
from okb_incident.core.values.properties import ORDER
from okb_incident.core.values.scope import read_scope
from okb_incident.core.values.typed_moment import read_span, write_span
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.settings.settings import Vocabulary
    from okb_incident.core.values.severity import SeverityScale

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


def read_policy(table: Mapping[str, Any], scale: SeverityScale, vocabulary: Vocabulary) -> tuple[Policy, list[str]]:
    """Read the tables `policy`, `priority`, `categories`, `teams` and `notify`.

    Args:
        table: The parsed file.
        scale: The vault's severities, which the policy is for.
        vocabulary: The words of the vault: its scopes, the narrowest first, and its classes of data, which alone can have a rule.

    Returns:
        The policy, and the keys that are unknown.

    Raises:
        SettingError: A key holds what it may not.
    """
    unknown: list[str] = []
    given = table_of(table, "policy")
    labels = {level.label: level for level in scale.levels}
    own = {name: value for name, value in given.items() if name not in labels}
    of_rank = {labels[name].rank: table_of(given, name, "policy.") for name in given.keys() & labels.keys()}
    usual = DEFAULT_POLICY.fitted(scale.levels, vocabulary.scope)
    keys = {**EXPECTATION, "scope": EXPECTATION["scope"]._replace(read=level_of(vocabulary.scope))}
    policy = DEFAULT_POLICY._replace(
        **_fields(own, POLICY, "policy.", unknown),
        expectations=tuple(
            expected._replace(**_fields(of_rank.get(level.rank, {}), keys, f"policy.{level}.", unknown))
            for level, expected in zip(scale.levels, usual.expectations, strict=True)
        ),
        priorities=_priorities(table_of(table, "priority"), unknown),
        categories=_categories(table_of(table, "categories"), unknown),
        teams=_teams(table_of(table, "teams"), unknown),
        notify=read_limits(table_of(table, "notify"), vocabulary.data_classes, unknown),
    )
    return policy, unknown


def _fields(table: Mapping[str, Any], keys: Mapping[str, Key], prefix: str, unknown: list[str]) -> dict[str, Any]:
    """Read the keys of a table; name those that are unknown."""
    unknown += [prefix + name for name in table if name not in keys]
    return {name: keys[name].read(value, prefix + name) for name, value in table.items() if name in keys}


def _priorities(table: Mapping[str, Any], unknown: list[str]) -> Mapping[tuple[str, str], str]:
    found = dict(DEFAULT_POLICY.priorities)
    for urgency in table:
        row = table_of(table, urgency, "priority.")
        for impact, priority in row.items():
            key = f"priority.{urgency}.{impact}"
            if (urgency, impact) in found:
                found[urgency, impact] = one_of(PRIORITIES)(priority, key)
            else:
                unknown.append(key)
    return MappingProxyType(found)


def _categories(table: Mapping[str, Any], unknown: list[str]) -> Mapping[str, Category]:
    found = dict(DEFAULT_POLICY.categories)
    for name in table:
        given = _fields(table_of(table, name, "categories."), CATEGORY, f"categories.{name}.", unknown)
        known = next((each for each in found if each.casefold() == name.casefold()), name)
        found[known] = found.get(known, Category())._replace(**given)
    return MappingProxyType(found)


def _teams(table: Mapping[str, Any], unknown: list[str]) -> Mapping[str, Team]:
    found = {}
    for name in table:
        if not is_good_name(name) or any(sign in name for sign in ",:→"):
            raise SettingError(f"teams.{name}", name, "the name of a team has no comma, colon or arrow in it")
        found[name] = Team(**_fields(table_of(table, name, "teams."), TEAM, f"teams.{name}.", unknown))
    return MappingProxyType(found)


def policy_keys(policy: Policy, scale: SeverityScale) -> Iterator[tuple[str, Any, str]]:
    """Return every key of a policy with its value, as incident.toml would hold it, and its meaning."""
    for name, key in POLICY.items():
        yield f"policy.{name}", _written(getattr(policy, name)), key.meaning
    for level, expectation in zip(scale.levels, policy.expectations, strict=False):
        for name, key in EXPECTATION.items():
            yield f"policy.{level.label}.{name}", _written(getattr(expectation, name)), key.meaning
    for (urgency, impact), priority in policy.priorities.items():
        yield f"priority.{urgency}.{impact}", priority, f"the priority where urgency is {urgency}, impact {impact}"
    yield from limit_keys(policy.notify)
    for title, values, keys in (("categories", policy.categories, CATEGORY), ("teams", policy.teams, TEAM)):
        for each, value in values.items():
            for name, key in keys.items():
                yield f"{title}.{each}.{name}", _written(getattr(value, name)), key.meaning


def _written(value: Any) -> Any:
    """Return a value as TOML holds it."""
    if isinstance(value, timedelta):
        return write_span(value)
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "items"):
        return {name: _written(each) for name, each in value.items()}
    return "none" if value is None else value


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


def percent(value: Any, key: str) -> int | None:
    """Read a share in percent; ``none`` where it says nothing."""
    if isinstance(value, str) and value.strip().lower() == "none":
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100:
        raise SettingError(key, value, 'it must be a number of percent such as 50, or "none"')
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
    """Return what reads one of some words."""

    def read(value: Any, key: str) -> str:
        if value not in allowed:
            raise SettingError(key, value, f"it must be one of {', '.join(allowed)}")
        return str(value)

    return read


def level_of(scopes: Sequence[str]) -> Callable[[Any, str], str | None]:
    """Return what reads a level of the scopes; ``none`` where the scope says nothing."""

    def read(value: Any, key: str) -> str | None:
        if isinstance(value, str) and value.strip().lower() == "none":
            return None
        found = read_scope(value, scopes) if isinstance(value, str) else None
        if found is None or found.level is None or found.text:
            raise SettingError(key, value, f'it must be one of {", ".join(scopes)} (vocabulary.scope), or "none"')
        return found.level

    return read


def some(read: Callable[[Any, str], str], example: str) -> Callable[[Any, str], tuple[str, ...]]:
    """Return what reads a list."""

    def read_all(value: Any, key: str) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > LONGEST_LIST:
            raise SettingError(key, value, f"it must be a list such as {example}")
        return tuple(read(each, key) for each in value)

    return read_all


def a_property(value: Any, key: str) -> str:
    """Read the name of a property of an incident."""
    if value not in ORDER:
        raise SettingError(key, value, 'it must be a property of an incident such as "services"')
    return str(value)


def contact(value: Any, key: str) -> str | None:
    """Read how someone is reached; ``none`` where nobody is named."""
    return None if isinstance(value, str) and value.strip().lower() == "none" else text(value, key)


def person(value: Any, key: str) -> str:
    """Read the handle of a person."""
    if not isinstance(value, str) or not handle(value):
        raise SettingError(key, value, 'it must be the handle of a person such as "alice"')
    return handle(value)


def cadence(value: Any, key: str) -> Mapping[str, timedelta]:
    """Read how often each audience gets an update; an audience with ``none``, or absent, gets none."""
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
    "acknowledge": Key(span, "within which time after its declaration it is acknowledged"),
    "mitigate": Key(span, "within which time after its declaration the impact stops"),
    "resolve": Key(span, "within which time after its declaration it is over"),
    "updates": Key(cadence, "how often each audience hears of it while it is open"),
    "roles": Key(some(one_of(ROLES), '["commander", "scribe"]'), "the roles that must be assigned"),
    "review": Key(days, "within how many days after its end it is reviewed"),
    "verification": Key(truth, "whether a passing recovery check is needed to close it"),
    "share": Key(percent, "from which share of users on, in percent, an assessment proposes it"),
    "impact": Key(one_of((*IMPACTS, "none")), "from which business impact on an assessment proposes it"),
    "scope": Key(level_of(DEFAULT_SCOPES), "from which level of the scope on an assessment proposes it"),
}
CATEGORY: dict[str, Key] = {
    "restricted": Key(truth, "whether such incidents are restricted from the start"),
    "tlp": Key(truth, "whether they need a traffic light (the property tlp)"),
    "procedure": Key(name, "the note on how to handle them, linked from each"),
    "requires": Key(some(a_property, '["services"]'), "properties that they cannot do without"),
    "checklist": Key(some(text, '["Write down what fails, since when, and for whom"]'), "what to do first, in order"),
    "template": Key(name, "the template of their note, where it is not `incident-NAME` or the common one"),
    "sources": Key(some(text, '["security"]'), "the sources (`detected_by`) whose incidents are handled like these"),
}
TEAM: dict[str, Key] = {
    "kind": Key(one_of(TEAM_KINDS), "technical, support, security or management"),
    "members": Key(some(person, '["alice", "bob"]'), "the people in it, by handle"),
    "contact": Key(text, "how it is reached, in words"),
}
POLICY: dict[str, Key] = {
    "reopen_within": Key(
        required_span, "how long after its end an incident that comes back is reopened instead of opened again"
    ),
    "silent_after": Key(required_span, "how long an open incident may go without a line in its timeline"),
    "second_approver": Key(
        some(one_of(AUDIENCES), '["users", "stakeholders"]'),
        "the audiences whose messages need the approval of someone other than the author",
    ),
    "notice_contact": Key(contact, "whom an authority can ask, as a notice names it: a name and how to reach it"),
}
