"""A note's frontmatter: reading it, and changing one property of it.

An edit is made on the text and then proven: the note is read again, and unless the one property has its new value and every
other one its old, the edit is refused and nothing is given out. Where a block is broken, what can still be read of it
line by line is held to the same proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from okb_incident.errors import InvalidNoteError
from okb_incident.vault.note.note import FENCE, Fences, join, split
from okb_incident.vault.note.properties import Frontmatter, State, read
from okb_incident.vault.yaml import block_edit
from okb_incident.vault.yaml.block_edit import same
from okb_incident.vault.yaml.emit import Scalar, UnprovenError, property_lines, stored, stored_scalar, write_block
from okb_incident.vault.yaml.entries import YamlKind
from okb_incident.vault.yaml.locate import locate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.command import Text
    from okb_incident.vault.note.note import Parts
    from okb_incident.vault.yaml.emit import New, Value
    from okb_incident.vault.yaml.entries import YamlEntry

__all__ = ["Frontmatter", "State", "append_item", "read", "remove_item", "set_property", "write_block"]


def set_property(text: str, key: str, value: Value, order: Sequence[str] = (), *, path: str = "the note") -> str:
    """Set a property to a value, or remove it with None.

    The property keeps its place, the comment next to it, its quotes where they can hold the new value, and of a list the
    lines of the items that stay. A new one is put at its place in ``order``, or at the end. A value that is there already
    changes nothing.

    Args:
        text: The whole note.
        key: The property.
        value: Lists become block lists, but for one that is in brackets and has items. A text loses lone surrogates.
        order: The keys in the order in which they are written.
        path: The note's name in messages.

    Raises:
        InvalidNoteError: It cannot be done without touching, or perhaps touching, anything else.
    """
    return _Edit(text, key, order, path).to(stored(value))


def append_item(text: str, key: str, item: Scalar, order: Sequence[str] = (), *, path: str = "the note") -> str:
    """Add an item to a list, at its end and in its style; an item that is there already changes nothing.

    A single value becomes the first item of a list, as it is: Obsidian reads ``tags: a`` and ``aliases: Checkout`` as
    lists of one, and takes a comma in them for a mistake, not for a separator.

    Raises:
        InvalidNoteError: As for ``set_property``, or the value is a mapping or unreadable.
    """
    edit = _Edit(text, key, order, path)
    new = stored_scalar(item)
    items = edit.items()
    return text if any(same(each, new) for each in items) else edit.to([*items, new])


def remove_item(text: str, key: str, item: Scalar, *, path: str = "the note") -> str:
    """Take an item out of a list, however often it is there; with its last item the property goes.

    Raises:
        InvalidNoteError: As for ``append_item``.
    """
    edit = _Edit(text, key, (), path)
    gone = stored_scalar(item)
    items = edit.items()
    rest = [each for each in items if not same(each, gone)]
    return text if len(rest) == len(items) else edit.to(rest or None)


class _Edit:
    """One edit of one property: finds it, changes its lines, and proves that nothing else changed."""

    def __init__(self, text: str, key: str, order: Sequence[str], path: str) -> None:
        self.text = text
        self.key = key
        self.order = order
        self.path = path
        self.parts = split(text)
        self.before = read(text, path)
        if self.parts.fences is not Fences.CLOSED and self.before.state is not State.NONE:
            problem = self.before.problems[-1]
            self.refuse(problem.message, problem.line, problem.hint)
        self.entries: Mapping[str, YamlEntry] = self.located()
        self.entry = self.entries.get(key)

    def located(self) -> Mapping[str, YamlEntry]:
        """Find the properties among which the edit takes place."""
        if self.before.state is not State.BROKEN:
            entries = locate(self.parts.block)
            if entries is None:
                self.refuse("the frontmatter is in braces", self.parts.block_line, "write one property a line")
            return entries
        from okb_incident.vault.yaml.salvage import salvage  # noqa: PLC0415 - few blocks are broken

        found = salvage(self.parts.block)
        fault = self.before.problems[-1]
        for name, line, _ in found.repeats:
            if name == self.key:
                self.refuse("it is there twice", line + self.parts.block_line - 1, "delete one of the two")
        if self.key not in found.entries and (self.key in found.times or not found.open_end):
            self.refuse(fault.message, fault.line, fault.hint)
        return found.entries

    def items(self) -> list[object]:
        """Return the items of the property's list; a single value is a list of one."""
        value = self.before.values.get(self.key)
        if isinstance(value, dict) or (self.entry and self.entry.kind is YamlKind.BROKEN):
            self.refuse("its value is not a readable list", self.line())
        if isinstance(value, list):
            return value
        return [] if value is None else [value]

    def to(self, value: New | None) -> str:
        """Return the note with the property at another value; the very same text where it has that value already.

        Raises:
            InvalidNoteError: That cannot be done, or it cannot be proven to have touched nothing else.
        """
        old = self.before.values.get(self.key)
        if value is None if self.entry is None else (old is not None and same(old, value)):
            return self.text
        if self.parts.fences is Fences.NONE:
            fence = FENCE + self.parts.eol
            assert value is not None
            lines = property_lines(self.key, value, self.parts.eol)
            edited = self.parts._replace(opening=fence, block=lines, closing=fence, fences=Fences.CLOSED)
        else:
            edited = self.parts._replace(block=self.block_with(old, value))
        text = join(edited)
        if not self.is_proven(edited, text, value):
            self.refuse("the edit would change more than this property", self.line())
        return text

    def block_with(self, old: object, value: New | None) -> str:
        block, eol = self.parts.block, self.parts.eol
        if self.entry is None:
            assert value is not None
            return block_edit.inserted(block, self.entries, self.key, value, self.order, eol)
        used = frozenset[str]().union(*(each.aliases for name, each in self.entries.items() if name != self.key))
        if named := self.entry.anchors & used:
            self.refuse(f"&{min(named)} in it is used by another property", self.line(), "write the value out there")
        try:
            if value is None:
                return block_edit.removed(block, self.entry)
            if isinstance(value, list) and isinstance(old, Scalar) and value and same(value[0], old):
                return block_edit.listed(block, self.entry, value, eol)
            return block_edit.replaced(block, self.entry, old, value, eol)
        except UnprovenError as error:
            self.refuse(str(error), self.line())

    def is_proven(self, edited: Parts, text: str, value: New | None) -> bool:
        """Return whether the new text reads as the old one did but for the property, which reads as it should."""
        again, after = split(text), read(text, self.path)
        broke = after.state is State.BROKEN and self.before.state is not State.BROKEN
        if (again.block, again.body) != (edited.block, edited.body) or broke:
            return False
        old = {key: each for key, each in self.before.values.items() if key != self.key}
        new = {key: each for key, each in after.values.items() if key != self.key}
        if self.before.state is State.BROKEN and after.state is State.OK:
            # The edit has repaired the block, and more of it can be read than before.
            new = {key: each for key, each in new.items() if key in old}
        if value is None:
            return self.key not in after.values and same(old, new)
        return self.key in after.values and same(after.values[self.key], value) and same(old, new)

    def line(self) -> int | None:
        """Return the line of the property in the note."""
        return self.entry.line + self.parts.block_line - 1 if self.entry else None

    def refuse(self, reason: str, line: int | None = None, hint: Text | None = None) -> NoReturn:
        place = self.path if line is None else f"{self.path}:{line}"
        raise InvalidNoteError(
            f"{place}: {self.key!r} cannot be changed, because {reason}",
            field=self.key,
            hint=hint or f"change it by hand in {self.path}, then repeat the command",
        )
