"""A property and its value as they are typed, ``KEY=VALUE``, and as the note holds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.response.property_words import words_of
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import (
    COUNT_KEYS,
    DERIVED,
    FIXED_KEYS,
    HIGHEST_COUNT,
    LIST_KEYS,
    MOMENT_KEYS,
    ORDER,
    PEOPLE_KEYS,
    PROMISES,
    as_link,
    count_of,
)
from okb_incident.core.values.scope import meant_level, write_scope
from okb_incident.core.values.title import LONGEST_TITLE, as_title
from okb_incident.core.values.typed_moment import is_day
from okb_incident.errors import UsageError
from okb_incident.workflow.lifecycle.read_severity import read_severity
from okb_incident.workflow.lifecycle.read_word import word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.command import Candidate
    from okb_incident.workflow.session import Session

    Value = str | int | tuple[str, ...] | datetime | None

PAIR = re.compile(r"(?P<key>[A-Za-z_][\w -]*?)\s*=(?P<value>.*)", re.DOTALL)
LINK_KEYS = ("duplicate_of", "related", "recurrence_of")


def read_pair(word: str, again: Callable[[str], str | Candidate] = str) -> tuple[str, str]:
    """Split a property from its value: ``KEY=VALUE``.

    Args:
        word: What was typed.
        again: From the pair that was meant, perhaps, to what is offered.

    Raises:
        UsageError: It is no such pair, or the property is not for setting.
    """
    found = PAIR.fullmatch(word)
    if not found:
        raise UsageError(
            f"{shorten(word)!r} is not KEY=VALUE; write a pair such as cause=change", field="KEY=VALUE", value=word
        )
    key = found["key"].strip()
    key = key.lower() if key.lower() in ORDER else key
    if key == "visibility":
        raise UsageError(
            "visibility is not for setting alone: the note has to move as well",
            field=key,
            value=found["value"],
            hint=Sentence(Command("restrict"), " or ", Command("restrict", options=("--off",))),
        )
    if key in FIXED_KEYS or key in DERIVED:
        raise UsageError(
            f"{key} is not for setting: "
            + ("it is derived from the moments" if key in DERIVED else "it never changes"),
            field=key,
            value=found["value"],
        )
    if key not in ORDER:
        from difflib import get_close_matches  # noqa: PLC0415

        close = get_close_matches(key.lower(), ORDER, n=1, cutoff=0.8)
        # `ticket=OPS-7` is a property of your own, not a slip of `tickets`, which counts them.
        if close and (close[0] not in COUNT_KEYS or count_of(found["value"].strip()) is not None):
            raise UsageError(
                f"{key} is not a known property; did you mean {close[0]}?",
                field=key,
                candidates=(again(f"{close[0]}={found['value']}"),),
            )
    return key, found["value"].strip()


def read_value(session: Session, key: str, text: str) -> Value:
    """Read a value as its property needs it; an unknown property holds text.

    Raises:
        UsageError: The property cannot hold it, with what is allowed.
    """
    if not text:
        if key in {"title", "status", "severity"}:
            raise UsageError(f"{key} cannot be empty", field=key)
        return None
    if key in MOMENT_KEYS:
        at = session.moment(text, key, promise=key in PROMISES)
        # Of a day that is confirmed as such nobody knows more.
        return write_moment(at, session.viewer_zone)[:10] if session.confirms and is_day(text) else at
    allowed = words_of(session.vault.settings, key)
    if key in LIST_KEYS:
        return _items(session, key, [item.strip() for item in text.split(",") if item.strip()], allowed)
    if key == "severity":
        return read_severity(session, text).label
    if allowed:
        return word_of(key, text, allowed)
    if key in COUNT_KEYS:
        return _count(key, text)
    line = as_title(text)
    if key == "title" and len(line) > LONGEST_TITLE:
        raise UsageError(f"the title has {len(line)} characters; at most {LONGEST_TITLE} are readable", field="title")
    if key == "scope":
        return write_scope(line, session.vault.settings.vocabulary.scope)
    return _linked(session, key, line)


def _items(session: Session, key: str, items: Sequence[str], allowed: tuple[str, ...]) -> tuple[str, ...]:
    if allowed:
        return tuple(dict.fromkeys(word_of(key, item, allowed) for item in items))
    return tuple(_linked(session, key, as_title(item)) for item in items)


def unlike_a_level(session: Session, scope: str) -> tuple[str, ...]:
    """Return a warning where a scope begins with what nearly is a level; it is text as it was typed."""
    levels = session.vault.settings.vocabulary.scope
    meant = meant_level(scope, levels)
    return (f"scope begins with none of {', '.join(levels)}; did you mean {meant}?",) if meant else ()


def _count(key: str, text: str) -> int:
    count = count_of(text.strip())
    if count is None:
        raise UsageError(
            f"{key} must be a whole number from 0 to {HIGHEST_COUNT} (got {shorten(text)!r}), such as {key}=40",
            field=key,
            value=text,
        )
    return count


def _linked(session: Session, key: str, name: str) -> str:
    """Write a name as a link where a note of that name exists, or where the property always links."""
    if name.startswith("[["):
        return name
    folders = session.vault.settings.folders
    if key in PEOPLE_KEYS:
        note = session.vault.person_named(name.lstrip("@"))
        return as_link(note) if note else name.lstrip("@")
    if key == "services":
        return next(
            (as_link(note) for note in session.vault.names_in(folders.services) if note.casefold() == name.casefold()),
            name,
        )
    return as_link(name) if key in LINK_KEYS else name
