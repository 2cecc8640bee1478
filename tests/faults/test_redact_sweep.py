"""Whatever fails while a secret is taken out: it is out for good after the next command, or still there for a second try."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(3600)


def test_a_fault_at_any_call(program, long):
    print(program("tests.faults.redact_sweep", *([] if long else ["--changes"])))
