"""A review moves from state to state, and only of what is over."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Command
from okb_incident.core.review.review import moved, refuse_open, state_of
from okb_incident.errors import TransitionError


@pytest.mark.parametrize(
    ("status", "said", "verb"),
    [
        ("investigating", "it is investigating; resolve it first", "resolve"),
        ("declined", f"cannot review {ID}: it is declined$", "show"),
    ],
)
def test_what_is_not_over_is_not_reviewed(status, said, verb):
    with pytest.raises(TransitionError, match=said) as caught:
        refuse_open(record_of(incident_of(status)))
    assert caught.value.hint == Command(verb, incident=ID)
    refuse_open(record_of(incident_of("closed")))


def test_the_timeline_tells_how_far_it_is():
    change = moved(record_of(incident_of("resolved")), "draft", f"{ID} review", minutes(90), "by alice")
    assert change.lines[0].text == f"draft, [[{ID} review|review]], by alice"
    lines = "- 2026-11-23T03:00:00 **review** @a: draft\n- 2026-11-23T03:01:00 **review** @a: on Thursday"
    assert state_of(record_of(incident_of("resolved"), lines)) == "draft"
    reopened = "- 2026-11-23T03:02:00 **reopen** @dan: was resolved 2026-11-23T03:00:00: it is back"
    assert state_of(record_of(incident_of("resolved"), f"{lines}\n{reopened}")) is None
    assert state_of(record_of(incident_of("resolved"))) is None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("draft", "review drafted"),
        ("in-review", "review submitted, draft → in-review"),
        ("reviewed", "review approved, in-review → reviewed"),
        ("closed", "review closed, reviewed → closed"),
    ],
)
def test_an_answer_names_the_step_and_both_states(state, said):
    assert moved(record_of(incident_of("resolved")), state, f"{ID} review", minutes(90)).said == said
