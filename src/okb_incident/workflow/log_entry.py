"""Writing a line into an incident's timeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.change import Change, LogLine
from okb_incident.core.kinds import KINDS
from okb_incident.errors import UsageError
from okb_incident.workflow.change_incident import change_incident
from okb_incident.workflow.reference import find_target, resolved_today

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.workflow.change_incident import Changed
    from okb_incident.workflow.session import Session

KIND = re.compile(r"(?P<kind>[A-Za-z]+):(?:\s+|$)(?P<text>.*)", re.DOTALL)
#: Kinds that a verb writes, because they go with a property.
BY_VERB = {"status": "ack, identify, mitigate, resolve, close", "severity": "severity", "reopen": "reopen"}


def log_entry(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    external: bool = False,
    dry_run: bool = False,
    ask: Callable[[Sequence[str]], int | None] | None = None,
) -> Changed:
    """Write a line: ``[KIND:] WORDS…``.

    Raises:
        UsageError: There are no words, they do not fit the kind, or a verb has to write that kind.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    text = " ".join(" ".join(words).split())
    if not text:
        raise UsageError(
            "nothing to log; write for example: incident log pool exhausted after deploy 4f2a", field="words"
        )
    kind, payload = split_kind(session, text)
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference,
        verb="log",
        fits=lambda incident: incident.is_open,
        else_fits=resolved_today(session),
        message=text,
        by_title=reference is not None,
        ask=ask,
    )
    moment = session.moment(at)
    return change_incident(
        session,
        target,
        lambda _: Change(lines=(LogLine(kind, payload, moment, external=external),), said=f"{kind} logged"),
        verb="log",
        dry_run=dry_run,
    )


def split_kind(session: Session, text: str) -> tuple[str, str]:
    """Part a kind from its payload; without one, the text is a note.

    Raises:
        UsageError: The payload does not fit the kind, or a verb has to write it.
    """
    found = KIND.fullmatch(text)
    kind = KINDS.get(found["kind"].lower()) if found else None
    if found is None or kind is None:
        return "note", text
    if kind.name in BY_VERB:
        raise UsageError(
            f"a {kind.name} line goes with a property; incident {BY_VERB[kind.name]} writes both",
            field="kind",
            value=kind.name,
        )
    try:
        kind.read(found["text"], session.zone)
    except ValueError as fault:
        raise UsageError(str(fault), field=kind.name, value=found["text"], hint=f"incident log note: {text}") from None
    return kind.name, found["text"]
