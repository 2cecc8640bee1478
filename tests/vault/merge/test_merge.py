from __future__ import annotations

import pytest

from okb_incident.vault.merge.notes import merge

NOTE = """---
type: incident
# what the customer sees
title: Checkout is slow
status: triage
severity: SEV2
declared: 2026-11-23T02:00:00
tags:
  - incident
  - sev/2
created: 2026-11-23
---
# Checkout is slow

## Summary
Customers wait tne seconds.

## Timeline
- 2026-11-23T02:00:00 **alert**: latency above 5 s
- 2026-11-23T02:01:00 **note** @bob: since the release

## Actions
- [ ] Roll back the release [owner:: alice] #incident/action 🆔 INC-20261123-01-a1 ➕ 2026-11-23
- [ ] Tell the shops [owner:: bob] #incident/action 🆔 INC-20261123-01-a2 ➕ 2026-11-23 📅 2026-11-24

## Follow-ups
"""
LAST = "- 2026-11-23T02:01:00 **note** @bob: since the release\n"
ACKED = "- 2026-11-23T02:05:00 **status** @alice: triage → investigating\n"


def edited(*edits: tuple[str, str], note: str = NOTE) -> str:
    for old, new in edits:
        assert old in note
        note = note.replace(old, new)
    return note


def merged(ours: str, theirs: str, base: str = NOTE) -> tuple[str, tuple[str, ...]]:
    data, conflicts = merge(base.encode(), ours.encode(), theirs.encode())
    return data.decode(), conflicts


ACK = [("status: triage\n", "status: investigating\nacknowledged: 2026-11-23T02:05:00\n"), (LAST, LAST + ACKED)]


def test_an_ack_while_the_writer_mends_a_word():
    typo = ("tne", "ten")
    assert merged(edited(*ACK), edited(typo)) == (edited(*ACK, typo), ())
    assert merged(edited(typo), edited(*ACK)) == (edited(*ACK, typo), ())


def test_two_lines_for_the_timeline_stand_in_the_order_of_their_moments():
    typed = "- 02:03 support has 40 tickets\n"
    for ours, theirs in [(ACKED, typed), (typed, ACKED)]:
        assert merged(edited((LAST, LAST + ours)), edited((LAST, LAST + theirs))) == (
            edited((LAST, LAST + typed + ACKED)),
            (),
        )


def test_a_line_of_unknown_moment_stays_below_the_one_it_was_typed_below():
    typed = "- who has the keys?\n"
    assert merged(edited((LAST, LAST + ACKED)), edited((LAST, LAST + typed)))[0] == edited((LAST, LAST + typed + ACKED))


def test_the_same_line_from_both_sides_stands_once_with_what_belongs_to_it():
    run = "- 2026-11-23T02:09:00 **run** @bob: uptime, exit 0\n  ```text\n  up 3 days\n  ```\n"
    ours, theirs = edited((LAST, LAST + ACKED + run)), edited((LAST, LAST + run))
    assert merged(ours, theirs) == (ours, ())
    assert merged(theirs, ours) == (ours, ())


def test_an_entry_that_one_side_took_out_and_one_that_the_other_edited():
    first = "- 2026-11-23T02:00:00 **alert**: latency above 5 s\n"
    said = (LAST, LAST.replace("the release", "release 41"))
    assert merged(edited((first, "")), edited(said)) == (edited((first, ""), said), ())


def test_an_entry_edited_by_both_is_a_conflict_and_a_new_one_beside_it_is_not():
    ours = edited((LAST, LAST.replace("the release", "release 41")))
    theirs = edited((LAST, LAST.replace("since", "shortly after") + ACKED))
    data, conflicts = merged(ours, theirs)
    assert data == edited(("the release\n\n", "release 41\n" + ACKED + "\n"))
    assert conflicts == ("both sides changed an entry of the timeline: line 20 in ours, line 20 in theirs",)


