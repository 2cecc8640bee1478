"""Text from outside and typed text, on their way into a note."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from okb_incident.core.text.quoting import (
    break_tags,
    defuse,
    defuse_body,
    fence,
    quote_external,
    read_literal,
    with_fence_closed,
    without_controls,
    without_remarks,
    write_literal,
)

ESCAPE = "\x1b"

# What an alert could say so that Obsidian, one of its plug-ins or our own reader takes it for more than text.
PAYLOADS = [
    '<% tp.system.prompt("secret") %>',
    "<%* require('child_process').exec('touch pwned') %>",
    "a<%- 1 -%>b",
    "<<%% 1 %>",
    "<\u200b% hidden by a blank without width",
    "<\x00% hidden by a control character",
    "`= dv.pages()`",
    "`$= dv.current()`",
    "`` = 1 ``",
    "`  $= 1`",
    "```dataviewjs",
    "~~~dataviewjs",
    "dataviewjs",
    "%% hidden %%",
    "[[INC-20261123-01]]",
    "![[secret note]]",
    "![](http://192.0.2.1/pixel.png)",
    "[click](javascript:alert(1))",
    "[FIRING]: http://192.0.2.1",
    "[^1] a footnote",
    "^[a footnote]",
    "severity:: SEV4",
    "[severity:: SEV4]",
    "(status:: resolved)",
    "std::vector ::1",
    "# Heading",
    "###### Heading",
    "#",
    "#incident/follow-up",
    "fixed #external",
    "(#external)",
    "every card payment fails (recorded 2026-11-23T02:11:20)",
    "> quotation",
    "> [!danger] callout",
    "- [ ] task 🆔 INC-20261123-01-a1 📅 2026-11-24",
    "* item",
    "+ item",
    "1. item",
    "17) item",
    "---",
    "- - -",
    "--",
    "+++",
    "***",
    "___",
    "===",
    "| a | b |",
    "a ^block-1",
    "^block-1",
    "$$x$$",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe src='http://192.0.2.1'></iframe>",
    "<!-- hidden -->",
    "</div>",
    "{{title}} {{date}}",
    "a\n---\ntype: incident\n---\nb",
    "a\r\n## Timeline\r\n- b",
    "a\u2028- [ ] b",
    "a\x85# b",
    f"{ESCAPE}[31mred{ESCAPE}[0m {ESCAPE}]0;title\x07 {ESCAPE}]8;;http://x{ESCAPE}\\link{ESCAPE}]8;;{ESCAPE}\\",
    "\x9b31mred",
    f"{ESCAPE}[never ended",
    "right \u202eto left\u202c",
    "\ufeffmark",
    "half \ud83d character",
    "\\<% \\[[a]] C:\\Users\\x",
]
NO_MARKUP = {"paragraph_open", "inline", "paragraph_close"}
WORDS_ONLY = {"text", "em_open", "em_close", "strong_open", "strong_close"}


def seen(text: str) -> str:
    """What a reader sees of a note: Markdown without its signs."""
    return "".join(child.content for token in MarkdownIt().parse(text) for child in token.children or ())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_from_outside_makes_no_markup(payload: str) -> None:
    quoted = quote_external(payload)
    tokens = MarkdownIt().enable("table").parse(quoted)
    assert {token.type for token in tokens} == NO_MARKUP
    assert {child.type for token in tokens for child in token.children or ()} <= WORDS_ONLY
    # Neither does it behind the head of a line of the timeline, where the plug-ins look as well.
    line = f"- 2026-11-23T01:58:12 **alert**: {quoted}"
    for sign in ("<%", "%%", "{{", "[[", "::", "`", "![", "$$", "](", "<s", "<i", "<!", "(recorded ", "\n"):
        assert sign not in line
    assert not re.search(r"(?<![&\w])#[a-z]|\^[\w-]+$", line)


@pytest.mark.parametrize(
    ("payload", "visible"),
    [
        ("<%* bad %> in 50 %", "<%* bad %> in 50 %"),
        ("[[checkout]] std::vector #external", "[[checkout]] std::vector #external"),
        ("`$= dv.current()` {{title}} %%x%%", "`$= dv.current()` {{title}} %%x%%"),
        ("- [ ] a <b> ![x](y) ^z", "- [ ] a <b> ![x](y) ^z"),
        ("\\<% C:\\[a]", "\\<% C:\\[a]"),
        ("  two\n\tlines  ", "two lines"),
        (f"{ESCAPE}[31mred{ESCAPE}[0m \u202ealert", "red alert"),
        ("12. a", "12. a"),
    ],
)
def test_the_reader_of_the_note_sees_what_the_alert_said(payload: str, visible: str) -> None:
    assert seen(quote_external(payload)) == visible


@pytest.mark.parametrize(
    "text",
    [
        "CheckoutErrorRate firing, 38 % of requests on edge-proxy",
        "disk /dev/sda1 at 93.5% (limit 90%), ticket #1234, PR shop/api#77",
        "-5 °C in rack 3, ~1200 users, a < b && c > d",
        "https://example.org/runbook?a=1&b=2#step-3 and C:\\logs\\checkout",
        "Größe überschritten → Lüfter 👩‍🚒 [db1]",
    ],
)
def test_an_ordinary_alert_stays_as_it_is(text: str) -> None:
    assert quote_external(text) == text


def test_a_long_text_is_cut_before_it_is_quoted() -> None:
    assert quote_external("x" * 300) == "x" * 199 + "…"
    assert quote_external("<" + "%" * 400, limit=4) == "&lt;&#37;%…"
    assert quote_external(" \n ") == ""


def texts(*fragments: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(fragments), max_size=12).map("".join) | st.text(max_size=60)


@given(texts(*"<%`$=[]{}:#^-\\!(~x1", " ", "\n", ESCAPE, "\u200b", "recorded ", "&lt;"))
@settings(deadline=None, max_examples=400)
def test_no_text_from_outside_comes_alive(text: str) -> None:
    quoted = quote_external(text, limit=1000)
    assert "<%" not in quoted
    assert len(quoted.splitlines()) <= 1
    assert not re.search(r"`\s*\$?=|[\x00-\x1f\x7f-\x9f]", quoted)
    assert quote_external(quoted, limit=10_000) == quoted
    assert break_tags(quoted) == quoted
    quoted.encode()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("every payment via [[checkout]] fails #external", None),
        ("run `kubectl get pods` {{twice}} %%aside%% a::b", None),
        ("latency <5 ms, 50%> of it, a = b", None),
        ("first line\n\nsecond line", None),
        ("```python\nx = 1\n```", None),
        ("<% tp.date.now() %>", "&lt;% tp.date.now() %>"),
        ("see `= this.file` and `$= dv.current()`", "see &#96;= this.file` and &#96;$= dv.current()`"),
        ("`` =1 `` ", "&#96;&#96; =1 `` "),
        ("= dv.pages()", "&#61; dv.pages()"),
        ("  $= dv.pages()", "  $&#61; dv.pages()"),
        ("```dataviewjs\ndv.list()\n```", "```text dataviewjs\ndv.list()\n```"),
        ("> ~~~~ DataviewJS", "> ~~~~text DataviewJS"),
        ("```datacorejsx", "```text datacorejsx"),
        ("```js-engine", "```text js-engine"),
        ("```dataview\nLIST\n```", None),
    ],
)
def test_typed_text_keeps_everything_but_what_runs(typed: str, written: str | None) -> None:
    assert defuse(typed) == (typed if written is None else written)
    assert defuse(defuse(typed)) == defuse(typed)


@given(texts("<", "%", "`", "$", "=", " ", "\n", "```", "~~~", "dataviewjs", "DataviewJS", "text ", "a"))
@settings(deadline=None, max_examples=400)
def test_no_typed_text_comes_alive(text: str) -> None:
    defused = defuse(text)
    assert "<%" not in defused
    assert not re.search(r"`\s*\$?=|(`{3,}|~{3,})[ \t]*(?i:dataviewjs)", defused)
    assert defuse(defused) == defused
    assert len(defused.splitlines()) == len(text.splitlines())


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("CPU was at 100%% and 20%% of orders failed", r"CPU was at 100%\% and 20%\% of orders failed"),
        ("an open %% comment", r"an open %\% comment"),
        ("%%%", r"%\%\%"),
        (r"a %\% b", r"a %\\% b"),
        ("50 % of it", "50 % of it"),
        ("<%% x", r"&lt;%\% x"),
        ("page shows &lt;b&gt;", "page shows &lt;b&gt;"),
        ("page shows &lt;% x", "page shows &amp;lt;% x"),
        ("= 5 nodes", "&#61; 5 nodes"),
        ("&#61; 5 nodes", "&amp;#61; 5 nodes"),
        ("see `= x`", "see &#96;= x`"),
        ("```dataviewjs", "```text dataviewjs"),
        ("```text dataviewjs", "```text text dataviewjs"),
    ],
)
def test_typed_text_is_written_so_that_it_reads_back(typed: str, written: str) -> None:
    assert write_literal(typed) == written
    assert read_literal(written) == typed


LITERAL = texts(
    *("%", "\\", "&", "amp;", "lt;", "#96;", "#61;", "`", "=", "$", " ", "\n", "<"),
    *("text ", "dataviewjs", "```", "~~~", "a", "#external", "[[", "]]", "::"),
)


@given(LITERAL)
@settings(deadline=None, max_examples=1000)
def test_no_letter_is_lost_and_nothing_comes_alive(text: str) -> None:
    written = write_literal(text)
    assert read_literal(written) == text
    assert "%%" not in written
    assert defuse(written) == written
    body = defuse_body(text)
    assert defuse_body(body) == body
    assert "%%" not in body
    assert defuse(body) == body


def test_remarks_of_a_writer_are_left_out() -> None:
    assert without_remarks("40 tickets %% ask Bob %% and more") == "40 tickets and more"
    assert without_remarks("50 %% of it") == "50 %% of it"
    assert without_remarks("none") == "none"


@pytest.mark.parametrize(
    ("text", "fenced"),
    [
        ("one\ntwo\n", "```text\none\ntwo\n```\n"),
        ("", "```text\n```\n"),
        ("a ``` b ````", "`````text\na ``` b ````\n`````\n"),
        ("```dataviewjs\nx\n```", "````text\n```dataviewjs\nx\n```\n````\n"),
        ("<% x %>", "```text\n&lt;% x %>\n```\n"),
        (f"10%\r100%\r\n{ESCAPE}[32mok{ESCAPE}[0m\tdone\x07", "```text\n10%\n100%\nok\tdone \n```\n"),
        ("\n\n  indented\n\n", "```text\n  indented\n```\n"),
    ],
)
def test_a_payload_of_many_lines_stands_between_fences(text: str, fenced: str) -> None:
    assert fence(text) == fenced


@given(texts("`", "````", "~~~", "<%", "\n", "\r", ESCAPE, " ", "text", "a"))
@settings(deadline=None, max_examples=400)
def test_no_payload_closes_its_fence(text: str) -> None:
    fenced = fence(text)
    tokens = MarkdownIt().parse(fenced + "after")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].info == "text"
    assert "<%" not in fenced


# -- what a template says itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# plain\n\n- [ ] a\ttab\n", "# plain\n\n- [ ] a\ttab\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n"),
        ("over\rwritten", "overwritten"),
        ("\x1b[31mred\x1b[0m \x9b1mbold \x1b]0;title\x07end", "red bold end"),
        ("bell\x07 nul\x00 del\x7f c1\x85", "bell nul del c1"),
        ("turned \u202eaway\u202c \u2066in\u2069", "turned away in"),
        ("👩\u200d💻 é\u200f שלום", "👩\u200d💻 é\u200f שלום"),
    ],
)
def test_text_of_a_template_keeps_all_but_what_a_terminal_obeys(text, expected):
    assert without_controls(text) == expected
    assert without_controls(expected) == expected


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("We look into it.", ""),
        ("We look at ```text", ""),
        ("```text", "```"),
        ("a\n~~~~ x ~~~\nb", "~~~~"),
        ("```\na\n```", ""),
        ("```\na\n``` b", "```"),
        ("```\na\n~~~", "```"),
        ("````\na\n```", "````"),
        ("```\na\n`````  ", ""),
        ("```a`b", ""),
        ("    ```", ""),
        ("  ```\na\n   ```\n~~~", "~~~"),
    ],
)
def test_a_fence_that_a_text_leaves_open_is_closed(text, closing):
    assert with_fence_closed(text) == (f"{text}\n{closing}" if closing else text)
    assert with_fence_closed(with_fence_closed(text)) == with_fence_closed(text)
