"""What a verb returns, printed: what it changed, or what was asked for."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

import typer

from okb_incident.cli.answer_times import times_of_new, with_times
from okb_incident.cli.output import answer_json, comment, problem_lines
from okb_incident.cli.screen.forms import is_terminal
from okb_incident.cli.screen.view import say
from okb_incident.command import Sentence
from okb_incident.core.text.terminal_text import one_line, shorten
from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.screen_time import show_deadline, show_time
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okb_incident.cli.listing import Listing
    from okb_incident.cli.screen.view import PageView, View
    from okb_incident.command import Text
    from okb_incident.core.guidance.due import Due
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.problem import Problem
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.lifecycle.open_incident import OpenedIncident
    from okb_incident.workflow.session import Session

TITLE_CELLS = 40
"""How much of an incident's title tells which one it is."""


class Answer:
    """What a verb says that changes no incident's properties, or only reads."""

    def __init__(
        self,
        value: Any = None,
        *,
        lines: Iterable[Text] = (),
        table: Listing | View | PageView | None = None,
        after: Iterable[Text] = (),
        notes: Iterable[Text] = (),
        hints: Iterable[Text] = (),
        problems: Sequence[Problem] = (),
        code: int = ExitCode.OK,
    ) -> None:
        """Make one.

        Args:
            value: For a program, which else reads the table, or the lines; a function where making it costs something.
            lines: For a person.
            table: Rows, for both.
            after: For a person, below the table.
            notes: What is printed on stderr, to a person and to whoever reads a program's stderr.
            hints: What is printed on stderr for a person alone.
            problems: Faults of notes that were met.
            code: The exit code.
        """
        self.value = value
        self.lines = lines
        self.table = table
        self.after = after
        self.notes = notes
        self.hints = hints
        self.problems = problems
        self.code = code


def show(
    result: Answer | ChangedIncident | list[ChangedIncident] | None, call: Call | None = None, *, as_json: bool
) -> None:
    """Print what a verb returned; nothing, where it has printed that itself.

    Raises:
        typer.Exit: The command ends with another code than 0.
    """
    code: int = ExitCode.OK
    if isinstance(result, Answer):
        _show_answer(result, () if call is None else call.session.recovered, as_json=as_json)
        code = result.code
    elif result is not None and call is not None:
        several = list(result) if isinstance(result, list) else [result]
        for each in several:
            _show_changed(each, call, as_json=as_json, last=each is several[-1])
        code = ExitCode.DELIVERY if any(each.undelivered for each in several) else ExitCode.OK
    if call is not None and (call.dry_run or not call.writes):
        # Whoever writes has brought them in; the doctor names them itself.
        told = result.problems if isinstance(result, Answer) else ()
        problem_lines((each for each in call.session.late_saves() if each not in told), as_json=as_json)
    if code:
        raise typer.Exit(code)


def _show_answer(result: Answer, recovered: Sequence[str], *, as_json: bool) -> None:
    if as_json and result.value is not None:
        answer_json(result.value() if callable(result.value) else result.value)
    elif as_json and result.table is not None:
        answer_json(result.table.value())
    else:
        for line in result.lines:
            say(line)
        if result.table is not None:
            result.table.show()
        for line in result.after:
            say(line)
        for hint in result.hints:
            comment(hint)
    # Notes on stderr may have to be looked for, and nobody waits for that.
    sys.stdout.flush()
    for note in dict.fromkeys(chain(recovered, result.notes)):
        comment(note)
    problem_lines(result.problems, as_json=as_json)


def _show_changed(changed: ChangedIncident, call: Call, *, as_json: bool, last: bool) -> None:
    """Print what was changed in an incident, or that it had been done before.

    Args:
        changed: What was done.
        call: The call that did it.
        as_json: Say it to a program.
        last: Say what comes next, too; of several that were changed together only the last says so.
    """
    if as_json:
        from okb_incident.cli.outcome import changed_object

        answer_json(changed_object(changed, call.session, dry_run=call.dry_run))
        return
    for line in _lines(changed, call, last=last):
        say(line)
    for note in () if call.dry_run else (*changed.change.warnings, *changed.notes):
        comment(note)
    if changed.made is not None and call.dry_run:
        comment(f"dry run: the {changed.made.kind} would be {changed.made.path}")


