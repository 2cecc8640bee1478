"""The notice to an authority: what stamps it and what does not, what it is refused for, and where its clock is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

ID = "INC-20261123-01"
TEXT = "A stolen password was used."


def value_of(desk, key):
    """Return a property of the incident as its note has it; None where it has none."""
    return next((line.partition(": ")[2] for line in desk.note.read_text().splitlines() if line.startswith(key)), None)


@pytest.fixture
def breach(desk):
    """Let personal data be concerned."""
    desk("set", "data_classes=personal")
    return desk


@pytest.fixture
def hook(tmp_path, monkeypatch):
    """Let the user have a hook for messages that fails."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    script = tmp_path / "send"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    settings = tmp_path / "config/okb-incident/settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[[hooks]]\non = ["comms"]\nrun = ["{script}"]\nrestricted = true\ntimeout = "2m"\n')
    return script


def test_the_first_notice_stamps_it_and_a_second_one_does_not(breach):
    answer = breach("tell", "01", "stakeholders", TEXT, "--notice", "--at", "-5m")
    assert answer.out.startswith("sent ")
    assert "to the authority: u1 notice; notified" in answer.out
    first = value_of(breach, "notified")
    again = breach("tell", "01", "stakeholders", "More is known.", "--notice")
    assert "u2 notice, a follow-up: the first notice counts" in again.out
    assert value_of(breach, "notified") == first
    (note,) = breach.note.parent.glob("* update 2 stakeholders notice.md")
    assert "This follows our notice of" in note.read_text()


def test_other_messages_to_stakeholders_stamp_nothing(breach):
    breach("tell", "01", "stakeholders", TEXT)
    assert value_of(breach, "notified") is None


def test_a_draft_stamps_nothing_and_sending_it_does(breach):
    breach("comms", "draft", "01", "stakeholders", TEXT, "--notice")
    assert value_of(breach, "notified") is None
    breach("comms", "approve", "01", "u1")
    assert value_of(breach, "notified") is None
    breach("comms", "send", "01", "u1", "--dry-run")
    assert value_of(breach, "notified") is None
    breach("comms", "send", "01", "u1")
    assert value_of(breach, "notified") is not None


def test_the_kind_says_the_same_as_the_option(breach):
    breach("comms", "draft", "01", "stakeholders", "notice", TEXT)
    breach("comms", "send", "01", "u1")
    assert value_of(breach, "notified") is not None
    breach("comms", "draft", "01", "stakeholders", "notice", TEXT, "--notice")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tell", "01", "users", TEXT, "--notice"), "--notice is for stakeholders"),
        (("tell", "01", "stakeholders", "--notice"), "TEXT is missing: what is the message to the authority"),
        (("tell", "01", "stakeholders", TEXT, "--notice", "--next", "2h"), "--next is for updates"),
        (("comms", "draft", "01", "team", "--notice"), "--notice is for stakeholders"),
        (("comms", "draft", "01", "stakeholders", "impact-assessment", "--notice"), "--notice is a kind of its own"),
        (("comms", "draft", "01", "stakeholders", "notice", "--next", "2h"), "--next is for updates"),
    ],
)
def test_what_is_no_notice_is_refused_and_nothing_is_written(breach, words, said):
    before = breach.all()
    assert said in breach(*words, code=2).err
    assert breach.all() == before


def test_a_draft_of_a_notice_promises_no_update_when_it_is_sent(breach):
    breach("comms", "draft", "01", "stakeholders", TEXT, "--notice")
    assert "--next is for updates" in breach("comms", "send", "01", "u1", "--next", "2h", code=2).err
    assert value_of(breach, "notified") is None


def test_a_notice_that_a_hook_could_not_deliver_does_not_count_until_it_is_delivered(breach, hook):
    answer = breach("tell", "01", "stakeholders", TEXT, "--notice", code=8)
    assert "; notified" not in answer.out
    assert "notified is not set until the notice is delivered: incident" in answer.err
    assert value_of(breach, "notified") is None
    assert "notify the authority" in breach("next", "01").out
    breach("comms", "outbox", "--retry", code=8)
    assert value_of(breach, "notified") is None
    hook.write_text("#!/bin/sh\nexit 0\n")
    breach("comms", "outbox", "--retry")
    assert value_of(breach, "notified") is not None
    assert "notify the authority" not in breach("next", "01").out
    assert ", delivered" in breach.note.read_text()


def test_a_draft_that_a_hook_could_not_deliver_does_not_count_either(breach, hook):
    breach("comms", "draft", "01", "stakeholders", TEXT, "--notice")
    assert "notified is not set" in breach("comms", "send", "01", "u1", code=8).err
    assert value_of(breach, "notified") is None


def test_of_two_hooks_that_failed_both_must_have_taken_it(breach, hook, tmp_path):
    settings = tmp_path / "config/okb-incident/settings.toml"
    broken = settings.read_text()
    settings.write_text(broken + broken.replace(str(hook), str(tmp_path / "other")))
    (tmp_path / "other").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "other").chmod(0o755)
    breach("tell", "01", "stakeholders", TEXT, "--notice", code=8)
    hook.write_text("#!/bin/sh\nexit 0\n")
    breach("comms", "outbox", "--retry", code=8)
    assert value_of(breach, "notified") is None
    (tmp_path / "other").write_text("#!/bin/sh\nexit 0\n")
    breach("comms", "outbox", "--retry")
    assert value_of(breach, "notified") is not None


