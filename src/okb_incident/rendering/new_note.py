"""The note that a template becomes, as far as the template may know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class NewNote(NamedTuple):
    """A note that is being made.

    Attributes:
        path: Where it will be, relative to the vault, with ``/``.
        at: The moment of its making, aware, in the zone in which its dates are written.
    """

    path: str
    at: datetime

    @property
    def title(self) -> str:
        """Return its file name without the ending: the title, to Obsidian."""
        return self.path.rpartition("/")[2].removesuffix(".md")

    @property
    def folder(self) -> str:
        """Return the folder that it is in; ``/`` at the root of the vault."""
        return self.path.rpartition("/")[0] or "/"
