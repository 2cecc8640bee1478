"""Every key of incident.toml but those of the policy: how it is read, where it goes, and what it decides.

Reading, `incident config show` and docs/settings.md come from this one table; `read_policy` has the like for the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.settings.setting import SettingError
from okb_incident.core.settings.settings import A_ZONE, Folders, Settings, Vocabulary, zone_named
from okb_incident.core.values.identity import IdPattern
from okb_incident.core.values.name import is_good_name
from okb_incident.core.values.severity import UNDETERMINED, Severity, SeverityScale

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD_WORD = 'begins with a letter, a digit or a sign other than . and -, and holds no control characters and none of <>:"/\\|?*#^[]`'


class SettingKey(NamedTuple):
    """A key of incident.toml.

    Attributes:
        read: Makes the value of the settings out of what TOML holds; given the value and the full key.
        place: Where the value is in the settings: a field, or a group and a field of it.
        meaning: What it decides.
    """

    read: Callable[[Any, str], Any]
    place: str
    meaning: str


def value_of(settings: Settings, place: str) -> Any:
    """Return a value of the settings as the file would hold it."""
    value: Any = settings
    for name in place.split("."):
        value = getattr(value, name)
    if isinstance(value, SeverityScale):
        return {level.label: level.meaning for level in value.levels}
    return list(value) if isinstance(value, tuple) else dict(value) if hasattr(value, "keys") else value


def _number(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 9999:
        raise SettingError(key, value, f"it must be a number such as {value_of(Settings(), key)}")
    return value


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingError(key, value, f'it must be a text such as "{value_of(Settings(), KEYS[key].place)}"')
    return value


def _zone(value: Any, key: str) -> str:
    name = _text(value, key)
    try:
        zone_named(name)
    except ValueError:
        raise SettingError(key, name, f"it must be an {A_ZONE}") from None
    return name


def _id_pattern(value: Any, key: str) -> str:
    pattern = _text(value, key)
    try:
        return IdPattern(pattern).text
    except ValueError as fault:
        raise SettingError(key, pattern, str(fault)) from None


def _folder(value: Any, key: str) -> str:
    name = _text(value, key)
    parts = name.removesuffix("/").split("/")
    if not all(map(is_good_name, parts)) or len(parts) > 8:
        allowed = 'it must be a folder inside the vault such as "incidents", and not a hidden one'
        raise SettingError(key, name, f"{allowed}; each part {GOOD_WORD}")
    return "/".join(parts)


def _words(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise SettingError(key, value, 'it must be a list of words such as ["one", "two"]')
    return tuple(value)


def _folders(value: Any, key: str) -> tuple[str, ...]:
    return tuple(_folder(each, key) for each in _words(value, key))


def _vocabulary(value: Any, key: str) -> tuple[str, ...]:
    words = _words(value, key)
    for word in words:
        if not is_good_name(word):
            raise SettingError(key, word, f"a word {GOOD_WORD}")
    return words


def _scale(value: Any, key: str) -> SeverityScale:
    for label, meaning in value.items():
        if not isinstance(meaning, str):
            raise SettingError(f"{key}.{label}", meaning, 'it must be a text such as "most users are affected"')
        if not is_good_name(label) or len(label) > 40:
            raise SettingError(key, label, f"the name of a level has at most 40 characters and {GOOD_WORD}")
        if label.lower() == UNDETERMINED:
            raise SettingError(key, label, "that word stands for itself and cannot be a level")
    return SeverityScale(
        tuple(Severity(rank, label, meaning) for rank, (label, meaning) in enumerate(value.items(), start=1)),
    )


def _labels(value: Any, key: str) -> dict[str, str]:
    """Read severities by foreign words; whether the vault's scale has them is known when that is read."""
    for word, label in value.items():
        if not isinstance(label, str):
            raise SettingError(f"{key}.{word}", label, "it must be a level of the severities")
    return {word.lower(): label for word, label in value.items()}


#: Tables whose keys are the vault's own; of an empty one nothing is read.
OPEN_TABLES = frozenset({"severities", "import.cstate.severities"})

KEYS = {
    "format": SettingKey(_number, "format", "the version of the vault's layout"),
    "zone": SettingKey(_zone, "zone_name", "the IANA time zone in which moments are written and days begin"),
    "id": SettingKey(_id_pattern, "id_pattern", "how ids look: YYYY, MM, DD and NN once each"),
    "plausible_days": SettingKey(
        _number,
        "plausible_days",
        "how many days a time may be from the id, the declaration and the timeline before it has to be confirmed",
    ),
    **{
        f"folders.{name}": SettingKey(_folders if name == "ignore" else _folder, f"folders.{name}", meaning)
        for name, meaning in zip(
            Folders._fields,
            (
                "incident notes and their companions, by year",
                "incidents shown only where they are asked for",
                "saved reports, by year",
                "lessons learned that are notes of their own",
                "the service catalog",
                "notes on people",
                "the procedures that notes link to",
                "the vault's own versions of the shipped templates",
                "folders whose notes are never read as facts",
            ),
            strict=True,
        )
    },
    "severities": SettingKey(_scale, "severities", "the levels, worst first, each with its definition"),
    **{
        f"vocabulary.{name}": SettingKey(_vocabulary, f"vocabulary.{name}", f"the words of the property {name}")
        for name in Vocabulary._fields
    },
    "vocabulary.scope": SettingKey(
        _vocabulary, "vocabulary.scope", "the levels with which the property scope begins, the narrowest first"
    ),
    "import.cstate.severities": SettingKey(_labels, "cstate_severities", "what the severities of cState notes become"),
}
