"""Kinds of findings that grow: in a larger share of the recent incidents than of the earlier ones, and not by chance.

The unit is the incident, not the finding: forty faults in one neglected note are one incident with faults.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.statistics import NOMINAL, corrected, exceeds_by_chance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

COMPARED = 3
"""Whole months that are compared with as many before them."""
LEVEL = 1 - NOMINAL
"""Below this a kind is said to grow."""


class Share(NamedTuple):
    """How many incidents have something.

    Attributes:
        some: So many.
        of: Of so many.
    """

    some: int
    of: int


class Kind(NamedTuple):
    """A kind of finding.

    Attributes:
        code: Its code.
        findings: How many there are in the period.
        incidents: In how many incidents.
        before: Its incidents in the earlier of the compared months; None where nothing is compared.
        recent: In the later ones.
        chance: How likely such a growth is by chance, corrected for the number of kinds; None where nothing can be said.
    """

    code: str
    findings: int
    incidents: int
    before: Share | None = None
    recent: Share | None = None
    chance: Fraction | None = None

    @property
    def grows(self) -> bool:
        """Return whether a larger share of the recent incidents has it, and chance alone does not explain that."""
        return self.chance is not None and self.chance < LEVEL


class Comparison(NamedTuple):
    """The months that are compared: whole ones, with the incidents in them that are over.

    Attributes:
        first: The number of the first month of the earlier ones.
        before: How many incidents the earlier ones have.
        recent: How many incidents the later ones have.
    """

    first: int
    before: int
    recent: int

    @property
    def turn(self) -> int:
        """Return the number of the first of the later months."""
        return self.first + COMPARED

    @property
    def last(self) -> int:
        """Return the number of the last month."""
        return self.turn + COMPARED - 1

    @property
    def can_tell(self) -> bool:
        """Return whether any growth could be told from chance: if all recent incidents had a finding and no earlier one did."""
        return exceeds_by_chance(self.recent, self.recent, 0, self.before) < LEVEL


class FindingsOfIncident(NamedTuple):
    """The findings in the notes of one incident.

    Attributes:
        month: The number of the month in which it counts.
        codes: How many findings of each code.
        is_open: Someone is still working on it, and so on its notes; it is not compared.
    """

    month: int
    codes: Counter[str]
    is_open: bool = False


def kinds_of(incidents: Sequence[FindingsOfIncident], first: int | None) -> tuple[tuple[Kind, ...], Comparison | None]:
    """Count each kind, and compare its share of incidents in the later months with that in the earlier ones.

    Args:
        incidents: All of the period.
        first: The number of the first month that is compared; None where the period holds too few.
    """
    kinds = [
        Kind(code, findings, sum(code in each.codes for each in incidents))
        for code, findings in most_frequent(each.codes for each in incidents)
    ]
    if first is None:
        return tuple(kinds), None
    before, recent = (
        [each.codes for each in incidents if not each.is_open and begin <= each.month < begin + COMPARED]
        for begin in (first, first + COMPARED)
    )
    comparison = Comparison(first, len(before), len(recent))
    kinds = [kind._replace(before=_share(before, kind.code), recent=_share(recent, kind.code)) for kind in kinds]
    return tuple(_tested(kinds) if comparison.can_tell else kinds), comparison


def _share(codes: Sequence[Counter[str]], code: str) -> Share:
    return Share(sum(code in each for each in codes), len(codes))


def _tested(kinds: Sequence[Kind]) -> list[Kind]:
    """Return the kinds with the chance of their growth; those without a recent incident cannot have grown, and are not tested."""
    tested = [
        (kind.code, kind.before, kind.recent) for kind in kinds if kind.before and kind.recent and kind.recent.some
    ]
    chances = corrected([exceeds_by_chance(*recent, *before) for _, before, recent in tested])
    found = {code: chance for (code, *_), chance in zip(tested, chances, strict=True)}
    return [kind._replace(chance=found.get(kind.code)) for kind in kinds]


def most_frequent(codes: Iterable[Counter[str]]) -> list[tuple[str, int]]:
    """Add up counts, the most frequent first."""
    total: Counter[str] = Counter()
    for each in codes:
        total.update(each)
    return sorted(total.items(), key=lambda item: (-item[1], item[0]))
