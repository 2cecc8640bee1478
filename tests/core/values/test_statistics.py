from __future__ import annotations

import math
import statistics as standard
import subprocess
import sys
from fractions import Fraction

import pytest

from okb_incident.core.values.statistics import (
    HALF,
    Beyond,
    Interval,
    KaplanMeier,
    Z,
    corrected,
    exceeds_by_chance,
    median_interval,
    sample_quantile,
)

NINETY = Fraction(9, 10)
THREE_QUARTERS = Fraction(3, 4)

# The goldens were computed with R 4.2.2 and its package survival 3.5-3; for order statistics also with scipy's quantile_test.
X = (4, 7, 9, 12, 15, 21, 30, 48, 75, 140, 360)
Y = (12, 15, 21, 30, 48)
Z20 = (5, 9, 10, 12, 14, 15, 18, 20, 25, 31, 38, 45, 52, 64, 80, 95, 130, 190, 310, 720)

K1 = KaplanMeier((10, 20, 30, 45, 60, 90, 120, 240), ())
K2 = KaplanMeier((10, 20, 45, 60, 120), (30, 90, 240))
K3 = KaplanMeier((15, 30), (50, 200, 300))
K4 = KaplanMeier((5, 5, 12, 12, 40, 75), (12, 40))
# Acute myelogenous leukaemia, survival with and without maintained chemotherapy: Miller, "Survival Analysis", 1997.
MAINTAINED = KaplanMeier((9, 13, 18, 23, 31, 34, 48), (13, 28, 45, 161))
NOT_MAINTAINED = KaplanMeier((5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45), (16,))


@pytest.mark.parametrize(
    ("values", "p", "wanted"),
    [
        (X, HALF, 21),
        (X, THREE_QUARTERS, 75),
        (X, NINETY, 140),
        (X, Fraction(95, 100), 360),
        (Y, HALF, 21),
        (Y, NINETY, 48),
        (Z20, HALF, 34.5),
        (Z20, THREE_QUARTERS, 87.5),
        (Z20, NINETY, 250),
        (Z20, Fraction(95, 100), 515),
        ((7,), HALF, 7),
        ((3, 4), HALF, 3.5),
        ((4, 2), HALF, 3),
    ],
)
def test_a_sample_quantile_is_that_of_type_2(values: tuple[int, ...], p: Fraction, wanted: float) -> None:
    found = sample_quantile(values, p)
    assert found == wanted
    assert isinstance(found, int) == float(wanted).is_integer(), "whole seconds are whole numbers"


@pytest.mark.parametrize(
    ("values", "low", "high", "level"),
    [
        (X, 7, 140, 0.988281),
        (Z20, 15, 80, 0.958611),
        (Y, 12, 48, 0.9375),
    ],
)
def test_the_interval_of_a_median_is_that_of_order_statistics(
    values: tuple[int, ...],
    low: int,
    high: int,
    level: float,
) -> None:
    found = median_interval(values)
    assert (found.low, found.high) == (low, high)
    assert found.level == pytest.approx(level, abs=5e-7)


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [
        (6, 1, 6),
        (7, 1, 7),
        (8, 1, 8),
        (9, 2, 8),
        (10, 2, 9),
        (11, 2, 10),
        (12, 3, 10),
        (13, 3, 11),
        (14, 3, 12),
        (15, 4, 12),
        (16, 4, 13),
        (17, 5, 13),
        (18, 5, 14),
        (19, 5, 15),
        (20, 6, 15),
        (25, 8, 18),
        (30, 10, 21),
        (40, 14, 27),
        (50, 18, 33),
    ],
)
def test_the_ranks_of_the_interval_are_those_of_the_tables(n: int, low: int, high: int) -> None:
    found = median_interval(range(1, n + 1))
    assert (found.low, found.high) == (low, high)
    covered = sum(math.comb(n, k) for k in range(low, high))
    assert found.level == covered / 2**n >= 0.95


def test_a_year_of_a_large_company_gets_its_interval_at_once() -> None:
    found = median_interval(range(1, 20_001))
    # By the normal approximation the ranks lie 0.98·√n from the middle.
    assert isinstance(found.low, int)
    assert isinstance(found.high, int)
    assert abs(found.low - (10_000 - 0.98 * math.sqrt(20_000))) < 2
    assert found.low + found.high == 20_001
    assert 0.95 <= found.level < 0.953


