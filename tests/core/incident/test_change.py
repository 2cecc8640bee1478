"""What a command does to one incident: several changes as one, and the words that come with none."""

from __future__ import annotations

from tests.records import minutes

from okb_incident.core.incident.change import Change, LogLine, keep_words, together

AT = minutes(5)


def test_words_that_come_with_what_was_done_before_are_logged():
    before = Change(already=True, done_at=minutes(1), said="already SEV1")
    kept = keep_words(before, "every payment fails", AT, "reason", external=True)
    assert kept.lines == (LogLine("note", "already SEV1, every payment fails", AT, external=True),)
    assert (kept.said, kept.already, kept.done_at) == ("already SEV1; reason logged", False, minutes(1))


def test_without_words_or_with_a_change_nothing_is_added():
    before = Change(already=True, said="already SEV1")
    for change, words in (
        (before, ""),
        (Change(already=True), "words"),
        (Change(said="severity SEV2 → SEV1"), "words"),
    ):
        assert keep_words(change, words, AT) is change


def test_of_several_changes_what_was_done_before_says_nothing():
    before = Change(already=True, said="already SEV1")
    assert together([before, Change(properties={"cause": "change"}, said="cause")]).said == "cause"
    assert together([before]).already


def test_a_step_of_the_life_cycle_is_what_sets_status_severity_title_category_or_a_moment():
    steps = ("status", "severity", "title", "category", "contained")
    assert all(Change(properties={key: AT}).moves_on for key in steps)
    assert not Change(lines=(LogLine("note", "x", AT),), properties={"commander": "alice"}).moves_on
    assert Change(heals=True).moves_on
    assert not Change(heals=True).is_empty
