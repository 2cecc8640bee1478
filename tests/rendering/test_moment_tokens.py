"""Our dates against Moment's own answers (golden/make_moment.mjs asked it)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from okb_incident.rendering.moment_tokens import format_moment

GOLDEN = json.loads((Path(__file__).parent / "golden" / "moment.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("answer", GOLDEN["answers"], ids=lambda answer: f"{answer['zone']}-{answer['milliseconds']}")
def test_every_format_comes_out_as_in_obsidian(answer: dict[str, Any]) -> None:
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=answer["milliseconds"])
    at = instant.astimezone(ZoneInfo(answer["zone"]))
    assert {pattern: format_moment(at, pattern) for pattern in GOLDEN["formats"]} == dict(
        zip(GOLDEN["formats"], answer["written"], strict=True)
    )


def test_the_answers_are_many_and_of_the_version_in_obsidian() -> None:
    assert GOLDEN["moment"] == "2.30.1"
    assert len(GOLDEN["formats"]) * len(GOLDEN["answers"]) > 3000


def test_the_year_of_an_iso_week_needs_its_own_token() -> None:
    new_year = datetime(2024, 12, 30, tzinfo=UTC)
    assert format_moment(new_year, "YYYY-[W]WW") == "2024-W01"
    assert format_moment(new_year, "GGGG-[W]WW") == "2025-W01"
