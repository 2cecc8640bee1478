"""Reading incident.toml: from the parsed table to Settings, and what is said of a key that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.core.settings.setting import SettingError, table_of
from okb_incident.core.settings.settings import A_ZONE, KEYS, POLICY_TABLES, Folders, Settings, Vocabulary, zone_named
from okb_incident.core.values.identity import IdPattern
from okb_incident.core.values.name import is_good_name
from okb_incident.core.values.severity import DEFAULT_SCALE, UNDETERMINED, Severity, SeverityScale

if TYPE_CHECKING:
    from collections.abc import Mapping

GOOD_WORD = 'begins with a letter, a digit or a sign other than . and -, and holds no control characters and none of <>:"/\\|?*#^[]`'


def read_settings(table: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Turn the parsed incident.toml into Settings.

    Returns:
        The settings, and the unknown keys, which are kept and warned about: a newer version may know them.

    Raises:
        SettingError: A known key holds what it may not.
    """
    known = Settings()
    folder_table = table_of(table, "folders")
    words_table = table_of(table, "vocabulary")
    cstate = table_of(table_of(table_of(table, "import"), "cstate", "import."), "severities", "import.cstate.")
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
    unknown: list[str] = []
    if POLICY_TABLES & table.keys():
        # Few vaults have a policy of their own, and reading it takes modules of its own.
        from okb_incident.core.settings.read_policy import read_policy  # noqa: PLC0415

        policy, unknown = read_policy(table, settings.severities)
        settings = settings._replace(own_policy=policy)
    if cstate:
        settings = settings._replace(cstate_severities=_cstate(cstate, settings.severities))
    return settings, (*_unknown(table), *unknown)


def _unknown(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in table.items():
        name = prefix + key
        if (name in KEYS and "." not in key) or name in POLICY_TABLES:
            continue
        if isinstance(value, dict) and any(known.startswith(name + ".") for known in KEYS):
            found += _unknown(value, name + ".")
        else:
            found.append(name)
    return found


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
    levels = table_of(table, "severities")
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
