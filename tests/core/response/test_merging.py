"""Several incidents that are one: what goes, what is refused, and how it is undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.response import merging
from okb_incident.core.response.similarity import is_likely_same, similarity, telling, words_of
from okb_incident.core.values.identity import IncidentId
from okb_incident.errors import TransitionError, UsageError

AT = minutes(30)
OTHER = "INC-20261123-02"


def other(status="investigating", **facts):
    return incident_of(status, **facts)._replace(id=IncidentId(date(2026, 11, 23), 2, OTHER))


def test_it_goes_in_and_both_notes_say_so():
    record = record_of(incident_of("triage"))
    change = merging.into(record, other(), AT, "the same")
    assert change.properties == {"status": "merged", "duplicate_of": f"[[{OTHER}]]"}
    assert [(line.kind, line.text) for line in change.lines] == [
        ("status", "triage → merged, the same"),
        ("merge", f"into [[{OTHER}]]"),
    ]
    assert merging.into(record, other(), AT, "").lines[0].text == "triage → merged"
    assert merging.take_in(record.incident, AT).lines[0].text == f"from [[{ID}]]"
    gone = record_of(incident_of("merged", duplicate_of=OTHER))
    assert merging.into(gone, other(), AT, "").already


def test_a_ring_is_refused_however_long():
    parts = {"INC-20261123-03": incident_of("merged", duplicate_of=ID)}
    with pytest.raises(UsageError, match="into itself"):
        merging.refuse_ring(incident_of("triage"), incident_of("triage"), parts.get)
    with pytest.raises(TransitionError, match="ring"):
        merging.refuse_ring(incident_of("triage"), other("merged", duplicate_of=ID), parts.get)
    with pytest.raises(TransitionError, match="ring"):
        merging.refuse_ring(incident_of("triage"), other("merged", duplicate_of="INC-20261123-03"), parts.get)
    merging.refuse_ring(incident_of("triage"), other("merged", duplicate_of="INC-20261123-09"), parts.get)
    merging.refuse_ring(incident_of("triage"), other(), parts.get)


def test_what_is_over_or_restricted_is_not_merged():
    merging.refuse_merge(incident_of("triage"), other())
    merging.refuse_merge(incident_of("triage"), other("resolved"))
    for source, target, said in (
        (incident_of("resolved"), other(), "what goes in has to be open"),
        (incident_of("triage"), other("closed"), "what it goes into has to be open"),
        (incident_of("triage", restricted=True), other(), "is restricted"),
        (incident_of("triage"), other(restricted=True), "is restricted"),
    ):
        with pytest.raises(TransitionError, match=said):
            merging.refuse_merge(source, target)


def test_what_was_merged_is_again_what_it_was():
    timeline = """
- 2026-11-23T02:05:00 **status** @alice: triage → identified
- 2026-11-23T02:10:00 **status** @alice: identified → merged
"""
    change = merging.take_out(record_of(incident_of("merged"), timeline), AT, "")
    assert change.properties == {"status": "identified", "duplicate_of": None}
    assert change.lines[0].text == "merged → identified, no duplicate after all"
    by_hand = merging.take_out(record_of(incident_of("merged")), AT, "its own cause")
    assert by_hand.lines[0].text == "merged → investigating, its own cause"
    with pytest.raises(TransitionError, match="no merge to undo"):
        merging.take_out(record_of(incident_of("triage")), AT, "")
    assert merging.let_go(incident_of("merged"), AT).lines[0].text == f"[[{ID}]] is not part of it after all"


def test_incidents_belong_together_or_come_back():
    record = record_of(incident_of("triage", properties={"related": ["[[INC-20261101-01]]"]}))
    related = merging.relate(record, other(), AT)
    assert related.properties == {"related": ("[[INC-20261101-01]]", f"[[{OTHER}]]")}
    back = merging.relate(record, other(), AT, recurrence=True)
    assert back.properties == {"recurrence_of": f"[[{OTHER}]]"}
    known = record_of(incident_of("triage", properties={"related": f"[[{OTHER}|x]]"}))
    assert merging.relate(known, other(), AT).already
    with pytest.raises(TransitionError, match="the other note would tell of it"):
        merging.relate(record, other(restricted=True), AT)
    secret = record_of(incident_of("triage", restricted=True))
    assert merging.relate(secret, other(restricted=True), AT).properties
    assert merging.relate(secret, other(), AT).properties
    with pytest.raises(UsageError, match="related to itself"):
        merging.relate(record, incident_of("triage"), AT)


TITLES = [
    ("Card payments fail in the EU shop", True, "EU card payments are failing", True),
    ("Card payments fail in the EU shop", False, "EU card payments are failing", True),
    ("Checkout is slow", True, "Payment page does not load", False),
    ("Checkout is slow", True, "Checkout shows old prices", False),
    ("Checkout is slow", False, "Search is slow", False),
    ("Mail queue grows", True, "Mails are queued for hours", True),
    ("Mail queue grows", False, "Mail relay down", False),
    ("Errors", True, "Failures", False),
]


@pytest.mark.parametrize(("one", "same_service", "two", "alike"), TITLES)
def test_what_is_likely_the_same_holds_a_telling_word(one, same_service, two, alike):
    services = ["checkout"] if same_service else []
    held = f"{two} {services}".lower()
    if alike or same_service:
        assert any(word in held for word in telling(one, ["Checkout"]) or ())


WORDS = st.lists(
    st.sampled_from(["Queue", "queues", "Checking", "slowly", "DB-1", "it's", "7", "fails", "x", "mail"]), max_size=5
)
NAMES = st.lists(st.sampled_from(["Mail", "mail", "db 1", "Checkout"]), max_size=2)


@given(WORDS.map(" ".join), NAMES, WORDS.map(" ".join), NAMES)
def test_no_incident_that_is_likely_the_same_lacks_all_telling_words(one, services, two, others):
    held = f"{two} {others}".lower()
    if is_likely_same(one, services, two, others, apart=timedelta(0)):
        assert any(word in held for word in telling(one, services) or ())


@pytest.mark.parametrize(
    ("title", "services"), [("Überlast", []), ("Load", ["größe"]), ("It’s slow", []), ("Load", ['a"b'])]
)
def test_of_words_that_not_every_program_writes_in_lower_case_alike_nothing_is_told(title, services):
    assert telling(title, services) is None


@pytest.mark.parametrize(("one", "same_service", "two", "alike"), TITLES)
def test_titles_that_likely_mean_the_same(one, same_service, two, alike):
    services = ("checkout",) if same_service else ()
    assert is_likely_same(one, ("Checkout",), two, services, apart=timedelta(days=1)) == alike
    assert is_likely_same(one, ("Checkout",), two, services, apart=timedelta(hours=-1)) == (alike or same_service)


def test_likeness_is_a_share():
    assert similarity("database full", "database full") == 1
    assert similarity("database full", "the") == 0
    assert words_of("Passes passing passed, glass 5") == {"pass", "glass", "5"}


def test_an_impact_that_lasts_is_offered_for_the_incident_into_which_it_goes():
    lines = "- 02:00 impact: mail degraded, 10%\n- 02:00 impact: search down from 02:00 to 02:05"
    record = record_of(incident_of("investigating"), lines)
    target = incident_of("investigating")
    assert [str(each) for each in merging.into(record, target, minutes(10), "the same").warnings] == [
        (
            f"mail is still degraded; to record that in {target.id}: "
            f"incident log -i {target.id} 'impact: mail degraded, share 10% from 2026-11-23T02:00:00'"
        )
    ]
