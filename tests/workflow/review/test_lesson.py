"""Lessons as notes: made and linked in one step, learned again, undone, kept secret, used as a person left them."""

from __future__ import annotations

import json
import os
import stat

import pytest

from okb_incident.workflow.review import lesson as recording

ID, OTHER = "INC-20261123-01", "INC-20261123-02"
ASK = "incidents/lessons/Lesson ask first.md"


@pytest.fixture
def over(desk):
    """A desk with two incidents that are over; the first has a review."""
    desk("resolve", "--fix", "x")
    desk("review", "new", ID)
    desk("open", "Login slow", "-s", "sev2")
    desk("resolve", "-i", OTHER, "--fix", "y")
    return desk


def text(desk, path):
    return (desk.root / path).read_text()


def notes(desk):
    """Return every file of the vault but those of the journal."""
    return {path: data for path, data in desk.all().items() if not path.startswith(".incident/")}


def the_review(desk, which=ID):
    return text(desk, f"incidents/2026/{which} review.md")


class Person:
    """A person who chooses the first of what is offered, or nothing."""

    def __init__(self, choice):
        self.choice = choice
        self.offered = []

    def choose(self, lines):
        self.offered += lines
        return self.choice


def test_a_lesson_is_written_and_linked_in_one_step(over):
    before = notes(over)
    value = json.loads(over("review", "lesson", ID, "ask first", "--json").out)
    assert value["made"] == [{"kind": "lesson", "name": "Lesson ask first", "path": ASK}]
    assert value["lesson"] == {
        "name": "Lesson ask first",
        "path": ASK,
        "title": "ask first",
        "incidents": [ID],
        "new": True,
        "close": [],
    }
    learned = the_review(over).partition("## What we learned\n")[2].partition("## ")[0]
    assert learned.splitlines()[1:] == ["", "- [[Lesson ask first|ask first]]", ""]
    assert text(over, f"incidents/2026/{ID}.md").endswith("## Related\n- [[Lesson ask first|Lesson: ask first]]\n")
    over("undo", value["entry"], "--yes")
    assert notes(over) == before


def test_a_dry_run_shows_all_of_it_and_writes_nothing(over):
    before = notes(over)
    answer = over("review", "lesson", ID, "ask first", "--dry-run")
    for path in (ASK, f"incidents/2026/{ID}.md", f"incidents/2026/{ID} review.md"):
        assert f"+++ b/{path}" in answer.out
    assert answer.err == f"incident: dry run: {ASK} would be written\n"
    assert json.loads(over("review", "lesson", ID, "ask first", "--dry-run", "--json").out)["changed"] is False
    assert notes(over) == before
    over("review", "lesson", ID, "ask first")
    again = over("review", "lesson", OTHER, "ask first", "--dry-run")
    assert f'+  - "[[{OTHER}]]"' in again.out
    assert again.err == f"incident: dry run: {ASK} would be updated\n"


def test_learned_again_adds_the_incident_and_undo_takes_only_that_away(over):
    over("review", "lesson", ID, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace("## Why\n", "## Why\nWe guessed.\n"))
    before = notes(over)
    answer = over("review", "lesson", OTHER, "Ask – FIRST!", who="bob")
    assert answer.out.startswith(f'learned again in 2 incidents: {ID} and {OTHER} "ask first" · {OTHER} Login slow\n')
    found = text(over, ASK)
    assert f'incidents:\n  - "[[{ID}]]"\n  - "[[{OTHER}]]"\nlearned:\n  - 2026-11-23\nauthor: alice\n' in found
    assert found.endswith(f"- 2026-11-23 @bob: [[{OTHER}|Login slow]]\n")
    assert "We guessed." in found
    over("undo", who="bob")
    assert notes(over) == before


def test_the_same_lesson_twice_changes_nothing(over):
    over("review", "lesson", ID, "ask first")
    before = notes(over)
    answer = over("review", "lesson", ID, "ASK first.")
    assert answer.out.startswith('lesson already recorded "ask first" · ')
    assert notes(over) == before


def test_a_review_that_is_drafted_later_links_the_lessons(over):
    over("review", "lesson", OTHER, "ask first")
    over("review", "lesson", OTHER, "tell them")
    over("review", "new", OTHER)
    assert "\n- [[Lesson ask first|ask first]]\n- [[Lesson tell them|tell them]]\n" in the_review(over, OTHER)


