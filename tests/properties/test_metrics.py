"""What holds for any incidents whatever."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from tests.made import AS_OF, WEEK_28, made, report_on

from okb_incident.core.incident.incident import NATURES
from okb_incident.core.values.moment import Moment
from okb_incident.core.values.statistics import HALF, Beyond, KaplanMeier, median_interval, sample_quantile
from okb_incident.core.values.status import Status
from okb_incident.reports import as_json, as_markdown, as_text
from okb_incident.reports.width import width

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident

durations = st.integers(0, 10**6)
several = st.lists(durations, min_size=1, max_size=40)
shares = st.fractions(Fraction(1, 50), Fraction(49, 50))
# From two weeks before the week to a day after the report's own moment, on the hour so that many coincide.
moments = st.builds(
    lambda hours, day_only: Moment(WEEK_28.start + timedelta(hours=hours), day_only),
    st.integers(-336, 24 * 8),
    st.booleans(),
)
NAMES = ("started", "detected", "declared", "acknowledged", "mitigated", "resolved")


# Made once: each strategy that is made anew for every note is also checked anew, which took most of the time of a draw.
COUNTS = st.integers(0, 9)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "moments": st.dictionaries(st.sampled_from(NAMES), moments),
    "severity": st.sampled_from(["SEV1", "SEV3", "undetermined", "?"]),
    "nature": st.sampled_from([None, None, None, *NATURES]),
    "category": st.sampled_from([None, "system", "service"]),
    "services": st.lists(st.sampled_from(["dns", "DNS", "api"]), max_size=2).map(tuple),
    "title": st.text(max_size=12).map(lambda text: text or "x"),
    "paged": st.one_of(st.none(), moments.map(lambda moment: moment.at)),
    "restricted": st.sampled_from([False, False, False, True]),
}
DUPLICATES = [
    st.one_of(st.none(), st.none(), st.integers(1, count + 1).map(lambda number: f"INC-20260706-{number:02d}"))
    for count in range(10)
]
"""What a note may say that it repeats, by how many notes there are."""
STATES = st.sampled_from([None, *Status])


@st.composite
def vaults(draw: st.DrawFn) -> list[Incident]:
    """Draw notes of every sort, with links between them that may lead anywhere."""
    count = draw(COUNTS)
    notes = []
    for number in range(1, count + 1):
        given_ = {name: draw(field) for name, field in FIELDS.items()}
        notes.append(made(number, draw(STATES), duplicate_of=draw(DUPLICATES[count]), **given_))
    return notes


# -- reports ---------------------------------------------------------------------------------------------------------------


@given(vaults())
def test_every_incident_adds_to_every_metric_in_exactly_one_way(notes: list[Incident]) -> None:
    report = report_on(notes)
    for found in report.measurements:
        assert found.n + len(found.running) + len(found.missing) + len(found.anomalous) == len(report.incidents)
        assert all(value >= 0 for value in (*found.complete, *found.running))
        assert all(anomaly.seconds < -60 for anomaly in found.anomalous)
        assert (found.median is None) == (found.covered < 5)


@given(vaults())
def test_the_counts_add_up(notes: list[Incident]) -> None:
    report = report_on(notes)
    counts = report.counts
    assert counts.total == len(report.incidents)
    for by in (counts.by_severity, counts.by_status, counts.by_category):
        assert sum(by.values()) == counts.total
    assert sum(counts.by_service.values()) >= counts.total
    assert counts.duplicates + counts.declined + counts.excluded == len(report.cohort.excluded)
    shown = [incident for incident in notes if not incident.restricted]
    in_no_period_of_this_report = len(shown) - counts.total - len(report.cohort.excluded) - len(report.cohort.undated)
    assert in_no_period_of_this_report >= 0


@given(vaults(), st.randoms(use_true_random=False))
def test_the_order_of_the_notes_changes_no_byte(notes: list[Incident], random: Any) -> None:
    shuffled = list(notes)
    random.shuffle(shuffled)
    one, other = report_on(notes), report_on(shuffled)
    assert as_json.render(one) == as_json.render(other)
    assert as_text.render(one) == as_text.render(other)
    assert as_markdown.region(one) == as_markdown.region(other)


@given(vaults())
def test_any_report_can_be_shown_in_every_form(notes: list[Incident]) -> None:
    report = report_on(notes)
    found = json.loads(as_json.render(report))
    assert found["counts"]["total"] == len(found["incidents"])
    text = as_text.render(report)
    assert all(width(line) <= as_text.WIDTH for line in text.splitlines())
    assert not [sign for sign in text if ord(sign) < 0x20 and sign != "\n"]
    body = as_markdown.region(report)
    assert as_markdown.renewed(body, body) == body


@given(vaults())
def test_a_restricted_incident_is_as_if_it_were_not_there(notes: list[Incident]) -> None:
    shown = {str(incident.id) for incident in notes if not incident.restricted}
    named = {incident.duplicate_of for incident in notes if not incident.restricted}
    text = as_json.render(report_on(notes))
    for incident in notes:
        if incident.restricted and str(incident.id) not in shown | named:
            assert str(incident.id) not in text
            assert incident.path not in text


@given(vaults())
def test_one_more_open_incident_never_makes_the_others_look_faster(notes: list[Incident]) -> None:
    more = made(90, "triage", moments={"started": Moment(WEEK_28.start)})
    before, after = report_on(notes).measurements[5], report_on([*notes, more]).measurements[5]
    assert after.covered == before.covered + 1
    if isinstance(before.median, int | float):
        # It began before every other one of the week, so it has lasted longest.
        assert isinstance(after.median, Beyond) or (after.median is not None and after.median >= before.median)


# -- statistics ------------------------------------------------------------------------------------------------------------


@given(several, shares)
def test_a_quantile_is_a_value_or_the_middle_of_two_neighbours(values: list[int], p: Fraction) -> None:
    found = sample_quantile(values, p)
    assert min(values) <= found <= max(values)
    below = sum(value < found for value in values)
    above = sum(value > found for value in values)
    assert below <= len(values) * p
    assert above <= len(values) * (1 - p)


@given(several, shares, st.integers(1, 60))
def test_a_quantile_follows_the_unit(values: list[int], p: Fraction, factor: int) -> None:
    assert sample_quantile([value * factor for value in values], p) == factor * sample_quantile(values, p)


@given(several, shares)
def test_the_curve_is_the_sample_where_nothing_is_open(values: list[int], p: Fraction) -> None:
    assert KaplanMeier(tuple(values), ()).quantile(p) == sample_quantile(values, p)


@given(several, st.lists(durations, max_size=20))
def test_the_curve_only_ever_goes_down(complete: list[int], running: list[int]) -> None:
    steps = list(KaplanMeier(tuple(complete), tuple(running)).steps())
    assert [step.time for step in steps] == sorted(set(complete))
    survivals = [Fraction(1), *(step.survival for step in steps)]
    assert all(later < earlier for earlier, later in itertools.pairwise(survivals))
    assert survivals[-1] >= 0


@given(several, st.lists(durations, max_size=20))
def test_the_exact_curve_is_the_product_of_its_definition(complete: list[int], running: list[int]) -> None:
    product = Fraction(1)
    for step in KaplanMeier(tuple(complete), tuple(running)).steps():
        at_risk = sum(value >= step.time for value in (*complete, *running))
        product *= 1 - Fraction(complete.count(step.time), at_risk)
        assert step.survival == product


@given(several, st.lists(durations, max_size=20))
def test_the_interval_of_the_curve_holds_its_median(complete: list[int], running: list[int]) -> None:
    curve = KaplanMeier(tuple(complete), tuple(running))
    median, interval = curve.quantile(HALF), curve.median_interval()
    if isinstance(median, Beyond):
        assert interval.high is None
    elif interval.low is not None:
        assert interval.low <= median
    if not isinstance(median, Beyond) and interval.high is not None:
        assert interval.high >= median


@given(several)
def test_the_interval_of_the_sample_holds_its_median_and_is_no_wider_than_it_must(values: list[int]) -> None:
    found, median = median_interval(values), sample_quantile(values, HALF)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= median <= found.high
    assert found.level >= 0.95 or (found.low, found.high) == (min(values), max(values))


@given(several)
def test_leaving_out_an_open_one_never_lengthens_the_median(values: list[int]) -> None:
    with_open = KaplanMeier(tuple(values), (max(values) + 1,)).quantile(HALF)
    without = sample_quantile(values, HALF)
    assert isinstance(with_open, Beyond) or with_open >= without


def test_the_moment_of_the_report_lies_after_the_week() -> None:
    assert WEEK_28.end < AS_OF
