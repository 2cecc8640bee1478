from __future__ import annotations

import pytest
from tests.limits import computing_at_most

from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.vault.note.sections import ensure, find, insert_line, replace_line, section_lines

ORDER = ("Summary", "Impact", "Timeline", "Actions", "Follow-ups", "Change log")

NOTE = """---
title: x
about: |
  ## Timeline
---
# Card payments fail

## Summary
Cards failed.

## 🔥 Timeline
- one
- two

### Detail
- three

## Notes of the writer
text

## Actions ##
- [ ] four
"""


@pytest.mark.parametrize(
    ("title", "line", "end_line", "lines"),
    [
        ("Summary", 8, 11, ["Cards failed.", ""]),
        ("timeline", 11, 18, ["- one", "- two", "", "### Detail", "- three", ""]),
        ("NOTES of  the writer", 18, 21, ["text", ""]),
        ("Actions", 21, 23, ["- [ ] four"]),
    ],
)
def test_a_section_is_found_by_its_text(title, line, end_line, lines):
    section = find(NOTE, title)
    assert section is not None
    assert (section.line, section.content_line, section.end_line) == (line, line + 1, end_line)
    assert NOTE[section.content : section.end] == "".join(f"{each}\n" for each in lines)
    assert NOTE[section.start :].split("\n", 1)[0] == NOTE.split("\n")[line - 1]
    assert section_lines(NOTE, title) == lines


@pytest.mark.parametrize(
    "heading",
    [
        "## Timeline",
        "##  Timeline  ",
        "## timeline:",
        "   ## Timeline",
        "##\tTimeline",
        "## Timeline ##",
        "## 🚨🔥 Timeline 🔥",
        "## **Timeline**",
        "## 👩‍🚒 TIMELINE",
    ],
)
def test_case_emoji_and_blanks_do_not_matter(heading):
    assert section_lines(f"a\n{heading}\r\n- b", "Timeline") == ["- b"]


@pytest.mark.parametrize(
    "text",
    [
        "# Timeline\n", "### Timeline\n", "##Timeline\n", "    ## Timeline\n", "> ## Timeline\n", "## Timelines\n", "## The Timeline\n",
        "---\ntitle: |\n  ## Timeline\n## Timeline\n---\nbody\n", "```\n## Timeline\n```\n", "~~~~ text\n~~~\n```\n## Timeline\n~~~~~\n",
        "  ```text\n## Timeline\n  ```\n", "````\n```\n## Timeline\n````\n", "```\n## Timeline\n", "``` \n``` x\n## Timeline\n``` \n",
    ],
)  # fmt: skip
def test_what_is_no_section_heading(text):
    assert find(text, "Timeline") is None
    assert section_lines(text, "Timeline") == []


@pytest.mark.parametrize(
    "text", ["```a`\n## Timeline\n", "```\n```\n## Timeline\n", "    ```\n## Timeline\n", "~~~\n~~~~  \n## Timeline\n"]
)
def test_a_fence_that_is_none_or_closed_hides_nothing(text):
    assert find(text, "Timeline") is not None


def test_the_first_of_two_counts_and_a_first_level_heading_ends_a_section():
    text = "## Timeline\n- a\n# Other\n- b\n## Timeline\n- c\n"
    assert section_lines(text, "Timeline") == ["- a"]


def test_frontmatter_that_is_not_closed_is_body():
    assert section_lines("---\n## Timeline\n- a", "Timeline") == ["- a"]


@pytest.mark.parametrize(
    ("title", "heading", "before", "after"),
    [
        ("Impact", "## Impact", ["Cards failed.", ""], ["", "## 🔥 Timeline"]),
        ("Follow-ups", "## Follow-ups", ["- [ ] four", ""], [""]),
        ("Elsewhere", "## Elsewhere", ["- [ ] four", ""], [""]),
    ],
)
def test_a_missing_section_goes_to_its_place(title, heading, before, after):
    text, inserted = ensure(NOTE, title, ORDER)
    assert inserted
    lines = text.split("\n")
    at = lines.index(heading)
    assert lines[at - 2 : at] == before
    assert lines[at + 1 : at + 3] == after
    assert ensure(text, title, ORDER) == (text, False)


def test_a_section_that_is_there_is_left_alone():
    assert ensure(NOTE, "TIMELINE", ORDER) == (NOTE, False)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "## Timeline\n"),
        ("---\na: 1\n---", "---\na: 1\n---\n## Timeline\n"),
        ("---\na: 1\n---\n", "---\na: 1\n---\n## Timeline\n"),
        ("text", "text\n\n## Timeline\n"),
        ("text\n", "text\n\n## Timeline\n"),
        ("text\n\n\n", "text\n\n\n## Timeline\n"),
        ("a\r\nb", "a\r\nb\r\n\r\n## Timeline\r\n"),
        ("a\r\n\r\n## Actions\r\n", "a\r\n\r\n## Timeline\r\n\r\n## Actions\r\n"),
        ("## Actions\n", "## Timeline\n\n## Actions\n"),
        ("---\na: 1\n---\n## Actions\n", "---\na: 1\n---\n## Timeline\n\n## Actions\n"),
        ("## Summary\n## Other\n", "## Summary\n\n## Timeline\n\n## Other\n"),
        ("## Change log\nx\n## Summary\ny", "## Change log\nx\n## Summary\ny\n\n## Timeline\n"),
    ],
)
def test_a_section_is_put_in_with_the_line_ends_of_the_note(text, after):
    assert ensure(text, "Timeline", ORDER) == (after, True)


