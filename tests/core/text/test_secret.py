"""A secret in text: found in every form in which YAML, JSON, addresses, HTML and Markdown write it."""

from __future__ import annotations

import html
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okb_incident.core.text.quoting import defuse, quote_external
from okb_incident.core.text.secret import MARK, PAYLOAD, Secret, is_redaction, marked

HARD = 'pa"ss\\w0rd9'

secrets = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=4, max_size=20)
FORMS = (
    str,
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    lambda text: json.dumps(json.dumps(text)),
    lambda text: "'" + text.replace("'", "''") + "'",
    lambda text: "".join(f"\\U{ord(char):08X}" for char in text),
    urllib.parse.quote,
    lambda text: urllib.parse.quote(text, safe=""),
    lambda text: urllib.parse.quote(urllib.parse.quote(text)),
    lambda text: urllib.parse.quote(text).lower() if text.islower() else text,
    html.escape,
    lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    defuse,
)


@given(secrets, st.sampled_from(FORMS), st.sampled_from(["", "a", "x: ", "("]), st.sampled_from(["", "b", " end", ")"]))
def test_it_is_found_and_put_out_in_every_form(text, form, before, after):
    secret = Secret(text)
    written = before + form(text) + after
    assert secret.is_in(written)
    assert MARK in secret.out_of(written)
    assert not secret.is_in(secret.out_of(written)) or secret.is_a_mark


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (HARD, 'pa"ss\\w0rd9'),
        (HARD, "pa\\x22ss\\u005cw0rd9"),
        (HARD, "pa%22ss%5Cw0rd9"),
        ("pass word", "pass\n    word"),
        ("pass word", "pass \r\n> word"),
        ("pass word", "pass+word"),
        ("pass word", "pass%20word"),
        ("pass  word", "pass word"),
        ("a\tb\nc", "a\\tb\\nc"),
        ("a\x1bbc", "a\\ebc"),
        ("a\xa0bc", "a&nbsp;bc"),
        ("Tür1", "Tu\u0308r1"),
        ("key 😀", "key \\ud83d\\ude00"),
        ("\udc80abc", "%80abc"),
        ("\ud800abc", "\ud800abc"),
        ("a_b*c", "a\\_b\\*c"),
    ],
)
def test_forms_that_tools_write(text, written):
    assert Secret(text).out_of(f"<{written}>") == f"<{MARK}>"


def test_what_comes_from_outside_is_found_as_it_was_quoted():
    text = "k[[e]]y<%=1%>`2`"
    assert Secret(text).is_in(quote_external(f"the key is {text}"))


@pytest.mark.parametrize("written", ["pa'ss\\w0rd9", 'pa"ss\\w0rd', 'PA"SS\\w0rd9', ""])
def test_another_text_is_not_it(written):
    assert not Secret(HARD).is_in(written)
    assert Secret(HARD).out_of(written) == written


def test_a_search_in_hostile_text_ends():
    secret = Secret('\\"" \\\\ " x')
    assert not secret.is_in("\\" * 100_000 + '"' * 50_000 + " \n" * 50_000)


@pytest.mark.parametrize(("text", "is_mark"), [("EDAC", True), ("redacted", True), ("REDACTED!", False), (HARD, False)])
def test_a_part_of_the_mark_is_known_for_one(text, is_mark):
    assert Secret(text).is_a_mark is is_mark


@pytest.mark.parametrize(
    ("line", "original", "is_it"),
    [
        (f"cause: {MARK}", "cause: hunter2", True),
        (f"cause: {MARK}", "cause: ", False),
        (f"cause: {MARK}", "trigger: hunter2", False),
        (f"a {MARK} b", "a x c", False),
        (f"a {MARK} b {MARK}.", "a x b y.", True),
        (f"a {MARK} b {MARK}.", "a x c y.", False),
        (f"a {MARK} b {MARK}.", "a b .", False),
        (f"- 02:22 **note** @bob: {PAYLOAD}", "- 02:22 **note** @bob: x #external", True),
        (f"- 02:22 **note** @bob: {PAYLOAD}", "- 02:22 **note** @eve: x", False),
        (MARK, "hunter2", True),
        (MARK, "- hunter2", False),
        (f"  {MARK}", "  > hunter2", False),
        ("cause: change", "cause: change", False),
    ],
)
def test_a_line_is_known_for_another_with_something_taken_out(line, original, is_it):
    assert is_redaction(line, original) is is_it


def test_marked_lines():
    assert marked(["a", f"b {MARK}", PAYLOAD]) == [f"b {MARK}", PAYLOAD]
