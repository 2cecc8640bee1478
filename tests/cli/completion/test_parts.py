from __future__ import annotations

import re

import pytest

from okb_incident.cli.completion.parts import may_come, parts_of
from okb_incident.cli.completion.typed_line import part_line


def fits(name, word):
    forms = {"REF": r"\d+", "ROLE": "tech|comms", "AUDIENCE": "users", "SEVERITY": r"sev\d", "KIND": "action"}
    return re.fullmatch(forms.get(name, ".*"), word) is not None


@pytest.mark.parametrize(
    ("usage", "words", "expected"),
    [
        ("[REF] [WORDS]…", "", "REF WORDS"),
        ("[REF] [WORDS]…", "01", "WORDS"),
        ("[REF] [WORDS]…", "01 rolled back", "WORDS"),
        ("[REF] AUDIENCE TEXT…", "", "REF AUDIENCE"),
        ("[REF] AUDIENCE TEXT…", "users", "TEXT"),
        ("[REF] AUDIENCE TEXT…", "nobody", ""),
        ("[REF] SEVERITY [REASON]…", "01 sev1", "REASON"),
        ("[REF] [ROLE] [WHO] [ROLE] [TEXT]…", "", "REF ROLE WHO ROLE TEXT"),
        ("[REF] [ROLE] [WHO] [ROLE] [TEXT]…", "tech", "WHO TEXT"),
        ("[REF] [ROLE] [WHO] [ROLE] [TEXT]…", "gita", "ROLE TEXT"),
        ("[REF] [TIME] [as ROLE]", "", "REF TIME as"),
        ("[REF] [TIME] [as ROLE]", "45m as", "ROLE"),
        ("[REF] KIND WHAT ok|fail", "action pool", "ok|fail"),
        ("[REF] KIND WHAT ok|fail", "action pool ok", ""),
        ("[REF] [PERSON|TEAM] [REASON]…", "", "REF PERSON|TEAM REASON"),
        ("[REF] TEAM…", "01 payments", "TEAM"),
        ("FROM… [INTO]", "01", "FROM INTO"),
        ("REF REF", "01", "REF"),
        ("REF REF", "01 02", ""),
        ("[REF | TITLE…]", "", "REF|TITLE"),
        ("[COMMAND | TOPIC | all] [COMMAND]", "role", "COMMAND"),
        ("[COMMAND]…", "action add", "COMMAND"),
        ("", "", ""),
    ],
)
def test_the_word_at_the_cursor_may_be(usage, words, expected):
    assert " ".join(part.name for part in may_come(parts_of(usage), words.split(), fits)) == expected


@pytest.mark.parametrize(
    ("line", "words", "current", "raw", "quote"),
    [
        ("incident a", ["incident"], "a", "a", ""),
        ("incident ack ", ["incident", "ack"], "", "", ""),
        ("incident  ack", ["incident"], "ack", "ack", ""),
        ('incident log "pool is', ["incident", "log"], "pool is", '"pool is', '"'),
        ('incident log "pool is" now', ["incident", "log", "pool is"], "now", "now", ""),
        ("incident log it\\'s", ["incident", "log"], "it's", "it\\'s", ""),
        ("incident log 'a\\b' ''", ["incident", "log", "a\\b"], "", "''", ""),
        ('incident log "a\\"b\\c" x', ["incident", "log", 'a"b\\c'], "x", "x", ""),
        ("incident set severity=s", ["incident", "set"], "severity=s", "severity=s", ""),
        ("incident log Card\\ ter", ["incident", "log"], "Card ter", "Card\\ ter", ""),
        ("incident log x\\", ["incident", "log"], "x", "x\\", ""),
        ("", [], "", "", ""),
    ],
)
def test_a_line_is_parted_as_bash_parts_it(line, words, current, raw, quote):
    assert part_line(line) == (tuple(words), current, raw, quote)
