"""The commands that move an incident and set what it says: ack, identify, mitigate, reopen, severity, set, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, place
from okb_incident.cli.verb import reading, writing
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


@writing("ack", opt.AT, opt.CORRECT)
def ack(call: Call) -> ChangedIncident:
    r"""Acknowledge an incident.

    You become a responder, and the commander if there is none. The status becomes investigating.

    \b
    incident ack
    incident ack 01 looking at the database
    incident ack 1123-01 --at -5m
    """
    from okb_incident.workflow.lifecycle import advance

    return advance.ack(call)


@writing("identify", opt.AT, opt.CORRECT)
def identify(call: Call) -> ChangedIncident:
    r"""Mark the cause as identified.

    \b
    incident identify pool cut to 20 by deploy 4f2a
    incident identify 01 expired certificate
    incident identify 1123-01 --at 14:20
    """
    from okb_incident.workflow.lifecycle import advance

    return advance.identify(call)


@writing("mitigate", opt.AT, opt.CORRECT)
def mitigate(call: Call) -> ChangedIncident:
    r"""Mark the impact as stopped.

    The status becomes mitigated: users are no longer affected, and the incident is watched until it is resolved.

    \b
    incident mitigate rolled back 4f2a
    incident mitigate 01 traffic moved to zone b
    incident mitigate 1123-01 rolled back 4f2a --at -10m
    """
    from okb_incident.workflow.lifecycle import advance

    return advance.mitigate(call)


@writing("reopen", opt.AT)
def reopen(call: Call) -> ChangedIncident:
    r"""Reopen an incident.

    The first end stays in `first_resolved`; mitigation, cause and expected recovery move to the timeline.

    \b
    incident reopen the errors are back in one region
    incident reopen 1123-01 checkout fails again
    incident reopen last --at -5m
    """
    from okb_incident.workflow.lifecycle import advance

    return advance.reopen(call)


@writing("severity", opt.AT, opt.EXTERNAL, words=opt.WordsHelp("The severity, sev1 to sev4, and the reason."))
def severity(call: Call) -> ChangedIncident:
    r"""Set the severity.

    If you are unsure, choose the higher one.

    \b
    incident severity sev1 every card payment fails
    incident severity 01 sev3
    incident severity 1123-01 sev2 half of the users are affected --at -10m
    """
    from okb_incident.workflow.lifecycle.severity import change_severity

    return change_severity(call)


@writing(
    "set",
    opt.AT,
    opt.CORRECT,
    opt.force("Override missing requirements for status=closed; needs --reason."),
    opt.reason("The reason; required for a step back and for --force."),
    words=opt.WordsHelp("The properties; KEY= removes one."),
)
def set_(call: Call) -> ChangedIncident:
    r"""Set properties of an incident.

    `KEY=` removes a property. `status=…` follows the rules of the command for that status; a step back needs --reason.

    \b
    incident set users_affected=~1200 cause=change
    incident set 1123-01 started=01:47 services=checkout,payments-api
    incident set 01 trigger=
    """
    from okb_incident.workflow.lifecycle.set_properties import set_properties

    return set_properties(call)


@reading("edit", without=[opt.JSON])
def edit(call: Call) -> Answer:
    r"""Open the note of an incident in your editor.

    The note is not locked: others can go on writing, and commands merge with your unsaved text.

    \b
    incident edit
    incident edit 01
    incident edit 1123-01
    """
    from okb_incident.workflow.care.edit_note import edit_note

    view, changed = edit_note(call)
    did = "edited" if changed else "not changed:"
    return Answer(lines=[f"{did} {one_line(view.incident.path)}{place(view.incident)}"], problems=view.problems)
