"""Which incident is meant where several fit: a person chooses, and without a choice nothing is written."""

from __future__ import annotations

import json

import pytest

from okb_incident.errors import AmbiguousReferenceError
from okb_incident.workflow.lifecycle.advance import ack

FIRST, SECOND, THIRD = (f"INC-20261123-0{number}" for number in (1, 2, 3))


class Chooser:
    """A person who chooses one of the lines that are offered."""

    def __init__(self, choice: str | None) -> None:
        self.choice = choice
        self.offered: list[str] = []

    def choose(self, lines):
        self.offered = [line.split()[0] for line in lines]
        return None if self.choice is None else self.offered.index(self.choice)


@pytest.fixture
def three(desk):
    """Three incidents that nobody has acknowledged."""
    desk("open", "Search is slow")
    desk("open", "Mail is slow")
    return desk


@pytest.mark.parametrize("which", [FIRST, SECOND, THIRD])
def test_the_incident_that_a_person_chooses_is_meant(three, which):
    person = Chooser(which)
    changed = ack(three.call("ack", ask=person))
    assert changed.incident.id.text == which
    assert person.offered == [THIRD, SECOND, FIRST]
    states = {each: json.loads(three("show", each, "--json").out)["status"] for each in (FIRST, SECOND, THIRD)}
    assert {each for each, status in states.items() if status != "triage"} == {which}


def test_without_a_choice_each_is_offered_as_a_command_and_nothing_is_written(three):
    before = three.all()
    with pytest.raises(AmbiguousReferenceError) as caught:
        ack(three.call("ack", ask=Chooser(None)))
    offered = [each["argv"] for each in json.loads(three("ack", "--json", code=4).err)["error"]["commands"]]
    assert [next(word for word in argv if word.startswith("INC-")) for argv in offered] == [THIRD, SECOND, FIRST]
    assert len(caught.value.candidates) == 3
    assert three.all() == before
