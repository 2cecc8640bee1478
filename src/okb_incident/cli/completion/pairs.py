"""Words of several parts: ``KEY=VALUE``, ``-KEY`` and lists with commas; each begins with the part that is typed already."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from okb_incident.cli.completion.fixed_words import plain, scopes, severities
from okb_incident.cli.completion.incidents import acted_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.cli.completion.place import Place
    from okb_incident.cli.completion.vault_words import VaultWords

    Words = Iterable[tuple[str, str]]

SIGN = re.compile(r"([^=!~<>]+)(?:!=|<=|>=|=|~|<|>)")


def settable(vault: VaultWords, place: Place) -> Words:
    """Return the properties that `set` sets; behind ``=`` their values."""
    from okb_incident.core.values.properties import DERIVED, FIXED_KEYS, ORDER

    left_out = {*FIXED_KEYS, *DERIVED, "visibility", *(word.partition("=")[0] for word in place.words)}
    return _pair(vault, place, (key for key in ORDER if key not in left_out))


def settable_at_once(vault: VaultWords, place: Place) -> Words:
    """Return the properties that `open --set` sets: those that no other option of it does."""
    from okb_incident.core.values.properties import DERIVED, FIXED_KEYS, ORDER
    from okb_incident.workflow.lifecycle.particulars import DECIDED

    left_out = {*FIXED_KEYS, *DERIVED, *DECIDED, "visibility"}
    return _pair(vault, place, (key for key in ORDER if key not in left_out))


def filters(vault: VaultWords, place: Place) -> Words:
    """Return the properties of a filter; behind its sign their values."""
    from okb_incident.core.values.properties import ORDER

    return _pair(vault, place, ORDER)


def sort_keys(_: VaultWords, place: Place) -> Words:
    """Return the properties; with a hyphen in front where one is typed."""
    from okb_incident.core.values.properties import ORDER

    return behind("-" if place.current.startswith("-") else "", plain(ORDER))


def columns(_: VaultWords, place: Place) -> Words:
    """Return the columns of a list, behind those that are typed."""
    from okb_incident.core.incident.query import EXTRA_COLUMNS
    from okb_incident.core.values.properties import ORDER

    return _listed(place.current, plain((*ORDER, *EXTRA_COLUMNS)))


def _pair(vault: VaultWords, place: Place, keys: Iterable[str]) -> Words:
    from okb_incident.core.values.properties import LIST_KEYS

    found = SIGN.match(place.current)
    if found is None:
        return plain(f"{key}=" for key in keys)
    key, typed = found[1].strip().lower(), place.current[found.end() :]
    values = _values(vault, key)
    return behind(found[0], _listed(typed, values) if key in LIST_KEYS else values)


def _values(vault: VaultWords, key: str) -> Words:
    """Return the values that a property can have, as far as they are known."""
    from okb_incident.core.response.property_words import words_of
    from okb_incident.core.values.properties import PEOPLE_KEYS

    if key == "severity":
        return chain(severities(vault), plain(["undetermined"]))
    if key in PEOPLE_KEYS:
        return vault.people()
    if key == "services":
        return vault.services()
    if key == "teams":
        return vault.teams()
    if key == "scope":
        return scopes(vault)
    if key in {"duplicate_of", "related", "recurrence_of"}:
        return ((each.id, each.about) for each in acted_on(vault, "show"))
    return plain(words_of(vault.settings, key))


def _listed(typed: str, words: Words) -> Words:
    """Return the words that a list with commas does not have yet, behind those that it has."""
    before, comma, _ = typed.rpartition(",")
    taken = {each.strip().lower() for each in before.split(",")}
    return behind(before + comma, ((word, about) for word, about in words if word.lower() not in taken))


def behind(typed: str, words: Words) -> Iterator[tuple[str, str]]:
    """Yield words behind what is typed before them."""
    return ((f"{typed}{word}", about) for word, about in words)
