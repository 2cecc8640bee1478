"""Writing a line into an incident's timeline, and amending one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.timeline.log_shorthand import INSIDE, understand
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.named_item import again

if TYPE_CHECKING:
    from okb_incident.core.timeline.log_shorthand import ShorthandLine
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

#: Kinds that a verb writes, because they go with a property.
BY_VERB = {"status": "ack, identify, mitigate, resolve, close", "severity": "severity", "reopen": "reopen"}


def log_entry(call: Call, file: str | None = None) -> ChangedIncident:
    """Write a line into the timeline.

    Args:
        call: The call.
        file: A file that is evidence; its digest goes into the line.

    Raises:
        UsageError: There are no words, they do not fit the kind, or a verb has to write that kind.
    """
    # Whether a number in front names an incident decides what the text is.
    target = call.target(is_open, resolved_today(call.session)) if call.in_doubt else None
    text = _evidence(call.text, file) if file else call.text
    if not text:
        raise MissingWordError("WORDS", "what is to be logged", "log pool exhausted after deploy 4f2a")
    external = call.shared.external
    understood = _understood(call, text)
    if external and understood.kind in INSIDE:
        raise UsageError(
            f"a line of kind {understood.kind} comes from outside the team and is never fit for the public as it stands",
            field="--external",
            hint=Sentence(
                Command("log", options=("--external",), incident=call.reference), "   says the same in your words"
            ),
        )

    def decide(record: Record) -> Change:
        payload = understood.named(record)
        if understood.kind in {"hypothesis", "action", "resource"}:
            from okb_incident.core.timeline.doubles import refuse_taken  # noqa: PLC0415 - most lines are notes

            refuse_taken(record, understood.kind, payload)
        name = f" as {payload.split()[0]}" if understood.is_unnamed else ""
        line = LogLine(understood.kind, payload, call.moment, external=external)
        return Change(lines=(line,), said=f"{understood.kind} logged{name}")

    return call.change_at(target or call.target(is_open, resolved_today(call.session)), decide)


def _evidence(text: str, file: str) -> str:
    """Give the line on a file that is evidence: what it is, where it lies, and its digest."""
    from okb_incident.integrations.evidence import sha256_of  # noqa: PLC0415 - hardly any line needs it

    what = text.removeprefix("evidence:").strip() or "file"
    where = file.replace(",", " ")
    return f"evidence: {what}: {where}, sha256 {sha256_of(file)}"


def _understood(call: Call, text: str) -> ShorthandLine:
    session = call.session
    try:
        understood = understand(text, session.zone, lambda typed: session.moment(typed, "from"), call.moment)
    except ValueError as fault:
        word = text.split(":", 1)[0]
        raise UsageError(str(fault), field=word, value=text, hint=call.repeated((f"note: {text}",))) from None
    if understood.kind in BY_VERB:
        raise UsageError(
            f"a {understood.kind} line goes with a property; incident {BY_VERB[understood.kind]} writes both",
            field="kind",
            value=understood.kind,
        )
    return understood


def amend_entry(call: Call) -> ChangedIncident:
    """Put other words into a line; the old ones stay, struck below it.

    Raises:
        UsageError: No line is named, or the words do not fit its kind.
        NotFoundError: There is no such line, or there are several.
    """
    from okb_incident.core.timeline.amend import amend, find_entry  # noqa: PLC0415

    named = call.given.get("ENTRY")
    if named is None or not call.text:
        raise MissingWordError(
            "TEXT" if named else "ENTRY",
            "what does it say now" if named else "which line",
            "amend 02:16 every card payment fails in the EU",
            hint="a line is named by its time, by e7 (incident timeline --numbers), or mine for your last one",
        )

    def decide(record: Record) -> Change:
        mine = call.session.actor.handle
        return amend(record, find_entry(record, named, mine, again(call, record)), call.text, call.session.now, mine)

    return call.change(decide, is_open, resolved_today(call.session))
