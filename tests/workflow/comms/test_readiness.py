"""Sending a draft: its questions are answered, its kind fits the status, or somebody sends it as it is, which is recorded."""

from __future__ import annotations

import json
import re

import pytest

from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.workflow.call import Call
from okb_incident.workflow.comms.messages import digest_of

ID = "INC-20261123-01"
CHANGE_AT = Call.change_at
STATUSES = (
    ((), "triage"),
    ((("ack",),), "investigating"),
    ((("identify",),), "identified"),
    ((("mitigate",),), "monitoring"),
    ((("resolve",),), "resolved"),
)


def note_of(desk, number):
    (path,) = desk.root.rglob(f"*update {number} *")
    return path


def line_of(path, word):
    return next(at for at, line in enumerate(path.read_text().splitlines(), 1) if word in line)


def answered(desk, number, text="Cards fail; wallets work."):
    """Put an answer in the place of each question, as a writer does."""
    path = note_of(desk, number)
    path.write_text(re.sub(r"%% ANSWER:.*?%%", text, path.read_text(), flags=re.DOTALL))


def timeline(desk):
    return desk.note.read_text().partition("## Timeline")[2]


def test_a_draft_with_open_questions_is_not_sent_and_each_is_named_with_its_line(desk):
    made = json.loads(desk("comms", "draft", "01", "users", "service-notice", "--json").out)
    line = line_of(note_of(desk, 1), "%% ANSWER: What can customers not do")
    assert [each.partition(": unanswered: ")[0] for each in made["questions"]] == [
        f"line {line}",
        f"line {line + 2}",
        f"line {line + 4}",
    ]
    before = desk.all()
    answer = desk("comms", "send", "01", "u1", code=7)
    assert f"u1 is not fit to be sent: line {line}: unanswered: What can customers not do at the moment?" in answer.err
    assert f"comms edit -i {ID} u1, or --as-is where it is right as it is" in answer.err
    assert desk.all() == before
    answered(desk, 1)
    sent = desk("comms", "send", "01", "u1")
    assert "Cards fail; wallets work." in sent.out
    assert "%%" not in sent.out
    assert "as it is" not in timeline(desk)


def test_what_is_next_after_a_draft_with_questions_is_to_answer_them(desk):
    answer = desk("comms", "draft", "01", "users")
    assert f"comms edit -i {ID} u1" in answer.out
    assert "unanswered: What can customers not do" in answer.err
    answer = desk("comms", "draft", "01", "users", "Cards fail.")
    assert f"comms send -i {ID} u2" in answer.out
    assert "unanswered" not in answer.err
    desk("comms", "send", "01", "u2")


def test_an_answer_inside_of_the_question_is_no_answer(desk):
    desk("comms", "draft", "01", "users")
    path = note_of(desk, 1)
    path.write_text(path.read_text().replace("cause. %%", "cause. Cards fail. %%"))
    assert "Cards fail." in desk("comms", "send", "01", "u1", code=7).err


def test_what_is_sent_as_it_is_goes_out_and_the_timeline_records_what_was_missing(desk):
    desk("comms", "draft", "01", "users", "follow-up")
    path = note_of(desk, 1)
    path.write_text(path.read_text() + "\nTBD <% x %>\n")
    sent = desk("comms", "send", "01", "u1", "--as-is")
    assert "ANSWER" not in sent.out
    said, recorded = (line for line in timeline(desk).splitlines() if "update 1" in line)
    assert "**comms** @alice: users/follow-up" in said
    assert recorded.startswith("- 2026-11-23T12:00:00 **note** @alice: [[")
    assert (
        "sent as it is: follow-up is for an incident that is resolved or closed, and this one is triage; line "
        in recorded
    )
    assert "unanswered: What still lingers for customers?" in recorded
    assert "'TBD' is left in it" in recorded
    # What a plug-in would execute is broken on its way into the timeline.
    assert "<%" not in recorded
    assert desk("check").out.count("nothing is wrong") == 1


def test_a_draft_that_is_ready_leaves_no_word_of_an_override(desk):
    desk("comms", "draft", "01", "users", "Cards fail.")
    desk("comms", "send", "01", "u1", "--as-is")
    assert "as it is" not in timeline(desk)


