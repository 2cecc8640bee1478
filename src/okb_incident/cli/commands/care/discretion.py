"""The command restrict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli.verb import writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


@writing("restrict")
def restrict(
    call: Call,
    tracked: Annotated[
        bool, typer.Option("--tracked", help="Let git track the folder of restricted incidents.")
    ] = False,
    off: Annotated[
        bool, typer.Option("--off", help="Lift the restriction; needs the full id, such as INC-20261123-01.")
    ] = False,
) -> ChangedIncident:
    r"""Restrict who can read an incident.

    The notes move to the restricted folder, only their owner may read them, and git is set to ignore them. A restricted incident is in
    no list, count, report or search unless `--restricted` is typed. It is not encrypted: root, backups and sync tools can still read it.

    \b
    incident restrict 1123-01
    incident show INC-20261123-01
    incident restrict --off INC-20261123-01
    """
    from okb_incident.workflow.care import restrict as restriction

    return restriction.unrestrict(call) if off else restriction.restrict(call, tracked=tracked)
