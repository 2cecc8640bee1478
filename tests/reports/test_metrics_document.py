"""docs/metrics.md is for the reader of the report: what it says must be what the program does."""

from __future__ import annotations

from pathlib import Path

from tests.made import fixture_8b, report_on

from okb_incident.core.metrics.metrics import METRICS
from okb_incident.core.values.moment import show_seconds
from okb_incident.core.values.statistics import HALF, KaplanMeier, sample_quantile
from okb_incident.reports.as_markdown import END, START
from okb_incident.reports.as_text import render

DOCUMENT = (Path(__file__).parents[2] / "docs/metrics.md").read_text("utf-8")


def test_the_table_of_metrics_is_that_of_the_program() -> None:
    rows = [f"| `{metric.id}` | {metric.label} | {metric.formula} | {metric.open_while} |\n" for metric in METRICS]
    table = "| Name in JSON | Label | Formula | Open |\n|---|---|---|---|\n" + "".join(rows)
    assert DOCUMENT.split("<!-- metrics:start -->\n")[1].split("<!-- metrics:end -->")[0] == table


def test_the_example_is_what_the_report_prints() -> None:
    printed = render(report_on(fixture_8b())).splitlines()
    example = DOCUMENT.split("has one line for each metric:\n\n```\n")[1].split("```")[0].splitlines()
    assert len(example) == 5
    assert [line for line in printed if line in example] == example


def test_the_example_of_the_open_ones_is_right() -> None:
    words = DOCUMENT.split("`+` is open:\n\n```\n")[1].split("```")[0].split()
    complete = tuple(int(word) for word in words if not word.endswith("+"))
    running = tuple(int(word[:-1]) for word in words if word.endswith("+"))
    assert f"| left out: {' '.join(map(str, complete))} | {sample_quantile(complete, HALF)} |" in DOCUMENT
    assert f"(Kaplan–Meier) | **{KaplanMeier(complete, running).quantile(HALF)}** |" in DOCUMENT


def test_the_history_it_quotes_is_the_one_in_the_tests() -> None:
    # tests/reports/test_real_histories.py computes both from the notes.
    assert f"the median is {show_seconds(765 * 60)} and the mean almost four days" in DOCUMENT
    assert 3.9 < 5_715.77 / 60 / 24 < 4


def test_the_marks_it_names_are_those_of_the_note() -> None:
    assert f"`{START}` and `{END}`" in DOCUMENT
