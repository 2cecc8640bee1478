"""The command that sends a status update at once: tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.verb import writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


@writing(
    "tell",
    opt.AT,
    opt.DISCLOSE,
    opt.DISCLOSED_BECAUSE,
    words=opt.WordsHelp("The audience (team, management, users or stakeholders) and the message."),
)
def tell(
    call: Call,
    next_by: Annotated[
        str | None, typer.Option("--next", metavar="T", help="When the next update follows: 30m, 14:30.")
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="TEXT", help="The channel of the message.")
    ] = None,
    headline: Annotated[
        str | None,
        typer.Option("--headline", metavar="TEXT", help="The public headline, for users and stakeholders."),
    ] = None,
    notice: opt.NOTICE = False,
) -> ChangedIncident:
    r"""Send a status update to an audience.

    Audiences: team, management (internal); users, stakeholders (external). The message becomes a note and a timeline entry; its kind
    follows from the audience and the status. The template of the kind adds the headline with the state, your text, and the next update.
    It goes to your hooks if you have any (docs/scripts.md). To finish a message in an editor first, use `comms draft`. Messages of a drill
    are recorded, not sent. External updates on an incident that is restricted or TLP:AMBER and above need `--disclose`.

    \b
    incident tell team looking at the database
    incident tell users "Card payments fail. Wallets work." --next 30m
    incident tell 1123-01 management "Rolled back; we watch until 03:40." --channel mail
    incident tell 1123-01 stakeholders "An intruder read 1200 customer records." --notice
    """
    from okb_incident.workflow.comms.tell import tell as tell_audience

    return tell_audience(call, next_by=next_by, channel=channel, headline=headline, notice=notice)
