"""Redactions of a note carried over to an older or later text of it, without knowing the secret."""

from __future__ import annotations

from okb_incident.vault.merge.redactions import with_redactions

OLD = b"# Title\n\nIt is hunter2.\n\n## Timeline\n- 02:22 **note** @bob: hunter2\n- 02:23 **note** @bob: fine\n"
NOW = b"# Title\n\nIt is REDACTED.\n\n## Timeline\n- 02:22 **note** @bob: [redacted]\n- 02:23 **note** @bob: fine\n"


def test_the_same_note_becomes_the_same():
    assert with_redactions(OLD, NOW) == NOW
    assert with_redactions(NOW, NOW) == NOW


def test_what_somebody_typed_stays():
    typed = OLD.replace(b"fine\n", b"fine\n- 02:24 **note** @eve: more\n") + b"caf\xe9 typed\n"
    assert (
        with_redactions(typed, NOW)
        == NOW.replace(b"fine\n", b"fine\n- 02:24 **note** @eve: more\n") + b"caf\xe9 typed\n"
    )


def test_a_line_that_is_the_mark_alone_takes_nothing_elsewhere():
    old, now = b"one\nhunter2\ntwo\n", b"one\nREDACTED\ntwo\nthree\n"
    assert with_redactions(b"typed\n" + old, now) == b"typed\none\nREDACTED\ntwo\n"


def test_an_entry_is_known_wherever_it_stands():
    assert b"hunter2" not in with_redactions(
        b"## Timeline\n- 02:23 x\n- 02:22 **note** @bob: hunter2\n", b"- 02:22 **note** @bob: [redacted]\n- 02:23 x\n"
    )


def test_without_a_mark_nothing_is_compared():
    assert with_redactions(OLD, b"") == OLD
