"""Services that work again, promises of when, and what is said at the end."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.incident.change import Change
from okb_incident.core.response.expectation import Estimate, estimates, expect, outcome
from okb_incident.core.response.resolution import ResolutionDetails, add, lose_data, missing
from okb_incident.core.response.restoration import restore, suffering, with_unrestored
from okb_incident.errors import TransitionError

IMPACT = """
- 2026-11-23T02:06:00 **impact** @alice: Checkout degraded, share 40% from 2026-11-23T01:50:00
- 2026-11-23T02:07:00 **impact** @alice: search down from 2026-11-23T01:50:00 to 2026-11-23T02:00:00
"""
AT = minutes(60)
CHANGE = Change(said="monitoring → resolved", properties={"status": "resolved"})


def test_an_impact_ends_and_keeps_what_was_said_of_it():
    record = record_of(incident_of("monitoring", mitigated=50), IMPACT)
    change = restore(record, ["checkout", "search"], AT)
    assert [line.text for line in change.lines] == [
        "Checkout degraded, share 40% from 2026-11-23T01:50:00 to 2026-11-23T03:00:00"
    ]
    assert change.said == "restored Checkout after 1h10m"
    assert change.warnings == ()
    assert restore(record, ["search"], AT).already
    assert suffering(record, AT) == ["Checkout"]


def test_what_still_suffers_is_named():
    record = record_of(incident_of("investigating", services=("checkout", "mail"), started=-20), IMPACT)
    assert restore(record, ["checkout"], AT).warnings == ("not restored yet: mail",)
    first = restore(record, ["mail"], AT)
    assert first.lines[0].text == "mail down from 2026-11-23T01:40:00 to 2026-11-23T03:00:00"
    assert first.warnings == ("not restored yet: checkout",)
    last = restore(record, ["checkout", "mail"], AT)
    assert [str(each) for each in last.warnings] == [
        f"all services are restored; incident mitigate -i {ID} marks the impact as stopped"
    ]


def test_nothing_ends_before_it_began():
    record = record_of(incident_of("investigating"), IMPACT)
    with pytest.raises(TransitionError, match="cannot have been restored before"):
        restore(record, ["checkout"], minutes(-30))
    with pytest.raises(TransitionError, match="mail is impaired since 2026-11-23T02:05:00"):
        restore(record_of(incident_of("investigating", started=5)), ["mail"], minutes(0))
    with pytest.raises(TransitionError, match="the record does not say since when mail is impaired"):
        restore(record, ["mail"], AT)


def test_promises_are_kept_and_compared_with_what_came():
    first = expect(record_of(incident_of("investigating")), minutes(60), minutes(20), "the index is built")
    assert first.lines[0].text == "expected_recovery: – → 2026-11-23T03:00:00, the index is built"
    assert first.moments == {"expected recovery": minutes(60)}
    same = incident_of("investigating", properties={"expected_recovery": "2026-11-23T03:00:00"})
    assert expect(record_of(same), minutes(60), minutes(20), "").already
    timeline = """
