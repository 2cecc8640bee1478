"""Reading the time limits of notices to an authority: the table ``[notify]``, one for each class of data."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from okb_incident.core.settings.policy import DEFAULT_POLICY
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.values.typed_moment import read_span
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = timedelta(days=366)


def read_limits(
    table: Mapping[str, Any], data_classes: tuple[str, ...], unknown: list[str]
) -> Mapping[str, timedelta | None]:
    """Read within which time after the detection a notice is due, by class of data; None for a class without a limit.

    Args:
        table: The table `notify` of the file.
        data_classes: The vault's words for classes of data; a limit for any other is named as unknown.
        unknown: The keys that are unknown, to which this adds.

    Raises:
        SettingError: A limit cannot be used.
    """
    words = {word.lower(): word for word in data_classes}
    found = {word: DEFAULT_POLICY.notify.get(name) for name, word in words.items()}
    for name, value in table.items():
        limit = _limit(value, f"notify.{name}")
        if name.lower() in words:
            found[words[name.lower()]] = limit
        else:
            unknown.append(f"notify.{name}")
    return MappingProxyType(found)


def _limit(value: Any, key: str) -> timedelta | None:
    if isinstance(value, str) and value.strip().lower() == "none":
        return None
    try:
        limit = read_span(value if isinstance(value, str) else "", key)
    except (UsageError, OverflowError):
        limit = timedelta.max
    if limit > LONGEST:
        raise SettingError(key, value, 'it must be a length of time such as "72h" or "7d", at most a year, or "none"')
    return limit


def limit_keys(limits: Mapping[str, timedelta | None]) -> Iterator[tuple[str, str, str]]:
    """Yield each limit with its key, its value as incident.toml would hold it, and its meaning."""
    for data_class, limit in limits.items():
        meaning = f"within which time after its detection a breach of {data_class} data is notified to an authority"
        yield f"notify.{data_class}", hours(limit) if limit else "none", meaning


def hours(limit: timedelta) -> str:
    """Return a time limit as laws write it, in hours: ``72h``; in minutes or seconds where that is not whole."""
    seconds = int(limit.total_seconds())
    size, unit = next((size, unit) for size, unit in ((3600, "h"), (60, "m"), (1, "s")) if seconds % size == 0)
    return f"{seconds // size}{unit}"
