"""Links that follow a note which moves."""

from __future__ import annotations

import pytest

from okb_incident.core.text.note_links import Moves

HOME = "incidents/2026/INC-20261123-01.md"
RENAMED = Moves({"archive/Codes.md": HOME})
MOVED = Moves({"archive/INC-20261123-01.md": HOME})


@pytest.mark.parametrize(
    ("moves", "before", "after"),
    [
        (RENAMED, "see [[Codes]], ![[codes#Timeline]]", "see [[INC-20261123-01]], ![[INC-20261123-01#Timeline]]"),
        (RENAMED, "[[archive/Codes.md|the codes]]", "[[INC-20261123-01|the codes]]"),
        (RENAMED, r"| [[Codes\|codes]] |", r"| [[INC-20261123-01\|codes]] |"),
        (RENAMED, 'related: "[[Codes]]"', 'related: "[[INC-20261123-01]]"'),
        (RENAMED, "[x](archive/Codes.md) [y](<archive/Codes.md#a>)", f"[x]({HOME}) [y](<{HOME}#a>)"),
        (RENAMED, "[[Other codes]] [[other/Codes]] [[archive]] Codes [a](b/Codes.md)", None),
        (RENAMED, "[x](https://example.org/archive/Codes.md) [y](#Codes) [z](/archive/Codes.md)", None),
        (MOVED, "[[INC-20261123-01]]", None),
        (MOVED, "[[archive/INC-20261123-01|x]]", "[[INC-20261123-01|x]]"),
    ],
)
def test_only_what_leads_to_the_old_place_changes(moves, before, after):
    assert moves.follow(before, "report.md").text == (after or before)


def test_lines_are_counted_and_code_is_left():
    text = "[[Codes]]\n```\n[[Codes]]\n~~~\n```\nnothing\n~~~~\n[[Codes]]\n~~~\n~~~~\n[[Codes]]\n"
    followed = RENAMED.follow(text, "report.md")
    assert followed.lines == (1, 11)
    assert followed.text.count("[[Codes]]") == 2


def test_relative_links_are_written_from_where_the_note_lies():
    assert RENAMED.follow("[x](../archive/Codes.md)", "reports/a.md").text == f"[x](../{HOME})"
    spaced = Moves({"a b/My codes.md": "incidents/INC 1.md"})
    assert spaced.follow("[x](a%20b/My%20codes.md)", "r.md").text == "[x](incidents/INC%201.md)"
    assert spaced.follow("[x](<a b/My codes.md>)", "r.md").text == "[x](<incidents/INC 1.md>)"


def test_what_a_note_that_moves_leads_to_is_still_found():
    moves = Moves({"archive/Codes.md": HOME}, lambda path: path == "operations/rollback.md")
    text = "[a](../operations/rollback.md) [b](gone.md) [c](Codes.md)"
    followed = "[a](../../operations/rollback.md) [b](gone.md) [c](INC-20261123-01.md)"
    assert moves.follow(text, "archive/Codes.md").text == followed
    assert moves.follow("[a](operations/rollback.md)", "index.md").lines == ()
