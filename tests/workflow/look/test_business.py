"""The business impact with what the notes of the services say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

DOWN = "impact: Checkout down from 2026-11-23T00:00:00 to 2026-11-23T00:57:00"


def service(root: Path, name: str, text: str) -> None:
    folder = root / "services"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(text)


def shown(desk) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk("show", "--json").out)
    return found


def test_a_service_is_found_by_its_name_in_any_case_and_what_cannot_be_read_is_left_out(desk):
    service(desk.root, "checkout", "---\ntype: service\nslo: 99.9%\nrevenue_per_hour: 2400\n---\n")
    service(desk.root, "search", "---\ntype: service\nslo: soon\nrevenue_per_hour: much\n---\n")
    desk("log", DOWN)
    desk("log", DOWN.replace("Checkout", "search"))
    desk("log", DOWN.replace("Checkout", "unheard-of"))
    found = shown(desk)
    assert found["proposed_sla"] == "breached"
    assert found["sla_reasons"] == [
        "checkout was down for 57m, its SLO 99.9 % allows 43m12s in 30 days: breached",
    ]
    assert [(each["amount"], each["currency"], each["lasts"]) for each in found["proposed_losses"]] == [
        (2280.0, None, False)
    ]
    # Proposed, and never set by itself.
    assert found["sla"] is None
    assert "sla" not in (desk.root / found["path"]).read_text()


def test_sums_of_currencies_stay_apart_for_programs(desk):
    desk("cost", "refunds", "0.10", "CHF", "--range", "0.10..0.30")
    desk("cost", "refunds", "0.20", "CHF", "--source", "the ledger")
    desk("cost", "refunds", "1", "EUR", "--high", "2")
    found = shown(desk)
    assert found["totals"] == [
        {"amount": 0.3, "low": 0.3, "high": 0.5, "currency": "CHF"},
        {"amount": 1.0, "low": 1.0, "high": 2.0, "currency": "EUR"},
    ]
    assert [each["source"] for each in found["costs"]] == [None, "the ledger", None]


def test_a_vault_without_a_catalog_proposes_nothing(desk):
    desk("log", DOWN)
    found = shown(desk)
    assert (found["proposed_sla"], found["sla_reasons"], found["proposed_losses"]) == (None, [], [])
