"""Setting one key of the vault's settings or of the user's own; comments and the order of keys stay."""

from __future__ import annotations

import os
import tomllib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.settings.setting import SettingError
from okb_incident.core.settings.settings import Settings, refuse_newer
from okb_incident.errors import ConflictError, SettingsError, UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.own_file import OwnChange, change_own, read_own
from okb_incident.vault.read.locate import USER_KEYS, find_root, read_user_settings, user_settings
from okb_incident.vault.read.settings_file import SETTINGS_FILE, read_table
from okb_incident.vault.write.commit import commit
from okb_incident.vault.write.steps import Edit
from okb_incident.workflow.actor import handle_of
from okb_incident.workflow.change import as_diff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tomlkit import TOMLDocument

FIXED = {
    "zone": "changing it would change what every time without an offset means",
    "format": "incident init --upgrade changes it",
}
"""Keys that a vault keeps once it has notes."""


class NewSetting(NamedTuple):
    """A setting that was set.

    Attributes:
        path: The file.
        key: Its name.
        value: Its value, as TOML holds it.
        diff: What that changes in the file.
        before: Its value before; None where the file did not hold it.
        entry: The entry of the journal; None for a person's own settings, and where nothing changed.
    """

    path: str
    key: str
    value: Any
    diff: str
    before: Any = None
    entry: str | None = None


def set_in_vault(vault: str | None, key: str, word: str, *, by: str | None = None, dry_run: bool = False) -> NewSetting:
    """Set a key of a vault's incident.toml.

    Raises:
        UsageError: The key is unknown, or cannot hold the value.
        ConflictError: The key is fixed once the vault exists.
        SettingsError: The vault has a newer format.
    """
    user = user_settings()
    root, _ = find_root(vault, user)
    if key in FIXED:
        raise ConflictError(f"{key} is fixed when a vault is created", field=key, value=word, hint=FIXED[key])
    path = os.path.join(root, SETTINGS_FILE)
    table, old = read_table(path)
    if isinstance(table.get("format"), int):
        refuse_newer(Settings(format=table["format"]))
    value = _read(word)
    change = partial(_changed, keys={key: value}, check=_check_vault)
    new = change(old.encode()).decode()
    entry = None
    if not dry_run:
        name = by or os.environ.get("INCIDENT_USER") or user.user
        with lock.hold(root, "incident config set"):
            done = commit(
                root,
                [Edit(SETTINGS_FILE, change)],
                command="incident config set",
                by=handle_of(name) if name else None,
            )
        entry = done.entry.id if done.entry else None
    return NewSetting(path, key, value, as_diff(old, new, SETTINGS_FILE), _value_of(table, key), entry)


def set_for_user(keys: Mapping[str, str], *, dry_run: bool = False) -> NewSetting:
    """Set keys of the user's own settings, all or none.

    Returns:
        The last of them.

    Raises:
        UsageError: A key is unknown, or cannot hold its value.
        VaultError: The vault that is named is not a vault, or the file cannot be written.
    """
    path = user_settings().path
    for key in keys:
        if key not in USER_KEYS:
            raise _unknown(key, USER_KEYS)
    if "vault" in keys:
        keys = {**keys, "vault": os.path.abspath(os.path.expanduser(keys["vault"]))}
        find_root(keys["vault"], user_settings())
    change = partial(_changed, keys=keys, check=partial(_check_user, path))
    if dry_run:
        old = read_own(path)
        done = OwnChange(old, change(old))
    else:
        done = change_own(path, change)
    key, value = list(keys.items())[-1]
    before = tomllib.loads(done.old.decode().removeprefix("\ufeff")).get(key)
    return NewSetting(path, key, value, as_diff(done.old.decode(), done.new.decode(), path.lstrip("/")), before)


def _value_of(table: Any, key: str) -> Any:
    """Return what a file of settings holds for a key; None where it holds nothing."""
    for part in key.split("."):
        table = table.get(part) if isinstance(table, dict) else None
    return table


def _read(word: str) -> Any:
    """Return a value as TOML reads it; whatever is not TOML is a text."""
    try:
        table = tomllib.loads(f"value = {word}")
    except ValueError:
        return word
    return table["value"] if len(table) == 1 else word


def _changed(data: bytes, *, keys: Mapping[str, Any], check: Callable[[str, str], None]) -> bytes:
    """Return the bytes of a settings file with the keys set."""
    import tomlkit  # noqa: PLC0415 - for this command alone

    text = data.decode()
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    document = tomlkit.parse(text.removeprefix(mark))
    for key, value in keys.items():
        _put(document, key.split("."), value)
    new = tomlkit.dumps(document)
    try:
        for key in keys:
            check(key, new)
    except SettingError as fault:
        raise UsageError(
            f"{fault.key} {fault.message}",
            field=fault.key,
            value=fault.value,
            hint=Sentence(Command("config", "show", fault.key.split(".", maxsplit=1)[0]), " shows what is in force"),
        ) from None
    return (mark + new).encode()


def _put(document: TOMLDocument, parts: list[str], value: Any) -> None:
    table: Any = document
    for part in parts[:-1]:
        if part not in table:
            import tomlkit  # noqa: PLC0415

            table[part] = tomlkit.table()
        table = table[part]
        if not hasattr(table, "keys"):
            raise UsageError(f"{'.'.join(parts)} is below a key that is not a table", field=".".join(parts))
    table[parts[-1]] = value


def _check_vault(key: str, text: str) -> None:
    settings, unknown = read_settings(tomllib.loads(text))
    if key in unknown or any(key.startswith(f"{each}.") for each in unknown):
        from okb_incident.workflow.care.show_settings import keys_of  # noqa: PLC0415

        raise _unknown(key, keys_of(settings))


def _check_user(path: str, key: str, text: str) -> None:
    try:
        read_user_settings(path, text)
    except SettingsError as fault:
        raise UsageError(fault.message, field=key, value=fault.value) from None


def _unknown(key: str, known: Any) -> UsageError:
    from difflib import get_close_matches  # noqa: PLC0415

    known = list(known)
    close = tuple(each for each in known if each.startswith(key)) or tuple(
        get_close_matches(key, known, n=3, cutoff=0.6)
    )
    return UsageError(
        f"unknown setting {key!r}; choose from {', '.join(close or known[:8])}",
        field="KEY",
        value=key,
        candidates=close,
        hint=Command("config", "show"),
    )
