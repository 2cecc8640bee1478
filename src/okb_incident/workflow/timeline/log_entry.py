"""Writing a line into an incident's timeline, and amending one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.timeline.spoken import INSIDE, understand
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, is_open, split_reference
from okb_incident.workflow.reference import resolved_today

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.spoken import Said
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

#: Kinds that a verb writes, because they go with a property.
BY_VERB = {"status": "ack, identify, mitigate, resolve, close", "severity": "severity", "reopen": "reopen"}


def log_entry(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    external: bool = False,
    file: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Write a line: ``[KIND:] WORDS…``.

    Args:
        session: The session.
        words: What was typed.
        reference: The reference given as an option.
        at: When it happened, as typed.
        external: The line is fit for the public.
        file: A file that is evidence; its digest goes into the line.
        dry_run: Write nothing.
        ask: Offers a choice where several incidents fit.

    Raises:
        UsageError: There are no words, they do not fit the kind, or a verb has to write that kind.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    text = " ".join(" ".join(words).split())
    if file:
        text = _evidence(text, file)
    if not text:
        raise UsageError(
            "nothing to log; write for example: incident log pool exhausted after deploy 4f2a", field="words"
        )
    moment = session.moment(at)
    said = _understood(session, text, moment)
    if external and said.kind in INSIDE:
        raise UsageError(
            f"a line of kind {said.kind} comes from outside the team and is never fit for the public as it stands",
            field="--external",
            hint="incident log --external WORDS…   says the same in your words",
        )

    def decide(record: Record) -> Change:
        payload = said.named(record)
        name = f" as {payload.split()[0]}" if said.is_unnamed else ""
        line = LogLine(said.kind, payload, moment, external=external)
        return Change(lines=(line,), said=f"{said.kind} logged{name}")

    return act(
        session,
        reference,
        decide,
        verb="log",
        fits=is_open,
        else_fits=resolved_today(session),
        message=text,
        dry_run=dry_run,
        ask=ask,
    )


def _evidence(text: str, file: str) -> str:
    """Give the line on a file that is evidence: what it is, where it lies, and its digest."""
    from okb_incident.integrations.evidence import sha256_of  # noqa: PLC0415 - hardly any line needs it

    what = text.removeprefix("evidence:").strip() or "file"
    where = file.replace(",", " ")
    return f"evidence: {what}: {where}, sha256 {sha256_of(file)}"


def _understood(session: Session, text: str, at: datetime) -> Said:
    try:
        said = understand(text, session.zone, session.moment, at)
    except ValueError as fault:
        word = text.split(":", 1)[0]
        raise UsageError(str(fault), field=word, value=text, hint=f"incident log note: {text}") from None
    if said.kind in BY_VERB:
        raise UsageError(
            f"a {said.kind} line goes with a property; incident {BY_VERB[said.kind]} writes both",
            field="kind",
            value=said.kind,
        )
    return said


def amend_entry(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Put other words into a line: ``[REF] ENTRY TEXT…``; the old ones stay, struck below it.

    Raises:
        UsageError: No line is named, or the words do not fit its kind.
        NotFoundError: There is no such line, or there are several.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    from okb_incident.core.timeline.amend import amend, find_entry  # noqa: PLC0415

    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest[1:]).split())
    if not text:
        raise UsageError(
            "which line, and what does it say now? such as: incident amend 02:16 every card payment fails in the EU",
            field="TEXT" if rest else "ENTRY",
            hint="a line is named by its time, by e7 (incident timeline --numbers), or mine for your last one",
        )

    def decide(record: Record) -> Change:
        mine = session.actor.handle
        return amend(record, find_entry(record, rest[0], mine), text, session.now, mine)

    return act(
        session,
        reference,
        decide,
        verb="amend",
        fits=is_open,
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )
