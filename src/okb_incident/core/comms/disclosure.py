"""Disclosure: what keeps a confidential incident from users and stakeholders, and what was decided about telling them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.comms.communication import OUTSIDE
from okb_incident.core.comms.notice import AUTHORITY, reader_of
from okb_incident.core.incident.change import LogLine
from okb_incident.core.incident.incident import TLP
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record

PUBLIC = frozenset({"GREEN", "CLEAR", "WHITE"})
"""Colors of the traffic light that let information leave the organization; WHITE is what CLEAR was called before 2.0."""

DECISION = re.compile(
    r"(?P<audience>users|stakeholders) are (?:(?P<withheld>not told\b)|told although\b)", re.IGNORECASE
)
OF_AUTHORITY = re.compile(
    r"(?P<audience>the authority) is (?:(?P<withheld>not notified)|notified although)\b", re.IGNORECASE
)


def barrier(incident: Incident, audience: str) -> str | None:
    """Return why a message to an audience needs a decision, as the end of "it is …"; None where it does not.

    Nothing of a drill goes out, so it needs none.
    """
    if audience not in {*OUTSIDE, AUTHORITY} or incident.is_drill:
        return None
    reasons = ("restricted" if incident.restricted else None, _marking(incident.properties.get("tlp")))
    return " and ".join(each for each in reasons if each) or None


def _marking(value: object) -> str | None:
    """Return the traffic light that keeps information inside, the strictest of several; one that cannot be read does."""
    found = [_color(text) for text in texts_of(value)]
    kept = [color for color in found if color not in PUBLIC]
    known = [marking for marking in TLP if marking.removeprefix("TLP:") in kept]
    return known[0] if known else "marked with an unknown tlp" if kept else None


def _color(text: str) -> str:
    return re.sub(r"^TLP[\s:_-]*|\s+", "", link_target(text).upper())


def decisions(record: Record) -> Mapping[str, bool]:
    """Return for each audience whether the last decision was to tell it; an audience without a decision is absent.

    A message to an audience that was not to be told ends that decision.
    """
    found: dict[str, bool] = {}
    for entry in record.of_kind("decision", "comms"):
        fields = entry.fields or {}
        if entry.kind == "comms":
            audience = reader_of(fields["audience"], fields["kind"])
            if not found.get(audience, True):
                del found[audience]
        elif decided := DECISION.match(fields["text"]) or OF_AUTHORITY.match(fields["text"]):
            found[decided["audience"].lower()] = decided["withheld"] is None
    return found


def objection(record: Record, audience: str, *, restricted: bool = False) -> str | None:
    """Return why a message to an audience must not go out unless somebody says so, as a clause; None where nothing keeps it.

    Args:
        record: The incident.
        audience: Whom.
        restricted: Another note of the incident restricts it.
    """
    incident = record.incident
    why = barrier(incident._replace(restricted=incident.restricted or restricted), audience)
    if why:
        return f"it is {why}"
    withheld = not incident.is_drill and decisions(record).get(audience) is False
    return "it was decided not to tell them" if withheld else None


def disclose(record: Record, audience: str, why: str, reason: str, at: datetime) -> LogLine:
    """Return the line that records the decision to tell an audience all the same.

    Args:
        record: The incident.
        audience: Whom.
        why: The objection.
        reason: Why all the same; empty where nobody said.
        at: When.
    """
    done = "is notified although" if audience == AUTHORITY else "are told although"
    return _line(record, f"{audience} {done} {why}", reason, at)


def withheld(record: Record, audience: str, reason: str, at: datetime) -> LogLine:
    """Return the line that records the decision not to tell an audience."""
    return _line(record, f"{audience} are not told", reason, at)


def _line(record: Record, text: str, reason: str, at: datetime) -> LogLine:
    fields = {"text": text, "reason": reason} if reason else {"text": text}
    return LogLine("decision", KINDS["decision"].write(fields, record.zone), at)
