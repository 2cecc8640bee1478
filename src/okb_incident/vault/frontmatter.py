"""A note's frontmatter: reading it, and changing one property of it.

An edit is made on the text and then proven: the note is read again, and unless the one property has its new value and every
other one its old, the edit is refused and nothing is given out. Where a block is broken, what can still be read of it
line by line is held to the same proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from okb_incident.errors import InvalidNoteError
from okb_incident.vault import block_edit
from okb_incident.vault.block_edit import UnprovenError, same
from okb_incident.vault.entries import Entry, locate
from okb_incident.vault.note import FENCE, Fences, Parts, join, split
from okb_incident.vault.properties import Frontmatter, State, read
from okb_incident.vault.salvage import salvage
from okb_incident.vault.scalar import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Frontmatter", "State", "append_item", "read", "remove_item", "set_property", "write_block"]

Scalar = str | int | float | bool
Value = Scalar | Sequence[Scalar] | None
