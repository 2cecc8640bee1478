"""The commands that show one incident: show, timeline."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.screen.forms import day_form, id_form, is_terminal, time_form, words_form
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import DIM, STRONG, due_tone, state_tone
from okb_incident.cli.screen.view import View
from okb_incident.cli.shapes import INCIDENT, list_of
from okb_incident.cli.verb import reading
from okb_incident.core.incident.query import cell
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import show_seconds
from okb_incident.core.values.properties import PEOPLE_KEYS, text_of
from okb_incident.core.values.screen_time import show_deadline, show_distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.core.guidance.brief import Brief
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.read_incident import View as IncidentView
    from okb_incident.workflow.session import Session

SHOWN = (
    "nature",
    "category",
    "tlp",
    "priority",
    "detected_by",
    "scope",
    "services",
    "users_affected",
    "sla",
    "confidentiality",
    "integrity",
    "availability",
    "data_classes",
    *PEOPLE_KEYS,
    "teams",
    "cause",
)

PROMISED = (
    ("expected by", "expected_recovery"),
    ("next update", "next_update"),
    ("notify by", "notify_by"),
    ("notified", "notified"),
)
"""Moments beside those of the life cycle, by the label that `show` gives them."""


@reading("show", opt.RESTRICTED, answers=INCIDENT)
def show(
    call: Call,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the summary alone, as Markdown for a chat or a mail.")
    ] = False,
) -> Answer:
    r"""Show one incident.

    The summary comes first: impact, what is known, what was done, what is needed and what is due. Then come times, properties, linked
    notes and the timeline. The summary is for colleagues, not for customers.

    \b
    incident show
    incident show "checkout slow"
    incident show 1123-01 --markdown
    """
    return shown(call, markdown=markdown)


def shown(call: Call, *, markdown: bool = False) -> Answer:
    """Return what is shown of one incident."""
    from okb_incident.cli.commands.look.situation import shown_object
    from okb_incident.workflow.change import unmerged
    from okb_incident.workflow.look.formats import brief_document
    from okb_incident.workflow.look.guide import brief_of, guide
    from okb_incident.workflow.look.read_incident import view_incident

    view = view_incident(call)
    guided = guide(call.session, view.record)
    made = brief_of(call.session, guided)
    document = chain(_brief(made, view, call.session), _head(view, call.session), _timeline(view, call.session))
    return Answer(
        lambda: shown_object(call.session, view, guided),
        lines=[brief_document(made)] if markdown else (),
        table=None if markdown else View(document),
        notes=unmerged(call.session, view.incident.path),
        problems=view.problems,
    )


def _brief(made: Brief, view: IncidentView, session: Session) -> Iterator[Line]:
    """Return the summary: which incident, what is wrong, and what there is to know, by question."""
    id_ = view.incident.id.text
    state = made.head.removeprefix(id_)
    severity = str(view.incident.severity or "–")
    yield Line.of(Part(id_form(session, id_), STRONG), Part(state, state_tone(severity)))
    yield Line.of(Part(one_line(made.title), STRONG))
    for name, told in made.parts:
        for place, text in enumerate(told):
            shown = words_form(session, text)
            yield Line.of(Part(f"{'' if place else name:<8}", DIM), *_deadline(name, shown), hang=8)
    yield Line.of("")


def _deadline(name: str, text: str) -> Iterator[Part]:
    """Return a line of the summary; what is late in its tone."""
    yield Part(text, due_tone(text) if name == "next" else "")


def _labelled(name: str, text: str) -> Line:
    return Line.of(Part(f"  {name:<14} ", DIM), text, hang=17)


def _head(view: IncidentView, session: Session) -> Iterator[Line]:
    """Return an incident's times, properties and linked notes, each on a line."""
    from okb_incident.core.guidance.skipped import skipped

    one = view.incident
    yield Line.of(Part(one_line(one.path), DIM))
    yield from _moments(view, session)
    yield from _durations(view, session)
    if missing := [each.missing for each in skipped(view.record, session.vault.settings.policy)]:
        yield _labelled("set by hand", f"{one.status}, without a command; skipped: {one_line('; '.join(missing))}")
    for key in SHOWN:
        text = cell(one, key, session.vault.settings)
        if text != "–":
            yield _labelled(key, one_line(text))
    for path in view.documents:
        yield _labelled("linked note", one_line(path.rpartition("/")[2].removesuffix(".md")))
    for lesson in view.lessons:
        yield _labelled("lesson", one_line(lesson.title))


def _moments(view: IncidentView, session: Session) -> Iterator[Line]:
    """Return when it happened, what is promised, and when the first updates went out."""
    from okb_incident.core.review.evaluation import first_messages

    one = view.incident
    for name, moment in one.moments.items():
        yield _labelled(name, f"{_clock(moment.at, session)}  ({show_distance(moment.at, session.now)})")
    for name, key in PROMISED:
        if shown := _promised(one, key, session):
            yield _labelled(name, shown)
    for name, sent in zip(("first internal", "first external"), first_messages(view.record), strict=True):
        if sent:
            yield _labelled(name, f"{_clock(sent, session)}  (status update)")


def _clock(at: datetime, session: Session) -> str:
    return f"{time_form(session, at)} {session.zone_name}"


