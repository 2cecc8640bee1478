"""The commands that keep an incident from those who are not meant to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.verb import writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


@writing("restrict")
def restrict(
    call: Call, tracked: Annotated[bool, typer.Option("--tracked", help="Let git track the restricted folder.")] = False
) -> ChangedIncident:
    r"""Keep an incident from all who are not meant to know of it.

    Its notes move to the restricted folder, only their owner may read them, and git is told to ignore them. From then on
    it is in no list, count, report or search unless that is asked for.

    \b
    incident restrict 1123-01
    """
    from okb_incident.workflow.care.restrict import restrict as keep

    return keep(call, tracked=tracked)


@writing("unrestrict", without=[opt.INCIDENT], words=opt.WordsHelp("The whole id, such as INC-20261123-01."))
def unrestrict(call: Call) -> ChangedIncident:
    r"""Let a restricted incident be known again.

    \b
    incident unrestrict INC-20261123-01
    """
    from okb_incident.workflow.care.restrict import unrestrict as release

    return release(call)
