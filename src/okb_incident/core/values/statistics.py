"""Quantiles that stay honest with few values and with incidents that are still open.

Where nothing is open, the median is the sample quantile of type 2 with the exact interval of order statistics; else it is
read off the Kaplan–Meier curve with its log-log interval. The two agree where both apply. Survival is kept in whole
numbers, because a curve that reaches exactly one half has a different median from one that falls a hair below it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HALF = Fraction(1, 2)
NOMINAL = Fraction(95, 100)
#: The 97.5 % point of the normal distribution: ``statistics.NormalDist().inv_cdf(0.975)``, without its import.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Beyond:
    """A quantile that was not reached, because too much is still open: all that is known is a value it exceeds.

    Attributes:
        bound: The value it is beyond.
    """

    bound: int | float


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval.

    Attributes:
        low: Its lower end; None where the data set no bound.
        high: Its upper end; likewise.
        level: The level that is reached: exact for order statistics, nominal for a curve.
    """

    low: int | float | None
    high: int | float | None
    level: float


def plain_number(value: Fraction | int) -> int | float:
    """Return a whole number as int, another as float."""
    return int(value) if value.denominator == 1 else float(value)


def sample_quantile(values: Sequence[int], p: Fraction) -> int | float:
    """Return the quantile of type 2: the inverse of the step function, averaged where it is level.

    It is the only usual type that equals the Kaplan–Meier quantile where nothing is censored (Hyndman and Fan, "Sample
    Quantiles in Statistical Packages", The American Statistician 50, 1996).

    Args:
        values: In any order, at least one.
        p: Between 0 and 1, exclusive; a Fraction, because ``n·p`` must be whole when it is whole.
    """
    ordered = sorted(values)
    place = len(ordered) * p
    if place.denominator == 1:
        return plain_number(Fraction(ordered[int(place) - 1] + ordered[int(place)], 2))
    return ordered[math.ceil(place) - 1]


def median_interval(values: Sequence[int], wanted: Fraction = NOMINAL) -> Interval:
    """Return the narrowest interval of order statistics that covers the median with at least the wanted level.

    The number of values below the median is binomial, whatever the distribution, so the level is exact (Conover,
    "Practical Nonparametric Statistics", 3.2). Where even the smallest and the largest value reach less, as with five
    values, it is these two and their level of 93.75 %.

    Args:
        values: In any order, at least one.
        wanted: The level to reach.
    """
    ordered = sorted(values)
    n = len(ordered)
    # Symmetric, so it grows from the middle outward: ranks low and n + 1 - low, mass of Bin(n, ½) from low to n - low.
    low = (n + 1) // 2
    term = math.comb(n, low)
    mass = term if n % 2 == 0 else 0
    while low > 1 and mass < wanted * 2**n:
        term = term * low // (n - low + 1)
        low -= 1
        mass += 2 * term
    return Interval(ordered[low - 1], ordered[n - low], float(Fraction(mass, 2**n)))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a Kaplan–Meier curve.

    Attributes:
        time: Where it goes down.
        survival: The share that lasts longer than that, exact.
        variance: Greenwood's sum up to here, ``Σ d/(r·(r−d))``; infinite where nobody is left.
    """

    time: int
    survival: Fraction
    variance: float


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The share of durations that last longer than a given time, with those still running counted as far as they got.

    Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53, 1958. An end and an open one at the
    same time: the end comes first.

    Attributes:
        complete: The durations that ended, in any order.
        running: How long those lasted so far that did not.
    """

    complete: tuple[int, ...]
    running: tuple[int, ...]

    def steps(self) -> Iterator[Step]:
        """Walk down the curve."""
        # Between two open durations the product telescopes: it is `over · left / under`, `left` being those at risk.
        over, under = 1, len(self.complete) + len(self.running)
        left, variance = under, 0.0
        marked = sorted([(time, 0) for time in self.complete] + [(time, 1) for time in self.running])
        for (time, is_open), group in groupby(marked):
            count = sum(1 for _ in group)
            if is_open:
                over, under, left = over * left, under * (left - count), left - count
                continue
            variance += count / (left * (left - count)) if left > count else math.inf
            left -= count
            yield Step(time, Fraction(over * left, under), variance)

    def quantile(self, p: Fraction) -> int | float | Beyond:
        """Return the first time at which fewer than ``1 − p`` last longer; the middle of the level where it is exactly that.

        This is what R's ``survfit`` gives. Where the curve does not come down so far, the answer is the longest duration
        known; where it stays level at exactly ``1 − p`` to its end, only the beginning of that level is certain.
        """
        level_from: int | None = None
        for step in self.steps():
            if level_from is not None:
                return plain_number(Fraction(level_from + step.time, 2))
            if step.survival < 1 - p:
                return step.time
            if step.survival == 1 - p:
                level_from = step.time
        if level_from is not None:
            return Beyond(level_from)
        return Beyond(max(self.complete + self.running))

    def median_interval(self) -> Interval:
        """Return the 95 % interval of the median: where the log-log limits of the curve cross one half.

        Brookmeyer and Crowley, "A Confidence Interval for the Median Survival Time", Biometrics 38, 1982, on the log-log
        scale, as R's ``survfit(conf.type="log-log")``: where nobody is left the limits are undefined and count for nothing,
        which leaves the side open.
        """
        low: int | None = None
        for step in self.steps():
            if step.survival == 0:
                break
            height = math.log(step.survival)
            spread = math.exp(Z * math.sqrt(step.variance) / -height)
            if low is None and math.exp(height * spread) <= 0.5:
                low = step.time
            if math.exp(height / spread) <= 0.5:
                return Interval(low, step.time, float(NOMINAL))
        return Interval(low, None, float(NOMINAL))


def exceeds_by_chance(some: int, of: int, others: int, of_others: int) -> Fraction:
    """Return how likely a share at least as large as ``some`` of ``of`` is, if both groups have the same share in truth.

    This is Fisher's exact test, one-sided (Fisher, "The Logic of Inductive Inference", JRSS 98, 1935): with the margins as they are,
    the number is hypergeometric. What is counted are things that have something or do not, never how often one has it.

    Args:
        some: How many of the first group have it.
        of: The size of the first group.
        others: How many of the second group have it.
        of_others: The size of the second group.
    """
    having = some + others
    ways = sum(
        math.comb(of, count) * math.comb(of_others, having - count) for count in range(some, min(of, having) + 1)
    )
    return Fraction(ways, math.comb(of + of_others, having))


def corrected(chances: Sequence[Fraction]) -> list[Fraction]:
    """Return the p-values of several tests as Holm corrects them, in their order, so that one of many is not taken for news.

    Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979.
    """
    found = [Fraction(1)] * len(chances)
    highest = Fraction(0)
    for left, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        highest = max(highest, min(Fraction(1), (len(chances) - left) * chances[place]))
        found[place] = highest
    return found
