from __future__ import annotations

import pytest

from okb_incident.vault.note.note import Fences, decode, encode, join, line_end, split


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe-\x00-\x00",
        b"---\ntitle: Z\xfcrich\n---\n",
        b"\xed\xa0\x80",
        "\ufeffé🔥\u2028".encode(),
        bytes(range(256)),
    ],
)
def test_any_bytes_survive(data):
    assert encode(decode(data)) == data


@pytest.mark.parametrize(
    ("text", "block", "body", "body_line"),
    [
        ("---\na: 1\n---\nbody\n", "a: 1\n", "body\n", 4),
        ("---\r\na: 1\r\n---\r\nbody", "a: 1\r\n", "body", 4),
        ("---\n---\nbody", "", "body", 3),
        ("--- \t\na: 1\n---  \nbody", "a: 1\n", "body", 4),
        ("---\na: 1\n---", "a: 1\n", "", 4),
        ("\ufeff---\na: 1\n---\nbody", "a: 1\n", "body", 4),
        ("---\na: |\n  ---\n---\n---\n", "a: |\n  ---\n", "---\n", 5),
        ("---\na: 1\n----\n--- x\n---\n", "a: 1\n----\n--- x\n", "", 6),
    ],
)
def test_frontmatter_is_what_obsidian_takes_for_it(text, block, body, body_line):
    parts = split(text)
    assert parts.fences is Fences.CLOSED
    assert (parts.block, parts.body, parts.body_line) == (block, body, body_line)
    assert text[parts.block_start :].startswith(block)
    assert text[parts.body_start :] == body
    assert join(parts) == text


@pytest.mark.parametrize(
    "text", ["", "text", "\n---\na: 1\n---\n", " ---\na: 1\n---\n", "----\na: 1\n----\n", "\ufefftext", "- a"]
)
def test_other_notes_have_none(text):
    parts = split(text)
    assert parts.fences is Fences.NONE
    assert parts.bom + parts.body == text
    assert parts.body_line == 1


@pytest.mark.parametrize(
    "text",
    ["-", "--", "---", "---\r", "---\n", "---\na: 1\n", "---\na: 1\n--", "---\r\na: 1\r\n---\r", "---\na: 1\n...\n"],
)
def test_half_a_note_is_not_taken_for_a_whole_one(text):
    parts = split(text)
    assert parts.fences is Fences.UNTERMINATED
    assert parts.block == ""
    assert join(parts) == text


@pytest.mark.parametrize(
    ("text", "eol"),
    [
        ("", "\n"),
        ("a", "\n"),
        ("a\nb\r\n", "\n"),
        ("a\r\nb\n", "\r\n"),
        ("\n", "\n"),
        ("\r\n", "\r\n"),
        ("a\rb\n", "\n"),
    ],
)
def test_new_lines_end_as_the_first_one_does(text, eol):
    assert line_end(text) == split(text).eol == eol
