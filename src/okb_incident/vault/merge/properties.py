"""Frontmatter that both sides changed, merged property by property, each with its own lines as they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.properties import DERIVED, LESSON_LIST_KEYS, LIST_KEYS
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.merge.agreement import Clash, agree, merged_order, pick
from okb_incident.vault.merge.prose import lines_of, merge_lines
from okb_incident.vault.note.frontmatter import set_property
from okb_incident.vault.note.note import FENCE, line_end, split
from okb_incident.vault.yaml import yaml12
from okb_incident.vault.yaml.block_edit import same
from okb_incident.vault.yaml.emit import Scalar
from okb_incident.vault.yaml.locate import locate
from okb_incident.vault.yaml.yaml_fault import YamlFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIRST_LINE = 2
"""The line of a note below its opening fence."""


class Property(NamedTuple):
    """A property as it is in a block.

    Attributes:
        lead: The comments and blank lines above it.
        text: Its own lines.
        value: What they say.
        line: The line of the note on which it begins, with its comments.
    """

    lead: str
    text: str
    value: object
    line: int

    @property
    def whole(self) -> str:
        """Return its lines with the comments above."""
        return self.lead + self.text

    @property
    def span(self) -> tuple[int, int]:
        """Return its first line in the note and the line after its last."""
        return self.line, self.line + self.whole.count("\n")


class Block(NamedTuple):
    """A block of frontmatter cut into its properties, and what is below the last."""

    properties: Mapping[str, Property]
    rest: str


def merge_blocks(base: str, ours: str, theirs: str) -> tuple[str, list[Clash]]:
    """Merge three blocks of frontmatter.

    What only one side changed is taken from it to the letter. Lists of ours are sets: both sides' additions and removals
    count. The later `updated` wins. Durations are derived from other properties and never clash; those of ours stay, until
    the writer computes them anew. Blocks that cannot be read are merged by lines.
    """
    if agree(base, ours, theirs):
        return pick(base, ours, theirs), []
    blocks = [_cut(block) for block in (base, ours, theirs)]
    if None in blocks:
        lines = (lines_of(block) for block in (base, ours, theirs))
        merged, clashes = merge_lines(*lines, what="the frontmatter", first=(FIRST_LINE, FIRST_LINE), both=False)
        return "".join(merged), clashes
    merging = _Merging(*[block for block in blocks if block])
    text = merging.text()
    if not merging.is_proven(text):
        # Such as a name that one side gave to a value and the other side uses.
        spans = [(FIRST_LINE, FIRST_LINE + block.count("\n")) for block in (ours, theirs)]
        return ours, [Clash("the frontmatter", *spans)]
    return text, merging.clashes


def _cut(block: str) -> Block | None:
    """Cut a block at the ends of its properties; None where it cannot be read or is in braces."""
    try:
        values, entries = yaml12.parse(block).values, locate(block)
    except YamlFault:
        return None
    if entries is None:
        return None
    found = {}
    end = 0
    for key, entry in entries.items():
        line = FIRST_LINE + block.count("\n", 0, end)
        found[key] = Property(block[end : entry.start], block[entry.start : entry.tail], values[key], line)
        end = entry.tail
    return Block(found, block[end:])


class _Merging:
    """One merge of three blocks."""

    def __init__(self, base: Block, ours: Block, theirs: Block) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.clashes: list[Clash] = []
        self.expected: dict[str, object] = {}

    def text(self) -> str:
        """Return the merged block, and note the clashes and the values that it should have."""
        sides = self.base.properties, self.ours.properties, self.theirs.properties
        lines = []
        for key in merged_order(*sides):
            base, ours, theirs = (side.get(key) for side in sides)
            merged = self.merged(key, base, ours, theirs)
            if merged:
                lines.append(merged.whole)
                self.expected[key] = merged.value
        end = [_end(self.ours), _end(self.theirs)]
        lines.append(self.comments(self.base.rest, self.ours.rest, self.theirs.rest, (end[0], end[1])))
        return "".join(lines)

    def is_proven(self, text: str) -> bool:
        """Return whether the text reads as it should."""
        try:
            return same(dict(yaml12.parse(text).values), self.expected)
        except YamlFault:
            return False

    def merged(
        self, key: str, base: Property | None, ours: Property | None, theirs: Property | None
    ) -> Property | None:
        """Merge one property; None where it goes."""
        whole = [each and each.whole for each in (base, ours, theirs)]
        if agree(*whole):
            return theirs if whole[1] == whole[0] else ours
        if ours is None or theirs is None:
            self.clash(key, ours, theirs)
            return ours
        lead, text, value = base.lead if base else "", base.text if base else "", base.value if base else None
        comments = self.comments(lead, ours.lead, theirs.lead, (ours.line, theirs.line))
        if base and agree(text, ours.text, theirs.text):
            merged = theirs if ours.text == text else ours
        else:
            merged = self.chosen(key, Property(lead, text, value, 0), ours, theirs)
        return merged._replace(lead=comments)

    def chosen(self, key: str, base: Property, ours: Property, theirs: Property) -> Property:
        """Return a property that both sides set to something, each in its own way; that of ours where that is a clash."""
        if key == "updated" and isinstance(ours.value, str) and isinstance(theirs.value, str):
            merged: Property | None = max(ours, theirs, key=lambda each: str(each.value))
        elif key in LIST_KEYS or key in LESSON_LIST_KEYS:
            merged = _union(key, base, ours, theirs)
        else:
            merged = ours if key in DERIVED or same(ours.value, theirs.value) else None
        if merged is None or not _comments_stay(base, (ours, theirs), merged):
            self.clash(key, ours, theirs)
            return ours
        return merged

    def comments(self, base: str, ours: str, theirs: str, first: tuple[int, int]) -> str:
        sides = (lines_of(each) for each in (base, ours, theirs))
        lines, clashes = merge_lines(*sides, what="a comment in the frontmatter", first=first, both=True)
        self.clashes += clashes
        return "".join(lines)

    def clash(self, key: str, ours: Property | None, theirs: Property | None) -> None:
        spans = [each.span if each else (FIRST_LINE, FIRST_LINE) for each in (ours, theirs)]
        self.clashes.append(Clash(f"property `{key}`", *spans))


def _end(block: Block) -> int:
    return FIRST_LINE + sum(each.whole.count("\n") for each in block.properties.values())


def _union(key: str, base: Property, ours: Property, theirs: Property) -> Property | None:
    """Return a list of ours with what theirs added and without what theirs removed; None where it is not a list of texts."""
    old, one, other = (_items(each.value) for each in (base, ours, theirs))
    if old is None or one is None or other is None:
        return None
    kept = [item for item in one if item not in old or item in other]
    merged = kept + [item for item in other if item not in one and item not in old]
    if merged == one:
        return ours
    eol = line_end(ours.text)
    note = f"{FENCE}{eol}{ours.text}{FENCE}{eol}"
    try:
        text = split(set_property(note, key, merged)).block
    except InvalidNoteError:
        return None
    return ours._replace(text=text, value=yaml12.parse(text).values[key])


def _items(value: object) -> list[Scalar] | None:
    """Return the items of a list of texts; a single text is a list of one, as in Obsidian."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    texts = [item for item in items if isinstance(item, Scalar)]
    return texts if len(texts) == len(items) else None


def _comments_stay(base: Property, sides: Iterable[Property], merged: Property) -> bool:
    """Return whether no line with a comment, typed on either side, is missing from what was merged."""
    there = {*base.text.splitlines(), *merged.text.splitlines()}
    return all("#" not in line or line in there for side in sides for line in side.text.splitlines())
