"""The commands by which those who took part add to a review: review feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, place
from okb_incident.cli.outcome import written
from okb_incident.cli.shapes import TEXT, writing_record
from okb_incident.cli.verb import writing
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call


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

    review, line = add(call)
    said = f"review feedback added: {line.removeprefix('- ')}"
    return Answer(
        written({"path": review.path, "line": line}, call.session, review.committed, review.committed.notes),
        lines=[f"{one_line(said)}{place(review.incident)}"],
        notes=review.committed.notes,
    )
