"""The commands that show messages and who is owed one: comms list, show, due, outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.commands.comms.comms import Which, comms, message_object, warn
from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.cli.registry import below
from okb_incident.cli.run import start
from okb_incident.core.text.terminal_text import safe_text
from okb_incident.core.values.moment import rfc3339, seconds_between, show_seconds, write_moment
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from okb_incident.workflow.session import Session


@below(comms, "list")
def list_(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help="Only draft, approved or sent.")] = None,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List an incident's messages, with their states.

    \b
    incident comms list
    incident comms list 1123-01 --state draft
    """
    from okb_incident.workflow.comms.comms import list_messages

    session = start(ctx)
    target, found = list_messages(session, incident or reference, state=state, restricted=restricted, ask=asker(ctx))
    if as_json:
        answer_json([message_object(each) for each in found])
        return
    rows = [
        (
            each.name,
            each.audience,
            each.kind,
            each.state,
            _clock(session, each.sent),
            _clock(session, each.promised),
            each.author or "–",
        )
        for each in found
    ]
    if rows:
        show_rows(("name", "audience", "kind", "state", f"sent ({session.zone_name})", "next by", "author"), rows)
    else:
        comment(f"{target.id} has no message{' in that state' if state else ''}; incident comms draft writes one")
    for each in found:
        warn(each)


@below(comms, "show")
def show(ctx: typer.Context, words: Which = None, incident: opt.Incident = None, as_json: opt.Json = False) -> None:
    r"""Print the text of a message, as it goes out or went out.

    The last one, where none is named.

    \b
    incident comms show u3
    """
    from okb_incident.workflow.comms.comms import show_message

    session = start(ctx)
    message = show_message(session, words or [], reference=incident, ask=asker(ctx))
    if as_json:
        answer_json({**message_object(message), "text": message.text})
    else:
        answer(safe_text(message.text))
        comment(f"{message.name} is {message.state}: {message.path}")
    warn(message)


@below(comms, "due")
def comms_due(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if a message is overdue; for cron.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List who is owed a word, the next deadline first.

    On every incident; each audience is owed one by the promise of the last message, else by the policy of the severity.

    \b
    incident comms due
    incident comms due --check
    """
    from okb_incident.workflow.comms.tell import communications_due

    session = start(ctx)
    found = communications_due(session, restricted=restricted)
    late = [each for _, each in found if each.by < session.now]
    if as_json:
        answer_json(
            [
                {
                    "id": incident.id.text,
                    "audience": each.audience,
                    "by": rfc3339(each.by),
                    "overdue_seconds": max(seconds_between(each.by, session.now), 0),
                    "last": rfc3339(each.last.at) if each.last else None,
                    "command": each.command(incident.id),
                }
                for incident, each in found
            ]
        )
    elif found:
        rows = []
        for incident, each in found:
            seconds = seconds_between(session.now, each.by)
            when = f"overdue {show_seconds(-seconds)}" if seconds < 0 else f"in {show_seconds(seconds)}"
            last = f"{show_seconds(seconds_between(each.last.at, session.now))} ago" if each.last else "never"
            rows.append((when, incident.id.text, each.audience, last, each.command(incident.id)))
        show_rows(("due", "id", "audience", "last told", "command"), rows)
    else:
        answer("nobody is owed a word")
    if check and late:
        raise typer.Exit(ExitCode.DUE)


@below(comms, "outbox")
def outbox(
    ctx: typer.Context,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what was not delivered.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List what could not be handed to your hooks.

    Exit code 8 says that something is left after --retry.

    \b
    incident comms outbox
    incident comms outbox --retry
    """
    from okb_incident.workflow.hooks import retry as try_again
    from okb_incident.workflow.hooks import undelivered

    session = start(ctx)
    heard = try_again(session) if retry else None
    for note in heard.notes if heard else ():
        comment(note)
    found = undelivered(session, restricted=restricted)
    rows = []
    for each in found:
        message, incident = each.parcel.value.get("message") or {}, each.parcel.value.get("incident") or {}
        hook = each.hook.run[0].rpartition("/")[2] if each.hook else "gone from your settings"
        rows.append(
            (
                str(each.parcel.value.get("at", "–")),
                str(incident.get("id", "–")),
                f"{message.get('audience', '–')}/{message.get('kind', '–')}",
                hook,
                each.parcel.name,
            )
        )
    if as_json:
        answer_json([dict(zip(("at", "id", "message", "hook", "file"), row, strict=True)) for row in rows])
    elif rows:
        show_rows(("since", "incident", "message", "hook", "file"), rows)
    else:
        answer("everything is delivered")
    if heard and heard.undelivered:
        raise typer.Exit(ExitCode.DELIVERY)


def _clock(session: Session, at: Any) -> str:
    return write_moment(at, session.zone)[:16].replace("T", " ") if at else "–"