def test_the_timeline_that_both_put_in_comes_out_once():
    base = "# T\n\n## Summary\ntext\n\n## Actions\n"
    ours = base.replace("## Actions", f"## Timeline\n{ACKED}\n## Actions")
    theirs = base.replace("\n## Actions", f"\n\n## Timeline\n{LAST}\n## Actions")
    data, conflicts = merged(ours, theirs, base)
    assert conflicts == ()
    assert f"## Timeline\n{LAST}{ACKED}\n" in data
    assert data.count("## Timeline") == 1


def test_a_status_set_on_both_sides_is_named_and_stays_as_in_ours():
    ours = edited(*ACK)
    theirs = edited(("status: triage", "status: declined # a test"), ("tne", "ten"))
    data, conflicts = merged(ours, theirs)
    assert data == edited(*ACK, ("tne", "ten"))
    assert conflicts == ("both sides changed property `status`: line 5 in ours, line 5 in theirs",)


def test_tags_of_both_sides():
    ours = edited(("  - sev/2\n", "  - sev/1\n"), ("severity: SEV2", "severity: SEV1"))
    theirs = edited(("  - incident\n", "  - incident # ours\n  - checkout\n"))
    data, conflicts = merged(theirs, ours)
    assert conflicts == ()
    assert "tags:\n  - incident # ours\n  - checkout\n  - sev/1\ncreated" in data


def test_a_comment_beside_a_tag_is_not_lost_in_silence():
    theirs = edited(("  - sev/2\n", "  - sev/2\n  - vip # the big shop\n"))
    data, conflicts = merged(edited(("  - sev/2\n", "  - sev/2\n  - checkout\n")), theirs)
    assert "vip" not in data
    assert conflicts == ("both sides changed property `tags`: lines 8-11 in ours, lines 8-11 in theirs",)


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [("2026-11-24", "2026-11-26", "2026-11-26"), ("2026-11-27", "2026-11-26", "2026-11-27")],
)
def test_the_later_update_wins(ours, theirs, result):
    def updated(day: str) -> str:
        return edited(("created: 2026-11-23\n", f"created: 2026-11-23\nupdated: {day}\n"))

    assert merged(updated(ours), updated(theirs), updated("2026-11-23")) == (updated(result), ())
    assert merged(updated(ours), updated(theirs)) == (updated(result), ())


def test_derived_durations_never_conflict():
    def lasting(minutes: int) -> str:
        return edited(("tags:", f"time_to_resolve_minutes: {minutes}\ntags:"))

    assert merged(lasting(7), lasting(9), lasting(5)) == (lasting(7), ())


def test_new_properties_stand_where_they_were_put_with_their_comments():
    ours = edited(("severity: SEV2\n", "severity: SEV2\ncategory: system\n"))
    theirs = edited(
        ("# what the customer sees\n", "# what everyone sees\n"),
        ("severity: SEV2\n", "severity: SEV2\n# of ours\nshop: 'x'\n"),
    )
    data, conflicts = merged(ours, theirs)
    assert conflicts == ()
    assert "# what everyone sees\ntitle: Checkout is slow\n" in data
    assert "severity: SEV2\n# of ours\nshop: 'x'\ncategory: system\ndeclared:" in data


def test_a_property_taken_out_here_and_changed_there_is_a_conflict():
    ours, theirs = edited(("severity: SEV2\n", "")), edited(("SEV2", "SEV1"), ("tne", "ten"))
    data, conflicts = merged(ours, theirs)
    assert data == edited(("severity: SEV2\n", ""), ("tne", "ten"))
    assert conflicts == ("both sides changed property `severity`: removed in ours, line 6 in theirs",)


def test_frontmatter_that_was_put_in_by_both():
    data, conflicts = merged("---\na: 1\n---\ntext\n", "---\nb: 2\n---\ntext\n", "text\n")
    assert (data, conflicts) == ("---\nb: 2\na: 1\n---\ntext\n", ())


