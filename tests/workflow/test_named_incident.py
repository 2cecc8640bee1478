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


def offered(answer):
    argvs = [each["argv"] for each in json.loads(answer.err)["error"]["commands"]]
    return [next(word for word in argv if word.startswith("INC-")) for argv in argvs]


def test_an_incident_whose_status_cannot_be_read_keeps_a_verb_from_one_that_is_over(three):
    three("resolve", FIRST, "over")
    three("decline", THIRD, "nothing")
    note = three.note.with_name(f"{SECOND}.md")
    note.write_text(note.read_text().replace("status: triage", "status: odd"))
    before = three.all()
    assert offered(three("log", "the pool is full", "--json", code=4)) == [SECOND, FIRST]
    assert three.all() == before


def test_a_line_that_ends_a_hypothesis_that_is_not_there_is_offered_with_one_that_is(desk):
    desk("log", "hypothesis: the pool is full")
    answer = desk("log", "h9 confirmed, not h9 by itself", "--json", code=4)
    argvs = [each["argv"] for each in json.loads(answer.err)["error"]["commands"]]
    assert any("h1 confirmed, not h9 by itself" in argv for argv in argvs)
