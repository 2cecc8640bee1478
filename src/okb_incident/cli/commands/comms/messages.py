"""The commands that show messages and which updates are due: comms list, show, due, outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.commands.comms.comms import MESSAGE, ONE_MESSAGE, WHICH, message_object, oddities
from okb_incident.cli.listing import Field, Listing, command_field
from okb_incident.cli.output import as_command
from okb_incident.cli.screen import tones
from okb_incident.cli.screen.forms import id_form, is_terminal
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.view import View
from okb_incident.cli.shapes import COMMAND, COUNT, MOMENT, TEXT, list_of, maybe
from okb_incident.cli.verb import reading
from okb_incident.core.values.moment import seconds_between
from okb_incident.core.values.screen_time import show_deadline, show_distance
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.workflow.call import Call
    from okb_incident.workflow.comms.tell import DueUpdate
    from okb_incident.workflow.hooks import Waiting
    from okb_incident.workflow.session import Session


def _when(row: DueUpdate) -> str:
    return show_deadline(row.owed.by, row.now)


def _last_told(row: DueUpdate) -> str:
    last = row.owed.last
    return show_distance(last.at, row.now) if last else "never"


UPDATES_DUE = (
    Field("id", TEXT, lambda row: row.incident.id.text, "id", lambda row: row.incident.label),
    Field("audience", TEXT, lambda row: row.owed.audience, "audience"),
    Field("by", MOMENT, lambda row: row.owed.by, "due", _when),
    Field("overdue_seconds", COUNT, lambda row: max(seconds_between(row.owed.by, row.now), 0)),
    Field("last", maybe(MOMENT), lambda row: row.owed.last.at if row.owed.last else None, "last update", _last_told),
    command_field(lambda row: row.command, "command"),
    Field("instead", maybe(COMMAND), lambda row: as_command(row.instead) if row.instead else None),
    Field("nature", maybe(TEXT), lambda row: row.incident.nature),
    Field("to", list_of(TEXT), lambda row: list(row.to)),
)


def _of(waiting: Waiting, name: str) -> dict[str, Any]:
    """Return a part of what waits; a parcel of another version may have none."""
    return waiting.parcel.value.get(name) or {}


def _message(waiting: Waiting) -> str:
    message = _of(waiting, "message")
    return f"{message.get('audience', '–')}/{message.get('kind', '–')}"


def _hook(waiting: Waiting) -> str:
    return waiting.hook.run[0].rpartition("/")[2] if waiting.hook else "gone from your settings"


OUTBOX = (
    Field("at", TEXT, lambda each: str(each.parcel.value.get("at", "–")), "since"),
    Field("id", TEXT, lambda each: str(_of(each, "incident").get("id", "–")), "incident"),
    Field("message", TEXT, _message, "message"),
    Field("hook", TEXT, _hook, "hook"),
    Field("file", TEXT, lambda each: each.parcel.name, "file"),
)


@reading("comms list", opt.RESTRICTED, answers=list_of(ONE_MESSAGE))
def list_(
    call: Call,
    state: Annotated[
        str | None, typer.Option("--state", metavar="S", help="Only messages in this state: draft, approved or sent.")
    ] = None,
) -> Answer:
    r"""List the messages of an incident.

    \b
    incident comms list
    incident comms list --state draft
    incident comms list 1123-01 --json
    """
    from okb_incident.workflow.comms.comms import list_messages

    target, found = list_messages(call, state)
    if not found:
        which = " in that state" if state else ""
        return Answer([], hints=[f"{target.id} has no message{which}; incident comms draft writes one"])
    columns = ("name", "audience", "kind", "state", "sent ({zone})", "next by", "author")
    return Answer(
        table=Listing(MESSAGE, found, call.session, columns),
        notes=[oddity for each in found for oddity in oddities(each)],
    )


@reading("comms show", words=WHICH, answers=ONE_MESSAGE)
def show(call: Call) -> Answer:
    r"""Print the text of a message.

    By default the last message.

    \b
    incident comms show
    incident comms show u3
    incident comms show 1123-01 u3
    """
    from okb_incident.workflow.comms.comms import show_message

    message = show_message(call)
    return Answer(
        {**message_object(message), "text": message.outgoing},
        lines=[message.outgoing],
        hints=[f"{message.name} is {message.state}: {message.path}"],
        notes=oddities(message),
    )


def _update_lines(session: Session, row: DueUpdate) -> Iterator[Line]:
    """Return an update as a terminal shows it: the deadline, for whom, and below it the command."""
    by = show_deadline(row.owed.by, row.now)
    yield Line.of(
        Part(f"{by:<12}", tones.due_tone(by)),
        f"{id_form(session, row.incident.label)}  {row.owed.audience}",
        Part(f"  last update {_last_told(row)}" if row.owed.last else "  no update yet", tones.DIM),
        is_cut=True,
    )
    yield Line.of(f"{'':<12}", Part(row.command, tones.COMMAND), hang=12)


@reading("comms due", opt.RESTRICTED, without=[opt.INCIDENT], answers=UPDATES_DUE)
def comms_due(
    call: Call,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if an update is late; for cron.")] = False,
) -> Answer:
    r"""List due updates, the next deadline first.

    For every incident and audience: by the announced time of the last update, else by the policy for the severity.

    \b
    incident comms due
    incident comms due --restricted
    incident comms due --check || mail -s "updates are late" oncall
    """
    from okb_incident.workflow.comms.tell import communications_due

    found = communications_due(call)
    if not found:
        return Answer([], lines=["no update is due"])
    listing = Listing(UPDATES_DUE, found, call.session, ("due", "id", "audience", "last update", "command"))
    return Answer(
        listing.value(),
        table=View(line for row in found for line in _update_lines(call.session, row)) if is_terminal() else listing,
        code=ExitCode.DUE
        if check and any(each.is_late and not each.incident.is_drill for each in found)
        else ExitCode.OK,
    )


@reading("comms outbox", opt.RESTRICTED, without=[opt.INCIDENT], answers=OUTBOX)
def outbox(
    call: Call, retry: Annotated[bool, typer.Option("--retry", help="Try to deliver the messages again.")] = False
) -> Answer:
    r"""List messages that hooks could not deliver.

    Exit code 8: messages are left after `--retry`.

    \b
    incident comms outbox
    incident comms outbox --retry
    incident comms outbox --json
    """
    from okb_incident.workflow.comms.notice import deliver_again
    from okb_incident.workflow.hooks import undelivered

    heard = deliver_again(call.session) if retry else None
    found = undelivered(call.session, restricted=call.shared.restricted)
    return Answer(
        [] if not found else None,
        lines=[] if found else ["everything is delivered"],
        table=Listing(OUTBOX, found, call.session) if found else None,
        notes=heard.notes if heard else (),
        code=ExitCode.DELIVERY if heard and heard.undelivered else ExitCode.OK,
    )
