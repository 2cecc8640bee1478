"""Task lines: read as people and plug-ins leave them, written in one order, changed by no more than a box and a day."""

from __future__ import annotations

import pytest

from okb_incident.core.timeline.task import (
    ACTION,
    DONE,
    GIVEN_UP,
    OPEN,
    next_name,
    read_tasks,
    with_box,
    with_due,
    with_field,
    with_tag,
    write_task,
)

ID = "INC-20261123-01"
LINE = f"- [ ] Roll back deploy 4f2a [owner:: bob] {ACTION} 🆔 {ID}-a1 ➕ 2026-11-23 📅 2026-12-08"


def test_a_task_is_read_with_all_its_parts():
    (task,) = read_tasks(["", "Some words", LINE, "- no [box](x)"], ID)
    assert (task.line, task.box, task.text, task.name, task.owner) == (2, OPEN, "Roll back deploy 4f2a", "a1", "bob")
    assert (task.created, task.due, task.ended) == ("2026-11-23", "2026-12-08", None)
    assert task.is_open


def test_what_is_written_reads_back():
    line = write_task(
        "Roll back  deploy 4f2a", tag=ACTION, task_id=f"{ID}-a1", created="2026-11-23", due="2026-12-08", owner="bob"
    )
    assert line == LINE


def test_a_text_cannot_pose_as_a_part_of_the_task():
    line = write_task(
        "buy 📅 2020-01-01 [owner:: eve] 🆔 INC-1-a9 <% x %>",
        tag=ACTION,
        task_id=f"{ID}-a2",
        created="2026-11-23",
        owner="bob",
    )
    (task,) = read_tasks([line], ID)
    assert (task.name, task.owner, task.due) == ("a2", "bob", None)
    assert "<%" not in line


@pytest.mark.parametrize(
    ("line", "box", "ended"),
    [
        ("* [X] done [owner:: bob] ✅ 2026-11-24", DONE, "2026-11-24"),
        ("1. [-] not doing ❌ 2026-11-25", GIVEN_UP, "2026-11-25"),
        ("- [!] important to someone", OPEN, None),
        ("> - [/] begun (owner:: bob)", "/", None),
    ],
)
def test_boxes_of_people_and_plug_ins_are_understood(line, box, ended):
    (task,) = read_tasks([line], ID)
    assert (task.box, task.ended, task.name) == (box, ended, None)


def test_a_task_of_another_incident_has_no_name_here():
    assert read_tasks([LINE], "INC-20261123-02")[0].name is None


def test_a_box_changes_and_nothing_else():
    done = with_box(LINE + " ^t-1  ", DONE, "2026-11-24")
    assert done == LINE.replace("[ ]", "[x]") + " ✅ 2026-11-24 ^t-1  "
    assert with_box(done, OPEN) == LINE + " ^t-1  "
    assert with_box(LINE, GIVEN_UP, "2026-11-24").endswith("📅 2026-12-08 ❌ 2026-11-24")
    assert with_box(LINE, DONE) == LINE.replace("[ ]", "[x]")
    with pytest.raises(ValueError, match="not a task"):
        with_box("- no box", DONE)


def test_names_are_never_given_twice():
    assert next_name("a", []) == "a1"
    assert next_name("a", ["a2", "a9", "h12", "ax"]) == "a10"


@pytest.mark.parametrize("change", [lambda raw: with_field(raw, "x", "y"), lambda raw: with_due(raw, "2026-12-01")])
def test_what_is_no_task_is_no_place_for_a_field_or_a_day(change):
    with pytest.raises(ValueError, match="this is not a task"):
        change("some words")


def test_a_day_goes_before_the_name_of_a_block_and_a_field_behind_the_last_one():
    raw = f"- [ ] Look [owner:: bob] 🆔 {ID}-a1 ^block  "
    assert with_due(raw, "2026-12-01") == f"- [ ] Look [owner:: bob] 🆔 {ID}-a1 📅 2026-12-01 ^block  "
    assert with_field(raw, "kind", "tool") == f"- [ ] Look [owner:: bob] [kind:: tool] 🆔 {ID}-a1 ^block  "
    assert with_field("- [ ] Look", "kind", "tool") == "- [ ] Look [kind:: tool]"


@pytest.mark.parametrize("text", ["check %% of the disk", "a :: b", "<% x %>", "buy 📅 soon", "%%%"])
def test_a_text_reads_back_to_the_letter(text):
    line = write_task(text, tag=ACTION, task_id=f"{ID}-a1", created="2026-11-23")
    (task,) = read_tasks([line], ID)
    assert task.text == text
    assert "%%" not in line


def test_a_field_reads_back_to_the_letter():
    line = with_field(f"- [-] Buy 🆔 {ID}-a1", "reason", "it's [not] worth 100%% :: so")
    (task,) = read_tasks([line], ID)
    assert task.fields["reason"] == "it's [not] worth 100%% :: so"
    assert "%%" not in line


def test_a_remark_of_a_writer_is_no_part_of_the_text():
    (task,) = read_tasks([f"- [ ] Call the bank %% ask Bob %% again 🆔 {ID}-a1"], ID)
    assert task.text == "Call the bank again"


def test_a_tag_comes_in_front_of_the_other_parts():
    assert (
        with_tag(f"- [ ] Look [owner:: bob] 🆔 {ID}-f1  ", "#external")
        == f"- [ ] Look #external [owner:: bob] 🆔 {ID}-f1  "
    )
    assert with_tag("- [ ] Look  ", "#external") == "- [ ] Look #external  "
