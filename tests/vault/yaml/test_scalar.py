from __future__ import annotations

import math

import pytest

from okb_incident.vault.yaml.scalar import MAX_DIGITS, Plain, read_plain, single_quoted, write_scalar


@pytest.mark.parametrize(
    "text",
    [
        "Card payments fail in the EU shop",
        "critical",
        'say "no", it\'s [odd] {really} 50% <b> *x* a|b & c!',
        "https://x.example/a?b=c#d",
        "Zürich – 5 € → x…",
        "incident/service",
        "foo-",
        "a:b",
        "日本語",
        "5xx on checkout",
        "404s",
        "50% of cards fail",
        "“Pay” button dead",
        "API 🔥 down",
        "🔥 fire",
        "⚠️ 👩🏽\u200d💻 out",
    ],
)
def test_plain_text_needs_no_quotes(text):
    assert write_scalar(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("[[checkout]]", '"[[checkout]]"'),
        ("Outage: api", '"Outage: api"'),
        ("a #b", '"a #b"'),
        ("a:", '"a:"'),
        ("a ", '"a "'),
        (" a", '" a"'),
        ("Yes", '"Yes"'),
        ("y", '"y"'),
        ("OFF", '"OFF"'),
        ("null", '"null"'),
        ("12:30", '"12:30"'),
        ("2026-01-05", '"2026-01-05"'),
        ("1.10", '"1.10"'),
        ("@alice", '"@alice"'),
        ("-", '"-"'),
        ("5: api", '"5: api"'),
        ("1_000", '"1_000"'),
        ("0xdead", '"0xdead"'),
        ("2026-01-05 10:30:00 Z", '"2026-01-05 10:30:00 Z"'),
        ('"a" \\ b', '"\\"a\\" \\\\ b"'),
        ("a\nb\tc\r", '"a\\nb\\tc\\r"'),
        ("\x00\x1b\x7f\x85\x9f", '"\\u0000\\u001b\\u007f\\u0085\\u009f"'),
        ("a\u2028\u2029\ufeff\ufffe", '"a\\u2028\\u2029\\ufeff\\ufffe"'),
        ("a\xa0b", '"a\xa0b"'),
        ("e\u0301", '"e\u0301"'),
    ],
)
def test_all_else_is_quoted_as_json_does(text, written):
    assert write_scalar(text) == written


def test_a_byte_that_is_not_utf8_becomes_the_sign_that_obsidian_shows():
    assert write_scalar("Z\udcfcrich") == '"Z\ufffdrich"'
    assert write_scalar("a\ud83d\udd25") == "a🔥"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T02:01:40",
        "2026-10-25T02:30:00+01:00",
        "2026-11-23",
        "~1200",
        "5%",
        "1000-1500",
        "01M8326CX0M4W7Y2N8R5T6V9ZB",
        "INC-20261123-01",
    ],
)
def test_our_own_forms_stand_plain(text):
    assert write_scalar(Plain(text)) == text


@pytest.mark.parametrize(
    "text", ["~", "1200", "0x1F", "1e3", "12:30", "190:20:30.5", "5:", "", "no", "~a\n", "01234567890123456789012E45"]
)
def test_a_form_that_would_read_as_something_else_is_quoted_all_the_same(text):
    assert write_scalar(Plain(text)).startswith('"')


@pytest.mark.parametrize(
    ("value", "written"),
    [(True, "true"), (False, "false"), (0, "0"), (-7, "-7"), (10**30, "1" + "0" * 30), (0.02, "0.02"), (3.0, "3"), (1e-7, "1e-7"), (1e22, "1e+22"), (math.inf, ".inf"), (-math.inf, "-.inf"), (math.nan, ".nan")],
)  # fmt: skip
def test_numbers_and_switches_are_written_as_obsidian_writes_them(value, written):
    assert write_scalar(value) == written


def test_single_quotes_hold_what_needs_no_escape():
    assert single_quoted('it\'s "so" \\') == "'it''s \"so\" \\'"
    assert single_quoted("a\nb") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRUE", "tRUE"),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("0", 0), ("010", 10), ("0042", 42), ("08", 8), ("+1", 1), ("-7", -7), ("0o10", 8), ("0x1F", 31), ("-0x1F", "-0x1F"),
        ("12345678901234567890", 12345678901234567890), ("0b11", "0b11"), ("1_000", "1_000"),
        (".5", 0.5), ("1.", 1.0), ("1.10", 1.1), ("1e3", 1000.0), ("-1.5E-2", -0.015), ("1e999", math.inf),
        (".inf", math.inf), ("+.INF", math.inf), ("-.Inf", -math.inf), ("-.nan", "-.nan"), ("+", "+"), (".", "."), ("-", "-"),
        ("12:30", "12:30"), ("2026-01-05", "2026-01-05"), ("2026-01-05T10:30:00Z", "2026-01-05T10:30:00Z"),
        ("٣", "٣"), ("1 ", "1 "), ("0o8", "0o8"),
    ],
)  # fmt: skip
def test_an_unquoted_value_is_read_by_the_rules_of_yaml_1_2(text, value):
    assert read_plain(text) == value
    assert type(read_plain(text)) is type(value)


def test_nan_is_read_and_a_number_without_end_is_not():
    assert math.isnan(float(str(read_plain(".NaN"))))
    assert read_plain("9" * MAX_DIGITS) == int("9" * MAX_DIGITS)
    with pytest.raises(ValueError, match="301 digits"):
        read_plain("9" * (MAX_DIGITS + 1))
