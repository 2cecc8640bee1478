"""The indicators of compromise in an incident's notes, and the other incidents in which each occurs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.integrations.indicators import defang, find
from okb_incident.vault.index.answer import load, search
from okb_incident.vault.read.scan import list_names
from okb_incident.workflow.reference import find_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.integrations.indicators import Indicator
    from okb_incident.workflow.session import Session


class Seen(NamedTuple):
    """An indicator and where it was seen.

    Attributes:
        indicator: What.
        defanged: So that nothing makes a link of it.
        also_in: The ids of the other incidents in whose notes it stands.
    """

    indicator: Indicator
    defanged: str
    also_in: list[str]


def indicators_of(
    session: Session,
    reference: str | None,
    *,
    restricted: bool = False,
    ask: Callable[[Sequence[str]], int | None] | None = None,
) -> tuple[str, list[Seen]]:
    """Find the indicators in an incident's note and its companions.

    Returns:
        The id of the incident, and what was found. Restricted incidents are compared with only where they are asked for.

    Raises:
        NotFoundError: There is no incident of that reference.
        SettingsError: The library is not installed.
    """
    target = find_target(
        session,
        reference,
        verb="indicators",
        fits=lambda incident: incident.is_open,
        by_title=True,
        restricted=restricted,
        ask=ask,
    )
    found = find(_words(session, target.path, target.id.text))
    others = _others(session, target.id.text, found, restricted=restricted)
    return target.id.text, [
        Seen(each, defang(each), sorted(which for which, words in others.items() if each in words)) for each in found
    ]


def _words(session: Session, path: str, which: str) -> str:
    """Give the text of an incident's note and of those that accompany it."""
    folder = path.rpartition("/")[0]
    names = list_names(os.path.join(session.vault.root, folder))
    own = [f"{folder}/{name}" for name in names if name.startswith(f"{which} ")]
    return "\n\n".join(session.vault.read(each).text for each in (path, *own))


def _others(session: Session, which: str, found: list[Indicator], *, restricted: bool) -> dict[str, set[Indicator]]:
    """Give the indicators of the other incidents that could share one: those that the index knows to hold its words."""
    candidates: dict[str, Incident] = {}
    for each in found:
        for match in search(session.vault, [each.value], wanted=lambda incident: incident.id.text != which):
            candidates[match.incident.id.text] = match.incident
    if restricted:
        # The words of restricted incidents are in no index.
        loaded = load(session.vault, include_restricted=True)
        candidates |= {each.id.text: each for each in loaded.incidents if each.restricted and each.id.text != which}
    return {name: set(find(_words(session, incident.path, name))) for name, incident in candidates.items()}
