"""What a vault gets for Obsidian: a board of its incidents, and the templates of notes that people write in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.core.settings.settings import Folders
from okb_incident.rendering.locate import TemplateFolders, find
from okb_incident.vault.disk import lock
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.write import recovery
from okb_incident.vault.write.commit import Create, commit

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = ".obsidian"
"""The folder in which Obsidian keeps the settings of a vault."""

TEMPLATES = ("incident", "review")

BOARD = """\
filters:
  and:
    - type == "incident"
    - '!file.inFolder("{restricted}")'
    - visibility != "restricted"
formulas:
  next: if(next_update, if(next_update < now(), "late", next_update.relative()), "")
  declared: if(declared, declared.relative(), "")
properties:
  file.name:
    displayName: Incident
  formula.next:
    displayName: Next update
  formula.declared:
    displayName: Declared
views:
  - type: table
    name: Open
    filters:
      and:
        - status != "resolved"
        - status != "closed"
        - status != "declined"
        - status != "merged"
    order:
      - file.name
      - title
      - severity
      - status
      - commander
      - formula.declared
      - formula.next
    sort:
      - property: severity
        direction: ASC
  - type: table
    name: To close
    filters:
      and:
        - status == "resolved"
    order:
      - file.name
      - title
      - severity
      - resolved
      - commander
    sort:
      - property: resolved
        direction: ASC
  - type: table
    name: All
    order:
      - file.name
      - title
      - severity
      - status
      - services
      - declared
    sort:
      - property: declared
        direction: DESC
"""
"""A base, as Obsidian writes one itself. Times are compared and never subtracted, because Obsidian's answer to that has changed."""


def is_in_obsidian(root: str) -> bool:
    """Return whether Obsidian has opened the folder as a vault."""
    return os.path.isdir(os.path.join(root, MARK))


def has_board(root: str) -> bool:
    """Return whether the vault has a board where one is usually put."""
    return os.path.lexists(os.path.join(root, Folders().incidents, "boards"))


def add_for_obsidian(root: str, folders: Folders) -> list[str]:
    """Add the board and the templates that are missing; what is there stays.

    Returns:
        What was made, relative to the vault.

    Raises:
        VaultError: The vault cannot be written.
    """
    with lock.hold(root, "incident init"):
        journal = Journal.here(root)
        recovery.recover(journal)
        recovery.tidy(journal)
        steps = [step for step in _files(folders) if not os.path.lexists(os.path.join(root, step.path))]
        if steps:
            commit(root, steps, command="incident init")
    return [step.path for step in steps]


def _files(folders: Folders) -> Iterator[Create]:
    yield Create(f"{folders.incidents}/boards/Incidents.base", BOARD.format(restricted=folders.restricted).encode())
    for name in TEMPLATES:
        yield Create(f"{folders.templates}/{name}.md", find(name, TemplateFolders()).text.encode())
