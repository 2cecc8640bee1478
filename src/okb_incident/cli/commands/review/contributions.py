"""The commands by which those who took part add to a review: review lesson, feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, next_of, place
from okb_incident.cli.commands.review import review  # noqa: F401 - its commands come before these
from okb_incident.cli.outcome import incident_object, written
from okb_incident.cli.shapes import TEXT, TRUTH, WRITTEN_INCIDENT, list_of, record, writing_record
from okb_incident.cli.verb import writing
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.workflow.call import Call

ONE_LESSON = {"name": TEXT, "path": TEXT, "title": TEXT, "incidents": list_of(TEXT)}
RECORDED = record(**ONE_LESSON, new=TRUTH, close=list_of(record(**ONE_LESSON)))
"""A lesson that was recorded, and those that may be the same."""
LESSON_ANSWER = {
    **WRITTEN_INCIDENT,
    "required": [*WRITTEN_INCIDENT["required"], "lesson"],
    "properties": {"lesson": RECORDED},
}


@writing(
    "review lesson",
    answers=LESSON_ANSWER,
    words=opt.WordsHelp("The incident, and the lesson in a sentence."),
)
def lesson(
    call: Call,
    same: Annotated[
        str | None, typer.Option("--same", metavar="LESSON", help="A recorded lesson that this is, in other words.")
    ] = None,
) -> Answer:
    r"""Record a lesson learned as a note of its own.

    It is linked from the review and the incident. A lesson in the same words as a recorded one is the same: its note gets this incident
    too. Similar lessons are offered.

    \b
    incident review lesson alert on pool saturation, not on errors
    incident review lesson 1123-01 "rehearse the rollback every quarter"
    incident review lesson last --same "alert on pool saturation"
    """
    from okb_incident.workflow.review.lesson import hints, learn

    recorded = learn(call, same)
    changed, session = recorded.changed, call.session
    note = recorded.note
    value = {
        **incident_object(changed.incident, session),
        "lesson": {
            **_lesson_object(note._replace(incidents=recorded.incidents)),
            "new": recorded.is_new,
            "close": [_lesson_object(each) for each in recorded.close],
        },
        **({"diff": changed.diff, "changed": False} if call.dry_run else {}),
    }
    warnings = (*changed.notes, *hints(recorded))
    if call.dry_run:
        lines = [changed.diff.rstrip("\n") or "nothing would change"]
        notes = [f"dry run: {note.path} would be {'written' if recorded.is_new else 'updated'}"]
        return Answer(written(value, session, None, warnings), lines=lines, notes=notes)
    said = f"{one_line(changed.change.said)}{place(changed.incident)}"
    return Answer(
        written(value, session, changed.committed, warnings),
        lines=[said, f"lesson note: {one_line(note.path)}", *next_of(session, changed.record)],
        notes=warnings,
    )


def _lesson_object(note: LessonNote) -> dict[str, object]:
    return {"name": note.name, "path": note.path, "title": note.title, "incidents": list(note.incidents)}


@writing(
    "review feedback",
    without=[opt.DRY_RUN],
    answers=writing_record(path=TEXT, line=TEXT),
    words=opt.WordsHelp("The rating, 1 (bad) to 5 (good), and a sentence."),
)
def feedback(call: Call) -> Answer:
    r"""Rate the response from 1 (bad) to 5 (good).

    For those who took part, with a sentence if you like. A mean is shown only from five ratings on.

    \b
    incident review feedback 4
    incident review feedback 5 clear roles and quick updates
    incident review feedback 1123-01 4 the roles were clear
    """
    from okb_incident.workflow.review.advance_review import feedback as add

    rated, line = add(call)
    said = f"review feedback added: {line.removeprefix('- ')}"
    return Answer(
        written({"path": rated.path, "line": line}, call.session, rated.committed, rated.committed.notes),
        lines=[f"{one_line(said)}{place(rated.incident)}"],
        notes=rated.committed.notes,
    )
