"""What a notice to an authority says of an incident, and what a briefing says of the duty to send one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.guidance.phrases import listed, spelled_out
from okb_incident.core.guidance.wording import Clock
from okb_incident.core.response.duty import SENT, classes_of, duty_of, moment_of
from okb_incident.core.values.moment import seconds_between
from okb_incident.core.values.properties import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.timeline.record import Record

UNKNOWN = "not known yet"
AMOUNT = re.compile(r"~?\d[\d.,' ]*[kK]?(?: ?[-–] ?\d[\d.,' ]*[kK]?)? ?%?")
"""How many people: a number, a guess, a range or a share, and no other text."""

LOSS = {"none": "not affected", "partial": "partly lost", "full": "lost"}


def notice_facts(record: Record, settings: Settings, now: datetime) -> dict[str, str]:
    """Return what the template of a notice knows beside the public facts; what is unknown is said to be unknown.

    Args:
        record: The incident.
        settings: The vault's zone, its words for classes of data, and with its policy whom an authority can ask.
        now: The moment of the notice.
    """
    incident, policy = record.incident, settings.policy
    show = Clock(record.zone, settings.zone_name, now).show
    duty = duty_of(record, policy.notify)
    late = seconds_between(duty.by, now) if duty and duty.by else 0
    people = text_of(incident.properties.get("users_affected")) or ""
    losses = {
        key: LOSS.get((text_of(incident.properties.get(key)) or "").lower(), UNKNOWN)
        for key in ("confidentiality", "integrity", "availability")
    }
    return {
        "noticed": show(incident.at("detected") or incident.at("declared")) or UNKNOWN,
        "started": show(incident.at("started")) or UNKNOWN,
        "stopped": show(incident.at("mitigated") or incident.at("resolved")),
        "data": listed(_classes(record, settings.vocabulary.data_classes)) or UNKNOWN,
        "people": people.replace("~", "about ") if AMOUNT.fullmatch(people) else UNKNOWN,
        **losses,
        "contact": policy.notice_contact or "",
        "first": show(moment_of(incident, SENT, record.zone)),
        "due": show(duty.by if duty else None),
        "late": spelled_out(late) if late > 0 else "",
    }


def _classes(record: Record, words: Sequence[str]) -> list[str]:
    """Return the classes of data by the vault's words; what a person wrote instead of one is not for others to read."""
    known = {word.lower(): word for word in words}
    found = classes_of(record.incident)
    ours = [known[name.lower()] for name in found if name.lower() in known]
    return ours + (["other data"] if len(ours) < len(found) else [])


def duty_sentence(record: Record, settings: Settings, now: datetime) -> str:
    """Return what colleagues have to know of the duty to notify, as a sentence; empty where there is none."""
    show = Clock(record.zone, settings.zone_name, now).show
    if sent := moment_of(record.incident, SENT, record.zone):
        return f"The authority was notified at {show(sent)}."
    duty = duty_of(record, settings.policy.notify)
    if duty is None:
        return ""
    if duty.by is None:
        return "The authority has to be notified; the deadline cannot be read."
    if duty.by < now:
        return f"The authority has not been notified; the deadline was {show(duty.by)}."
    return f"The authority has to be notified by {show(duty.by)}."
