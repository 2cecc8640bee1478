"""Settings of a vault: data only, never a command. Pure values; the vault room reads the file."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.identity import IdPattern
from okb_incident.core.moment import shorten
from okb_incident.core.name import is_good_name
from okb_incident.core.severity import DEFAULT_SCALE, UNDETERMINED, Severity, SeverityScale
from okb_incident.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

FORMAT = 1
A_ZONE = 'IANA time zone such as "UTC" or "Europe/Zurich"'
GOOD_WORD = 'begins with a letter, a digit or a sign other than . and -, and holds no control characters and none of <>:"/\\|?*#^[]`'


class Folders(NamedTuple):
    """Where things lie, relative to the vault.

    Attributes:
        incidents: Incident notes and their companions, by year.
        restricted: Incidents that are shown only where they are asked for.
        reports: The weekly reports, by year.
        services: The service catalogue.
        people: Notes on people.
        operations: The procedures that notes link to.
        templates: The vault's own versions of the shipped templates.
        ignore: Folders whose notes are never read as facts, such as those of templates.
    """

    incidents: str = "incidents"
    restricted: str = "incidents/restricted"
    reports: str = "incidents/reports"
    services: str = "services"
    people: str = "people"
    operations: str = "operations"
    templates: str = "templates/incident"
    ignore: tuple[str, ...] = ("templates", "Templates")


class Vocabulary(NamedTuple):
    """The words that a property may hold. A word outside is kept, and named by `check`."""

    category: tuple[str, ...] = ("system", "security", "performance", "service")
    detected_by: tuple[str, ...] = ("monitoring", "user", "system", "security")
    cause: tuple[str, ...] = (
        "change",
        "capacity",
        "dependency",
        "hardware",
        "certificate",
        "network",
        "human-error",
        "attack",
        "unknown",
    )


class Settings(NamedTuple):
    """Everything a vault can decide for itself.

    Attributes:
        format: The version of the vault's layout; a newer one can be read and is never written to.
        zone_name: The IANA name of the zone in which moments are written.
        id_pattern: How ids look.
        folders: Where things lie.
        severities: The scale, worst first.
        vocabulary: The words of properties.
        cstate_severities: What the severities of cState notes become on import.
    """

    format: int = FORMAT
    zone_name: str = "UTC"
    id_pattern: str = "INC-YYYYMMDD-NN"
    folders: Folders = Folders()
    severities: SeverityScale = DEFAULT_SCALE
    vocabulary: Vocabulary = Vocabulary()
    cstate_severities: Mapping[str, str] = MappingProxyType({"down": "SEV1", "disrupted": "SEV2", "notice": "SEV4"})

    @property
    def zone(self) -> tzinfo:
        """The zone in which moments are written and days begin."""
        return zone_named(self.zone_name)

    @property
    def ids(self) -> IdPattern:
        """The reader and writer of ids."""
        return _ids(self.id_pattern)


@cache
def _ids(pattern: str) -> IdPattern:
    """Give the one reader of a pattern; it is asked for each note."""
    return IdPattern(pattern)


#: Every key of incident.toml, with what it means; `incident config show` and docs/settings.md come from it.
KEYS = {
    "format": "the version of the vault's layout",
    "zone": "the IANA time zone in which moments are written and days begin",
    "id": "how ids look: YYYY, MM, DD and NN once each",
    "folders.incidents": "incident notes and their companions, by year",
    "folders.restricted": "incidents shown only where they are asked for",
    "folders.reports": "saved reports, by year",
    "folders.services": "the service catalogue",
    "folders.people": "notes on people",
    "folders.operations": "the procedures that notes link to",
    "folders.templates": "the vault's own versions of the shipped templates",
    "folders.ignore": "folders whose notes are never read as facts",
    "severities": "the levels, worst first, each with its definition",
    "vocabulary.category": "the words of the property category",
    "vocabulary.detected_by": "the words of the property detected_by",
    "vocabulary.cause": "the words of the property cause",
    "import.cstate.severities": "what the severities of cState notes become",
}


class SettingError(Exception):
    """A setting that cannot be used: its key, the value, and the end of a sentence that says what is allowed."""

    def __init__(self, key: str, value: Any, allowed: str) -> None:
        self.key = key
        self.value = _shown(value)
        self.message = f"is {self.value}; {allowed}"
        super().__init__(self.message)


def _shown(value: Any) -> str:
    """Write a value for a message as TOML does, cut to a readable length."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    try:
        return shorten(repr(value))
    except ValueError:
        return "a number of thousands of digits"


