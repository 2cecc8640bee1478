"""Writing lines into an incident's timeline, and amending one."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.text.quoting import fence
from okb_incident.core.timeline.log_shorthand import BY_VERB, INSIDE, ShorthandLine, understand
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import ConflictError, MissingWordError, OkbError, UsageError
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.named_item import again

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from okb_incident.command import Text
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call, Decision
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

NAMED = frozenset({"hypothesis", "action", "resource"})
"""Kinds of lines that name a thing by a number."""

MOST_LINES = 500
"""That are taken from standard input; more would bury what people wrote."""


def log_entry(call: Call, file: str | None = None, below: str | None = None) -> ChangedIncident:
    """Write a line into the timeline.

    Args:
        call: The call.
        file: A file that is evidence; its digest goes into the line.
        below: A text of several lines, kept in a fence below the line.

    Raises:
        UsageError: There are no words, they do not fit the kind, or a verb has to write that kind.
        NotFoundError: They confirm or rule out a hypothesis that there is not.
    """
    # Whether a number in front names an incident decides what the text is.
    target = call.target(is_open, resolved_today(call.session)) if call.in_doubt else None
    text = _evidence(call.text, file) if file else call.text
    if not text:
        raise _nothing()
    external = call.shared.external
    understood = _understood(call, text)
    if understood.meant and call.question is not None:
        word, colon, rest = text.partition(":")
        prompt = f"{word!r} is not a kind of entry; log it as {understood.meant}? (Enter to skip) "
        try:
            reply = call.question.line(prompt, ("yes", "no"))
        except EOFError:
            # The words are typed; whoever leaves the question must not lose them.
            reply = None
        if reply == "yes":
            text = f"{understood.meant}{colon}{rest}"
            understood = _understood(call, text)
        elif reply == "no":
            understood = understood._replace(meant=None)
    if external and understood.kind in INSIDE:
        raise UsageError(
            f"a line of kind {understood.kind} is never fit for the public as written",
            field="--external",
            hint=Sentence(
                Command("log", options=("--external",), incident=call.reference), "   says the same in your words"
            ),
        )

    def decide(record: Record) -> Change:
        if understood.impact is not None:
            from okb_incident.workflow.timeline.service_impact import log_impact  # noqa: PLC0415 - most lines are notes

            return log_impact(call, record, understood.impact)
        _refuse_unknown(call, record, understood, text)
        payload = understood.named(record.names("h"))
        _refuse_taken(record, understood.kind, payload)
        fenced = tuple(fence(below).rstrip("\n").split("\n")) if below else ()
        if understood.is_count:
            return _counted(call, record, payload, fenced)
        line = LogLine(understood.kind, payload, call.moment, external=external, below=fenced)
        return _logged([line], understood, _slips(call, record, [understood]))

    return _written(call, target or call.target(is_open, resolved_today(call.session)), decide, understood.kind)


def _written(call: Call, target: Target, decide: Decision, kind: str) -> ChangedIncident:
    """Write entries; one of a security alert restricts the incident."""
    if kind != "alert":
        return call.change_at(target, decide)
    from okb_incident.core.response.handling import with_alerts  # noqa: PLC0415 - few entries are alerts
    from okb_incident.workflow.care.restrict import change_or_restrict  # noqa: PLC0415

    def handled(record: Record) -> Change:
        return with_alerts(decide(record), record.incident, call.session.vault.settings, call.moment)

    return change_or_restrict(call, target, handled)


def log_lines(call: Call, typed: Sequence[str]) -> ChangedIncident:
    """Write the lines of standard input into the timeline, all at one moment.

    Whoever pipes them may not have them any more, so a line that does not fit its kind becomes a note, with a warning.

    Args:
        call: The call.
        typed: The lines.

    Raises:
        UsageError: There are none, or too many.
    """
    texts = [" ".join(line.split()) for line in typed if line.strip()]
    if not texts:
        raise _nothing()
    if len(texts) > MOST_LINES:
        raise UsageError(
            f"standard input has more than {MOST_LINES} lines; log those that matter, or keep all as a file",
            field="words",
            hint='such as: tail -n 20 | incident log, or incident log "evidence: output of the migration" --file out.txt',
        )

    def decide(record: Record) -> Change:
        lines, understood, odd = [], [], []
        properties: Mapping[str, Any] = {}
        raised: set[str] = set()
        for text in texts:
            one, fault = _or_note(call, record, text, raised)
            payload = one.named({*record.names("h"), *raised})
            if one.kind == "hypothesis":
                raised.add(payload.split()[0].lower())
            if one.is_count:
                properties = _counted(call, record, payload).properties
            inside = call.shared.external and one.kind in INSIDE
            lines.append(LogLine(one.kind, payload, call.moment, external=call.shared.external and not inside))
            understood.append(one)
            odd += [f"{fault}; the line is a note"] if fault else []
            odd += [f"a line of kind {one.kind} is never fit for the public as written"] if inside else []
        return _logged(lines, understood[0], (*odd, *_slips(call, record, understood)))._replace(properties=properties)

    kind = "alert" if any(text.lower().startswith("alert:") for text in texts) else ""
    return _written(call, call.target(is_open, resolved_today(call.session)), decide, kind)


def _logged(lines: Sequence[LogLine], first: ShorthandLine, warnings: tuple[Text, ...]) -> Change:
    """Return the change that logs lines; the answer quotes a single one."""
    if len(lines) > 1:
        return Change(lines=tuple(lines), said=f"logged {len(lines)} entries", warnings=warnings)
    (line,) = lines
    name, text = line.text.split(" ", 1) if first.is_unnamed else ("", line.text)
    kind = "" if line.kind == "note" else f" {line.kind}"
    said = f"logged{kind}{' ' if name else ''}{name}{quote(text)}"
    return Change(lines=(line,), said=said, moments={"logged": line.at}, warnings=warnings)


def _counted(call: Call, record: Record, typed: str, below: tuple[str, ...] = ()) -> Change:
    """Return the change that logs a count of support tickets, with the text below it."""
    from okb_incident.core.timeline.tickets import counted  # noqa: PLC0415 - few lines count tickets

    change = counted(record, typed, call.moment, call.session.now, external=call.shared.external)
    if not below:
        # What was counted before is in the timeline already.
        call.words = () if change.already else call.words
        return change
    line = LogLine("note", typed, call.moment, external=call.shared.external)
    lines = change.lines or (line,)
    return change._replace(already=False, lines=tuple(each._replace(below=below) for each in lines))


def _nothing() -> MissingWordError:
    return MissingWordError("WORDS", "what should be logged", "log pool exhausted after deploy 4f2a")


def _or_note(call: Call, record: Record, text: str, raised: Container[str]) -> tuple[ShorthandLine, str]:
    """Understand a line, or take it for a note; with what is wrong with it then.

    Args:
        call: The call.
        record: The incident.
        text: The line.
        raised: The hypotheses that the lines before it raised.
    """
    try:
        understood = _understood(call, text)
        if understood.ends not in raised:
            _refuse_unknown(call, record, understood, text)
        if understood.kind in NAMED and not understood.is_unnamed:
            _refuse_taken(record, understood.kind, understood.payload)
            _refuse_raised_again(understood, raised)
    except OkbError as fault:
        return ShorthandLine("note", text), fault.message
    return understood, ""


def _refuse_taken(record: Record, kind: str, payload: str) -> None:
    if kind in NAMED:
        from okb_incident.core.timeline.doubles import refuse_taken  # noqa: PLC0415 - most lines are notes

        refuse_taken(record, kind, payload)


def _refuse_raised_again(understood: ShorthandLine, raised: Container[str]) -> None:
    name = understood.payload.split()[0].lower()
    if understood.ends is None and name in raised:
        raise ConflictError(f"{name} is another hypothesis already", field="NAME", value=name)


def _refuse_unknown(call: Call, record: Record, understood: ShorthandLine, text: str) -> None:
    name = understood.ends
    if name is None:
        return
    from okb_incident.core.timeline.hypotheses import refuse_unknown  # noqa: PLC0415 - few lines end one

    def again(other: str) -> Command:
        return call.repeated((re.sub(name, other, text, count=1, flags=re.IGNORECASE),), record.incident.id)

    refuse_unknown(record, name, again, text)


def _slips(call: Call, record: Record, lines: Sequence[ShorthandLine]) -> tuple[Text, ...]:
    """Return how notes that begin with nearly a kind become lines of that kind."""
    at = write_moment(call.moment, call.session.zone)
    found = []
    for each in lines:
        if each.meant:
            word, _, rest = each.payload.partition(":")
            meant = Command("amend", at, f"{each.meant}:{rest}", incident=record.incident.id)
            found.append(
                Sentence(f"{word!r} is not a kind of entry, so it is a note; if {each.meant} was meant: ", meant)
            )
    return tuple(found)


def _evidence(text: str, file: str) -> str:
    """Return the line on a file that is evidence: what it is, its place, and its digest."""
    from okb_incident.integrations.evidence import sha256_of  # noqa: PLC0415 - hardly any line needs it

    what = text.removeprefix("evidence:").strip() or "file"
    return f"evidence: {what}: {file}, sha256 {sha256_of(file)}"


def _understood(call: Call, text: str, at: datetime | None = None) -> ShorthandLine:
    session = call.session
    try:
        understood = understand(text, session.zone, partial(_moment, session), at or call.moment)
    except ValueError as fault:
        word = text.split(":", 1)[0]
        meant = getattr(fault, "meant", None)
        hint = call.repeated((f"{word}: {meant}" if meant else f"note: {text}",))
        raise UsageError(str(fault), field=word, value=text, hint=hint) from None
    if understood.kind in BY_VERB:
        raise UsageError(
            f"a {understood.kind} line goes with a property; incident {BY_VERB[understood.kind]} writes both",
            field="kind",
            value=understood.kind,
        )
    return understood


def _moment(session: Session, typed: str, name: str, ahead: bool) -> datetime:
    """Read a moment within a line; what is planned may be ahead, where it can be nothing else."""
    try:
        return session.moment(typed, name)
    except UsageError:
        if not ahead:
            raise
    return session.moment(typed, name, promise=True)


def amend_entry(call: Call) -> ChangedIncident:
    """Put other words into a line; the old ones stay, struck below it. A note becomes a line of the kind that the words begin with.

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
        entry = find_entry(record, named, mine, again(call, record))
        kind, words = _amended(call, record, entry)
        change = amend(record, entry, words, call.session.now, mine, kind=kind)
        return change if change.already else change._replace(properties=_recounted(record, entry, words))

    return call.change(decide, is_open, resolved_today(call.session))


def _recounted(record: Record, entry: TimelineEntry, words: str) -> Mapping[str, int | None]:
    """Return the property that other words for a note change: the count of the support tickets."""
    if entry.kind != "note" or "tickets:" not in f"{entry.text} {words}".lower():
        return {}
    from okb_incident.core.timeline.tickets import amended  # noqa: PLC0415 - few lines count tickets

    return amended(record, entry, words)


def _amended(call: Call, record: Record, entry: TimelineEntry) -> tuple[str, str]:
    """Return the kind and the words that a line has then."""
    if entry.kind == "note" and entry.fault is None:
        understood = _understood(call, call.text, entry.at)
        if understood.kind != "note":
            _refuse_unknown(call, record, understood, call.text)
            payload = understood.named(record.names("h"))
            _refuse_taken(record, understood.kind, payload)
            return understood.kind, payload
    return entry.kind, call.text
