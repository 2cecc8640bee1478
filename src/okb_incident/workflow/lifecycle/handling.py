"""What the category and the source of an incident bring with them, and what a person is asked because of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.incident import TLP
from okb_incident.core.response.handling import word_in
from okb_incident.core.values.properties import text_of
from okb_incident.workflow.lifecycle.read_word import word_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Policy
    from okb_incident.workflow.call import Call, Decision
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.lifecycle.opening import Opening
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.request import Person

    Value = str | int | tuple[str, ...] | datetime | None


def handled(call: Call, opening: Opening) -> Opening:
    """Return an opening with the category that its source brings, and ask a person for what that needs."""
    settings = call.session.vault.settings
    category = opening.category or word_in(settings.vocabulary.category, opening.handling.category)
    opening = opening._replace(category=category)
    return _asked(call.question, opening, settings.policy.category(category).requires) if call.question else opening


def _asked(question: Person, opening: Opening, requires: tuple[str, ...]) -> Opening:
    if "services" in requires and not opening.services:
        reply = question.line("Which services are affected? (Enter to skip) ")
        opening = opening._replace(services=[each.strip() for each in (reply or "").split(",") if each.strip()])
    if opening.handling.tlp and not any(pair.startswith("tlp=") for pair in opening.pairs):
        reply = _ask_tlp(question)
        opening = opening._replace(pairs=[*opening.pairs, f"tlp={reply}"]) if reply else opening
    return opening


def change_handling(call: Call, target: Target, decide: Decision, values: dict[str, Value]) -> ChangedIncident:
    """Apply a decision on category or source; an incident that becomes one of security is restricted, and its traffic light asked for.

    Args:
        call: The call.
        target: The incident.
        decide: The decision.
        values: The properties that it sets, to which the answer is added.
    """
    from okb_incident.workflow.care.restrict import change_or_restrict  # noqa: PLC0415 - `open` moves no notes

    if call.question is not None and "tlp" not in values:
        record = call.record(target)
        if _needs_tlp(record.incident, decide(record).properties, call.session.vault.settings.policy):
            reply = _ask_tlp(call.question)
            values |= {"tlp": word_of("tlp", reply, TLP)} if reply else {}
    return change_or_restrict(call, target, decide)


def _needs_tlp(incident: Incident, changed: Mapping[str, object], policy: Policy) -> bool:
    """Return whether an incident needs a traffic light once it is changed, and did not before."""
    category, source = (text_of(changed.get(key, incident.properties.get(key))) for key in ("category", "detected_by"))
    before = policy.handling(incident.category, incident.detected_by)
    return policy.handling(category, source).tlp and not before.tlp and not text_of(incident.properties.get("tlp"))


def _ask_tlp(question: Person) -> str:
    """Ask who may know of an incident; nothing where the question is skipped."""
    words = tuple(word.removeprefix("TLP:").lower() for word in TLP)
    return question.line("Who may know of the incident, by TLP? (Enter to skip) ", words) or ""