@pytest.mark.parametrize(
    ("curve", "steps"),
    [
        (K1, "7/8 3/4 5/8 1/2 3/8 1/4 1/8 0"),
        (K2, "7/8 3/4 3/5 9/20 9/40"),
        (K3, "4/5 3/5"),
        (K4, "3/4 1/2 1/3 0"),
        (MAINTAINED, "10/11 9/11 63/88 27/44 27/55 81/220 81/440"),
        (NOT_MAINTAINED, "5/6 2/3 7/12 35/72 7/18 7/24 7/36 7/72 0"),
    ],
)
def test_the_curve_goes_down_in_exact_steps(curve: KaplanMeier, steps: str) -> None:
    assert " ".join(str(step.survival) for step in curve.steps()) == steps


@pytest.mark.parametrize(
    ("curve", "median", "p75", "p90"),
    [
        (K1, 52.5, 105, 240),
        (K2, 60, 120, Beyond(240)),
        (K3, Beyond(300), Beyond(300), Beyond(300)),
        (K4, 26, 75, 75),
        (MAINTAINED, 31, 48, Beyond(161)),
        (NOT_MAINTAINED, 23, 33, 43),
    ],
)
def test_quantiles_of_the_curve_are_those_of_r(
    curve: KaplanMeier,
    median: float | Beyond,
    p75: float | Beyond,
    p90: float | Beyond,
) -> None:
    assert curve.quantile(HALF) == median
    assert curve.quantile(THREE_QUARTERS) == p75
    assert curve.quantile(NINETY) == p90


@pytest.mark.parametrize(
    ("curve", "low", "high"),
    [
        (K1, 10, 120),
        (K2, 10, None),
        (K3, 15, None),
        # Where nobody is left the limits are undefined: R leaves the side open, others say 75.
        (K4, 5, None),
        (MAINTAINED, 13, None),
        (NOT_MAINTAINED, 5, 33),
    ],
)
def test_the_log_log_interval_of_the_median_is_that_of_r(curve: KaplanMeier, low: int, high: int | None) -> None:
    assert curve.median_interval() == Interval(low, high, 0.95)


def test_an_interval_without_a_single_end_is_open_on_both_sides() -> None:
    assert KaplanMeier((), (5, 6, 7)).median_interval() == Interval(None, None, 0.95)
    assert KaplanMeier((), (5, 6, 7)).quantile(HALF) == Beyond(7)


def test_leaving_the_open_ones_out_would_flatter() -> None:
    assert sample_quantile((10, 20, 45, 60, 120), HALF) == 45
    assert K2.quantile(HALF) == 60


def test_a_curve_that_ends_level_at_one_half_is_certain_of_the_beginning_of_that_level_only() -> None:
    # Half ended by 30, the other half runs: the median is 30 or more, and nobody can say that it is beyond 600.
    assert KaplanMeier((10, 20, 30), (600, 600, 600)).quantile(HALF) == Beyond(30)


def test_an_end_and_an_open_one_at_the_same_time_count_the_end_first() -> None:
    assert [step.survival for step in KaplanMeier((10,), (10,)).steps()] == [Fraction(1, 2)]


def test_z_is_that_of_the_normal_distribution() -> None:
    assert standard.NormalDist().inv_cdf(0.975) == pytest.approx(Z, abs=1e-15)


def test_the_library_of_statistics_is_not_imported() -> None:
    code = "import sys, okb_incident.core.metrics.measurement; print('statistics' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("some", "of", "others", "of_others", "chance"),
    [
        # scipy 1.17.1: fisher_exact([[some, of - some], [others, of_others - others]], alternative="greater").
        (4, 4, 0, 4, 0.014285714285714284),
        (3, 3, 0, 3, 0.05),
        (9, 14, 1, 12, 0.004711266657692824),
        (5, 12, 3, 11, 0.3889487144972406),
        (0, 5, 2, 6, 1),
        (12, 40, 9, 45, 0.20750501059977722),
        (7, 9, 0, 3, 0.04545454545454545),
        (1, 1, 0, 0, 1),
    ],
)
def test_a_larger_share_is_as_likely_by_chance_as_fishers_exact_test_says(some, of, others, of_others, chance) -> None:
    assert float(exceeds_by_chance(some, of, others, of_others)) == pytest.approx(chance, rel=1e-12)


def test_a_chance_of_exactly_one_in_twenty_is_not_less() -> None:
    assert exceeds_by_chance(3, 3, 0, 3) == Fraction(1, 20), "floats say a little more"


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        # statsmodels 0.14: multipletests(chances, method="holm"), and R's p.adjust.
        (("0.01", "0.04", "0.03", "0.005"), ("0.03", "0.06", "0.06", "0.02")),
        (("0.9", "0.6", "0.001"), ("1", "1", "0.003")),
        (("0.02",), ("0.02",)),
        ((), ()),
    ],
)
def test_several_tests_are_corrected_as_by_holm(chances, expected) -> None:
    assert corrected([*map(Fraction, chances)]) == [*map(Fraction, expected)]
