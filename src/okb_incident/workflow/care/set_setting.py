"""Setting one key of the vault's settings or of the user's own; comments and the order of keys stay."""

from __future__ import annotations

import os
import tomllib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.settings.setting import SettingError
from okb_incident.errors import ConflictError, SettingsError, UsageError
from okb_incident.vault.disk import lock, writer
from okb_incident.vault.read.locate import USER_KEYS, find_root, read_user_settings, user_settings
from okb_incident.vault.read.settings_file import SETTINGS_FILE, read_text, read_toml
from okb_incident.vault.write.commit import commit
from okb_incident.vault.write.steps import Edit

if TYPE_CHECKING:
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
        before: Its value before; None where the file did not hold it.
        entry: The entry of the journal; None for a person's own settings, and where nothing changed.
    """

    path: str
    key: str
    value: Any
    before: Any = None
    entry: str | None = None


def set_in_vault(vault: str | None, key: str, word: str) -> NewSetting:
    """Set a key of a vault's incident.toml.

    Raises:
        UsageError: The key is unknown, or cannot hold the value.
        ConflictError: The key is fixed once the vault exists.
    """
    user = user_settings()
    root, _ = find_root(vault, user)
    if key in FIXED:
        raise ConflictError(f"{key} is fixed when a vault is created", field=key, value=word, hint=FIXED[key])
    path = os.path.join(root, SETTINGS_FILE)
    value = _read(word)
    with lock.hold(root, "incident config set"):
        before = _value_of(read_toml(path, read_text(path)), key)
        change = partial(_changed, key=key, value=value, check=_check_vault)
        done = commit(root, [Edit(SETTINGS_FILE, change)], command="incident config set", by=user.user)
    return NewSetting(path, key, value, before, done.entry.id if done.entry else None)


def set_for_user(key: str, word: str) -> NewSetting:
    """Set a key of the user's own settings.

    Raises:
        UsageError: The key is unknown, or cannot hold the value.
    """
    path = user_settings().path
    if key not in USER_KEYS:
        raise _unknown(key, USER_KEYS)
    if key == "vault":
        word = os.path.abspath(os.path.expanduser(word))
        find_root(word, user_settings())
    real = os.path.realpath(path)
    old = read_text(real).encode() if os.path.isfile(real) else b""
    new = _changed(old, key=key, value=word, check=partial(_check_user, path))
    folder = os.path.dirname(real)
    with writer.explained(real):
        writer.make_folders(folder)
        temp = writer.beside(real, "new")
        writer.draft(temp, new)
        os.replace(temp, real)
        with writer.opened(folder) as descriptor:
            writer.sync(descriptor)
    return NewSetting(path, key, word, tomllib.loads(old.decode().removeprefix("\ufeff")).get(key))


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


def _changed(data: bytes, *, key: str, value: Any, check: Any) -> bytes:
    """Return the bytes of a settings file with the key set."""
    import tomlkit  # noqa: PLC0415 - for this command alone

    text = data.decode()
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    document = tomlkit.parse(text.removeprefix(mark))
    _put(document, key.split("."), value)
    new = tomlkit.dumps(document)
    try:
        check(key, new)
    except SettingError as fault:
        raise UsageError(
            f"{fault.key} {fault.message}",
            field=fault.key,
            value=fault.value,
            hint=Sentence(Command("config", "show", key.split(".", maxsplit=1)[0]), " shows what is in force"),
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
    close = tuple(get_close_matches(key, known, n=3, cutoff=0.6))
    return UsageError(
        f"unknown setting {key!r}; choose from {', '.join(close or known[:8])}",
        field="KEY",
        value=key,
        candidates=close,
        hint=Command("config", "show"),
    )
