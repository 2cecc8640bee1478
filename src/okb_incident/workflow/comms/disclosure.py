"""Keeping a confidential incident from users and stakeholders until somebody decides that they are told, and recording what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Candidate, Command
from okb_incident.core.comms import updates
from okb_incident.core.comms.communication import OUTSIDE
from okb_incident.core.comms.disclosure import decisions, disclose, objection
from okb_incident.core.comms.notice import AUTHORITY, reader_of
from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.errors import MissingWordError, TransitionError, UsageError
from okb_incident.workflow.comms.messages import is_not_aside
from okb_incident.workflow.reference import is_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.change import LogLine
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

WITHHELD = tuple(each for each in AUDIENCES if each in OUTSIDE)
"""Audiences that may be kept from knowing."""

EXAMPLE = 'comms withhold users "the intruder would be warned"'


def cleared(call: Call, record: Record, message: tuple[str, str], words: Sequence[str]) -> tuple[LogLine, ...]:
    """Return the line that records that an audience gets a message although there is an objection; nothing where there is none.

    Args:
        call: The call, with ``--disclose`` and ``--reason``.
        record: What the incident's note says at the moment of writing.
        message: The audience and the kind of the message.
        words: What was typed after the reference, for the command to repeat.

    Raises:
        TransitionError: The incident is confidential, or they are not to be told, and nobody decided otherwise.
    """
    incident, audience = record.incident, reader_of(*message)
    elsewhere = audience in {*OUTSIDE, AUTHORITY} and not incident.restricted and call.session.vault.hides(incident.id)
    why = objection(record, audience, restricted=elsewhere)
    if why is None:
        return ()
    if call.shared.disclose:
        return (disclose(record, audience, why, call.reason, call.moment),)
    send = call.repeated(words, incident.id, also=("--disclose",))
    ways = [Candidate(send, f"tell {audience} and record the decision:")]
    if audience in WITHHELD and decisions(record).get(audience) is not False:
        keep = Command("comms withhold", audience, incident=incident.id)
        ways.append(Candidate(keep, f"record why {audience} are not informed:"))
    raise TransitionError(
        f"nothing was sent to {audience} about {incident.id}: {why}",
        field="AUDIENCE",
        value=audience,
        candidates=tuple(ways),
    )


def withhold(call: Call) -> ChangedIncident:
    """Record that an audience is not told, and why.

    Raises:
        UsageError: There is no such audience, or no reason.
    """
    audience = call.given.get("AUDIENCE", "").lower()
    if not audience:
        raise MissingWordError("AUDIENCE", "who is not informed", EXAMPLE, allowed=WITHHELD)
    if audience not in WITHHELD:
        raise UsageError(
            f"unknown audience {audience!r}; choose from {', '.join(WITHHELD)}",
            field="AUDIENCE",
            value=audience,
            allowed=WITHHELD,
            hint=f"incident {EXAMPLE}",
        )
    if not call.why:
        raise MissingWordError("REASON", f"why are {audience} not informed", EXAMPLE)
    return call.change(
        lambda record: updates.withhold(record, audience, call.why, call.moment),
        is_open,
        is_not_aside,
    )