def test_a_ticked_box_and_a_new_text_of_the_same_task_and_a_new_task():
    done = ("[ ] Roll back", "[x] Roll back"), ("a1 ➕ 2026-11-23", "a1 ➕ 2026-11-23 ✅ 2026-11-23")
    words = (
        ("Roll back the release", "Roll back release 41"),
        ("## Follow-ups", "- [ ] a new one 🆔 INC-20261123-01-a3\n\n## Follow-ups"),
    )
    later = ("📅 2026-11-24\n", "📅 2026-11-25\n")
    assert merged(edited(*done), edited(*words, later)) == (
        edited(
            ("[ ] Roll back the release", "[x] Roll back release 41"),
            ("a1 ➕ 2026-11-23", "a1 ➕ 2026-11-23 ✅ 2026-11-23"),
            words[1],
            later,
        ),
        (),
    )


def test_new_tasks_of_both_sides():
    end = "## Follow-ups\n"
    ours, theirs = "- [ ] one 🆔 INC-20261123-01-f1\n", "- [ ] two 🆔 INC-20261123-01-f2\n"
    assert merged(edited((end, end + ours)), edited((end, end + theirs))) == (edited((end, end + ours + theirs)), ())


def test_a_task_moved_here_and_ticked_there():
    line = next(each for each in NOTE.splitlines(keepends=True) if "-a1" in each)
    ours = edited((line, ""), ("## Follow-ups\n", f"## Follow-ups\n{line}"))
    done = line.replace("[ ]", "[x]")
    assert merged(ours, edited((line, done))) == (edited((line, ""), ("## Follow-ups\n", f"## Follow-ups\n{done}")), ())


def test_a_task_worded_anew_by_both_is_a_conflict():
    ours, theirs = edited(("Tell the shops", "Call the shops")), edited(("Tell the shops", "Write to the shops"))
    assert merged(ours, theirs) == (
        ours,
        ("both sides changed task `INC-20261123-01-a2`: line 24 in ours, line 24 in theirs",),
    )


def test_prose_rewritten_by_both_is_a_conflict_and_names_the_lines():
    ours, theirs = edited(("tne", "ten")), edited(("wait tne seconds.", "wait.\nFor long."))
    assert merged(ours, theirs) == (ours, ("both sides changed the text: line 16 in ours, lines 16-17 in theirs",))


def test_paragraphs_added_by_both_in_one_place_stay_paragraphs():
    end = "seconds.\n"
    data, conflicts = merged(edited((end, f"{end}\nOne.\n")), edited((end, f"{end}\nTwo.\n")))
    assert (data, conflicts) == (edited((end, f"{end}\nOne.\n\nTwo.\n")), ())


def test_a_paragraph_is_not_swallowed_by_an_entry_that_came_above_it():
    data, conflicts = merged(edited((LAST, LAST + ACKED)), edited((LAST, LAST + "\nA calm hour.\n")))
    assert conflicts == ()
    assert f"{LAST}{ACKED}\nA calm hour.\n" in data


def test_a_section_deleted_while_a_line_is_added_to_it():
    section = NOTE[NOTE.index("## Timeline") : NOTE.index("## Actions")]
    mended = ("the shops", "all shops")
    theirs = edited((section, ""), mended)
    data, conflicts = merged(edited(*ACK), theirs)
    assert data == edited(*ACK, mended)
    assert conflicts == ("both sides changed the text: lines 19-23 in ours, removed in theirs",)
    data, conflicts = merged(theirs, edited(*ACK))
    assert "Timeline" not in data
    assert conflicts == ("both sides changed the text: removed in ours, lines 19-23 in theirs",)


