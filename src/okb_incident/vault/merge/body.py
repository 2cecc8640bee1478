"""The body of a note that both sides changed: its timeline by entries, its tasks by id, all else by lines."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import SECTIONS
from okb_incident.core.timeline.timeline import read_timeline
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.merge.agreement import Clash, agree, pick
from okb_incident.vault.merge.hunks import weave
from okb_incident.vault.merge.prose import lines_of, settled
from okb_incident.vault.merge.tasks import settle_tasks
from okb_incident.vault.merge.timeline import Timed, merge_entries
from okb_incident.vault.note import sections

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.vault.merge.hunks import Region
    from okb_incident.vault.note.sections import NoteSection


class Body(NamedTuple):
    """A body in the pieces that are merged: an entry of the timeline with all its lines, elsewhere one line.

    Attributes:
        units: The pieces; joined they are the body.
        moments: The moment of each entry, None where none can be read, by its index in the units.
        lines: The line of the note on which each piece begins, and last the one below the body.
    """

    units: Sequence[str]
    moments: Mapping[int, datetime | None]
    lines: Sequence[int]

    def entries(self, place: slice) -> list[Timed] | None:
        """Return the pieces of a place if all of them are entries."""
        found = [Timed(self.units[at], self.moments[at]) for at in range(place.start, place.stop) if at in self.moments]
        return found if len(found) == place.stop - place.start else None

    def span(self, place: slice) -> tuple[int, int]:
        """Return the first line of a place in the note, and the line below its last."""
        return self.lines[place.start], self.lines[place.stop]


def merge_bodies(base: str, ours: str, theirs: str, first: tuple[int, int]) -> tuple[str, list[Clash]]:
    """Merge three bodies, whose lines all end.

    Args:
        base: The text that both began with.
        ours: The text of one side.
        theirs: The text of the other.
        first: The number of the first line in the note of ours, and in that of theirs.
    """
    if agree(base, ours, theirs):
        return pick(base, ours, theirs), []
    timelines = [sections.find(text, "Timeline") for text in (base, ours, theirs)]
    if timelines[0] is None and None not in timelines[1:]:
        # Both put the section in. With an empty one below both, it comes out once.
        with suppress(InvalidNoteError):
            base, _ = sections.ensure(base, "Timeline", SECTIONS)
            timelines[0] = sections.find(base, "Timeline")
    if None in timelines:
        # A side that has none, or hides it behind a code fence, can only be compared with the others line by line.
        timelines = [None, None, None]
    tasks = settle_tasks(lines_of(base), lines_of(ours), lines_of(theirs), first)
    sides = zip(tasks[:3], timelines, (1, *first), strict=True)
    merging = _Merging(*(_cut(lines, timeline, line) for lines, timeline, line in sides))
    text = "".join(weave(merging.base.units, merging.ours.units, merging.theirs.units, merging.contested))
    return text, [*tasks.clashes, *merging.clashes]


def _cut(lines: Sequence[str], timeline: NoteSection | None, first: int) -> Body:
    cuts = list(range(len(lines) + 1))
    moments_by_line = {}
    if timeline:
        start, stop = timeline.content_line - 1, min(timeline.end_line - 1, len(lines))
        # Lines of a callout or a table are merged as they are: another entry between them would break it.
        entries = [entry for entry in read_timeline(lines[start:stop], UTC, None) if not entry.is_boxed]
        moments_by_line = {start + entry.line: entry.at for entry in entries}
        inside = {line for entry in entries for line in range(start + entry.line + 1, start + entry.end)}
        cuts = [at for at in cuts if at not in inside]
    units = ["".join(lines[at:end]) for at, end in pairwise(cuts)]
    moments = {index: moments_by_line[at] for index, at in enumerate(cuts) if at in moments_by_line}
    return Body(units, moments, [first + at for at in cuts])


class _Merging:
    """One merge of three bodies."""

    def __init__(self, base: Body, ours: Body, theirs: Body) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.clashes: list[Clash] = []

    def contested(self, region: Region) -> Sequence[str]:
        """Merge a place that both sides changed, and note where that is a clash."""
        sides = self.base.units[region.base], self.ours.units[region.ours], self.theirs.units[region.theirs]
        entries = self.base.entries(region.base), self.ours.entries(region.ours), self.theirs.entries(region.theirs)
        of_base, of_ours, of_theirs = entries
        if of_base is not None and of_ours is not None and of_theirs is not None:
            return self.contested_entries(region, of_base, of_ours, of_theirs)
        merged = settled(*sides)
        if merged is None:
            self.clashes.append(Clash("the text", self.ours.span(region.ours), self.theirs.span(region.theirs)))
            return sides[1]
        return merged

    def contested_entries(
        self, region: Region, base: Sequence[Timed], ours: Sequence[Timed], theirs: Sequence[Timed]
    ) -> Sequence[str]:
        merged, clashes = merge_entries(base, ours, theirs)
        for at, other_at in clashes:
            self.clashes.append(
                Clash(
                    "an entry of the timeline",
                    self.ours.span(_one(region.ours, at)),
                    self.theirs.span(_one(region.theirs, other_at)),
                )
            )
        return [entry.text for entry in merged]


def _one(place: slice, at: int | None) -> slice:
    """Return the place of one piece in a region, an empty one where there is none."""
    return slice(place.start, place.start) if at is None else slice(place.start + at, place.start + at + 1)
