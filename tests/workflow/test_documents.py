"""The documents beside an incident: what they hold, who may read them, and what Obsidian makes of their properties."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from tests.vault.test_obsidian_yaml import alike, obsidian  # noqa: F401 - the fixture is used by its name

from okb_incident.core.comms.communication import KINDS
from okb_incident.vault.note.frontmatter import read
from okb_incident.vault.note.note import split
from okb_incident.workflow.call import Call
from okb_incident.workflow.comms import message_note

HOSTILE = "Cards: <% tp.x %> `= this.x` # \"quoted\" 'it' [[x]] {{date}} - yes"
ID = "INC-20261123-02"
CHANGE_AT, RECORD = Call.change_at, Call.record


@pytest.fixture
def written(desk):
    """Give a vault in which every kind of document was written about an incident with a hostile title."""
    desk(
        "open",
        HOSTILE,
        "-s",
        "sev1",
        "--service",
        "check: out",
        "--ack",
        "--started",
        "-9m",
        "--category",
        "performance",
    )
    desk("log", "-i", ID, "--external", "fit for all")
    desk("assess", ID, "--users", "5%", "--scope", HOSTILE, "--need", HOSTILE, "--action", HOSTILE, "--recovery", "40m")
    desk("assess", ID, "--users", "~1200", "--urgency", "high", "--business-impact", "low", "--team", "payments")
    for kind in KINDS:
        desk(
            "comms",
            "draft",
            ID,
            kind.audience,
            kind.name,
            HOSTILE,
            *(() if kind.name == "notice" else ("--next", "30m")),
        )
    desk("comms", "approve", ID, "u1", "--force")
    desk("comms", "send", ID, "u1", "--force", "--channel", HOSTILE)
    desk("comms", "amend", ID, "u1", HOSTILE)
    desk("tell", ID, "users", HOSTILE, "--next", "30m")
    desk("set", ID, "sla=breached", "confidentiality=partial", "integrity=none", "availability=unknown")
    desk("set", ID, "data_classes=personal,payment", "support_liaison=bob", "management_liaison=erin")
    desk("log", "-i", ID, "tickets: 40")
    desk("resolve", ID, "--cause", "change", "--summary", HOSTILE)
    desk("follow-up", "add", ID, HOSTILE, "--kind", "tool", "--owner", "bob", "--due", "7d", "--note", "x")
    desk("review", "new", ID, "--owner", "alice", "--reviewer", "dan")
    desk("review", "lesson", ID, HOSTILE)
    desk("report", "--save", code=None)
    desk("templates", "copy", "service")
    return desk


def documents(desk):
    return [path for path in desk.root.rglob("*.md") if path.parent.name != "incident"]


def test_nothing_that_a_document_holds_can_be_executed(written):
    for path in documents(written):
        text = path.read_text()
        assert "<%" not in text, path
        assert "`= " not in text, path


def test_commonmark_sees_no_remark_as_a_heading(written):
    for path in documents(written):
        tokens = MarkdownIt("commonmark").parse(split(path.read_text()).body)
        titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
        assert not any("%%" in title for title in titles), path


@pytest.mark.real
def test_obsidian_reads_the_properties_of_every_document_as_we_do_and_writes_them_alike(written, obsidian):  # noqa: F811
    texts = {path: path.read_text() for path in documents(written)}
    blocks = {path: split(text).block for path, text in texts.items()}
    assert len(blocks) > 20
    (incident,) = (block for block in blocks.values() if f"id: {ID}" in block)
    for key in ("sla", "confidentiality", "integrity", "availability", "data_classes", "notify_by", "tickets"):
        assert f"\n{key}:" in incident
    for (path, block), answer in zip(blocks.items(), obsidian(blocks.values()), strict=True):
        assert answer.error is None, path
        ours = read(texts[path], path.name)
        assert ours.state == "ok", path
        assert alike(dict(ours.values), answer.value), path
        assert answer.again == block, path


def test_a_note_is_what_its_type_says(written):
    types = {read(path.read_text(), path.name).values.get("type") for path in documents(written)}
    kinds = {"assessment", "communication", "review", "report"}
    assert types == {"incident", "lesson", *(f"incident-{kind}" for kind in kinds)}
    assert written("check").out == "nothing is wrong\n"


def test_documents_of_a_restricted_incident_are_as_secret_as_that(desk):
    desk("restrict", "INC-20261123-01")
    which = "INC-20261123-01"
    desk("assess", which, "-s1")
    desk("comms", "draft", which, "team", "We revoke the keys.")
    desk("comms", "send", which, "u1")
    desk("resolve", which)
    desk("follow-up", "add", which, "change the keys", "--kind", "system")
    desk("review", "new", which)
    desk("review", "feedback", which, "4")
    notes = list((desk.root / "incidents/restricted/2026").glob("INC-*"))
    assert len(notes) == 4
    assert {path.stat().st_mode & 0o777 for path in notes} == {0o600}
    for words, told in (
        (("follow-up", "list"), which),
        (("review", "list", "--all"), which),
        (("lessons",), '"month": "2026-11"'),
    ):
        plain, asked = desk(*words, "--json").out, desk(*words, "--json", "--restricted").out
        assert told not in plain
        assert told in asked


@pytest.mark.parametrize("words", [("comms", "draft", "01", "users"), ("tell", "01", "users", "Cards fail.")])
def test_two_messages_at_once_take_two_numbers_whatever_their_audience(desk, monkeypatch, words):
    desk("comms", "draft", "01", "team")
    numbers = iter([1, 2])
    monkeypatch.setattr(message_note, "next_message", lambda *_: next(numbers))
    desk(*words)
    assert len(list(desk.root.rglob("*update 1 *"))) == 1
    assert len(list(desk.root.rglob("*update 2 users*"))) == 1


def test_a_draft_and_what_is_sent_can_be_taken_back(desk):
    before = desk.all()
    desk("comms", "draft", "01", "users", "Cards fail.", "--next", "30m")
    desk("comms", "send", "01", "u1")
    desk("undo", "--yes")
    desk("undo", "--yes")
    after = {path: data for path, data in desk.all().items() if not path.startswith(".incident")}
    assert after == {path: data for path, data in before.items() if not path.startswith(".incident")}


def test_an_assessment_changes_nothing_on_a_dry_run(desk):
    before = desk.all()
    answer = desk("assess", "01", "-s1", "--dry-run")
    assert "+severity: SEV1" in answer.out
    assert "would be incidents/2026/INC-20261123-01 assessment 1.md" in answer.err
    assert desk.all() == before


def test_one_message_that_fits_needs_no_name_and_several_are_offered(desk):
    assert "has no message to send" in desk("comms", "send", "01", code=4).err
    desk("comms", "draft", "01", "team")
    desk("comms", "draft", "01", "users")
    answer = desk("comms", "send", "01", code=4)
    command = f"incident --vault {desk.root} --as alice comms send -i INC-20261123-01 u1"
    assert f"  team/status-update, draft\n    {command}\n" in answer.err
    answer = desk("comms", "send", "01", "u9", "--channel", "a mail", code=4)
    assert "has no message u9" in answer.err
    assert f"    {command} --channel 'a mail'\n" in answer.err
    assert "is not a message; messages are named u1" in desk("comms", "approve", "01", "ux", code=2).err


def test_a_state_or_a_moment_that_a_writer_mistyped_is_no_reason_to_lose_a_message(desk):
    desk("comms", "draft", "01", "team", "--next", "30m")
    (note,) = desk.root.rglob("*update 1 team*")
    note.write_text(
        note.read_text().replace("state: draft", "state: redy").replace("next_update: 2026", "next_update: soon 2026")
    )
    (message,) = json.loads(desk("comms", "list", "01", "--json").out)
    assert (message["state"], message["next_update"]) == ("draft", None)


def test_what_a_second_person_approves_is_offered_as_a_draft_that_can_be_pasted(desk):
    settings = desk.root / "incident.toml"
    settings.write_text(settings.read_text() + '\n[policy]\nsecond_approver = ["users"]\n')
    answer = desk("tell", "01", "users", "E-mail", "is slow.", "--json", code=7)
    (offered,) = json.loads(answer.err)["error"]["commands"]
    assert offered["argv"][3:] == ["comms", "draft", "-i", "01", "users", "E-mail is slow."]
    desk(*offered["argv"][3:])
    assert "E-mail is slow." in next(desk.root.rglob("*update 1 users*")).read_text()


def test_words_that_are_kinds_elsewhere_are_the_text_of_a_draft(desk):
    assert "\n\nrecovery goes on\n" in desk("comms", "draft", "01", "users", "recovery", "goes", "on", "--dry-run").out


def test_the_text_is_printed_though_it_cannot_be_put_into_the_file(desk, tmp_path):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    (tmp_path / "taken").write_text("mine")
    answer = desk("comms", "send", "01", "u1", "--out", str(tmp_path / "taken"), code=8)
    assert "Cards fail." in answer.out
    assert "the message is sent, and could not be written" in answer.err
    assert (tmp_path / "taken").read_text() == "mine"


def test_news_count_from_where_one_says(desk):
    desk("log", "-i", "01", "an old line", "--at", "-5m")
    assert "an old line" in desk("comms", "draft", "01", "team", "progress-report", "--dry-run", "--since", "start").out
    assert (
        "an old line" not in desk("comms", "draft", "01", "team", "progress-report", "--dry-run", "--since", "-2m").out
    )


def test_of_what_was_set_aside_nobody_is_told(desk):
    desk("comms", "draft", "01", "team")
    desk("decline", "01", "a false alarm")
    assert "no more messages are sent about it" in desk("comms", "send", "INC-20261123-01", "u1", code=7).err
    assert "state: draft" in next(desk.root.rglob("*update 1 team*")).read_text()


def test_who_drafts_is_its_author(desk):
    desk("comms", "draft", "01", "team", who="bob")
    assert "author: bob" in next(desk.root.rglob("*update 1 team*")).read_text()


def test_a_team_that_would_divide_a_line_is_no_team(desk):
    assert "is not a team name" in desk("assess", "01", "--team", "on: call", code=2).err
    assert not list(desk.root.rglob("*assessment*"))


def test_what_a_writer_saves_while_it_is_sent_is_what_goes_out(desk, monkeypatch):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    (note,) = desk.root.rglob("*update 1 users*")
    once = iter([True])

    def saved_meanwhile(*given, **options):
        if next(once, False):
            note.write_text(note.read_text().replace("Cards fail.", "Cards fail in Europe."))
        return CHANGE_AT(*given, **options)

    monkeypatch.setattr(Call, "change_at", saved_meanwhile)
    assert "Cards fail in Europe." in desk("comms", "send", "01", "u1").out
    assert not json.loads(desk("comms", "show", "01", "u1", "--json").out)["changed_since"]
    assert desk.note.read_text().count("**comms**") == 1


def test_two_who_send_it_at_once_send_it_once(desk, monkeypatch):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    once = iter([True])

    def sent_meanwhile(*given, **options):
        if next(once, False):
            desk("comms", "send", "01", "u1", who="carol")
        return CHANGE_AT(*given, **options)

    monkeypatch.setattr(Call, "change_at", sent_meanwhile)
    assert "u1 already sent" in desk("comms", "send", "01", "u1").err
    assert desk.note.read_text().count("**comms** @carol") == 1
    assert "**comms** @alice" not in desk.note.read_text()


def test_who_saves_without_end_keeps_it_from_being_sent(desk, monkeypatch):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    (note,) = desk.root.rglob("*update 1 users*")

    def saved(*given, **options):
        note.write_text(note.read_text() + "more\n")
        return CHANGE_AT(*given, **options)

    monkeypatch.setattr(Call, "change_at", saved)
    assert "was saved by another program during each of 5 attempts" in desk("comms", "send", "01", "u1", code=6).err
    assert "**comms**" not in desk.note.read_text()


def test_a_note_begins_as_its_category_wants_unless_somebody_has_made_the_common_one(desk):
    def opened(category):
        desk("open", "x", "--category", category)
        newest = max(desk.root.rglob("INC-*.md"), key=lambda path: path.name)
        return newest.read_text()

    assert "## Whom we must tell" in opened("security")
    assert "## Numbers" in opened("performance")
    folder = desk.root / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "incident.md").write_text("# {{title}}\n\n## Ours\n")
    assert "## Ours" in opened("performance")
    (folder / "incident-performance.md").write_text("# {{title}}\n\n## Ours of that sort\n")
    assert "## Ours of that sort" in opened("performance")
    assert "## Ours\n" in opened("system")


def test_the_note_of_a_report_begins_as_its_template_and_keeps_what_is_written_around_it(desk):
    folder = desk.root / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text("---\nreader: board\n---\n# Week {{period}}\n\nNo place for the numbers.\n")
    desk("report", "--save", code=None)
    (note,) = desk.root.rglob("Incident report*.md")
    text = note.read_text()
    assert "reader: board\n" in text
    assert text.index("# Week 2026-W48") < text.index("%% incident-report:start %%")
    note.write_text(text.replace("No place", "A place"))
    desk("log", "-i", "01", "more")
    desk("report", "--save", code=None)
    assert "A place for the numbers." in note.read_text()
    assert note.read_text().count("incident-report:start") == 1


def test_the_note_of_a_report_holds_the_report_once_and_room_for_what_people_add(desk):
    desk("report", "--save", code=None)
    (note,) = desk.root.rglob("Incident report*.md")
    text = note.read_text()
    assert [text.count(mark) for mark in ("incident-report:start", "incident-report:end", "# Incident report")] == [
        1,
        1,
        1,
    ]
    assert (
        text.index("%% incident-report:end %%") < text.index("## What surprised us") < text.index("## What we decided")
    )
    note.write_text(text.replace("## What we decided", "## What we decided\n\nMore people."))
    desk("log", "-i", "01", "more")
    desk("report", "--save", code=None)
    assert note.read_text().count("More people.") == note.read_text().count("incident-report:start") == 1


def test_what_nobody_has_taken_yet_is_assessed_first(desk):
    desk("ack", "01")
    desk("open", "Nobody has looked at this")
    assert "INC-20261123-02" in desk("assess", "-s3").out
    # Then none is left that nobody has taken, and the one is meant in which I hold a role.
    assert "INC-20261123-01" in desk("assess", "-s3").out


def test_who_approves_what_is_being_sent_changes_nothing_of_it(desk, monkeypatch):
    desk("comms", "draft", "01", "users", "service-notice", "Cards fail.")
    once = iter([True])

    def sent_meanwhile(*given):
        if next(once, False):
            desk("comms", "send", "01", "u1", who="carol")
        return RECORD(*given)

    monkeypatch.setattr(Call, "record", sent_meanwhile)
    assert "u1 already sent" in desk("comms", "approve", "01", "u1").out
    (note,) = desk.root.rglob("*update 1 users*")
    assert "state: sent\n" in note.read_text()
    assert "approved_by" not in note.read_text()
