"""What commands on follow-ups offer: the same command, with what was meant."""

from __future__ import annotations

import json

import pytest

ID = "INC-20261123-01"


@pytest.fixture
def planned(desk):
    """A desk with a resolved incident and two follow-ups, the second of which is done."""
    desk("resolve")
    desk("follow-up", "add", "alert on pool use", "--kind", "prevention", "--owner", "bob", "--due", "14d")
    desk("follow-up", "add", "write it down")
    desk("follow-up", "done", "f2")
    return desk


def offered(desk, answer):
    commands = (each["command"] for each in json.loads(answer.err)["error"]["commands"])
    return [command.replace(f"--vault {desk.root} ", "") for command in commands]


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (("set", "f9", "--due", "3d"), f"follow-up set -i {ID} f1 --due 2026-11-26 --json"),
        (("done", "f9", "--verified-by", "dan"), f"follow-up done -i {ID} f1 --verified-by dan --json"),
        (("cancel", "f9", "the service", "is gone"), f"follow-up cancel -i {ID} f1 'the service' 'is gone' --json"),
    ],
)
def test_a_name_that_is_not_there_offers_the_whole_command_with_one_that_is_open(planned, words, again):
    answer = planned("follow-up", *words, "--json", code=4)
    assert offered(planned, answer) == [f"incident --as alice {again}", f"incident follow-up list -i {ID}"]


def test_a_number_in_front_that_is_no_incident_is_text(planned):
    planned("follow-up", "add", "12", "pods", "need", "a", "limit")
    assert "12 pods need a limit" in planned("follow-up", "list").out


def test_a_list_without_follow_ups_is_empty_for_programs_and_says_so_to_people(desk):
    assert desk("follow-up", "list", "--json").out == "[]\n"
    answer = desk("follow-up", "list")
    assert (answer.out, answer.err) == ("", "incident: nothing is left to do; --all shows what has ended\n")
    assert desk("follow-up", "list", "--format", "csv").out.startswith("id,name,state,kind,text,owner,created,due")


def test_the_forms_of_a_list_hold_the_same(planned):
    value = planned("follow-up", "list", "--all", "--json").out
    assert planned("follow-up", "list", "--all", "--format", "json").out == value
    assert [each["name"] for each in json.loads(value)] == ["f1", "f2"]
