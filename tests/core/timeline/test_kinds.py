"""The table of kinds: every form reads, writes, and says what is wrong."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from okb_incident.core.timeline.kinds import KINDS, find_kind
from okb_incident.core.timeline.payload import code_span, read_form, show_form, write_form
from okb_incident.core.timeline.timeline_reference import timeline_reference
from okb_incident.core.values.name import handle

if TYPE_CHECKING:
    from okb_incident.core.timeline.kinds import EntryKind

BERLIN = ZoneInfo("Europe/Berlin")
EXAMPLES = [(kind, example) for kind in KINDS.values() for example in kind.examples]
WORDED = (
    "status severity role handoff team impact effort cost comms hypothesis change action resource verify reopen merge"
)
FREE = "escalation alert run evidence decision review note"


def test_the_table_has_the_kinds_of_the_format() -> None:
    assert list(KINDS) == WORDED.split() + FREE.split()


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=lambda value: getattr(value, "name", None))
def test_an_example_reads_without_fault_and_writes_to_itself(kind: EntryKind, example: str) -> None:
    fields = kind.read(example, UTC)
    assert kind.write(fields, UTC) == example


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_examples_of_a_kind_show_each_of_its_forms(kind: EntryKind) -> None:
    shown = {next(form for form in kind.forms if read_form(form, example, UTC)) for example in kind.examples}
    assert shown == set(kind.forms)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_meaning_is_one_sentence(kind: EntryKind) -> None:
    assert kind.meaning.endswith(".")
    assert kind.meaning[0].isupper()


@pytest.mark.parametrize(
    ("name", "payload", "fields"),
    [
        ("status", "triage", {"after": "triage"}),
        ("status", "Triage->INVESTIGATING", {"before": "triage", "after": "investigating"}),
        ("status", "triage --> resolved ,  gone", {"before": "triage", "after": "resolved", "reason": "gone"}),
        ("status", "identified → monitoring, a → b, c", {"before": "identified", "after": "monitoring", "reason": "a → b, c"}),
        ("severity", "SEV1", {"after": "SEV1"}),
        ("severity", "sev-2 -> critical", {"before": "sev-2", "after": "critical"}),
        ("severity", "undetermined → Sev 1, all of it", {"before": "undetermined", "after": "Sev 1", "reason": "all of it"}),
        ("severity", "not sure yet → SEV2", {"before": "not sure yet", "after": "SEV2"}),
        ("role", "communications lead: nobody -> [[carol|Carol]]", {"role": "communications lead", "before": "–", "after": "carol"}),
        ("role", "scribe: @erin → -", {"role": "scribe", "before": "erin", "after": "–"}),
        ("handoff", "commander: Ada Vogel → @bob", {"role": "commander", "before": "Ada Vogel", "after": "bob"}),
        ("team", "[[payments-team]] Joined", {"team": "payments-team", "event": "joined"}),
        ("team", "second line notified", {"team": "second line", "event": "notified"}),
        (
            "impact",
            "[[checkout|the shop]] Down, share 12.5 %, users 900 – 1500 from 2026-11-23 01:47, planned",
            {
                "service": "checkout",
                "level": "down",
                "share": "12.5%",
                "users": "900-1500",
                "from": "2026-11-23 01:47",
                "planned": "planned",
            },
        ),
        ("impact", "dns at-risk, users ~5% from 2026-11-23T01:47:00Z", {
            "service": "dns", "level": "at-risk", "users": "~5%", "from": "2026-11-23T01:47:00Z",
        }),
        ("effort", "@bob 45 min", {"person": "bob", "minutes": "45"}),
        ("effort", "@bob 1h30m as scribe", {"person": "bob", "minutes": "90", "role": "scribe"}),
        ("effort", "@bob 2 h 5", {"person": "bob", "minutes": "125"}),
        ("effort", "Ada Vogel 1,5h", {"person": "Ada Vogel", "minutes": "90"}),
        ("effort", "@bob 2h", {"person": "bob", "minutes": "120"}),
        ("cost", "lost sales 20000 eur (15000..40000)", {
            "category": "lost sales", "amount": "20000", "currency": "EUR", "low": "15000", "high": "40000",
        }),
        ("comms", "team/info -> INC-1-update", {"audience": "team", "kind": "info", "note": "INC-1-update"}),
        ("hypothesis", "H2 Ruled Out, the pool is fine", {"name": "h2", "result": "ruled out", "text": "the pool is fine"}),
        ("hypothesis", "h2 confirmed by nobody yet", {"name": "h2", "text": "confirmed by nobody yet"}),
        ("change", "fix : limit raised", {"way": "fix", "text": "limit raised"}),
        ("action", "a12 cancelled", {"name": "a12", "result": "cancelled"}),
        ("resource", "r1 granted: two people: today", {"name": "r1", "state": "granted", "text": "two people: today"}),
        ("verify", "solution fail: still slow", {"subject": "solution", "result": "fail", "text": "still slow"}),
        (
            "reopen",
            "was resolved 2026-11-23T03:40:30, verified 2026-11-23T03:45, closed 2026-11-24T10:00:00: again",
            {
                "resolved": "2026-11-23T03:40:30",
                "verified": "2026-11-23T03:45",
                "closed": "2026-11-24T10:00:00",
                "reason": "again",
            },
        ),
        ("merge", "From [[INC-20261123-02|the other]]", {"way": "from", "incident": "INC-20261123-02|the other"}),
        ("escalation", "to the owner", {"to": "the owner"}),
        ("escalation", "nobody knows: call them", {"text": "nobody knows: call them"}),
        ("alert", "High error rate resolved", {"alert": "High error rate", "state": "resolved"}),
        ("run", "``echo `date` `` exit -9 after 0.5s, killed", {
            "command": "echo `date` ", "exit": "-9", "seconds": "0.5", "text": "killed",
        }),
        ("run", "`` `date` `` exit 0", {"command": "`date`", "exit": "0"}),
        ("evidence", "log: https://logs.example/x, sha256 9F86", {"what": "log", "where": "https://logs.example/x", "sha256": "9f86"}),
        ("decision", "wait", {"text": "wait"}),
        ("review", "In-Review", {"state": "in-review"}),
        ("note", "", {"text": ""}),
        ("note", "two  blanks", {"text": "two blanks"}),
    ],
)  # fmt: skip
def test_a_payload_is_read_as_people_type_it(name: str, payload: str, fields: dict[str, str]) -> None:
    assert KINDS[name].read(payload, UTC) == fields


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("status", "everything is down"),
        ("status", ""),
        ("severity", "SEV1 since all cards fail"),
        ("role", "commander: @dan"),
        ("role", "commander: @ → @"),
        ("team", "payments"),
        ("impact", "all customers in the EU"),
        ("impact", "checkout broken from 2026-11-23T01:47:00"),
        ("impact", "checkout down, from 01:47"),
        ("effort", "@bob long"),
        ("cost", "a lot"),
        ("comms", "told the users"),
        ("hypothesis", "the pool is exhausted"),
        ("change", "limit raised"),
        ("action", "roll back"),
        ("resource", "r1: a specialist"),
        ("verify", "error rate is low"),
        ("reopen", "it is back"),
        ("merge", "with the other one"),
        ("decision", ""),
    ],
)
def test_a_payload_that_does_not_fit_is_answered_with_form_and_example(name: str, payload: str) -> None:
    kind = KINDS[name]
    with pytest.raises(ValueError) as caught:
        kind.read(payload, UTC)
    assert str(caught.value) == f"{payload!r} is not a valid {name}; write {kind.syntax}, such as `{kind.example}`"


@pytest.mark.parametrize("name", FREE.split())
def test_a_free_kind_takes_any_words(name: str) -> None:
    assert KINDS[name].read("whatever: comes, here", UTC)


def test_a_moment_in_a_payload_must_exist_in_the_zone() -> None:
    with pytest.raises(ValueError, match="in this impact, '2026-03-29T02:30:00' does not exist in Europe/Berlin"):
        KINDS["impact"].read("checkout down from 2026-03-29T02:30:00", BERLIN)
    with pytest.raises(ValueError, match="names a day that does not exist"):
        KINDS["reopen"].read("was resolved 2026-02-30T02:30:00: again", UTC)


def test_fields_are_written_in_canonical_form() -> None:
    assert KINDS["role"].write({"role": "scribe", "before": "–", "after": "Ada Vogel"}, UTC) == "scribe: – → @Ada-Vogel"
    assert KINDS["run"].write({"command": "echo `date`", "exit": "0"}, UTC) == "`` echo `date` `` exit 0"
    assert KINDS["effort"].write({"person": "bob", "minutes": "90"}, UTC) == "@bob 90m"
    assert KINDS["status"].write({"after": "resolved", "reason": "gone\nfor good"}, UTC) == "resolved, gone for good"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("status", {}),
        ("status", {"before": "triage"}),
        ("status", {"after": "on fire"}),
        ("status", {"after": "resolved", "mood": "good"}),
        ("hypothesis", {"name": "h1", "text": "confirmed"}),
    ],
)
def test_fields_that_a_line_cannot_hold_are_refused(name: str, fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=f"a {name} cannot hold"):
        KINDS[name].write(fields, UTC)


def test_free_words_are_written_even_where_they_look_like_a_form() -> None:
    assert KINDS["escalation"].write({"text": "to the pub"}, UTC) == "to the pub"


def test_a_kind_is_found_in_any_case_and_an_unknown_one_is_named() -> None:
    assert find_kind("Status") is KINDS["status"]
    with pytest.raises(
        ValueError, match=r"unknown kind of timeline entry 'statsu'; choose from status, severity, .*, note"
    ):
        find_kind("statsu")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("@Ada Vogel", "Ada-Vogel"),
        ("göran", "göran"),
        ("eun-ji", "eun-ji"),
        ("a: b, c", "a-b-c"),
        (" @ ", ""),
        ("a@b.ch", "a@b.ch"),
    ],
)
def test_a_handle_has_neither_blank_nor_colon(name: str, shown: str) -> None:
    assert handle(name) == shown


def test_forms_in_general() -> None:
    assert show_form("[{a=x|y}, ]{b}") == "[x·y, ]B"
    assert write_form("[{a=x|y}, ]{b}", {"b": "1"}) == "1"
    assert write_form("[{a=x|y}, ]{b}", {"a": "x"}) is None
    assert write_form("[{a=x|y}, ]{b}", {"b": "1", "c": "2"}) is None, "what has no place in the form would be lost"
    assert read_form("{b} ({c})", "1 (2)", UTC) == {"b": "1", "c": "2"}
    assert code_span("a") == "`a`"


def test_the_reference_for_writers_is_up_to_date() -> None:
    written = (Path(__file__).parents[3] / "docs" / "timeline.md").read_text(encoding="utf-8")
    assert written == timeline_reference()


def test_the_reference_shows_every_kind_and_only_faults_that_are_some() -> None:
    reference = timeline_reference()
    for kind in KINDS.values():
        assert f"| `{kind.name}` | {kind.meaning} |" in reference
    assert "|  |" not in reference