def test_a_line_of_the_review_in_the_same_words_becomes_the_link(over):
    path = over.root / f"incidents/2026/{ID} review.md"
    path.write_text(path.read_text().replace("\n-\n", "\n- Ask first, always.\n- [[Old name|Tell]]\n", 1))
    over("review", "lesson", ID, "ask first always")
    over("review", "lesson", ID, "tell")
    assert "\n- [[Lesson ask first always|Ask first, always.]]\n- [[Lesson tell|Tell]]\n" in the_review(over)


def test_a_review_without_the_section_gets_it(over):
    path = over.root / f"incidents/2026/{ID} review.md"
    begin, _, rest = path.read_text().partition("## What we learned")
    path.write_text(begin + rest[rest.index("## What we change") :])
    over("review", "lesson", ID, "ask first")
    assert "## What we learned\n- [[Lesson ask first|ask first]]\n\n## What we change" in the_review(over)


def test_the_older_heading_of_a_review_is_used(over):
    path = over.root / f"incidents/2026/{ID} review.md"
    path.write_text(path.read_text().replace("## What we learned", "## Lessons"))
    over("review", "lesson", ID, "ask first")
    assert "What we learned" not in the_review(over)
    assert "- [[Lesson ask first|ask first]]" in the_review(over)


def test_a_close_lesson_is_named_with_the_commands_that_join_both(over):
    over("review", "lesson", ID, "alert on pool saturation")
    value = json.loads(over("review", "lesson", OTHER, "alert on saturation of pools", "--json").out)
    (close,) = value["lesson"]["close"]
    assert close["name"] == "Lesson alert on pool saturation"
    (warning,) = value["warnings"]
    assert f"undo {value['entry'][-8:]}, then incident" in warning
    assert warning.endswith(f"review lesson -i {OTHER} --same 'Lesson alert on pool saturation'")


@pytest.mark.parametrize(("choice", "count"), [(0, 1), (None, 2)])
def test_at_a_terminal_a_person_says_whether_it_is_the_same(over, choice, count):
    over("review", "lesson", ID, "alert on pool saturation")
    person = Person(choice)
    recorded = recording.learn(over.call("review lesson", OTHER, "alert on saturation of pools", ask=person))
    assert person.offered == [f"the same as: alert on pool saturation ({ID})"]
    assert recorded.is_new == (choice is None)
    assert len(os.listdir(over.root / "incidents/lessons")) == count
    if choice == 0:
        assert text(over, recorded.note.path).endswith("|Login slow]], alert on saturation of pools\n")


