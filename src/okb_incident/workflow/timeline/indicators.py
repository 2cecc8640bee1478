"""The indicators of compromise in an incident's notes, and the other incidents in which each occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.integrations.indicators import defang, find
from okb_incident.vault.index.answer import load, search
from okb_incident.workflow.document import beside
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.integrations.indicators import Indicator
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


class Sighting(NamedTuple):
    """An indicator and where it was seen.

    Attributes:
        indicator: The indicator.
        defanged: So that nothing makes a link of it.
        also_in: The ids of the other incidents in whose notes it is.
    """

    indicator: Indicator
    defanged: str
    also_in: list[str]


def indicators_of(call: Call) -> tuple[str, list[Sighting]]:
    """Find the indicators in an incident's note and its companions.

    Returns:
        The id of the incident, and what was found. Restricted incidents are compared with only where they are asked for.

    Raises:
        SettingsError: The library is not installed.
    """
    target = call.target(is_open, resolved_today(call.session))
    which = target.id.text
    found = find(_words(call.session, target.path, which))
    others = _others(call.session, which, found, restricted=call.shared.restricted)
    return which, [
        Sighting(each, defang(each), sorted(other for other, words in others.items() if each in words))
        for each in found
    ]


def _words(session: Session, path: str, which: str) -> str:
    """Return the text of an incident's note and of those that accompany it."""
    incident_id = session.vault.settings.ids.read(which)
    own = beside(session, incident_id, path) if incident_id else []
    return "\n\n".join(session.vault.read(each).text for each in (path, *own))


def _others(session: Session, which: str, found: list[Indicator], *, restricted: bool) -> dict[str, set[Indicator]]:
    """Return the indicators of the other incidents that could share one: those that the index knows to hold its words."""
    candidates: dict[str, Incident] = {}
    for each in found:
        for match in search(session.vault, [each.value], wanted=lambda incident: incident.id.text != which):
            candidates[match.incident.id.text] = match.incident
    if restricted:
        # The words of restricted incidents are in no index.
        loaded = load(session.vault, include_restricted=True)
        candidates |= {each.id.text: each for each in loaded.incidents if each.restricted and each.id.text != which}
    return {name: set(find(_words(session, incident.path, name))) for name, incident in candidates.items()}
