"""Business impact: what was recorded, what is proposed, and how it reads."""

from __future__ import annotations

from decimal import Decimal

from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.response.business_impact import BusinessImpact, business_impact
from okb_incident.core.response.service_terms import ServiceTerms

NOW = minutes(120)
TERMS = [ServiceTerms("checkout", Decimal("99.9"), Decimal(2400), "EUR")]
DOWN = "- 2026-11-23T03:00:00 **impact** @bob: checkout down from 2026-11-23T02:00:00 to 2026-11-23T02:57:00"
SUM = "checkout was down for 57m, its SLO 99.9 % allows 43m12s in 30 days: breached"
LOSS = "checkout was down for 57m at 2,400.00 EUR an hour: 2,280.00 EUR of revenue"
COSTS = """
- 2026-11-23T03:01:00 **cost** @bob: refunds 1200 CHF (900..1500), cards, source the payment provider
- 2026-11-23T03:02:00 **cost** @dan: overtime 800 EUR
- 2026-11-23T03:03:00 **cost** @dan: vouchers 300 EUR (200..400)
- 2026-11-23T03:04:00 **cost**: pizza 60 EUR
"""


def test_nothing_is_said_of_an_incident_of_which_nothing_is_known():
    found = business_impact(record_of(incident_of("investigating")), TERMS, NOW)
    assert found == BusinessImpact(ID)
    assert [*found.agreed(), *found.money(), *found.proposals()] == []


def test_what_is_proposed_has_its_arithmetic_and_its_command():
    found = business_impact(record_of(incident_of("investigating"), DOWN), TERMS, NOW)
    assert list(found.agreed()) == [f"{SUM} (proposed)"]
    assert list(found.money()) == [f"{LOSS} (proposed)"]
    assert list(map(str, found.proposals())) == [
        f"{SUM}; incident set -i {ID} sla=breached",
        f"{LOSS}; incident cost -i {ID} lost revenue 2280.00 EUR --source 'checkout down for 57m at 2,400.00 EUR an hour'",
    ]


def test_what_a_person_recorded_is_not_proposed_again():
    line = "- 2026-11-23T03:05:00 **cost** @dan: Lost revenue 2000 EUR"
    record = record_of(incident_of("investigating", properties={"sla": "met"}), f"{DOWN}\n{line}")
    found = business_impact(record, TERMS, NOW)
    assert found.proposed_sla is None
    assert list(found.agreed()) == ["SLA met", SUM]
    assert list(found.money()) == ["2,000.00 EUR in all", "Lost revenue 2,000.00 EUR, @dan"]
    assert list(found.proposals()) == []


def test_sums_come_first_and_of_many_costs_the_last_are_shown():
    found = business_impact(record_of(incident_of("investigating"), COSTS), [], NOW)
    assert list(found.money()) == [
        "1,200.00 CHF (900.00 to 1,500.00) in all",
        "1,160.00 EUR (1,060.00 to 1,260.00) in all",
        "overtime 800.00 EUR, @dan",
        "vouchers 300.00 EUR (200.00 to 400.00), @dan",
        "pizza 60.00 EUR",
    ]
    first = business_impact(record_of(incident_of("investigating"), "\n".join(COSTS.split("\n")[:2])), [], NOW)
    assert list(first.money())[1:] == [
        "refunds 1,200.00 CHF (900.00 to 1,500.00), cards, source: the payment provider, @bob"
    ]


def test_what_cannot_be_recorded_by_a_command_is_said_without_one():
    terms = [TERMS[0]._replace(currency="")]
    found = business_impact(record_of(incident_of("investigating", properties={"sla": "met"}), DOWN), terms, NOW)
    assert list(found.proposals()) == [
        "checkout was down for 57m at 2,400.00 an hour: 2,280.00 of revenue; its note names no currency",
    ]


def test_while_an_outage_lasts_its_loss_is_shown_and_not_proposed():
    lasting = "- 2026-11-23T03:00:00 **impact** @bob: checkout down from 2026-11-23T03:50:00"
    found = business_impact(record_of(incident_of("investigating"), lasting), TERMS, NOW)
    assert list(found.money()) == [
        "checkout has been down for 10m at 2,400.00 EUR an hour: 400.00 EUR of revenue so far (proposed)"
    ]
    assert list(found.proposals()) == [
        "checkout has been down for 10m, its SLO 99.9 % allows 43m12s in 30 days: not breached yet"
    ]
