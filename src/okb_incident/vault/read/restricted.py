"""Restricted notes: which ones they are, and what else would tell of them.

The property `visibility` or the folder is enough to restrict a note; where the two differ, the stricter one holds. So does
a line that says so in a block that cannot be read, and so do copies of a restricted incident that are elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.incident.schema import is_restricted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.note.frontmatter import Frontmatter

SAYS_SO = rb"(?im)^[\"' ]*visibility[\"' ]*:.*restricted"
TLP_LINE = rb"(?im)^[\"' ]*tlp[\"' ]*:(.*)$"
HEAD = 64 * 1024


def note_is_restricted(path: str, data: bytes, frontmatter: Frontmatter, settings: Settings) -> bool:
    """Return whether a note may be shown only where it is asked for."""
    if is_restricted(frontmatter.values, path, settings):
        return True
    return frontmatter.state != "ok" and says_so(data)


def says_so(data: bytes) -> bool:
    """Return whether a line at the head of a note restricts it, as far as that shows without reading its properties."""
    return re.search(SAYS_SO, data[:HEAD]) is not None


def marking_in(data: bytes) -> str | None:
    """Return what a line at the head of a note says of its traffic light, as it is there; None where no line does."""
    found = re.search(TLP_LINE, data[:HEAD])
    return found[1].decode(errors="replace").strip() or "?" if found else None


def without(secret: Collection[str], problems: Iterable[Problem], folder: str) -> Iterator[Problem]:
    """Leave out the problems that would tell of a restricted incident: of its note, of copies of it, of its companions.

    Args:
        secret: The ids of restricted incidents.
        problems: What was found on reading the vault.
        folder: That of restricted incidents.
    """
    names = tuple(f"{incident_id}{after}" for incident_id in secret for after in (".", " "))
    for problem in problems:
        within = f"{problem.path}/".startswith(f"{folder}/")
        if not within and not problem.path.rpartition("/")[2].startswith(names):
            yield problem
