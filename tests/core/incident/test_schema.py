"""From the properties of a note to an incident: what cannot be read is named, never guessed."""

from __future__ import annotations

import pytest

from okb_incident.command import Command
from okb_incident.core.incident.schema import note_type, read_incident
from okb_incident.core.settings.settings import Settings

ID = "INC-20261123-01"
PATH = f"incidents/2026/{ID}.md"
VALUES = {"type": "incident", "id": ID, "title": "Checkout is slow", "status": "triage", "severity": "SEV2"}


def read(path=PATH, **properties):
    values = {key: value for key, value in {**VALUES, **properties}.items() if value is not None}
    return read_incident(values, {key: 2 + place for place, key in enumerate(values)}, path, Settings())


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"type": "Incident"}, "incident"),
        ({"type": ["incident"]}, "incident"),
        ({"type": ["incident", "x"]}, None),
        ({"tags": ["incident"]}, None),
    ],
)
def test_nothing_but_its_type_says_what_a_note_is(values, found):
    assert note_type(values) == found


def test_a_note_without_faults():
    incident, problems = read(
        category="System",
        services=["[[checkout|Checkout]]", "search"],
        declared="2026-11-23 02:05",
        started="2026-11-23T01:50:00Z",
        duplicate_of="[[INC-20261122-04]]",
    )
    assert problems == ()
    assert incident.services == ("checkout", "search")
    assert (incident.category, incident.duplicate_of) == ("system", "INC-20261122-04")
    assert list(incident.moments) == ["started", "declared"]


@pytest.mark.parametrize("nothing", ["", "  ", []])
def test_a_moment_that_holds_nothing_is_not_set_and_no_fault(nothing):
    incident, problems = read(started=nothing)
    assert problems == ()
    assert not incident.moments


def test_a_note_without_a_readable_id_is_not_counted():
    incident, (problem,) = read(id="INC-2026")
    assert incident is None
    assert (problem.code, problem.line) == ("missing-id", 3)


@pytest.mark.parametrize(
    ("key", "value", "code", "said"),
    [
        ("title", None, "missing-key", "title is not set"),
        ("status", None, "missing-key", "status is not set"),
        ("severity", None, "missing-key", "severity is not set"),
        ("status", "ongoing", "unknown-status", "unknown status 'ongoing'; choose from triage, investigating"),
        (
            "severity",
            "huge",
            "unknown-severity",
            "unknown severity 'huge'; choose from SEV1, SEV2, SEV3, SEV4, undetermined",
        ),
        ("category", "Weather", "unknown-word", "category is 'Weather'; allowed are system, security"),
        ("nature", "party", "unknown-word", "nature is 'party'; allowed are drill, maintenance, announcement"),
        (
            "started",
            "yesterday",
            "bad-moment",
            "started is unreadable: 'yesterday' is not a moment such as 2026-11-23T02:01:40",
        ),
        ("next_update", "soon", "bad-moment", "next_update is unreadable: 'soon' is not a moment"),
        (
            "started",
            ["2026-11-23T01:00:00", "2026-11-23T02:00:00"],
            "bad-moment",
            "started is unreadable: it lists 2 moments, and has only one",
        ),
    ],
)
def test_what_cannot_be_read_is_named_where_it_stands(key, value, code, said):
    incident, (problem,) = read(**{key: value})
    assert incident is not None
    assert (problem.path, problem.code) == (PATH, code)
    assert said in problem.message
    assert problem.line == (1 if value is None else incident.lines[key])


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("title", None, ("set", "title")),
        ("status", "ongoing", ("set", "status")),
        ("severity", "huge", ("severity",)),
    ],
)
def test_what_mends_it_is_a_command(key, value, remedy):
    incident, (problem,) = read(**{key: value})
    assert incident is not None
    assert problem.hint == Command(*remedy, incident=incident.id)


def test_what_cannot_be_read_is_nothing_and_a_word_outside_the_vocabulary_is_kept():
    incident, _ = read(status="ongoing", severity="huge", category="Weather", started="yesterday", title=None)
    assert (incident.status, incident.severity, incident.at("started")) == (None, None, None)
    assert incident.category == "weather"
    assert incident.title == ID
    assert not incident.is_open


@pytest.mark.parametrize(
    ("path", "visibility", "restricted"),
    [(PATH, None, False), (PATH, "Restricted", True), (f"incidents/restricted/{ID}.md", None, True)],
)
def test_a_property_or_the_folder_says_that_an_incident_is_restricted(path, visibility, restricted):
    incident, _ = read(path, visibility=visibility)
    assert incident.restricted == restricted


def test_a_list_of_one_is_read_as_that_one_and_a_word_in_any_case():
    incident, problems = read(title=["Checkout  is", "slow"], nature="Drill", cause="change")
    assert (incident.title, incident.nature, incident.cause, problems) == ("Checkout is", "drill", "change", ())


def test_of_two_listed_moments_none_is_taken_and_of_one_that_one():
    two, _ = read(started=["2026-11-23T01:00:00", "2026-11-23T02:00:00"])
    one, problems = read(started=["2026-11-23T01:00:00"])
    assert two is not None
    assert one is not None
    assert "started" not in two.moments
    assert one.at("started") is not None
    assert not problems


@pytest.mark.parametrize("value", ["many", "1,200", -3, 1.5, 10**12, True, ["a", 3]])
def test_a_count_that_cannot_be_read_is_named(value):
    _, problems = read(tickets=value)
    assert [(each.code, each.line) for each in problems] == [("bad-count", 7)]
    assert "it must be a whole number from 0 to 9999999" in problems[0].message
    assert problems[0].hint == Command("set", "tickets", incident=ID)


@pytest.mark.parametrize("value", [0, 40, "40", [40], "", None, []])
def test_a_count_that_can_be_read_or_is_not_set_is_no_fault(value):
    assert read(tickets=value)[1] == ()
