"""The runbooks of services, as their notes link them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.values.name import is_good_name
from okb_incident.core.values.properties import as_link, link_target, texts_of
from okb_incident.errors import InvalidNoteError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okb_incident.vault.vault import Vault

ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]{1,300}")


def runbooks(vault: Vault, services: Sequence[str]) -> list[str]:
    """Return a line for each runbook of some services, with the services that it is for.

    A service without a note, a note that cannot be read and a property that is neither a link nor an address have none.
    """
    known = {name.casefold(): name for name in vault.names_in(vault.settings.folders.services)}
    found: dict[str, list[str]] = {}
    for service in dict.fromkeys(known[name.casefold()] for name in services if name.casefold() in known):
        for link in _links(vault, service):
            found.setdefault(link, []).append(service)
    return [f"- Runbook of {', '.join(map(as_link, whose))}: {link}" for link, whose in found.items()]


def _links(vault: Vault, service: str) -> Iterable[str]:
    try:
        values = vault.read(f"{vault.settings.folders.services}/{service}.md").frontmatter.values
    except (NotFoundError, InvalidNoteError):
        return ()
    return dict.fromkeys(filter(None, map(_link, texts_of(values.get("runbook")))))


def _link(text: str) -> str | None:
    """Return a wikilink to the note that a property links, or the address that it holds; None for anything else."""
    name = link_target(text)
    if text.startswith("[[") and is_good_name(name) and "%%" not in name:
        return as_link(name)
    return text if ADDRESS.fullmatch(text) and "%%" not in text else None