def test_same_names_the_lesson_by_its_name_its_words_or_a_part(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", ID, "ask the customer")
    refused = over("review", "lesson", OTHER, "--same", "ask", code=4)
    assert "several lessons fit: --same 'ask'; choose from Lesson ask first, Lesson ask the customer" in refused.err
    assert "unknown lesson: --same 'backups'" in over("review", "lesson", OTHER, "--same", "backups", code=4).err
    assert "unknown lesson: --same '?'" in over("review", "lesson", OTHER, "--same", "?", code=4).err
    for typed in ("Lesson ask first", "ASK first", "first", ASK):
        over("review", "lesson", OTHER, "--same", typed)
        over("undo")
    over("review", "lesson", OTHER, "--same", "first", "nobody", "did")
    assert text(over, ASK).endswith("|Login slow]], nobody did\n")
    before = notes(over)
    over("review", "lesson", OTHER, "--same", "first", "nobody", "did")
    assert notes(over) == before
    answer = over("review", "lesson", OTHER, "--same", "first", "still", "nobody")
    assert "your words are added" in answer.out
    assert text(over, ASK).endswith("nobody did\n- 2026-11-23 @alice: [[INC-20261123-02|Login slow]], still nobody\n")


@pytest.mark.parametrize("words", ["!?", "🔥", "\x07"])
def test_a_lesson_needs_words(over, words):
    before = notes(over)
    over("review", "lesson", ID, words, code=2)
    assert "TEXT is missing" in over("review", "lesson", ID, code=2).err
    assert notes(over) == before


def test_a_lesson_of_an_open_incident_is_refused(desk):
    refused = desk("review", "lesson", "-i", ID, "too early", code=7)
    assert "resolve it first" in refused.err
    assert not (desk.root / "incidents/lessons").exists()


def test_what_a_plug_in_would_run_is_broken_and_a_long_text_is_kept_whole(over):
    over("review", "lesson", ID, "<% x %> `= 1` %% [[a|b]]")
    over("review", "lesson", ID, "word " * 2500)
    over("review", "lesson", ID, "word " * 2499 + "end")
    found = {name: text(over, f"incidents/lessons/{name}") for name in os.listdir(over.root / "incidents/lessons")}
    assert len(found) == 3
    assert not any("<%" in each or "`=" in each for each in (*found.values(), the_review(over)))
    assert sum(each.count("word word end") for each in found.values()) == 1
    related = text(over, f"incidents/2026/{ID}.md").partition("## Related")[2]
    assert "%%" not in related
    assert "((a/b))" in related


def test_the_vault_s_own_template_and_folder_win(over):
    over("config", "set", "folders.lessons", "learning")
    over("templates", "copy", "lesson")
    (over.root / "templates/incident/lesson.md").write_text(
        "---\nteam: payments\n---\n# {{title}} of {{id}}\n\nOurs.\n"
    )
    over("review", "lesson", ID, "ask first")
    found = text(over, "learning/Lesson ask first.md")
    assert "\nteam: payments\n" in found
    assert found.endswith(
        f"# ask first of {ID}\n\nOurs.\n\n## Learned in\n- 2026-11-23 @alice: [[{ID}|Checkout is slow]]\n"
    )


def test_a_name_that_another_note_has_is_not_given_again(over):
    (over.root / "operations").mkdir(exist_ok=True)
    (over.root / "operations/lesson ASK first.md").write_text("mine\n")
    over("review", "lesson", ID, "ask first")
    assert (over.root / "incidents/lessons/Lesson ask first 2.md").exists()


def test_whoever_records_the_same_in_the_same_moment_adds_to_it(over, monkeypatch):
    new = recording._new
    raced: list[object] = []

    def late(session, incident, typed):
        note = new(session, incident, typed)
        if not raced:
            raced.append(note)
            over("review", "lesson", OTHER, "ask first", who="bob")
        return note

    monkeypatch.setattr(recording, "_new", late)
    recorded = recording.learn(over.call("review lesson", ID, "ask first"))
    assert (recorded.is_new, recorded.incidents) == (False, (OTHER, ID))
    assert os.listdir(over.root / "incidents/lessons") == ["Lesson ask first.md"]


def test_a_name_that_is_always_taken_is_an_error_and_nothing_is_written(over, monkeypatch):
    (over.root / "incidents/lessons").mkdir()
    (over.root / ASK).write_text("not a lesson\n")
    monkeypatch.setattr(recording, "name_for", lambda *_: "Lesson ask first")
    before = notes(over)
    assert "exists already" in over("review", "lesson", ID, "ask first", code=6).err
    assert notes(over) == before


# -- as a person left it -----------------------------------------------------------------------------------------------


def test_a_lesson_that_was_moved_and_renamed_is_the_same(over):
    over("review", "lesson", ID, "ask first")
    (over.root / "mine").mkdir()
    (over.root / ASK).rename(over.root / "mine/First ask.md")
    over("review", "lesson", OTHER, "ask first")
    assert f"[[{OTHER}]]" in text(over, "mine/First ask.md")
    assert os.listdir(over.root / "incidents/lessons") == []
    assert "[[First ask|ask first]] (2 times: " in over("lessons").out


@pytest.mark.parametrize(
    ("incidents", "after"),
    [
        (f"incidents: {ID}, nobody", f'incidents:\n  - {ID}, nobody\n  - "[[{OTHER}]]"\n'),
        ("incidents:", f'incidents:\n  - "[[{OTHER}]]"\n'),
        (f'incidents: ["[[{ID}]]"]', f'incidents: ["[[{ID}]]", "[[{OTHER}]]"]\n'),
    ],
)
def test_properties_that_a_person_changed_are_kept(over, incidents, after):
    over("review", "lesson", ID, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace(f'incidents:\n  - "[[{ID}]]"', incidents))
    over("review", "lesson", OTHER, "ask first")
    assert after in text(over, ASK)


def test_a_lesson_whose_properties_cannot_be_read_stops_only_what_would_change_it(over):
    over("review", "lesson", ID, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace("title:", "title: ["))
    before = notes(over)
    refused = over("review", "lesson", OTHER, "--same", "ask first", code=5)
    assert f"{ASK}:3: " in refused.err
    assert notes(over) == before
    answer = over("lessons")
    assert "[[Lesson ask first|ask first]]" in answer.out
    assert f"{ASK}:3: bad-yaml" in answer.err


def test_check_names_what_is_wrong_with_lessons(over):
    over("review", "lesson", ID, "ask first")
    assert "nothing is wrong" in over("check").out
    folder = over.root / "incidents/lessons"
    (folder / "a.md").write_text(
        f"---\ntype: lesson\ntitle: Ask first!\nincidents: [INC-20200101-01, foo, {ID}]\nlearned: [soon, 2026-11-23]\n---\n"
    )
    (folder / "b.md").write_text("---\ntype: lesson\nincidents: {a: 1}\n---\n# Only here\n")
    found = over("check", code=5).out
    assert "a.md:4: lesson-incident: incidents names INC-20200101-01, which is not an incident here" in found
    assert "a.md:4: lesson-incident: incidents names foo, which" in found
    assert "a.md:5: lesson-day: learned has 'soon'" in found
    assert f"a.md:3: lesson-twice: the same lesson is in {ASK}" in found or "lesson-twice" in found
    assert "b.md:1: lesson-title: the lesson has no title; it is shown as 'Only here'" in found
    assert "b.md:3: lesson-incident: incidents is not a readable list of links" in found
    assert "[[b|Only here]] (in no incident yet; no follow-up is done)" in over("lessons").out


# -- restricted --------------------------------------------------------------------------------------------------------


def mode(desk, path):
    return stat.S_IMODE(os.stat(desk.root / path).st_mode)


def open_notes_with(desk, *words):
    """Return the notes outside the restricted folder whose name or text has one of some words."""
    found = {path: f"{path} {data.decode()}" for path, data in notes(desk).items() if "restricted/" not in path}
    return [path for path, said in found.items() if any(word in said for word in words)]


@pytest.fixture
def secret(over):
    """A desk whose second incident is restricted, with a lesson of its own and one that the first taught too."""
    over("review", "lesson", ID, "ask first")
    over("review", "new", OTHER)
    over("review", "lesson", OTHER, "ask first")
    over("review", "lesson", OTHER, "rotate the keys")
    over("restrict", OTHER)
    return over


def test_what_only_a_restricted_incident_taught_goes_with_it_and_nothing_else_names_it(secret):
    own = "incidents/restricted/lessons/Lesson rotate the keys.md"
    assert mode(secret, own) == 0o600
    assert "\nvisibility: restricted\n" in text(secret, own)
    assert open_notes_with(secret, OTHER, "Login slow", "rotate") == []
    assert f'incidents:\n  - "[[{ID}]]"\nlearned:\n  - 2026-11-23\n' in text(secret, ASK)
    assert "Lesson ask first" in text(secret, f"incidents/restricted/2026/{OTHER} review.md")
    for command in (["lessons"], ["lessons", "--json"], ["search", "rotate"], ["search", "ask", "first"], ["check"]):
        answer = secret(*command)
        assert OTHER not in answer.out + answer.err
        assert "rotate" not in answer.out
    assert json.loads(secret("lessons", "--json").out)["lessons"][0]["count"] == 1


def test_whoever_asks_for_restricted_lessons_gets_and_counts_them(secret):
    found = json.loads(secret("lessons", "--restricted", "--json").out)["lessons"]
    assert [(each["text"], each["count"]) for each in found] == [("ask first", 2), ("rotate the keys", 1)]
    secret("check", "--restricted")


def test_the_answer_of_restrict_names_both_sorts_of_lessons(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "ask first")
    over("review", "lesson", OTHER, "rotate the keys")
    before = notes(over)
    dry = over("restrict", OTHER, "--dry-run")
    assert "Lesson rotate the keys.md → incidents/restricted/lessons/" in dry.out
    assert notes(over) == before
    said = over("restrict", OTHER).err
    assert "lessons that only it taught moved with it: incidents/lessons/Lesson rotate the keys.md\n" in said
    assert f"which no longer name it; its own notes still link to them: {ASK}\n" in said
    assert "still readable" not in said
    over("undo", "--yes")
    assert notes(over) == {**before, "incidents/restricted/.gitignore": b"*\n"} or notes(over) == before


def test_a_lesson_whose_text_tells_of_the_incident_is_named_as_still_readable(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace("## Why\n", f"## Why\nSee [[{OTHER}]].\n"))
    assert f"still readable: {ASK}" in over("restrict", OTHER).err


def test_the_day_of_another_incident_stays(over, monkeypatch):
    over("review", "lesson", ID, "ask first")
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-25T12:00:00Z")
    over("review", "lesson", OTHER, "ask first")
    over("restrict", OTHER)
    assert "learned:\n  - 2026-11-23\nauthor" in text(over, ASK)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (f"incidents: {ID}, {OTHER}, foo", f"incidents: {ID}, foo\n"),
        (f'incidents: "[[{ID}]] and [[{OTHER}|Login]]"', f'incidents: "[[{ID}]] and"\n'),
        (f"incidents: [{OTHER.lower()}, foo, {ID}]", f"incidents: [foo, {ID}]\n"),
    ],
)
def test_what_else_a_person_typed_among_the_incidents_stays(over, typed, left):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace(f'incidents:\n  - "[[{ID}]]"\n  - "[[{OTHER}]]"', typed))
    over("restrict", OTHER)
    assert left in text(over, ASK)