def _promised(one: Incident, key: str, session: Session) -> str:
    """Return a promised moment; one that cannot be read stays as it was typed."""
    from okb_incident.core.guidance.due import promised

    by = promised(one, key, session.zone)
    if by:
        day = text_of(one.properties.get(key)) or ""
        shown = day_form(session, day) if len(day) == len("2026-11-23") else _clock(by, session)
        waits = _waits(one, key)
        return f"{shown}  ({(show_deadline if waits else show_distance)(by, session.now)})"
    return one_line(cell(one, key, session.vault.settings)) if text_of(one.properties.get(key)) else ""


def _waits(one: Incident, key: str) -> bool:
    """Return whether a promise is still to be kept, so that it can be late."""
    if key == "notify_by":
        return "notified" not in one.properties
    return one.is_open and (key == "next_update" or (key == "expected_recovery" and one.at("mitigated") is None))


def _timeline(view: IncidentView, session: Session) -> Iterator[Line]:
    if view.entries:
        yield Line.of("")
        yield from _entry_lines(view.entries, session)


def _durations(view: IncidentView, session: Session) -> Iterator[Line]:
    """Return how long it had each status, and how it came out against what was promised."""
    from okb_incident.core.response.expectation import outcome
    from okb_incident.core.timeline.status_durations import status_durations

    spent = []
    for stay in status_durations(view.record):
        seconds = stay.seconds(session.now) if stay.end or stay.status.is_open else None
        if seconds is not None:
            spent.append(f"{stay.status} {show_seconds(seconds)}")
    if spent:
        yield _labelled("time in status", ", ".join(spent))
    promised = outcome(view.record)
    if promised:
        yield _labelled("expected", promised)


@reading("timeline", opt.RESTRICTED, answers=list_of({"$ref": "#/$defs/entry"}))
def timeline(
    call: Call,
    kinds: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Only entries of a kind; may be repeated.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Only entries of the public timeline.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Print a Markdown table.")] = False,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="Print a Mermaid chart for Obsidian.")] = False,
    numbers: Annotated[bool, typer.Option("--numbers", help="Show the name of each entry (e7), for amend.")] = False,
) -> Answer:
    r"""Show the timeline of an incident.

    A ~ marks a time that was typed without a day.

    \b
    incident timeline
    incident timeline --kind decision --kind change
    incident timeline 1123-01 --public
    incident timeline last --mermaid
    """
    from okb_incident.workflow.look.formats import public_timeline, timeline_chart, timeline_table
    from okb_incident.workflow.look.read_incident import view_incident

    wanted = {_kind_named(name) for name in kinds or ()}
    session, view = call.session, view_incident(call)
    entries = [
        entry for entry in view.entries if (entry.external or not public) and (entry.kind in wanted or not wanted)
    ]
    from okb_incident.cli.commands.look.situation import entry_object

    value = [entry_object(entry) for entry in entries]
    from okb_incident.core.comms.drill import NOTICE

    notice = [NOTICE, ""] if view.incident.is_drill else []
    if mermaid:
        return Answer(value, lines=[timeline_chart(session, view.record, public=public)])
    if table:
        return Answer(value, lines=[*notice, timeline_table(session, entries, public=public)])
    if public and entries:
        return Answer(value, lines=[*notice, public_timeline(session, entries)])
    if public:
        return Answer(value, hints=["no line is marked as fit for the public; incident log --external writes one"])
    names = [f"e{view.entries.index(entry) + 1:<4}" for entry in entries] if numbers else []
    head = Line.of(
        Part(id_form(session, view.incident.id.text), STRONG),
        f"  {one_line(view.incident.headline)}",
        Part(f"  ({session.zone_name})", DIM),
        hang=2,
    )
    return Answer(value, table=View([head, *_entry_lines(entries, session, names)]))


def _kind_named(name: str) -> str:
    """Return the kind of timeline lines that is meant.

    Raises:
        UsageError: There is none of that name.
    """
    from okb_incident.core.timeline.kinds import KINDS, find_kind
    from okb_incident.errors import UsageError

    try:
        return find_kind(name).name
    except ValueError as fault:
        raise UsageError(str(fault), field="--kind", value=name, allowed=tuple(KINDS)) from None


def _entry_lines(entries: Sequence[TimelineEntry], session: Session, names: Sequence[str] = ()) -> Iterator[Line]:
    """Return entries of a timeline: time, kind, who and what, the times under one another."""
    times = [time_form(session, entry.at) if entry.at else "(time unknown)" for entry in entries]
    wide = max(map(len, times), default=0)
    for place, (at, entry) in enumerate(zip(times, entries, strict=True)):
        late = f"  (entered {_entered(session, entry.recorded)})" if entry.recorded else ""
        start = f"{names[place] if names else ''}{at:<{wide}}{'~' if entry.approximate else ' '} "
        yield Line.of(
            Part(start, DIM),
            Part(f"{entry.kind:<10} "),
            Part(f"@{one_line(entry.actor)} " if entry.actor else "", DIM),
            words_form(session, entry.text),
            Part(late, DIM),
            hang=min(len(start), 12),
        )


def _entered(session: Session, at: datetime) -> str:
    return time_form(session, at) if is_terminal() else time_form(session, at)[11:16]