def test_no_section_is_put_into_an_open_code_fence():
    with pytest.raises(InvalidNoteError, match="fence above its place is not closed") as raised:
        ensure("## Summary\n```\nlog\n", "Timeline", ORDER)
    assert "close the fence" in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("text", "index", "after"),
    [
        ("## T\n- a\n- b\n", 0, "## T\n- x\n- a\n- b\n"),
        ("## T\n- a\n- b\n", 1, "## T\n- a\n- x\n- b\n"),
        ("## T\n- a\n- b\n", 2, "## T\n- a\n- b\n- x\n"),
        ("## T\n- a\n- b\n", 99, "## T\n- a\n- b\n- x\n"),
        ("## T\n- a\n- b", 2, "## T\n- a\n- b\n- x\n"),
        ("## T\n- a\n- b", 0, "## T\n- x\n- a\n- b"),
        ("## T", 0, "## T\n- x\n"),
        ("## T\n", 0, "## T\n- x\n"),
        ("## T\n\n\n## U\n", 2, "## T\n- x\n\n\n## U\n"),
        ("## T\n## U\n", 0, "## T\n- x\n\n## U\n"),
        ("## T\n- a\n## U\n", 1, "## T\n- a\n- x\n\n## U\n"),
        ("## T\n- a\n\n## U\n", 2, "## T\n- a\n- x\n\n## U\n"),
        ("## T\n- a\n\n\n## U\n", 3, "## T\n- a\n- x\n\n\n## U\n"),
        ("## T\ntext\n", 0, "## T\n- x\n\ntext\n"),
        ("## T\n- a\ntext\n", 1, "## T\n- a\n- x\n\ntext\n"),
        ("## T\n- a\n\ntext\n", 1, "## T\n- a\n- x\n\ntext\n"),
        ("## T\n### sub\n", 0, "## T\n- x\n\n### sub\n"),
        ("## T\n1. a\n", 0, "## T\n- x\n1. a\n"),
        ("## T\n  - nested\n", 0, "## T\n- x\n  - nested\n"),
        ("## T\n```\ncode\n```\n", 0, "## T\n- x\n```\ncode\n```\n"),
        ("## T\n- a\n- b\n", -5, "## T\n- x\n- a\n- b\n"),
        ("## T\r\n- a\r\n", 1, "## T\r\n- a\r\n- x\r\n"),
        ("a\n## T\r\n- a\r\n- b\n", 1, "a\n## T\r\n- a\r\n- x\n- b\n"),
        ("## T\r\n- a", 1, "## T\r\n- a\r\n- x\r\n"),
    ],
)
def test_a_line_goes_in_and_nothing_else_moves(text, index, after):
    assert insert_line(text, "T", index, "- x") == after


def test_an_entry_may_have_further_lines():
    assert insert_line("## T\r\n- a\r\n", "T", 0, "- x\n  y") == "## T\r\n- x\r\n  y\r\n- a\r\n"


def test_a_line_needs_a_section():
    with pytest.raises(NotFoundError, match="no section 'Timeline'"):
        insert_line("## Actions\n", "Timeline", 0, "- x")


@pytest.mark.parametrize(
    "filler",
    [
        "- 2026-11-23T01:52:00 **note** @bob: line\n" * 20_000,
        "#" * 1_000_000 + "\n",
        "## " + "! " * 500_000 + "\n",
        "## a" + "!" * 500_000 + "b\n",
        "`" * 1_000_000 + "\n",
        " " * 1_000_000,
    ],
)
def test_the_effort_grows_with_the_note_and_not_with_its_square(filler):
    text = "## Timeline\n" + filler
    with computing_at_most(20):
        text, _ = ensure(text, "Actions", ORDER) if not filler.startswith("`") else (text, False)
        after = insert_line(text, "Timeline", len(section_lines(text, "Timeline")), "- x")
    assert len(after) > len(text)


def test_a_line_gives_way_to_another_and_nothing_else_moves():
    text = "# x\r\n\r\n## Actions\r\n- [ ] one\r\n- [ ] two\r\n\r\n## End\r\n"
    new = replace_line(text, "Actions", 1, "- [ ] two", "- [x] two\n  ~~two~~")
    assert new == text.replace("- [ ] two", "- [x] two\r\n  ~~two~~")
    for index, old in ((0, "- [ ] two"), (7, "- [ ] one")):
        with pytest.raises(NotFoundError, match="no longer holds"):
            replace_line(text, "Actions", index, old, "x")
    with pytest.raises(NotFoundError):
        replace_line(text, "Impact", 0, "x", "y")
