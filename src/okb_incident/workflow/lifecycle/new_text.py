"""The text of a new incident's note: our properties by the proven emitter, and the rest by the template that wins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.values.properties import ORDER
from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.rendering.locate import TemplateFolders, exists, find
from okb_incident.rendering.render import render
from okb_incident.vault.yaml.emit import write_block
from okb_incident.workflow.templates import template_folders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.rendering.locate import Template
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.session import Session

#: What a template of an incident's note may name.
NAMED = ("id", "title", "status", "severity", "declared")


def rendered(
    session: Session, ordered: Mapping[str, Value], path: str, category: str | None
) -> tuple[str, tuple[str, ...]]:
    """Render the template that wins; a broken one of the vault's does not keep anybody from opening an incident."""
    try:
        folders = template_folders(session)
        return _from(session, _template(_own(session, category, folders), folders), ordered, path), ()
    except (InvalidNoteError, NotFoundError) as error:
        warning = f"the shipped template was used instead: {error.message}"
        return _from(session, find("incident", TemplateFolders()), ordered, path), (warning,)


def _from(session: Session, template: Template, ordered: Mapping[str, Value], path: str) -> str:
    """Return the text of the note that a template makes."""
    values = {key: value for key in NAMED if isinstance(value := ordered[key], str)}
    made = render(template, values, at=session.now.astimezone(session.zone), path=path)
    text = f"---\n{write_block(ordered)}---\n{made.body}"
    if not made.frontmatter.strip():
        return text
    from okb_incident.workflow.document import with_extra  # noqa: PLC0415 - most templates have no properties

    return with_extra(text, made, ordered, ORDER)


def _own(session: Session, category: str | None, folders: TemplateFolders) -> str | None:
    """Return the name of the template of a category: the one in the settings, else the one that is named after it, if there is one."""
    if not category:
        return None
    named = f"incident-{'-'.join(re.findall('[a-z0-9]+', category.lower()))}"
    return session.vault.settings.policy.category(category).template or (named if exists(named, folders) else None)


def _template(own: str | None, folders: TemplateFolders) -> Template:
    """Find the template of a category, else the common one; one that somebody has made goes before a shipped one of the category."""
    common = find("incident", folders) if own else None
    found = find(own or "incident", folders)
    return common if common and common.origin != "shipped" and found.origin == "shipped" else found