def test_a_lesson_that_cannot_be_changed_stops_no_restriction_and_is_named(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace(f'- "[[{OTHER}]]"\n', f'- "[[{OTHER}]]"\nincidents: x\n'))
    said = over("restrict", OTHER).err
    assert f"still readable: {ASK}" in said
    assert mode(over, f"incidents/restricted/2026/{OTHER}.md") == 0o600


def test_properties_with_a_mistake_elsewhere_lose_the_incident_all_the_same(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "ask first")
    path = over.root / ASK
    path.write_text(path.read_text().replace("title:", "title: ["))
    over("restrict", OTHER)
    assert open_notes_with(over, OTHER, "Login slow") == []


def test_a_restricted_incident_leaves_an_open_lesson_as_it_is_and_keeps_its_own_words(secret):
    before = text(secret, ASK)
    answer = secret("review", "lesson", OTHER, "--same", "ask first", "nobody did")
    assert answer.out.startswith(f"learned again in 2 incidents: {ID} and {OTHER} ")
    assert text(secret, ASK) == before
    secret("review", "lesson", OTHER, "count the cards")
    assert mode(secret, "incidents/restricted/lessons/Lesson count the cards.md") == 0o600
    assert open_notes_with(secret, OTHER, "cards", "nobody did") == []


