"""A slip of one digit in a moment is named by `check`."""

from __future__ import annotations

import pytest
from tests.flips import SURE, findings, flips, notes


@pytest.mark.parametrize("path", notes(), ids=lambda path: path.stem)
def test_every_slip_in_year_month_day_and_tens_of_hours_is_named_once(path):
    assert findings(path.name, path.read_text(encoding="utf-8")) == []
    sure = [flip for flip in flips(path) if flip.place in SURE]
    assert len(sure) > 150
    found = {(flip.place, flip.moment): findings(path.name, flip.text) for flip in sure}
    assert {key: codes for key, codes in found.items() if len(codes) != 1} == {}
