"""What a response asks for, and what it is told."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Command
from okb_incident.core.response.requests import ResourceRequest, answer, ask_for, named, requests
from okb_incident.errors import NotFoundError, UsageError

TIMELINE = """
- 2026-11-23T02:10:00 **resource** @bob: r1 requested: a specialist
- 2026-11-23T02:12:00 **resource** @bob: r2 requested: a bridge
- 2026-11-23T02:20:00 **resource** @dan: r1 granted: gita comes
- 2026-11-23T02:21:00 **resource** @dan: r3 refused: too late
"""
RECORD = record_of(incident_of("investigating"), TIMELINE)
AT = minutes(30)


def test_requests_and_their_answers():
    assert requests(RECORD) == {
        "r1": ResourceRequest("r1", "a specialist", "granted", minutes(10), minutes(20), "gita comes", "bob", "dan"),
        "r2": ResourceRequest("r2", "a bridge", "requested", minutes(12), None, "", "bob"),
        "r3": ResourceRequest("r3", "too late", "refused", None, minutes(21), "", None, "dan"),
    }


def test_the_next_request_gets_the_next_name():
    assert ask_for(RECORD, "pizza", AT).lines[0].text == "r4 requested: pizza"


def of(name, record=RECORD):
    return named(record, name, lambda other: Command("resource grant", other, incident=ID))


def test_a_request_is_answered_once():
    assert answer(RECORD, of("R2"), "granted", "", AT).lines[0].text == "r2 granted: a bridge"
    assert answer(RECORD, of("r2"), "refused", "no room", AT).lines[0].text == "r2 refused: no room"
    assert answer(RECORD, of("r1"), "granted", "", AT).already
    with pytest.raises(UsageError, match="r1 was granted before") as caught:
        answer(RECORD, of("r1"), "refused", "no", AT)
    assert str(caught.value.hint) == f"incident resource request -i {ID} 'a specialist'"


def test_a_wrong_name_shows_what_waits_for_an_answer():
    with pytest.raises(NotFoundError, match="has no request r9$") as caught:
        of("r9")
    assert caught.value.candidates == ((("resource", "grant", "-i", ID, "r2"), "r2 a bridge"),)
    assert str(caught.value.hint) == f"incident resource list -i {ID} shows all"
    many = record_of(
        incident_of("triage"),
        "".join(f"- 2026-11-23T02:10:00 **resource** @bob: r{number} requested: x\n" for number in range(1, 9)),
    )
    with pytest.raises(NotFoundError, match="no request r9") as caught:
        of("r9", many)
    assert len(caught.value.candidates) == 5
    assert str(caught.value.more) == f"3 more: incident resource list -i {ID}"
    with pytest.raises(NotFoundError, match="has no request r1$"):
        of("r1", record_of(incident_of("triage")))
