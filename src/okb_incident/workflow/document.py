"""Documents: a template and the facts of an incident become a note beside the incident's own."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from okb_incident.command import Command, Sentence
from okb_incident.core.values.properties import text_of
from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.rendering.locate import find
from okb_incident.rendering.render import render
from okb_incident.vault.journal.store import names_once_given
from okb_incident.vault.write.steps import Create, Edit
from okb_incident.vault.yaml.emit import write_block
from okb_incident.workflow.templates import template_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.rendering.render import Rendered
    from okb_incident.vault.vault import Note
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

PRIVATE, READABLE = 0o600, 0o644


def compose(
    session: Session,
    template: str,
    values: Mapping[str, object],
    properties: Mapping[str, Value],
    *,
    path: str,
) -> str:
    """Render a template to the text of a note.

    Args:
        session: The session.
        template: The name of the template.
        values: What its names stand for.
        properties: Ours, in their order; the template may add others.
        path: The note to come, relative to the vault.

    Raises:
        NotFoundError: There is no such template.
        InvalidNoteError: The template is wrong; with its path and line.
    """
    at = session.now.astimezone(session.zone)
    rendered = render(find(template, template_folders(session)), values, at=at, path=path)
    # A condition that says nothing leaves its blank lines behind.
    body = re.sub(r"\n{3,}", "\n\n", rendered.body)
    text = f"---\n{write_block(properties)}---\n{body}"
    if rendered.frontmatter.strip():
        text = with_extra(text, rendered, properties, tuple(properties))
    return text.rstrip("\n") + "\n"


def with_extra(text: str, rendered: Rendered, ours: Mapping[str, Value], order: Sequence[str]) -> str:
    """Add the properties that a template has; ours are not for it to decide.

    Raises:
        InvalidNoteError: They cannot be read.
    """
    from okb_incident.vault.note import frontmatter  # noqa: PLC0415 - most templates have none
    from okb_incident.vault.yaml import yaml12  # noqa: PLC0415 - most templates have none
    from okb_incident.vault.yaml.yaml_fault import YamlFault  # noqa: PLC0415 - likewise

    try:
        parsed = yaml12.parse(rendered.frontmatter).values
    except YamlFault as fault:
        raise InvalidNoteError(
            f"{rendered.source}: the properties of this template cannot be read: {fault}, in line {fault.line} of them",
            field="template",
            value=rendered.source,
            hint=Sentence("Correct them, then try the template: ", Command("templates check")),
        ) from None
    values: dict[str, Any] = rendered.stand_ins.fill(dict(parsed))
    for key, value in values.items():
        if key not in ours and value is not None:
            text = frontmatter.set_property(text, key, value, order, path="the new note")
    return text


def new_note(incident: Incident, folder: str, name: str, text: str) -> Create:
    """Return the step that creates a note of an incident, such as a message; it is as secret as the incident's note."""
    return Create(os.path.join(folder, f"{name}.md"), text.encode(), PRIVATE if incident.restricted else READABLE)


def edited(session: Session, incident: Incident, path: str, change: Callable[[Note], str]) -> Edit:
    """Return the step that changes a note of an incident, such as a message.

    Args:
        session: The session.
        incident: The incident.
        path: The note.
        change: From the note to its new text; called again where somebody else saves meanwhile.
    """

    def apply(data: bytes) -> bytes:
        from okb_incident.vault.note.note import encode  # noqa: PLC0415

        return encode(change(session.vault.parse(path, data)))

    return Edit(path, apply, private=lambda _: incident.restricted)


def beside(session: Session, incident_id: IncidentId, path: str) -> list[str]:
    """List the notes that carry an incident's id in front, sorted by name, wherever they and the incident's own note went.

    They are where that note is, or below the folders of incidents, where they were left when it was moved. Only if one is missing
    that it links to, or that a command made, is the whole vault searched, by names.

    Args:
        session: The session.
        incident_id: The incident.
        path: Its note, which is not one of them.
    """
    vault, begin = session.vault, f"{incident_id} "
    found = vault.companions(incident_id, path)
    expected = {*names_linked(session, begin, path)}
    expected |= {name.removesuffix(".md") for name in names_once_given(vault.root, begin)}
    if expected <= {os.path.basename(each).removesuffix(".md") for each in (*found, path)}:
        return found
    everywhere = {*found, *vault.companions_anywhere(incident_id)} - {path}
    return sorted(everywhere, key=lambda each: (os.path.basename(each), each))


def names_linked(session: Session, begin: str, path: str) -> list[str]:
    """Return the names of the notes to which a note links and that begin so, whether they still exist."""
    # No link has a bracket within; searching on from each of a million would never end.
    pattern = rf"\[\[(?:[^\[\]|#\n]*/)?({re.escape(begin)}[^\[\]|#\n]*)"
    links = re.findall(pattern, session.vault.read(path).text)
    return [name.removesuffix(".md") for name in links]


def companions(session: Session, target: Target, middle: str) -> list[str]:
    """Return the paths of the notes of an incident whose name goes on with some words."""
    begin = f"{target.id} {middle}"
    return [path for path in beside(session, target.id, target.path) if os.path.basename(path).startswith(begin)]


def readable(note: Note) -> Note:
    """Insist on a note whose properties can be read, before they are changed or believed.

    Raises:
        InvalidNoteError: They cannot; with the place and what is wrong there.
    """
    if note.frontmatter.state != "ok":
        problem = next(iter(note.frontmatter.problems), None)
        place = f"{note.path}:{problem.line}" if problem and problem.line else note.path
        said = problem.message if problem else "it has no properties"
        raise InvalidNoteError(
            f"{place}: {said}; nothing was changed",
            field="frontmatter",
            value=note.path,
            hint=(
                problem.hint
                if problem and problem.hint
                else "Repair the properties in Obsidian, then repeat the command."
            ),
        )
    return note


def with_properties(text: str, path: str, properties: Mapping[str, Value], order: Sequence[str]) -> str:
    """Return a note with some properties, each in its place or where the order has it."""
    from okb_incident.vault.note import frontmatter  # noqa: PLC0415 - a new note needs no editor

    for key, value in properties.items():
        text = frontmatter.set_property(text, key, value, order, path=path)
    return text


def public_names(session: Session, incident: Incident) -> dict[str, str]:
    """Return the public name of each service of an incident; empty for one without."""
    found = {}
    for name in incident.services:
        try:
            values = session.vault.read(f"{session.vault.settings.folders.services}/{name}.md").frontmatter.values
        except (NotFoundError, InvalidNoteError):
            values = {}
        found[name] = text_of(values.get("public_name")) or ""
    return found


def public_services(session: Session, incident: Incident) -> tuple[str, ...]:
    """Return the public names of the services of an incident; a service without one is left out."""
    return tuple(dict.fromkeys(filter(None, public_names(session, incident).values())))
