"""The templates: which file wins for each name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.rendering.locate import available, find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.rendering.locate import Template
    from okb_incident.workflow.session import Session


def template_folders(session: Session) -> tuple[tuple[str, str], ...]:
    """Give the folders in which a template is looked for, the first that has it winning."""
    return (
        ("vault", os.path.join(session.vault.root, session.vault.settings.folders.templates)),
        ("user", os.path.join(os.path.dirname(session.user.path), "templates")),
    )


def list_templates(session: Session) -> Sequence[Template]:
    """Give the template that wins for each name."""
    return available(template_folders(session))


def show_template(session: Session, name: str) -> Template:
    """Give the template of a name.

    Raises:
        NotFoundError: There is none; close names are offered.
    """
    return find(name, template_folders(session))
