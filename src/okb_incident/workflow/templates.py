"""The templates: which file wins for each name, and how one becomes the vault's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.errors import ConflictError, NotFoundError
from okb_incident.rendering.locate import TemplateFolders, available, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.rendering.locate import Place, Template
    from okb_incident.vault.write.commit import Committed
    from okb_incident.workflow.session import Session


def template_folders(session: Session) -> TemplateFolders:
    """Return the folders in which a template is looked for before the shipped ones.

    Raises:
        InvalidNoteError: The vault's is outside of it, behind a link.
    """
    try:
        of_vault = session.vault.real(session.vault.settings.folders.templates)
    except NotFoundError:
        of_vault = None
    return TemplateFolders(
        vault=of_vault,
        user=os.path.join(os.path.dirname(session.user.path), "templates"),
    )


def list_templates(session: Session) -> Mapping[str, tuple[Place, ...]]:
    """Return the files of each name, the one that wins first."""
    return available(template_folders(session))


def show_template(session: Session, name: str) -> Template:
    """Return the template of a name.

    Raises:
        NotFoundError: There is none; the names that exist are offered.
    """
    return find(name, template_folders(session))


def copy_template(session: Session, name: str) -> tuple[str, Committed]:
    """Copy the template that wins into the vault, where it is changed.

    Returns:
        The copy, relative to the vault, and what was written.

    Raises:
        NotFoundError: There is none of that name.
        ConflictError: The vault has its own already.
        OkbError: The vault cannot be written.
    """
    from okb_incident.vault.disk import lock  # noqa: PLC0415 - `open` looks for templates, and copies none
    from okb_incident.vault.disk.writer import AlreadyThereError  # noqa: PLC0415
    from okb_incident.vault.write.commit import Create, commit  # noqa: PLC0415

    session.about_to_write()
    template = find(name, template_folders(session))
    path = f"{session.vault.settings.folders.templates}/{template.name}.md"
    try:
        with lock.hold(session.vault.root, "incident templates copy"):
            done = commit(
                session.vault.root,
                [Create(path, template.text.encode())],
                command="incident templates copy",
                by=session.known_actor,
            )
    except AlreadyThereError:
        raise ConflictError(
            f"the vault has its own {template.name} already: {path}",
            field="template",
            value=name,
            hint=f"Change that one in Obsidian, then: incident templates check {template.name}",
        ) from None
    return path, done