def test_an_open_incident_neither_finds_nor_names_a_restricted_lesson(secret):
    assert "unknown lesson" in secret("review", "lesson", ID, "--same", "rotate the keys", code=4).err
    answer = secret("review", "lesson", ID, "rotate the keys")
    assert answer.out.startswith('lesson recorded "rotate the keys"')
    assert OTHER not in answer.out + answer.err
    assert (secret.root / "incidents/lessons/Lesson rotate the keys 2.md").exists()


def test_a_lesson_of_two_restricted_incidents_stays_until_both_can_be_read(secret):
    secret("open", "Third", "-s", "sev3")
    third = "INC-20261123-03"
    secret("resolve", "-i", third, "--fix", "z")
    secret("restrict", third)
    secret("review", "lesson", third, "rotate the keys")
    own = "incidents/restricted/lessons/Lesson rotate the keys.md"
    assert f'- "[[{OTHER}]]"\n  - "[[{third}]]"' in text(secret, own)
    said = secret("restrict", OTHER, "--off").err
    assert f"stay restricted, because another restricted incident taught them too: {own}" in said
    assert open_notes_with(secret, third, "Third") == []
    said = secret("restrict", third, "--off").err
    assert f"lessons that can be read again: {own}" in said
    home = "incidents/lessons/Lesson rotate the keys.md"
    assert mode(secret, home) == 0o644
    assert "visibility" not in text(secret, home)
    assert "rotate the keys" in secret("lessons").out


