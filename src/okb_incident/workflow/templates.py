"""The templates: which file wins for each name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError
from okb_incident.rendering.locate import Folders, available, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.rendering.locate import Place, Template
    from okb_incident.workflow.session import Session


def template_folders(session: Session) -> Folders:
    """Give the folders in which a template is looked for before the shipped ones.

    Raises:
        InvalidNoteError: The vault's lies outside of it, behind a link.
    """
    try:
        of_vault = session.vault.real(session.vault.settings.folders.templates)
    except NotFoundError:
        of_vault = None
    return Folders(
        vault=of_vault,
        user=os.path.join(os.path.dirname(session.user.path), "templates"),
    )


def list_templates(session: Session) -> Mapping[str, tuple[Place, ...]]:
    """Give the files of each name, the one that wins first."""
    return available(template_folders(session))


def show_template(session: Session, name: str) -> Template:
    """Give the template of a name.

    Raises:
        NotFoundError: There is none; the names that exist are offered.
    """
    return find(name, template_folders(session))
