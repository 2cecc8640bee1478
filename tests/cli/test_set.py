"""`incident set`: values as their property needs them, and what it refuses."""

from __future__ import annotations

import pytest


def properties(note):
    return note.read_text().split("---\n")[1]


def test_values_are_written_as_their_property_holds_them(run, vault, note):
    (vault / "services" / "checkout.md").write_text("---\ntype: service\n---\n")
    (vault / "people" / "bob.md").write_text("---\ntype: person\nhandle: bobby\n---\n")
    done = run(
        "set", "users_affected=~1200", "CAUSE=Change", "services=checkout,search", "commander=@bobby", "ticket=OPS 7",
        "detected=11:55", "related=INC-20261122-01", "title=The shop is slow", vault=vault,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    block = properties(note)
    for lines in (
        "title: The shop is slow\n",
        "users_affected: ~1200\n",
        'services:\n  - "[[checkout]]"\n  - search\n',
        'commander: "[[bob]]"\n',
        "detected: 2026-11-23T11:55:00\n",
        "cause: change\n",
        'related:\n  - "[[INC-20261122-01]]"\n',
        "ticket: OPS 7\n",
        "aliases:\n  - The shop is slow\n",
    ):
        assert lines in block
    assert "**note** @alice: cause: – → change" in note.read_text()


def test_an_empty_value_takes_the_property_away(run, vault, note):
    run("set", "cause=change", "scope=eu", vault=vault)
    assert run("set", "cause=", vault=vault).returncode == 0
    assert "cause" not in properties(note)
    assert "scope: eu" in properties(note)


def test_what_is_so_already_changes_nothing(run, vault, note):
    run("set", "cause=change", vault=vault)
    before = note.read_bytes()
    done = run("set", "cause=CHANGE", "started=11:51", vault=vault)
    assert "already cause change, started 2026-11-23T11:51:00" in done.stdout
    assert note.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "which property, and its value? such as: incident set users_affected=~1200"),
        (["cause"], 2, "the value of cause is missing: cause? such as: incident set cause=change"),
        (["notes"], 2, "'notes' is not KEY=VALUE; write a pair such as cause=change"),
        (["uid=x"], 2, "uid is not for setting: it never changes"),
        (["time_to_detect_minutes=5"], 2, "it is derived from the moments"),
        (["users_afected=5"], 2, "did you mean users_affected?"),
        (["title="], 2, "title cannot be empty"),
        (["title=" + "x" * 201], 2, "the title has 201 characters; at most 200 are readable"),
        (["cause=weather"], 2, "unknown cause 'weather'; choose from change, capacity"),
        (["status=ongoing"], 2, "unknown status 'ongoing'; choose from triage"),
        (["severity=huge"], 2, "unknown severity 'huge'; choose from SEV1"),
        (["started=soon"], 2, "started: 'soon' is not a moment"),
        (["started=13:00"], 2, "could be"),
        (["started=2026-11-23T13:00"], 2, "started must not be in the future (got 13:00, now 12:00 UTC)"),
        (["started=11:00"], 7, "--correct replaces it"),
        (["status=declined"], 7, "is a step back and needs a reason"),
        (["status=merged"], 7, "say which"),
    ],
    ids=lambda value: value[0][:24] if isinstance(value, list) and value else "",
)
def test_what_is_refused_leaves_the_note_as_it_is(run, vault, note, words, code, said):
    before = note.read_bytes()
    done = run("set", *words, vault=vault)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert note.read_bytes() == before


def test_a_step_back_with_a_reason_and_a_moment_corrected_are_told_in_the_timeline(run, vault, note):
    run("ack", vault=vault)
    assert run("set", "status=triage", "--reason", "nobody is on it", vault=vault).returncode == 0
    assert run("set", "started=11:00", "--correct", vault=vault).returncode == 0
    text = note.read_text()
    assert "status: triage\n" in text
    assert "**status** @alice: investigating → triage, nobody is on it" in text
    assert "started: 2026-11-23T11:51:00 → 2026-11-23T11:00:00" in text