def test_a_fence_that_hides_the_timeline_on_one_side_does_not_double_it():
    ours, theirs = edited(("seconds.\n", "seconds.\n```\n")), edited((LAST, LAST + ACKED + "and then\n"))
    both = edited(("seconds.\n", "seconds.\n```\n"), (LAST, LAST + ACKED + "and then\n"))
    assert merged(ours, theirs) == (both, ())
    assert merged(both, theirs) == (both, ())


def test_a_section_deleted_that_nobody_else_touched():
    section = NOTE[NOTE.index("## Actions") : NOTE.index("## Follow-ups")]
    assert merged(edited((section, "")), edited(*ACK)) == (edited((section, ""), *ACK), ())


def test_an_emptied_note_is_not_believed():
    assert merged(edited(*ACK), "") == (
        edited(*ACK),
        ("the note is empty in theirs and was changed on the other side, which is kept whole",),
    )
    assert merged("\n", edited(*ACK))[0] == edited(*ACK)


def test_windows_line_ends_mark_and_missing_last_line_end_come_from_who_changed_them():
    windows = "\ufeff" + edited(("tne", "ten")).replace("\n", "\r\n").removesuffix("\r\n")
    expected = "\ufeff" + edited(*ACK, ("tne", "ten")).replace("\n", "\r\n").removesuffix("\r\n")
    assert merged(edited(*ACK), windows) == (expected, ())
    assert merged(windows, edited(*ACK)) == (expected, ())


def test_a_windows_note_stays_one():
    def windows(text: str) -> str:
        return text.replace("\n", "\r\n")

    typo = ("tne", "ten")
    assert merged(windows(edited(*ACK)), windows(edited(typo)), windows(NOTE)) == (windows(edited(*ACK, typo)), ())


def test_a_half_typed_frontmatter_is_merged_by_lines():
    half = ("title: Checkout is slow", 'title: "Checkout is')
    assert merged(edited(*ACK), edited(half)) == (edited(*ACK, half), ())
    theirs = edited(half, ("status: triage", "status: declined"))
    data, conflicts = merged(edited(*ACK), theirs)
    assert data == edited(*ACK)
    assert conflicts == ("both sides changed the frontmatter: lines 4-6 in ours, lines 4-5 in theirs",)


def test_a_frontmatter_without_its_end_is_text_like_all_other():
    open_end = ("created: 2026-11-23\n---\n", "created: 2026-11-23\n")
    assert merged(edited(*ACK), edited(open_end)) == (edited(*ACK, open_end), ())


def test_properties_that_would_read_as_something_else_are_not_woven():
    base = "---\na: &x 1\nb: 2\nc: 3\n---\n"
    ours, theirs = base.replace("b: 2", "b: *x"), base.replace("&x 1", "&x 5")
    assert merged(ours, theirs, base) == (
        ours,
        ("both sides changed the frontmatter: lines 2-4 in ours, lines 2-4 in theirs",),
    )


def test_bytes_that_are_no_text_are_merged_by_lines():
    base, ours, theirs = b"\xff\n1\n2\n3\n\xfe", b"\xff\xfd\n1\n2\n3\n\xfe", b"\xff\n1\n2\n3\n\xfe\n\xc0"
    assert merge(base, ours, theirs) == (b"\xff\xfd\n1\n2\n3\n\xfe\n\xc0", ())


def test_large_notes_and_long_timelines():
    head, tail = NOTE.split(LAST)
    entries = "".join(
        f"- 2026-11-23T{h:02}:{m:02}:{s:02} **note**: n\n"
        for h in range(3, 5)
        for m in range(60)
        for s in range(0, 60, 4)
    )
    filler = "".join(f"line {at}\n\n" if at % 3 else "the same\n\n" for at in range(10_000))
    base = head + LAST + entries + tail + filler
    ours, theirs = edited(*ACK, note=base), edited(("tne", "ten"), ("line 9998\n", "the end\n"), note=base)
    assert merged(ours, theirs, base) == (edited(("tne", "ten"), ("line 9998\n", "the end\n"), note=ours), ())
