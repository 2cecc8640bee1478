"""The names of services: which the catalog knows, and which was meant, perhaps, by one that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.workflow.session import Session

LIKENESS = 0.6
"""From which likeness on a name is offered for another one."""


def close_name(session: Session, name: str, known: Sequence[str] = ()) -> str | None:
    """Return the service that a name is a slip of, perhaps; None for a known one, and where none is like it.

    Args:
        session: The session.
        name: What was typed.
        known: Services that are known without a note.
    """
    names = {each.casefold(): each for each in (*known, *_noted(session))}
    if name.casefold() in names:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - most names are known

    close = get_close_matches(name.casefold(), names, n=1, cutoff=LIKENESS)
    return names[close[0]] if close else None


def stranger(session: Session, name: str, known: Sequence[str] = ()) -> str:
    """Return that no note of the catalog knows a service, with a close name; empty where one does, or there is no catalog."""
    noted = _noted(session)
    close = close_name(session, name, known)
    if name.casefold() in {each.casefold() for each in noted} or not (noted or close):
        return ""
    told = f"no note in {session.vault.settings.folders.services} knows {name}"
    return told + (f"; did you mean {close}?" if close else "")


def _noted(session: Session) -> list[str]:
    return session.vault.names_in(session.vault.settings.folders.services)
