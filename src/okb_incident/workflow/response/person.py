"""A person as typed: matched to the note on them where there is one, accepted where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response.roles import Person
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.properties import as_link
from okb_incident.errors import UsageError
from okb_incident.workflow.actor import handle_of

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.workflow.session import Session

NO_ONE = frozenset({"", "-", "–", "nobody", "none", "unknown"})


class NamedPerson(NamedTuple):
    """A person who was named.

    Attributes:
        person: The person.
        hint: What to say of a name that no note knows; None where one does, or the vault has none on people.
    """

    person: Person
    hint: str | None


def find_person(session: Session, name: str, field: str = "WHO") -> NamedPerson:
    """Find who is meant.

    Raises:
        UsageError: The name names nobody.
    """
    word = " ".join(name.split()).lstrip("@")
    if word.lower() == "me":
        return NamedPerson(me(session), None)
    if word.lower() in NO_ONE or handle_of(word) == "unknown":
        raise UsageError(
            f"{shorten(name)!r} is not a name; name a person, such as alice",
            field=field,
            value=name,
            candidates=tuple(session.vault.names_in(session.vault.settings.folders.people)[:5]),
        )
    note = session.vault.person_named(word)
    if note:
        return NamedPerson(Person(handle_of(note), as_link(note)), None)
    return NamedPerson(Person(handle_of(word), word), _hint(session, word))


def me(session: Session) -> Person:
    """Return who acts."""
    return Person(session.actor.handle, session.actor.link)


def with_hints(change: Change, *hints: str | None) -> Change:
    """Add to a change what there is to say of those who were named; nothing where it changes nothing."""
    return change if change.is_empty else change._replace(warnings=(*change.warnings, *filter(None, hints)))


def _hint(session: Session, word: str) -> str | None:
    known = session.vault.names_in(session.vault.settings.folders.people)
    if not known:
        return None
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(word.lower(), [name.lower() for name in known], n=2, cutoff=0.6)
    meant = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"no note in {session.vault.settings.folders.people} knows {shorten(word)}{meant}"
