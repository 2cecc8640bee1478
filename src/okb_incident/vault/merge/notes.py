"""Merging a note three ways: what an editor and a command, or two clones, made of the same note at the same time.

A pure function of three texts. Nothing that either side typed is lost in silence: a line that one side added is in the merged
note, or its place is named as a conflict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.merge.agreement import Clash, agree, pick
from okb_incident.vault.merge.body import merge_bodies
from okb_incident.vault.merge.numbers import renumbered
from okb_incident.vault.merge.properties import merge_blocks
from okb_incident.vault.merge.wrapping import unwrap
from okb_incident.vault.note.note import Fences, decode, encode, join, split

if TYPE_CHECKING:
    from okb_incident.vault.note.note import Parts


class Merged(NamedTuple):
    """What came out of a merge.

    Attributes:
        data: The merged note; in each conflicting place it is as in ours.
        conflicts: One short sentence for each place that both sides changed differently, with its lines in ours and in
            theirs; none: merged cleanly.
    """

    data: bytes
    conflicts: tuple[str, ...] = ()


def merge(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """Merge what two sides made of a note.

    What only one side changed is taken from it, to the byte if that is all there is. Else properties are merged by key, the
    timeline by entries, tasks by id, and all other text by lines; two different additions in one place both stay, ours first; of
    two different things that both sides gave one short name, ours gets the next.
    A side that is empty where the base was not is not text that somebody meant: the other one stays, and that is a conflict.

    Args:
        base: The note that both began with.
        ours: One side.
        theirs: The other.
    """
    if agree(base, ours, theirs):
        return Merged(pick(base, ours, theirs))
    for side, name, other in ((ours, "ours", theirs), (theirs, "theirs", ours)):
        if base.strip() and not side.strip():
            return Merged(
                other, (f"the note is empty in {name} and was changed on the other side, which is kept whole",)
            )
    wrapping, texts = unwrap([decode(each) for each in (base, ours, theirs)])
    ours_anew, _ = renumbered(*texts)
    text, clashes = _merged(split(texts[0]), split(ours_anew), split(texts[2]))
    return Merged(encode(wrapping.around(text)), tuple(map(str, clashes)))


def _merged(base: Parts, ours: Parts, theirs: Parts) -> tuple[str, list[Clash]]:
    sides = base, ours, theirs
    if any(side.fences is Fences.UNTERMINATED for side in sides):
        # Properties whose end nobody knows are lines like all others, and are in the body.
        return merge_bodies(join(base), join(ours), join(theirs), (1, 1))
    body, clashes = merge_bodies(base.body, ours.body, theirs.body, (ours.body_line, theirs.body_line))
    block, block_clashes = merge_blocks(base.block, ours.block, theirs.block)
    if not agree(*map(_fences, sides)):
        block_clashes.append(Clash("the fences of the frontmatter", (1, ours.body_line), (1, theirs.body_line)))
    opening, closing = pick(*map(_fences, sides))
    if block and not opening:
        opening, closing = _fences(ours) if ours.opening else _fences(theirs)
    return opening + block + closing + body, block_clashes + clashes


def _fences(parts: Parts) -> tuple[str, str]:
    return parts.opening, parts.closing
