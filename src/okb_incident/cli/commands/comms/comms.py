"""The commands that bring a message from draft to sent: comms draft, edit, approve, send, amend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answer_times import with_times
from okb_incident.cli.answers import Answer, place
from okb_incident.cli.listing import Field, Listing, row_shape
from okb_incident.cli.outcome import changed_object, incident_object, written
from okb_incident.cli.shapes import MOMENT, TEXT, TRUTH, list_of, maybe, one_of, writing_record
from okb_incident.cli.verb import reading, writing
from okb_incident.command import Command, Sentence
from okb_incident.core.comms.communication import DRAFT, STATES
from okb_incident.core.incident.incident import DRILL
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.screen_time import show_time
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.comms.messages import Message

WHICH = opt.WordsHelp("The message (u3); may be left out if only one is possible.")

Next = Annotated[str | None, typer.Option("--next", metavar="T", help="When the next update follows: 30m, 14:30.")]
AS_IS = opt.as_is("Override unanswered questions and other faults; the timeline records them when the message is sent.")


def _state(message: Message) -> str:
    return f"{message.state}, {DRILL}" if message.is_drill else message.state


MESSAGE = (
    Field("id", TEXT, lambda each: each.incident),
    Field("name", TEXT, lambda each: each.name, "name"),
    Field("path", TEXT, lambda each: each.path),
    Field("audience", TEXT, lambda each: each.audience, "audience"),
    Field("kind", TEXT, lambda each: each.kind, "kind"),
    Field("state", one_of(*STATES), lambda each: each.state, "state", _state),
    Field("author", maybe(TEXT), lambda each: each.author, "author"),
    Field("approved_by", maybe(TEXT), lambda each: each.approved_by),
    Field("sent", maybe(MOMENT), lambda each: each.sent, "sent ({zone})"),
    Field("next_update", maybe(MOMENT), lambda each: each.promised, "next by"),
    Field("digest", maybe(TEXT), lambda each: each.digest),
    Field("changed_since", TRUTH, lambda each: each.is_changed),
    Field("drill", TRUTH, lambda each: each.is_drill),
)
ONE_MESSAGE = row_shape(MESSAGE, {"text": TEXT})
APPROVED_MESSAGE = writing_record({"text": TEXT}, **{field.key: field.shape for field in MESSAGE})


@writing(
    "comms draft",
    without=[opt.DRY_RUN],
    answers=writing_record(id=TEXT, name=TEXT, path=TEXT, state=TEXT, text=TEXT, questions=list_of(TEXT)),
    words=opt.WordsHelp("The audience, the kind of message, and its text."),
)
def draft(
    call: Call,
    next_by: Next = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="T",
            help="Include news since the last message (last), since the start (start), or since a time.",
        ),
    ] = None,
    notice: opt.NOTICE = False,
    edit: Annotated[bool, typer.Option("--edit", help="Open the draft in your editor.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the note; write nothing.")] = False,
) -> Answer:
    r"""Draft a message from a template.

    The audience is team, management, users or stakeholders; the kind follows from the status. Finish the draft in Obsidian or with
    `--edit`, then send it. Drafts for users and stakeholders contain only entries marked #external and what you type.

    \b
    incident comms draft users service-notice "Card payments fail. Wallets work." --next 30m
    incident comms draft team progress-report --since last
    incident comms draft management briefing --dry-run
    incident comms draft stakeholders --notice
    """
    from okb_incident.workflow.care.edit_note import edit_file
    from okb_incident.workflow.comms.draft_message import draft as write_draft

    made = write_draft(call, next_by=next_by, since=since, notice=notice)
    which = made.incident.id
    asked = [f"line {each.line}: {each.clause()}" for each in made.questions]
    unfit = [f"{made.misfit}; {made.name} cannot be sent now"] if made.misfit else []
    notes = (*unfit, *made.notes)
    value = {
        "id": which.text,
        "name": made.name,
        "path": made.path,
        "state": DRAFT,
        "text": made.text,
        "questions": asked,
    }
    answer = written(value, call.session, made.committed, notes)
    if dry_run:
        would = f"dry run: {made.path} would be written"
        return Answer(answer, lines=[made.text.rstrip("\n")], hints=[would], notes=notes)
    if edit:
        edit_file(call.session, made.path, again=Command("comms edit", made.name, incident=which))
    is_ready = not made.misfit and (edit or not asked)
    return Answer(
        answer,
        lines=[
            f"drafted {made.name}: {made.path}{place(made.incident)}",
            Sentence("next: ", Command("comms send" if is_ready else "comms edit", made.name, incident=which)),
        ],
        hints=() if edit else asked,
        notes=notes,
    )


@reading("comms edit", opt.WHO, without=[opt.JSON], words=WHICH)
def edit(call: Call) -> Answer:
    r"""Open a message in your editor.

    \b
    incident comms edit
    incident comms edit u3
    incident comms edit 1123-01 u3
    """
    from okb_incident.workflow.care.edit_note import edit_file
    from okb_incident.workflow.comms.comms import read_again, show_message

    message = show_message(call)
    edit_file(call.session, message.path, again=Command("comms edit", message.name, incident=message.incident))
    message = read_again(call, message)
    return Answer(notes=[*oddities(message), f"edited {message.name} ({message.state}): {message.path}"])


@writing("comms approve", AS_IS, without=[opt.DRY_RUN], words=WHICH, answers=APPROVED_MESSAGE)
def approve(call: Call) -> Answer:
    r"""Approve a message.

    If its text changes after that, it cannot be sent.

    \b
    incident comms approve
    incident comms approve u3
    incident comms approve 1123-01 u3 --as-is
    """
    from okb_incident.workflow.comms.comms import approve as give_approval

    message, incident, already, notes, done = give_approval(call)
    value = written(message_object(message), call.session, done, notes)
    where = place(incident)
    if already:
        return Answer(value, lines=[f"{message.name} already {message.state}{where}"], notes=notes)
    return Answer(
        value,
        lines=[
            f"approved {message.name} by @{one_line(message.approved_by or '–')}{where}",
            Sentence("next: ", Command("comms send", message.name, incident=message.incident)),
        ],
        notes=notes,
    )


@writing("comms send", opt.AT, AS_IS, opt.DISCLOSE, opt.DISCLOSED_BECAUSE, words=WHICH)
def send(
    call: Call,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="TEXT", help="The channel of the message.")
    ] = None,
    next_by: Next = None,
    copy: Annotated[bool, typer.Option("--copy", help="Put the text on the clipboard.")] = False,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write the text to a new file.")] = None,
) -> ChangedIncident | Answer:
    r"""Send a message.

    The text is printed, handed to your hooks, and kept with its digest and time. If a hook fails, the message waits in the outbox and the
    exit code is 8. Messages of a drill are recorded, not sent. A draft with an unanswered question, or of a kind that does not fit the
    status, is refused with exit code 7; `--as-is` sends it and records what was missing.

    \b
    incident comms send
    incident comms send u3 --next 30m
    incident comms send 1123-01 u3 --channel "status page" --copy
    """
    from okb_incident.workflow.comms.hand_over import hand_over
    from okb_incident.workflow.comms.send_message import send_message

    changed, message, incident = send_message(call, channel, next_by)
    if changed is None:
        return _sent_before(call, message, incident)
    if call.dry_run:
        return changed
    said = (*changed.change.warnings, *changed.notes)
    return Answer(
        lambda: changed_object(changed, call.session),
        lines=[message.outgoing],
        hints=[
            f"{with_times(call.session, changed.change, typed=False)[0]}{place(changed.incident)}",
            *(each for each in said if each not in call.session.recovered),
        ],
        # Only when the text has been printed may a full disk or a missing clipboard end the command.
        notes=hand_over(message.outgoing, copy=copy, out=out),
        code=ExitCode.DELIVERY if changed.undelivered else ExitCode.OK,
    )


def _sent_before(call: Call, message: Message, incident: Incident) -> Answer:
    when = f" {show_time(message.sent, call.session.now, call.session.zone)}" if message.sent else ""
    correction = Command("comms amend", message.name, incident=message.incident)
    said = Sentence(f"{message.name} already sent{when}; to correct it: ", correction)
    return Answer(written(incident_object(incident, call.session), call.session, warnings=[said]), notes=[said])


@writing(
    "comms withhold",
    opt.AT,
    words=opt.WordsHelp("The audience (users or stakeholders) and the reason."),
)
def withhold(call: Call) -> ChangedIncident:
    r"""Record why users or stakeholders are not informed.

    No update is due to them then, and nothing is sent to them without `--disclose`.

    \b
    incident comms withhold users the intruder would be warned
    incident comms withhold 01 stakeholders under embargo
    incident comms withhold INC-20261123-01 users "the intruder would be warned"
    """
    from okb_incident.workflow.comms.disclosure import withhold as decide

    return decide(call)


@writing(
    "comms amend", opt.DISCLOSE, opt.DISCLOSED_BECAUSE, words=opt.WordsHelp("The message (u2) and the correction.")
)
def amend(call: Call) -> ChangedIncident:
    r"""Correct a message that was sent.

    The sent text stays; the correction does not count as an update.

    \b
    incident comms amend u2 "Wallets fail as well."
    incident comms amend 1123-01 u2 the restart is at 15:00, not 14:00
    incident comms amend u1 "Only cards of one bank fail." --dry-run
    """
    from okb_incident.workflow.comms.comms import amend as correct

    return correct(call)


def message_object(message: Message) -> dict[str, Any]:
    """Return a message as programs read it."""
    (value,) = Listing(MESSAGE, [message]).value()
    return value


def oddities(message: Message) -> Iterator[str]:
    """Return what is odd about a message."""
    if message.problem is not None:
        yield f"{message.path}:{message.problem.line or 1}: {message.problem.message}"
    elif message.is_changed:
        yield f"{message.name} was changed after it was {message.state}; its note no longer holds what its digest says"