def _lines(changed: ChangedIncident, call: Call, *, last: bool) -> Iterator[Text]:
    change, session = changed.change, call.session
    if call.dry_run:
        yield changed.diff.rstrip("\n") if changed.diff else "nothing would change"
        return
    where = place(changed.incident)
    if change.already:
        yield f"{_already(session, change)}{where}"
        if last:
            yield from next_of(session, changed.record)
        return
    # Behind a deadline, a colon would make the note a part of it.
    mark = " ·" if "notify_by" in change.properties else ":"
    made = f"{mark} {changed.made.path}" if changed.made is not None and changed.made.kind != "message" else ""
    said, others = with_times(session, change, typed=last)
    yield f"{said}{made}{where}"
    if others:
        yield "; ".join(others)
    if last:
        yield from next_of(session, changed.record)


def place(incident: Incident) -> str:
    """Return which incident was written to, as the end of an answer: its id and title, set apart; on a terminal a short title."""
    title = one_line(incident.headline)
    return f" · {incident.id} {shorten(title, TITLE_CELLS) if is_terminal() else title}"


def _already(session: Session, change: Change) -> str:
    """Return how an incident is that a verb found as it was to make it."""
    said = one_line(change.said) or "nothing to change: the note already has it"
    if change.done_at is None:
        return said
    hint = "; --correct changes the time" if change.said.removeprefix("already ") in MOMENTS else ""
    return f"{said} {show_time(change.done_at, session.now, session.zone)}{hint}"


def opened(call: Call, done: OpenedIncident) -> Answer:
    """Return what is said of an incident that was opened."""
    from okb_incident.workflow.look.what_next import new_record

    incident = done.incident
    if call.dry_run:
        would = f"dry run: {incident.path} would be written"
        return Answer(lambda: _opened_object(call, done), lines=[done.text.rstrip("\n")], notes=[would])
    return Answer(
        lambda: _opened_object(call, done),
        lines=[
            f"opened {incident.severity}{_kept(incident)} · {incident.id} {one_line(incident.headline)}",
            *times_of_new(call.session, {name: moment.at for name, moment in incident.moments.items()}),
            *next_of(call.session, new_record(call.session, incident, done.text)),
        ],
        # Incidents like it are looked for when the answer is out.
        notes=chain(done.notes, _alike(call.session, done)),
    )


def _kept(incident: Incident) -> str:
    """Return of a restricted incident that it is one, and the category, which may have followed from its source."""
    category = f", category {one_line(incident.category)}" if incident.category else ""
    return f"{category}, restricted" if incident.restricted else ""


def _opened_object(call: Call, done: OpenedIncident) -> dict[str, Any]:
    from okb_incident.cli.outcome import incident_object, written
    from okb_incident.workflow.change import as_diff

    diff = {"diff": as_diff("", done.text, done.incident.path)} if call.dry_run else {}
    value = {**incident_object(done.incident, call.session), **diff}
    return written(value, call.session, done.committed, done.notes)()


def _alike(session: Session, done: OpenedIncident) -> Iterator[Text]:
    """Hint at incidents that are likely the same; what is a hint may be missing."""
    from okb_incident.workflow.lifecycle.likely_same import likely_same

    yield from () if done.incident.restricted else likely_same(session, done.incident, done.known)


def next_of(session: Session, record: Record | None) -> Iterator[Text]:
    """Return the line with the first of what is due for an incident; none where nothing is due, or its note was not read."""
    if record is not None:
        from okb_incident.workflow.look.what_next import what_next

        yield from first_line(session, what_next(session, record))


def first_line(session: Session, due: Sequence[Due]) -> Iterator[Text]:
    """Return the line with the first of some items: who has to act where that is somebody else, the command, and the deadline."""
    for first in due[:1]:
        when = ""
        if first.by is not None:
            by = show_time(first.by, session.now, session.zone)
            when = f", due {by} ({show_deadline(first.by, session.now)})"
        whose = others(session, first)
        yield Sentence(f"next, for {whose}: " if whose else "next: ", first.command, when)


def others(session: Session, due: Due) -> str:
    """Return who has to act, as words, where that is not whoever runs this command; otherwise nothing."""
    if due.who is None and due.other_than is None:
        # Finding out who acts may mean to ask git.
        return ""
    from okb_incident.core.guidance.due import for_whom

    return for_whom(due.who, due.other_than, session.actor.handle)