- 2026-11-23T02:20:00 **note** @a: expected_recovery: – → 2026-11-23T03:00:00, the index is built
- 2026-11-23T02:50:00 **note** @a: expected_recovery: 2026-11-23T03:00:00 → 2026-11-23T03:30:00
- 2026-11-23T02:55:00 **note** @a: expected_recovery: 2026-11-23T03:30:00 → soon
- 2026-11-23T02:56:00 **note** @a: other words
"""
    stopped = record_of(incident_of("monitoring", mitigated=85), timeline)
    assert estimates(stopped) == [Estimate(minutes(20), minutes(60)), Estimate(minutes(50), minutes(90))]
    assert outcome(stopped) == "stopped 5m before the last promise, 25m after the first of 2"
    once = record_of(incident_of("resolved", resolved=60), timeline.split("\n- 2026-11-23T02:50", maxsplit=1)[0])
    assert outcome(once) == "stopped 0s after the promise"
    assert outcome(record_of(incident_of("investigating"), timeline)) is None
    assert outcome(record_of(incident_of("monitoring", mitigated=85))) is None


def test_what_is_said_at_the_end_goes_where_it_belongs():
    record = record_of(incident_of("monitoring", properties={"cause": "unknown"}))
    told = ResolutionDetails("Cards  failed. <% x %>", "change", "deploy 4f2a", "rolled back", "wallets", "none")
    change = add(
        Change(said="monitoring → resolved"),
        record,
        told,
        AT,
    )
    assert change.properties == {"cause": "change", "trigger": "deploy 4f2a", "data_loss": "none"}
    assert [(each.section, each.text, each.paragraph) for each in change.additions] == [
        ("Summary", "Cards failed. &lt;% x %>", False),
        ("Resolution", "Fix: rolled back", True),
        ("Resolution", "Workaround: wallets", True),
    ]
    assert [line.text for line in change.lines] == [
        "cause: unknown → change",
        "trigger: – → deploy 4f2a",
        "data_loss: – → none",
    ]
    assert change.said == "monitoring → resolved; added cause, trigger, data loss, summary, fix, workaround"
    assert (
        add(Change(already=True), record, told, AT).said == "added cause, trigger, data loss, summary, fix, workaround"
    )


def test_a_summary_that_a_writer_has_begun_is_theirs():
    record = record_of(incident_of("monitoring"), Summary="Mine.", Resolution="Mine too.")
    change = add(Change(already=True), record, ResolutionDetails(summary="Other"), AT)
    assert change.additions == ()
    assert (change.said, change.lines[0].text) == ("added summary", "summary: Other")
    assert "stays as it was written" in change.warnings[0]
    assert missing(record) == ("cause",)
    assert missing(record_of(incident_of("monitoring"))) == ("summary", "cause", "fix")
    known = record_of(incident_of("monitoring", properties={"cause": "change"}), Resolution="Done.")
    assert missing(known) == ("summary",)
    assert add(Change(already=True), known, ResolutionDetails(cause="change"), AT).already
    assert ResolutionDetails().is_empty
    assert not ResolutionDetails(fix="x").is_empty


def test_lost_data_says_since_when_and_what_it_was_restored_from():
    record = record_of(incident_of("monitoring", started=-10))
    change = lose_data(record, "some", AT, since=minutes(-22), restored_from="the backup", text="12 orders")
    assert change.properties == {"data_loss": "some"}
    assert change.lines[0].text == (
        "data_loss: – → some, lost since 2026-11-23T01:38:00 (recovery point 12m before it began),"
        " restored from the backup, 12 orders"
    )
    assert change.warnings
    known = record_of(incident_of("monitoring", properties={"data_loss": "none"}))
    assert lose_data(known, "none", AT).already
    more = lose_data(known, "none", AT, since=minutes(0), text="checked twice")
    assert more.properties == {}
    assert more.lines[0].text == "data_loss: none → none, lost since 2026-11-23T02:00:00, checked twice"
    assert ID


def restored(record, services, at=AT):
    """Return what `restore` logs."""
    return [line.text for line in restore(record, services, at).lines]


def test_a_restoration_ends_all_that_lasts_at_its_moment():
    """A planned window that a failure interrupted would go on behind it."""
    lines = (
        "- 02:00 impact: checkout at-risk from 02:00 to 05:00, planned\n"
        "- 02:30 impact: checkout down, share 40%\n"
        "- 02:35 impact: checkout down from 02:35 to 02:40\n"
        "- 02:45 impact: checkout at-risk from 02:45 to 02:46, planned\n"
        "- 02:46 impact: search down from 02:30 to 03:10"
    )
    record = record_of(incident_of("monitoring"), lines + "\n- 02:50 impact: checkout is down")
    assert restored(record, ["[[CHECKOUT]]"]) == [
        "checkout at-risk from 2026-11-23T02:00:00 to 2026-11-23T03:00:00, planned",
        "checkout down from 2026-11-23T02:50:00 to 2026-11-23T03:00:00",
    ]
    assert restore(record, ["checkout"], AT).said == "restored checkout after 1h00m"
    assert suffering(record, AT) == ["checkout"]
    with pytest.raises(TransitionError, match="since 2026-11-23T02:50:00"):
        restore(record, ["checkout"], minutes(45))


def test_a_restoration_after_a_reopening_leaves_out_the_time_between():
    lines = "- 02:00 impact: mail down\n- 02:40 **reopen** @a: was resolved 2026-11-23T02:30:00: again"
    assert restored(record_of(incident_of("monitoring"), lines), ["mail"]) == [
        "mail down from 2026-11-23T02:00:00 to 2026-11-23T02:30:00",
        "mail down from 2026-11-23T02:40:00 to 2026-11-23T03:00:00",
    ]


@pytest.mark.parametrize("moments", [{"resolved": 40}, {}])
def test_what_was_left_open_is_restored_after_the_incident(moments):
    record = record_of(incident_of("resolved", **moments), "- 02:00 impact: mail down")
    assert suffering(record, AT) == ["mail"]
    assert restored(record, ["mail"]) == ["mail down from 2026-11-23T02:00:00 to 2026-11-23T03:00:00"]


def test_several_spellings_are_one_service():
    record = record_of(incident_of("monitoring"), "- 02:00 impact: card payments down")
    assert len(restored(record, ["Card  Payments", "[[card payments]]"])) == 1


def test_what_is_still_impaired_is_named_with_the_command():
    lines = (
        "- 02:00 impact: mail down\n- 02:00 impact: card payments at risk\n"
        "- 02:00 impact: search at-risk from 02:00 to 04:00, planned"
    )
    assert [
        str(each) for each in with_unrestored(CHANGE, record_of(incident_of("monitoring"), lines), AT).warnings
    ] == [
        (
            f"mail is still down, card payments is still at risk; if restored: incident restore -i {ID} mail 'card payments'"
            " --at=2026-11-23T03:00:00"
        )
    ]
    assert with_unrestored(CHANGE, record_of(incident_of("monitoring")), AT) == CHANGE
    assert with_unrestored(Change(already=True), record_of(incident_of("monitoring"), lines), AT) == Change(
        already=True
    )


def test_a_restoration_that_is_dated_back_counts_over_what_was_said_meanwhile():
    lines = "- 02:00 impact: mail down\n- 02:50 impact: mail down, 40% from 02:00"
    (line,) = restore(record_of(incident_of("monitoring"), lines), ["mail"], minutes(47)).lines
    assert (line.at, line.text) == (
        minutes(50),
        "mail down, share 40% from 2026-11-23T02:00:00 to 2026-11-23T02:47:00",
    )