def test_a_confidential_notice_is_delivered_again_by_the_decision_that_was_recorded(breach, hook):
    breach("restrict", "01")
    refused = breach("tell", "-i", ID, "stakeholders", TEXT, "--notice", code=7)
    assert "nothing was sent to the authority" in refused.err
    assert "comms withhold" not in refused.err
    breach("tell", "-i", ID, "stakeholders", TEXT, "--notice", "--disclose", "--reason", "the law", code=8)
    hook.write_text("#!/bin/sh\nexit 0\n")
    assert breach("comms", "outbox", "--retry").out == "everything is delivered\n"
    (note,) = breach.root.glob(f"incidents/restricted/2026/{ID}.md")
    text = note.read_text()
    assert "the authority is notified although it is restricted, because the law" in text
    assert "\nnotified: " in text
    assert breach("tell", "-i", ID, "stakeholders", "Hello.", code=7)


def test_a_drill_records_its_notice_and_hands_it_to_nobody(desk, hook):
    desk("open", "Data leak", "--drill", "--set", "data_classes=personal", "--ack")
    answer = desk("tell", "02", "stakeholders", TEXT, "--notice")
    assert "for the authority, not delivered (drill): u1 notice; notified" in answer.out
    assert "notify the authority" not in desk("next", "02").out


def test_whoever_needs_a_second_person_is_led_to_a_draft_of_a_notice(breach):
    breach("config", "set", "policy.second_approver", '["stakeholders"]')
    assert "comms draft -i INC-20261123-01 stakeholders --notice" in breach("next", "01").out
    assert "comms draft -i 01 stakeholders notice" in breach("tell", "01", "stakeholders", TEXT, "--notice", code=7).err


def test_a_new_incident_has_its_deadline_from_the_start(desk):
    desk("open", "Laptop stolen", "--set", "data_classes=health,payment", "--detected", "-2h")
    note = (desk.root / "incidents/2026/INC-20261123-02.md").read_text()
    assert ", by rule: health 72h after detected" in note
    desk("open", "Mail astray", "--set", "data_classes=payment")
    assert "notify_by" not in (desk.root / "incidents/2026/INC-20261123-03.md").read_text()
    desk("open", "Backup lost", "--set", "data_classes=health", "--set", "notify_by=2026-12-01T10:00")
    assert "by rule" not in (desk.root / "incidents/2026/INC-20261123-04.md").read_text()


def test_the_assessment_shows_the_clock_that_it_starts_and_the_next_one_what_has_changed(desk):
    desk("assess", "01", "-s3", "--data-class", "personal", "--data-class", "HEALTH", "--integrity", "full")
    first = (desk.note.parent / f"{ID} assessment 1.md").read_text()
    assert "\ndata_classes:\n  - personal\n  - health\n" in first
    assert "- Classes of data: personal, health\n- Duty to notify: The authority has to be notified by" in first
    desk("assess", "01", "--integrity", "partial", "--data-class", "payment")
    second = (desk.note.parent / f"{ID} assessment 2.md").read_text()
    assert "- integrity full → partial" in second
    assert "- data classes personal, health → payment" in second
    assert "Duty to notify" not in second
    assert value_of(desk, "notify_by") is None


def test_nonsense_in_the_note_stops_nothing_and_is_named(breach):
    breach.type("notify_by: ", "notify_by: [a, {b: 1}] # ")
    breach.type("  - personal", "  - personal\n  - 💥\n  - {x: [1]}\n  - ''")
    breach("log", "we go on")
    breach("set", "01", "detected=-1h")
    assert "notify the authority" in breach("next", "01").out
    found = breach("check", code=5).out
    assert "unknown-word: data_classes is '💥'" in found
    breach("tell", "01", "stakeholders", TEXT, "--notice")
    (note,) = breach.note.parent.glob("* update 1 *.md")
    assert "Classes of data: personal and other data" in note.read_text()


def test_a_class_that_was_added_in_the_editor_is_due_at_once_and_can_be_waived(desk):
    desk.type("severity: SEV3\n", "severity: SEV3\ndata_classes:\n  - personal\n")
    assert "notify the authority" in desk("next", "01").out
    assert desk("set", "-i", ID, "notify_by=", "--reason", "no risk").out.startswith('notify_by removed "no risk"')
    before = desk.note.read_text()
    assert "notify the authority" not in desk("next", "01").out
    desk("set", "-i", ID, "notify_by=")
    assert desk.note.read_text() == before
    desk("log", "we go on")
    assert value_of(desk, "notify_by") is None


def test_a_class_that_was_added_in_the_editor_gets_its_deadline_with_the_next_command(desk):
    desk.type("severity: SEV3\n", "severity: SEV3\ndata_classes: [personal]\n")
    assert "notify_by" in desk("log", "we look").out
    assert value_of(desk, "notify_by") == "2026-11-26T12:00:00"


def test_a_word_that_is_none_lists_the_words(desk):
    assert "choose from personal, health" in desk("set", "01", "data_classes=personal,x" + "y" * 10_000, code=2).err
    assert "choose from none, partial, full, unknown" in desk("assess", "01", "--availability", "-1", code=2).err
    desk("set", "01", "data_classes=Personal,personal")
    assert desk.note.read_text().count("- personal\n") == 1


def test_the_board_shows_the_clock_where_something_else_is_due_first(breach):
    assert "notify the authority in" in breach("status").out
    assert "· notify the authority in" in breach("status", "--live", "--once").out


def test_a_program_reads_losses_classes_and_the_clock(breach):
    from json import loads

    (one,) = loads(breach("list", "--json").out)
    assert one["data_classes"] == ["personal"]
    assert one["notify_by"].endswith("Z")
    assert one["notified"] is one["integrity"] is None


def test_templates_check_renders_the_notice(desk):
    assert "good" in desk("templates", "check", "stakeholders-notice").out
    assert Path("templates/stakeholders-notice.md").is_file()
