"""Two things of one incident under one short name: seen, refused, and told apart."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.timeline.doubles import doubles, refuse_double, refuse_taken, renamed, renumber
from okb_incident.errors import AmbiguousReferenceError, ConflictError, ExitCode

TWO_ACTIONS = f"""
- [x] call the bank #incident/action 🆔 {ID}-a1 ➕ 2026-11-23 ✅ 2026-11-23
- [ ] page the carrier #incident/action 🆔 {ID}-a1 ➕ 2026-11-23
"""


def record(timeline="", **sections):
    return record_of(incident_of("investigating"), timeline, **sections)


def after(of):
    """Give the lines that a renumbering changes, old and new, and what it says in the timeline."""
    change = renumber(of, minutes(9))
    return {each.old: each.new for each in change.replacements}, [line.text for line in change.lines]


def test_a_name_that_each_thing_has_alone_is_none():
    of = record(
        "- 2026-11-23T02:00:00 **hypothesis** @a: h1 cable\n- 2026-11-23T02:01:00 **hypothesis** @a: h1 confirmed",
        Actions=f"- [ ] one 🆔 {ID}-a1\n- [ ] two 🆔 {ID}-a2\n- [ ] no name",
        Verification="- [x] v1 recovery: fast (@a 2026-11-23T02:00:00)\n\nprose",
    )
    assert doubles(of) == {}
    assert renumber(of, minutes(9)).is_empty
    refuse_double(of, "a1")


def test_no_timeline_is_read_that_speaks_of_nothing_with_a_name():
    of = record("- 2026-11-23T02:00:00 **note** @a: h1 cable")
    assert doubles(of) == {}
    assert "written" not in vars(of)


@pytest.mark.parametrize(
    ("name", "noun", "timeline", "sections"),
    [
        ("a1", "actions", "", {"Actions": TWO_ACTIONS}),
        ("a1", "actions", "", {"Actions": f"- [ ] one 🆔 {ID}-a1", "Checklist": f"- [ ] two 🆔 {ID}-A1"}),
        ("f2", "follow-ups", "", {"Follow_ups": f"- [ ] one 🆔 {ID}-f2\n- [ ] two 🆔 {ID}-f2"}),
        ("h1", "hypotheses", "- 02:00 **hypothesis** @a: h1 one\n- 02:00 **hypothesis** @a: h1 two", {}),
        (
            "r1",
            "requests",
            "- 02:00 **resource** @a: r1 requested: one\n- 02:09 **resource** @a: r1 requested: two",
            {},
        ),
        ("v1", "checks", "", {"Verification": "- [x] v1 recovery: one (@a 2026-11-23T02:00:00)\n- [ ] v1 action: two"}),
    ],
)
def test_a_name_of_two_things_is_refused_with_both(name, noun, timeline, sections):
    of = record(timeline, **sections)
    assert list(doubles(of)) == [name]
    with pytest.raises(AmbiguousReferenceError) as refused:
        refuse_double(of, name.upper())
    assert refused.value.exit_code is ExitCode.NOT_FOUND
    assert refused.value.message.startswith(f"{ID} has 2 {noun} called {name}: ")
    assert str(refused.value.hint) == f"incident check -i {ID} --fix gives the later one a number of its own"


def test_a_check_is_shown_without_who_made_it():
    of = record(Verification="- [x] v1 recovery: one (@a 2026-11-23T02:00:00)\n- [x] v1 recovery: two (s)")
    assert [line.text for line in doubles(of)["v1"]] == ["recovery: one", "recovery: two (s)"]


def test_what_the_timeline_says_twice_is_one_thing():
    line = "- 2026-11-23T02:00:00 **hypothesis** @a: h1 cable"
    assert doubles(record(f"{line}\n{line}\n{line.replace('02:00', '02:05')}")) == {}


@pytest.mark.parametrize(
    ("kind", "payload", "hint"),
    [
        ("hypothesis", "H1 deploy", f"incident log -i {ID} 'hypothesis: deploy'"),
        ("resource", "r1 requested: a lawyer", f"incident resource request -i {ID} 'a lawyer'"),
    ],
)
def test_no_line_gives_a_name_away_once_more(kind, payload, hint):
    of = record("- 02:00 **hypothesis** @a: h1 cable\n- 02:00 **resource** @a: r1 requested: a dba")
    with pytest.raises(ConflictError, match="is another") as refused:
        refuse_taken(of, kind, payload)
    assert str(refused.value.hint).endswith(hint)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("hypothesis", "h1 cable"),
        ("hypothesis", "h1 ruled out, it was not"),
        ("hypothesis", "h2 deploy"),
        ("resource", "r1 granted: one from the bank"),
        ("action", "a1 done"),
        ("note", "h1 is another one"),
    ],
)
def test_what_a_name_stands_for_may_be_told_of(kind, payload):
    of = record("- 02:00 **hypothesis** @a: h1 cable\n- 02:00 **resource** @a: r1 requested: a dba")
    refuse_taken(of, kind, payload)


def test_of_a_name_that_two_things_have_nothing_can_be_told():
    of = record("- 02:00 **hypothesis** @a: h1 cable\n- 02:00 **hypothesis** @a: h1 deploy")
    with pytest.raises(AmbiguousReferenceError):
        refuse_taken(of, "hypothesis", "h1 confirmed")


def test_the_later_one_gets_the_next_name_that_nothing_has():
    of = record(Actions=f"{TWO_ACTIONS}\n- [ ] third 🆔 {ID}-a4")
    _, later, *_ = TWO_ACTIONS.strip().splitlines()
    lines, said = after(of)
    assert lines == {later: later.replace("-a1 ", "-a5 ")}
    assert said == ["action a1 renumbered to a5, another one has its number: page the carrier"]
    assert renumber(of, minutes(9)).said == "action a1 renumbered to a5"


def test_the_later_one_is_the_one_that_was_written_down_later():
    first, second = f"- [ ] late 🆔 {ID}-f1 ➕ 2026-11-29", f"- [ ] early 🆔 {ID}-f1 ➕ 2026-11-24"
    lines, _ = after(record(Follow_ups=f"{first}\n{second}"))
    assert lines == {first: first.replace("-f1", "-f2")}


def test_three_of_one_name_become_three():
    lines, said = after(record(Follow_ups="\n".join(f"- [ ] {word} 🆔 {ID}-f1" for word in ("one", "two", "six"))))
    assert [line[-2:] for line in lines.values()] == ["f2", "f3"]
    assert len(said) == 2


def test_what_tells_of_the_only_one_that_has_ended_goes_with_it():
    done = "- 2026-11-23T02:05:00 **action** @a: a1 done, bank called"
    other = "- 2026-11-23T02:05:00 **action** @a: a2 done"
    early, late = TWO_ACTIONS.strip().splitlines()[::-1]
    lines, _ = after(record(f"{done}\n{other}", Actions=f"{early}\n{late}"))
    assert lines == {late: late.replace("-a1 ", "-a3 "), done: done.replace("a1 done", "a3 done")}


def test_what_may_tell_of_either_stays_with_the_first():
    done = "- 2026-11-23T02:05:00 **action** @a: a1 done"
    both = TWO_ACTIONS.replace("[ ]", "[x]")
    lines, _ = after(record(done, Actions=both))
    assert done not in lines


def test_the_answer_to_a_request_goes_with_it():
    asked = [
        f"- 2026-11-23T02:0{at}:00 **resource** @a: r1 requested: {what}" for at, what in ((1, "dba"), (2, "lawyer"))
    ]
    got = [f"- 2026-11-23T02:0{at}:00 **resource** @a: r1 granted: {what}" for at, what in ((3, "dba"), (4, "lawyer"))]
    lines, _ = after(record("\n".join((*asked, *got))))
    assert lines == {each: each.replace("r1", "r2") for each in (asked[1], got[1])}


def test_each_making_of_a_check_goes_with_it():
    made = [
        f"- 2026-11-23T02:0{at}:00 **verify** @a: v1 recovery pass: {what}" for at, what in ((1, "one"), (2, "two"))
    ]
    listed = [f"- [x] v1 recovery: {what} (@a 2026-11-23T02:0{at}:00)" for at, what in ((1, "one"), (2, "two"))]
    lines, said = after(record("\n".join(made), Verification="\n".join(listed)))
    assert lines == {each: each.replace("v1", "v2") for each in (listed[1], made[1])}
    assert said == ["check v1 renumbered to v2, another one has its number: recovery: two"]


def test_a_line_that_two_may_claim_is_changed_once():
    made = "- 2026-11-23T02:01:00 **verify** @a: v1 recovery pass: one"
    listed = "- [x] v1 recovery: one"
    lines, said = after(record(made, Verification=f"{listed}\n{listed} more\n{listed} more still"))
    assert lines[made] == made.replace("v1", "v2")
    assert len(said) == 2


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (f"- [ ] a1 is in the text 🆔 {ID}-a1 ➕ 2026-11-23", f"- [ ] a1 is in the text 🆔 {ID}-a9 ➕ 2026-11-23"),
        (f"- [ ] one 🆔 {ID}-A1", f"- [ ] one 🆔 {ID}-a9"),
        ("- 02:00 **action** @a1: a1 done, not a12 nor a1", "- 02:00 **action** @a1: a9 done, not a12 nor a1"),
        (f"- 02:00 **action** @x: a1 done 🆔 {ID}-a2", f"- 02:00 **action** @x: a9 done 🆔 {ID}-a2"),
    ],
)
def test_only_the_name_itself_is_changed(raw, expected):
    assert renamed(raw, "a1", "a9") == expected