def test_a_lesson_whose_name_is_taken_in_the_other_folder_stays_where_it_is_and_is_closed(over):
    over("review", "lesson", OTHER, "rotate the keys")
    folder = over.root / "incidents/restricted/lessons"
    folder.mkdir(parents=True)
    (folder / "Lesson rotate the keys.md").write_text("mine\n")
    over("restrict", OTHER)
    home = "incidents/lessons/Lesson rotate the keys.md"
    assert mode(over, home) == 0o600
    assert "\nvisibility: restricted\n" in text(over, home)
    assert "rotate" not in over("lessons").out


def test_a_lesson_that_names_a_restricted_incident_by_hand_is_found(secret):
    path = secret.root / ASK
    path.write_text(path.read_text().replace(f'- "[[{ID}]]"', f'- "[[{ID}]]"\n  - "[[{OTHER}]]"'))
    assert OTHER not in secret("lessons").out
    assert OTHER not in secret("search", "ask", "first").out
    assert "nothing is wrong" in secret("check").out
    found = secret("check", "--restricted", code=5).out
    assert f"lesson-restricted: incidents names {OTHER}, which is restricted" in found
    path.write_text(path.read_text().replace(f'  - "[[{ID}]]"\n', ""))
    (secret.root / f"incidents/2026/{ID} review.md").unlink()
    assert "ask first" not in secret("lessons").out


def test_a_secret_is_taken_out_of_the_lessons_too(over):
    over("review", "lesson", ID, "never type hunter2-4711 into a chat")
    over("review", "lesson", OTHER, "never type hunter2-4711 into a chat")
    said = over("redact", OTHER, "--text", "hunter2-4711").err
    (path,) = (over.root / "incidents/lessons").iterdir()
    assert path.name == "Lesson never type REDACTED into a chat.md"
    assert f"is now incidents/lessons/{path.name}; the journal still has the old name" in said
    assert "hunter2" not in path.read_text()
    over("redact", ID, "--text", "hunter2-4711")
    assert open_notes_with(over, "hunter2") == []
    assert f"[[{path.stem}|" in the_review(over)
    assert over("review", "lesson", ID, "never type redacted into a chat").out.startswith("lesson already recorded")


def test_a_file_name_that_has_parts_of_a_secret_is_named(over):
    over("review", "lesson", ID, "never type p@ss:w0rd! into a chat")
    said = over("redact", ID, "--text", "p@ss:w0rd!").err
    assert (
        "the file name of incidents/lessons/Lesson never type p ss w0rd! into a chat.md was made from the text" in said
    )


# -- counted -----------------------------------------------------------------------------------------------------------


def test_a_lesson_of_a_duplicate_counts_for_the_incident_that_it_was_merged_into(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "ask first")
    over("open", "Third", "-s", "sev3")
    path = over.root / f"incidents/2026/{OTHER}.md"
    path.write_text(
        path.read_text().replace("status: resolved\n", 'status: merged\nduplicate_of: "[[INC-20261123-03]]"\n')
    )
    (found,) = json.loads(over("lessons", "--json").out)["lessons"]
    assert found["incidents"] == ["INC-20261123-03", ID]


def test_a_condition_leaves_out_what_none_of_these_incidents_taught(over):
    over("review", "lesson", ID, "ask first")
    over("review", "lesson", OTHER, "tell them")
    (over.root / "n.md").write_text("---\ntype: lesson\ntitle: None yet\n---\n")
    found = json.loads(over("lessons", "--where", "severity=sev2", "--json").out)["lessons"]
    assert [each["text"] for each in found] == ["tell them"]
    assert len(json.loads(over("lessons", "--json").out)["lessons"]) == 3


def test_a_search_names_the_lesson_for_each_incident_that_taught_it(over):
    over("review", "lesson", ID, "ask the customer first")
    over("review", "lesson", OTHER, "ask the customer first")
    found = json.loads(over("search", "customer", "first", "--json").out)
    assert {(each["id"], each["found_in"]) for each in found} == {
        (ID, "incidents/lessons/Lesson ask the customer first.md"),
        (OTHER, "incidents/lessons/Lesson ask the customer first.md"),
    }


def test_show_lists_the_lessons(over):
    over("review", "lesson", ID, "ask first")
    assert "lesson         ask first" in over("show", ID).out
    assert json.loads(over("show", ID, "--json").out)["lessons"] == [{"name": "Lesson ask first", "title": "ask first"}]
