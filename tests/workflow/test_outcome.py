"""What a program is told of a write: what was made under which name, what changed, and the entry that undoes it."""

from __future__ import annotations

import json

import pytest
from tests.workflow.test_change import saved_at_the_swap

ID = "INC-20261123-01"
NOTE = f"incidents/2026/{ID}.md"


def answers(desk, *words):
    """Return the answers of a command, one after the other."""
    text, found = desk(*words, "--json").out.strip(), []
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    return found


def answer(desk, *words):
    (value,) = answers(desk, *words)
    return value


def items(value):
    return [(each["kind"], each["name"], each["path"]) for each in value["made"]]


def changes(value):
    return {each["property"]: (each["from"], each["to"]) for each in value["changes"]}


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (("log", "hypothesis: the pool"), [("hypothesis", "h1", NOTE)]),
        (("action", "add", "roll back"), [("action", "a1", NOTE)]),
        (("resource", "request", "a dba"), [("request", "r1", NOTE)]),
        (("follow-up", "add", "an alarm"), [("follow-up", "f1", NOTE)]),
        (("verify", "solution", "it works", "ok"), [("check", "v1", NOTE)]),
        (("tell", "team", "wait"), [("message", "u1", f"incidents/2026/{ID} update 1 team status-update.md")]),
        (("comms", "draft", "users"), [("message", "u1", f"incidents/2026/{ID} update 1 users service-notice.md")]),
        (("assess", "-s", "sev2"), [("assessment", "assessment 1", f"incidents/2026/{ID} assessment 1.md")]),
        (("templates", "copy", "review"), [("template", "review", "templates/incident/review.md")]),
        (("open", "Another"), [("incident", "INC-20261123-02", "incidents/2026/INC-20261123-02.md")]),
        (("ack",), []),
        (("log", "seen"), []),
    ],
    ids=lambda value: " ".join(value) if value and isinstance(value[0], str) else "",
)
def test_what_was_made_is_named(desk, words, made):
    value = answer(desk, *words)
    assert (items(value), value["changed"]) == (made, True)
    assert value["entry"] == [entry.id for entry in desk.journal.entries()][-1]


def test_a_checklist_comes_with_the_incident_that_needs_it(desk):
    value = answer(desk, "open", "Keys leaked", "--category", "security")
    assert [each["kind"] for each in value["made"]] == ["incident", *["action"] * (len(value["made"]) - 1)]
    assert [each["name"] for each in value["made"]][1:3] == ["a1", "a2"]
    assert any("restricted" in each for each in value["warnings"])


def test_an_item_that_is_spoken_of_again_is_not_made_again(desk):
    answer(desk, "log", "hypothesis: the pool")
    assert items(answer(desk, "log", "h1 confirmed")) == []
    assert items(answer(desk, "log", "hypothesis: the disk")) == [("hypothesis", "h2", NOTE)]


def test_what_changed_is_told_from_and_to(desk):
    value = answer(desk, "ack")
    assert changes(value)["status"] == ("triage", "investigating")
    assert changes(value)["commander"] == (None, "alice")
    assert changes(value)["acknowledged"] == (None, value["acknowledged"])
    assert value["acknowledged"].endswith("Z")
    assert {each["path"] for each in value["changes"]} == {NOTE}
    assert changes(answer(desk, "role", "commander", "--remove"))["commander"] == ("alice", None)


def test_what_is_so_already_changes_nothing_and_has_no_entry(desk):
    desk("ack")
    value = answer(desk, "ack")
    assert (value["changed"], value["made"], value["changes"], value["entry"]) == (False, [], [], None)


def test_a_message_that_is_approved_and_sent_changes_its_own_note(desk):
    draft = answer(desk, "comms", "draft", "team", "It is slow.")
    (_, name, path) = items(draft)[0]
    approved = answer(desk, "comms", "approve", name, "--as-is")
    assert changes(approved)["state"] == ("draft", "approved")
    sent = answer(desk, "comms", "send", name, "--as-is")
    assert (sent["id"], sent["changed"]) == (ID, True)
    assert ({each["property"]: each["to"] for each in sent["changes"] if each["path"] == path})["state"] == "sent"
    again = answer(desk, "comms", "send", name)
    assert (again["id"], again["changed"], again["entry"]) == (ID, False, None)


def test_a_name_that_was_given_away_in_the_same_moment_is_the_one_it_has_now(desk, monkeypatch):
    desk("action", "add", "one")
    line = f"#incident/action 🆔 {ID}-a2 ➕ 2026-11-23\n"
    saved_at_the_swap(desk, monkeypatch, "## Actions\n", f"## Actions\n- [ ] theirs {line}")
    value = answer(desk, "action", "add", "ours")
    assert items(value) == [("action", "a3", NOTE)]
    assert any("a2 became a3" in each for each in value["warnings"])


def test_what_somebody_else_changed_in_the_same_moment_is_not_ours(desk, monkeypatch):
    saved_at_the_swap(desk, monkeypatch, "severity: SEV3\n", "severity: SEV3\nmetric: latency\n")
    value = answer(desk, "ack")
    assert "metric: latency\n" in desk.note.read_text()
    assert "metric" not in changes(value)


def test_of_several_incidents_each_answer_has_its_own_part_and_one_entry_undoes_all(desk):
    desk("open", "Slow too", "-s", "sev3")
    one, other = answers(desk, "merge", "02", "01")
    assert one["entry"] == other["entry"]
    for value in (one, other):
        assert {each["path"] for each in value["changes"]} <= {value["path"]}
    merged = next(value for value in (one, other) if value["id"] == "INC-20261123-02")
    assert changes(merged)["status"] == ("triage", "merged")
    desk("undo", one["entry"], "--yes")
    assert "status: triage\n" in desk.note.with_name("INC-20261123-02.md").read_text()


def test_a_note_that_moves_is_not_made(desk):
    desk("tell", "team", "wait")
    value = answer(desk, "restrict")
    assert value["made"] == []
    assert changes(value)["visibility"] == (None, "restricted")
    assert value["path"].startswith("incidents/restricted/")
    assert value["path"] in {each["path"] for each in value["changes"]}


def test_what_is_done_again_is_made_again(desk):
    first = answer(desk, "log", "hypothesis: the pool")
    undone = answer(desk, "undo", first["entry"])
    assert (undone["undone"], items(undone)) == (first["entry"], [])
    redone = answer(desk, "redo", undone["entry"])
    assert items(redone) == [("hypothesis", "h1", NOTE)]
    assert items(answer(desk, "undo", redone["entry"])) == []


def test_a_half_typed_note_is_answered_all_the_same(desk):
    desk.type("aliases:\n", 'aliases: "\n')
    assert items(answer(desk, "action", "add", "roll back", "-i", "01")) == [("action", "a1", NOTE)]


def test_one_setting_is_told_from_and_to(desk, monkeypatch):
    monkeypatch.setenv("INCIDENT_VAULT", str(desk.root))
    first = answer(desk, "config", "set", "policy.SEV1.acknowledge", "4m")
    assert changes(first) == {"policy.SEV1.acknowledge": (None, "4m")}
    same = answer(desk, "config", "set", "policy.SEV1.acknowledge", "4m")
    assert (same["changed"], same["changes"], same["entry"]) == (False, [], None)
    desk("undo", first["entry"], "--yes")
    assert "acknowledge" not in (desk.root / "incident.toml").read_text()
