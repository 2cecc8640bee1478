"""Recording a lesson as a note of its own, linked from the review and the incident; or that it was learned again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.review import review
from okb_incident.core.review.lesson import (
    LEARNED_IN,
    PROPERTIES,
    SHOWN,
    TYPE,
    LessonNote,
    close_to,
    incidents_named,
    is_same,
    items_naming,
    learned_item,
    linked,
    name_for,
    title_of,
)
from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import as_link
from okb_incident.core.values.title import as_title
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.vault.disk.writer import AlreadyThereError
from okb_incident.vault.note.frontmatter import append_item
from okb_incident.vault.note.note import encode
from okb_incident.vault.note.sections import ensure, insert_line, section_lines
from okb_incident.vault.read.scan import scan
from okb_incident.vault.write.steps import Create, Edit
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.care.named_entry import short
from okb_incident.workflow.change import as_diff
from okb_incident.workflow.document import PRIVATE, READABLE, compose, edited, readable
from okb_incident.workflow.look.lesson_notes import lesson_named, lesson_notes
from okb_incident.workflow.look.review_note import path_of
from okb_incident.workflow.review.lesson_link import with_link
from okb_incident.workflow.review.review import review_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.command import Text
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.write.steps import Step
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

ATTEMPTS = 3
"""How often a name is looked for that somebody else takes in the same moment."""


class RecordedLesson(NamedTuple):
    """A lesson that was recorded.

    Attributes:
        changed: What changed in the incident.
        note: The lesson.
        is_new: Its note was not there before.
        incidents: Where it was learned so far, this incident among them.
        close: Lessons that may be the same in other words.
    """

    changed: ChangedIncident
    note: LessonNote
    is_new: bool
    incidents: tuple[str, ...]
    close: tuple[LessonNote, ...] = ()


def learn(call: Call, same: str | None = None) -> RecordedLesson:
    """Record a lesson of an incident; one that another incident taught before gets this incident too.

    Args:
        call: The call.
        same: The lesson that it is, in other words.

    Raises:
        TransitionError: The incident is open, declined or merged.
        NotFoundError: There is no such lesson.
        InvalidNoteError: The properties of the lesson that is there cannot be read.
    """
    target = review_target(call)
    record = call.record(target)
    review.refuse_open(record)
    text = _text(call, needed=same is None)
    for attempt in range(ATTEMPTS):
        try:
            return _record(call, target, record.incident, text, same)
        except AlreadyThereError:
            # Somebody else recorded a lesson in the same moment; it may be this one.
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _text(call: Call, *, needed: bool) -> str:
    if not call.text and needed:
        raise MissingWordError("TEXT", "what was learned", f'{call.verb} "alert on the pool, not on errors"')
    if call.text and not any(map(str.isalnum, as_title(call.text))):
        raise UsageError(
            f"a lesson needs at least a letter or a digit (got {call.text!r})",
            field="TEXT",
            value=call.text,
            hint=f'incident {call.verb} "alert on the pool, not on errors"',
        )
    return call.text


def _record(call: Call, target: Target, incident: Incident, text: str, same: str | None) -> RecordedLesson:
    session = call.session
    known = lesson_notes(session, include_restricted=incident.restricted)
    # A restricted incident looks among its own first.
    known.sort(key=lambda note: not note.restricted)
    note, close = _meant(call, known, text, same)
    is_new = note is None
    if note is None:
        note = _new(session, incident, text)
    # A note that everyone reads does not name a restricted incident; that links to the note, and not the other way.
    steps = (
        [] if note.restricted != incident.restricted else [_lesson_step(session, incident, note, text, is_new=is_new)]
    )
    more = defuse_body(as_title(text)) if text and not is_new and not is_same(note, text) else ""
    if step := _review_step(session, target, incident, note, more):
        steps.append(step)
    again = tuple(dict.fromkeys((*_shown(session, note, incident), incident.id.text)))

    def decide(current: Record) -> Change:
        review.refuse_open(current)
        return linked(current, note, again, more=bool(more))

    (changed,) = call.change_each([(target, decide)], steps)
    if call.dry_run:
        changed = changed._replace(diff=changed.diff + "".join(_diff(session, step) for step in steps))
    return RecordedLesson(changed, note, is_new, again, tuple(close) if is_new else ())


def _meant(
    call: Call, known: Sequence[LessonNote], text: str, same: str | None
) -> tuple[LessonNote | None, Sequence[LessonNote]]:
    """Return the lesson that is there already, None where it is new; and those that are close to it."""
    if same is not None:
        return lesson_named(known, same), ()
    if found := next((note for note in known if is_same(note, text)), None):
        return found, ()
    close = close_to(text, known)
    if close and call.question is not None:
        lines = [f"{note.title} ({', '.join(note.incidents)})" for note in close]
        place = call.question.choose([f"the same as: {one_line(line)}" for line in lines])
        if place is not None:
            return close[place], ()
    return None, close


def _shown(session: Session, note: LessonNote, incident: Incident) -> list[str]:
    """Return the incidents of a lesson that there are, and that may be named together with this one."""
    vault = session.vault
    known = {each.text: each for each in vault.ids_seen()}
    return [each for each in note.incidents if each in known and (incident.restricted or not vault.hides(known[each]))]


def _new(session: Session, incident: Incident, text: str) -> LessonNote:
    """Return a lesson that is about to be recorded, under a name that no note has."""
    folders = session.vault.settings.folders
    title = title_of(text)
    taken = {os.path.basename(each.path).removesuffix(".md").casefold() for each in scan(session.vault.root).notes}
    folder = folders.restricted_lessons if incident.restricted else folders.lessons
    return LessonNote(f"{folder}/{name_for(title, taken)}.md", title, restricted=incident.restricted)


def _lesson_step(session: Session, incident: Incident, note: LessonNote, text: str, *, is_new: bool) -> Step:
    """Return the step that makes the note of a lesson, or adds an incident to it."""
    day = write_moment(session.now, session.zone)[:10]
    more = defuse_body(as_title(text)) if text and not is_new and not is_same(note, text) else ""
    item = learned_item(day, session.actor.handle, incident.id.text, incident.headline, more)
    if is_new:
        whole = _composed(session, incident, note, text, day)
        return Create(note.path, encode(_with_item(whole, item)), PRIVATE if note.restricted else READABLE)

    def add(found: Note) -> str:
        ids = session.vault.settings.ids
        if incident.id.text in incidents_named(readable(found).frontmatter.values, ids):
            return _with_item(found.text, item) if more and item not in found.text else found.text
        whole = append_item(found.text, "incidents", as_link(incident.id.text), PROPERTIES, path=found.path)
        whole = append_item(whole, "learned", Plain(day), PROPERTIES, path=found.path)
        told = items_naming(section_lines(whole, LEARNED_IN), incident.id.text)
        return whole if told and not more else _with_item(whole, item)

    return edited(session, incident, note.path, add)


def _composed(session: Session, incident: Incident, note: LessonNote, text: str, day: str) -> str:
    properties: dict[str, Value] = {
        "type": TYPE,
        "title": note.title,
        "incidents": [as_link(incident.id.text)],
        "learned": [Plain(day)],
        "author": session.actor.handle,
        "visibility": "restricted" if note.restricted else None,
        "aliases": [f"{SHOWN}{note.title}"],
        "tags": [TYPE],
        "created": Plain(day),
    }
    values = {
        "title": defuse_body(note.title),
        "id": incident.id.text,
        "severity": str(incident.severity or ""),
        "status": str(incident.status or ""),
        "declared": write_moment(declared, session.zone) if (declared := incident.at("declared")) else "",
    }
    whole = compose(session, TYPE, values, properties, path=note.path)
    if as_title(text) == note.title:
        return whole
    # What does not fit on the line of the title is the first paragraph.
    heading, title, rest = whole.partition(f"# {defuse_body(note.title)}\n")
    return f"{heading}{title}\n{defuse_body(as_title(text))}\n{rest}"


def _with_item(text: str, item: str) -> str:
    whole, _ = ensure(text, LEARNED_IN, (LEARNED_IN,))
    return insert_line(whole, LEARNED_IN, len(section_lines(whole, LEARNED_IN)), item)


def _review_step(session: Session, target: Target, incident: Incident, note: LessonNote, more: str) -> Step | None:
    """Return the step that links the lesson in the review; None where there is no review yet."""
    path = path_of(session, target)
    if not os.path.lexists(os.path.join(session.vault.root, path)):
        return None
    return edited(session, incident, path, lambda found: with_link(found.text, note.name, note.title, more))


def _diff(session: Session, step: Step) -> str:
    """Return what a step would change, as a unified diff."""
    if isinstance(step, Create):
        return as_diff("", step.data.decode(), step.path)
    assert isinstance(step, Edit), "nothing is moved"
    old = session.vault.read(step.path).text
    return as_diff(old, step.change(encode(old)).decode(errors="surrogateescape"), step.path)


def hints(recorded: RecordedLesson) -> list[Text]:
    """Return what a person should know of a lesson that was recorded: lessons that may be the same."""
    which, committed = recorded.changed.incident.id, recorded.changed.committed
    entry = committed.entry if committed else None
    return [
        Sentence(
            f'close to "{one_line(note.title)}" ({", ".join(note.incidents)}); if it is the same: ',
            Command("undo", *([short(entry)] if entry else [])),
            ", then ",
            Command("review lesson", options=("--same", note.name), incident=which),
        )
        for note in recorded.close
    ]
