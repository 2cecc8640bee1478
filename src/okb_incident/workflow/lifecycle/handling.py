"""What the category and the source of an incident that is opened bring with them, and what is asked because of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response.handling import word_in
from okb_incident.workflow.lifecycle.read_word import ask_tlp

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.lifecycle.opening import Opening
    from okb_incident.workflow.request import Person


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
        reply = ask_tlp(question)
        opening = opening._replace(pairs=[*opening.pairs, f"tlp={reply}"]) if reply else opening
    return opening