@pytest.mark.parametrize(
    ("kind", "moved", "why"),
    [
        (("users", "follow-up"), (), "is for an incident that is resolved or closed, and this one is triage"),
        (("users", "service-notice"), (("resolve",),), "is for an incident that is open, and this one is resolved"),
        (("team", "resolution-update"), (("mitigate",),), "resolved or closed, and this one is monitoring"),
        (("management", "resource-request"), (("resolve",),), "is open, and this one is resolved"),
    ],
)
def test_a_kind_that_does_not_fit_the_status_is_not_sent(desk, kind, moved, why):
    desk("comms", "draft", "01", *kind, "Cards fail.")
    for words in moved:
        desk(*words, "01")
    assert why in desk("comms", "send", ID, "u1", code=7).err
    assert "state: draft" in note_of(desk, 1).read_text()
    desk("comms", "send", ID, "u1", "--as-is")
    assert why in timeline(desk)


def test_a_draft_says_at_once_that_its_kind_does_not_fit_now(desk):
    answer = desk("comms", "draft", "01", "users", "follow-up", "Cards work.")
    assert (
        "follow-up is for an incident that is resolved or closed, and this one is triage; u1 cannot be sent now"
        in answer.err
    )
    desk("resolve", "01")
    desk("comms", "send", ID, "u1")


def test_one_that_was_resolved_while_it_is_sent_is_looked_at_again(desk, monkeypatch):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    once = iter([True])

    def resolved_meanwhile(*given, **options):
        if next(once, False):
            desk("resolve", "01", who="carol")
        return CHANGE_AT(*given, **options)

    monkeypatch.setattr(Call, "change_at", resolved_meanwhile)
    assert "this one is resolved" in desk("comms", "send", ID, "u1", code=7).err
    assert "**comms**" not in timeline(desk)


def test_a_question_that_a_writer_adds_while_it_is_sent_keeps_it_from_being_sent(desk, monkeypatch):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    once = iter([True])

    def asked_meanwhile(*given, **options):
        if next(once, False):
            note_of(desk, 1).write_text(note_of(desk, 1).read_text() + "\n%% ANSWER: Since when? %%\n")
        return CHANGE_AT(*given, **options)

    monkeypatch.setattr(Call, "change_at", asked_meanwhile)
    assert "unanswered: Since when?" in desk("comms", "send", ID, "u1", code=7).err
    assert "**comms**" not in timeline(desk)


def test_an_approval_asks_for_the_answers_too_but_not_for_the_status(desk):
    desk("comms", "draft", "01", "users", "follow-up")
    assert "unanswered" in desk("comms", "approve", "01", "u1", code=7).err
    answered(desk, 1)
    desk("comms", "approve", "01", "u1")
    assert "this one is triage" in desk("comms", "send", "01", "u1", code=7).err
    desk("resolve", "01")
    desk("comms", "send", ID, "u1")


def test_the_older_name_of_the_override_still_works(desk):
    desk("comms", "draft", "01", "users")
    desk("comms", "approve", "01", "u1", "--force")
    desk("comms", "send", "01", "u1", "--force")
    assert "sent as it is" in timeline(desk)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_typed_with_tell_is_never_stopped(desk, audience):
    for moves, status in STATUSES:
        for words in moves:
            desk(*words, "01")
        for _ in range(2):
            desk("tell", "-i", ID, audience, f"It is {status}. TBD …")
    assert timeline(desk).count("**comms**") == 10
    assert "as it is" not in timeline(desk)


def test_a_template_of_a_vault_without_questions_keeps_working(desk):
    folder = desk.root / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users-service-notice.md").write_text(
        "{# Of an older version. #}\n# {{ heading }}\n\nWe look into it.\n\n%% What does not work? %%\n\n- Next: …\n"
    )
    desk("comms", "draft", "01", "users", "service-notice")
    assert "'…' is left in it" in desk("comms", "send", "01", "u1", code=7).err
    path = note_of(desk, 1)
    path.write_text(path.read_text().replace("…", "at ten"))
    sent = desk("comms", "send", "01", "u1").out
    assert "We look into it.\n\n- Next: at ten" in sent
    assert "What does not work" not in sent