def read_settings(table: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Turn the parsed incident.toml into Settings.

    Returns:
        The settings, and the unknown keys, which are kept and warned about: a newer version may know them.

    Raises:
        SettingError: A known key holds what it may not.
    """
    known = Settings()
    folder_table = _table(table, "folders")
    words_table = _table(table, "vocabulary")
    cstate = _table(_table(_table(table, "import"), "cstate", "import."), "severities", "import.cstate.")
    settings = Settings(
        format=_integer(table, "format", known.format),
        zone_name=_zone(_text(table, "zone", known.zone_name)),
        id_pattern=_id_pattern(_text(table, "id", known.id_pattern)),
        folders=_folders(folder_table),
        severities=_scale(table),
        vocabulary=Vocabulary(
            **{name: _vocabulary(words_table, name) for name in Vocabulary._fields if name in words_table},
        ),
    )
    if cstate:
        settings = settings._replace(cstate_severities=_cstate(cstate, settings.severities))
    return settings, tuple(_unknown(table))


def _unknown(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in table.items():
        name = prefix + key
        if name in KEYS and "." not in key:
            continue
        if isinstance(value, dict) and any(known.startswith(name + ".") for known in KEYS):
            found += _unknown(value, name + ".")
        else:
            found.append(name)
    return found


def _table(table: Mapping[str, Any], key: str, prefix: str = "") -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise SettingError(prefix + key, value, f"it must be a table, written as [{prefix}{key}]")
    return value


def _text(table: Mapping[str, Any], key: str, default: str, prefix: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value.strip():
        raise SettingError(prefix + key, value, f'it must be a text such as "{default}"')
    return value


def _integer(table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 9999:
        raise SettingError(key, value, f"it must be a number such as {default}")
    return value


def _words(table: Mapping[str, Any], key: str, prefix: str) -> tuple[str, ...]:
    value = table[key]
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise SettingError(prefix + key, value, 'it must be a list of words such as ["one", "two"]')
    return tuple(value)


def _vocabulary(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    words = _words(table, key, "vocabulary.")
    for word in words:
        if not is_good_name(word):
            raise SettingError(f"vocabulary.{key}", word, f"a word {GOOD_WORD}")
    return words


def zone_named(name: str) -> tzinfo:
    """Give the time zone of an IANA name.

    Raises:
        ValueError: There is none of that name; the sentence is fit to follow the name of the setting.
    """
    if name == "UTC":
        # The usual case, without the cost of the zone database.
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        # KeyError for a name that is unknown, ValueError for "../x", OSError for the name of a folder.
        raise ValueError(f"{shorten(name)!r} is no {A_ZONE}") from None


def _zone(name: str) -> str:
    try:
        zone_named(name)
    except ValueError:
        raise SettingError("zone", name, f"it must be an {A_ZONE}") from None
    return name


def _id_pattern(pattern: str) -> str:
    try:
        return IdPattern(pattern).text
    except ValueError as fault:
        raise SettingError("id", pattern, str(fault)) from None


def _folders(table: Mapping[str, Any]) -> Folders:
    known = Folders()
    values: dict[str, Any] = {}
    for name in Folders._fields:
        if name not in table:
            continue
        if name == "ignore":
            values["ignore"] = tuple(_folder(each, "folders.ignore") for each in _words(table, "ignore", "folders."))
        else:
            given = _text(table, name, getattr(known, name), "folders.")
            values[name] = _folder(given, f"folders.{name}")
    folders = known._replace(**values)
    if f"{folders.incidents}/".startswith(f"{folders.restricted}/"):
        raise SettingError(
            "folders.restricted",
            folders.restricted,
            "it must not hold the folder of all incidents, which would be restricted",
        )
    return folders


def _folder(name: str, key: str) -> str:
    parts = name.removesuffix("/").split("/")
    if not all(map(is_good_name, parts)) or len(parts) > 8:
        allowed = 'it must be a folder inside the vault such as "incidents", and not a hidden one'
        raise SettingError(key, name, f"{allowed}; each part {GOOD_WORD}")
    return "/".join(parts)


def _scale(table: Mapping[str, Any]) -> SeverityScale:
    levels = _table(table, "severities")
    if not levels:
        return DEFAULT_SCALE
    for label, meaning in levels.items():
        if not isinstance(meaning, str):
            raise SettingError(f"severities.{label}", meaning, 'it must be a text such as "most users are affected"')
        if not is_good_name(label) or len(label) > 40:
            raise SettingError("severities", label, f"the name of a level has at most 40 characters and {GOOD_WORD}")
        if label.lower() == UNDETERMINED:
            raise SettingError("severities", label, "that word stands for itself and cannot be a level")
    return SeverityScale(
        tuple(Severity(rank, label, meaning) for rank, (label, meaning) in enumerate(levels.items(), start=1)),
    )


def _cstate(table: Mapping[str, Any], scale: SeverityScale) -> dict[str, str]:
    for word, label in table.items():
        if not isinstance(label, str) or scale.read(label) is None:
            raise SettingError(
                f"import.cstate.severities.{word}", label, f"it must be one of {', '.join(scale.labels)}"
            )
    return {word.lower(): label for word, label in table.items()}


def refuse_newer(settings: Settings) -> None:
    """Refuse to write into a vault of a newer format.

    Raises:
        SettingsError: It is newer than this version knows.
    """
    if settings.format > FORMAT:
        raise SettingsError(
            f"this vault has format {settings.format}, and this version of incident writes format {FORMAT}; "
            "reading it works, writing to it could damage it",
            field="format",
            value=str(settings.format),
            allowed=(str(FORMAT),),
            hint="install a newer version of okb-incident",
        )