def test_a_link_goes_out_as_its_words_and_stays_a_link_in_the_note(desk):
    desk("comms", "draft", "01", "team", "status-update", "See [[checkout|the checkout]] and [[wallet]].")
    assert "See the checkout and wallet." in desk("comms", "send", "01", "u1").out
    assert "[[checkout|the checkout]]" in note_of(desk, 1).read_text()
    assert "See the checkout" in json.loads(desk("comms", "show", "01", "u1", "--json").out)["text"]
    assert not json.loads(desk("comms", "show", "01", "u1", "--json").out)["changed_since"]
    note = note_of(desk, 1)
    note.write_text(note.read_text().replace("See [[", "Look at [["))
    assert json.loads(desk("comms", "show", "01", "u1", "--json").out)["changed_since"]


def test_what_is_typed_with_tell_goes_out_to_the_letter_and_so_did_what_an_earlier_version_sent(desk):
    desk("tell", "01", "team", "All of [[wallet]] works.")
    shown = json.loads(desk("comms", "show", "01", "u1", "--json").out)
    assert shown["text"].endswith("\n\nAll of [[wallet]] works.")
    assert not shown["changed_since"]
    assert shown["digest"] == digest_of(shown["text"])


@pytest.mark.parametrize("text", ["-", "---"])
def test_a_dash_is_a_text(desk, text):
    desk("tell", "-i", "01", "--", "users", text)
    assert f"\n\n{text}\n\n" in desk("comms", "show", "01", "u1").out
    assert f"\n{text}\n" in desk("comms", "draft", "-i", "01", "--dry-run", "--", "users", text).out
    desk("comms", "amend", "-i", "01", "--", "u1", text)
    assert note_of(desk, 1).read_text().endswith(f"@alice: {text}\n")


def test_tell_renders_the_template_with_the_public_headline_and_never_the_title(desk):
    desk(
        "tell", "01", "users", "Cards fail; wallets work.", "--next", "30m", "--headline", "Card payments fail for some"
    )
    sent = desk("comms", "show", "01", "u1").out
    assert sent.startswith("**Investigating: Card payments fail for some**\n\nCards fail; wallets work.\n")
    assert "We will post the next update by 12:30 UTC, or sooner if anything changes." in sent
    assert "public_title: Card payments fail for some\n" in desk.note.read_text()
    desk("identify", "01", "the pool")
    desk("tell", "01", "users", "We know the cause.")
    assert desk("comms", "show", "01", "u2").out.startswith("**Identified: Card payments fail for some**\n")


def test_tell_by_a_template_of_an_older_vault_keeps_the_typed_words(desk):
    path = desk.root / "templates" / "incident" / "users-service-notice.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{# Of an older version. #}\n# {{ heading }}\n\nWe know of it.\n\n%% ANSWER: What fails? %%\n")
    desk("tell", "01", "users", "Cards fail.")
    assert desk("comms", "show", "01", "u1").out == "Cards fail.\n\nWe know of it.\n"


def test_what_means_nothing_outside_keeps_a_draft_back_and_is_recorded_too(desk):
    desk("comms", "draft", "01", "users", "Ask @bob about [[checkout]].")
    assert "'@bob' means nothing to customers" in desk("comms", "send", "01", "u1", code=7).err
    assert "Ask @bob about checkout." in desk("comms", "send", "01", "u1", "--as-is").out
    assert "'@bob' means nothing to customers" in timeline(desk)


def test_a_comment_amid_what_a_writer_typed_keeps_a_draft_back_for_it_would_be_cut(desk):
    desk("comms", "draft", "01", "users", "service-notice")
    answered(desk, 1, "CPU was at 100%% of orders %% failed.")
    line = line_of(note_of(desk, 1), "CPU was")
    said = f"line {line}: '%% of orders %%' is a comment and does not go out"
    assert said in desk("comms", "send", "01", "u1", code=7).err
    assert "CPU was at 100failed." in desk("comms", "send", "01", "u1", "--as-is").out
    assert "is a comment and does not go out" in timeline(desk)


@pytest.mark.parametrize(("day", "warned"), [("2026-11-23", False), ("2026-11-24", True)])
def test_a_draft_of_another_day_is_sent_with_a_warning_that_its_times_have_no_date(desk, monkeypatch, day, warned):
    desk("comms", "draft", "01", "users", "Cards failed from 10:00 to 11:00 UTC on 22 November.", "--next", "30m")
    monkeypatch.setenv("INCIDENT_NOW", f"{day}T12:05:00Z")
    sent = desk("comms", "send", "01", "u1")
    assert "We will post the next update by 12:30 UTC" in sent.out
    said = "u1 was drafted on 2026-11-23, and has times without a date: 12:30 UTC"
    assert (said in sent.err) == warned
