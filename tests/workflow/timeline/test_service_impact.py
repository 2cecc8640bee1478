"""What `log impact:` does with a service: its level, the services of the incident, and what customers read of it."""

from __future__ import annotations

import io
import json

import pytest

NOW, LATER, LATEST = "2026-11-23T12:20:00Z", "2026-11-23T12:30:00Z", "2026-11-23T12:40:00Z"


class Night:
    """A vault with a catalog of services, and commands at times of one night."""

    def __init__(self, desk, monkeypatch):
        self.desk, self.root, self._patch = desk, desk.root, monkeypatch

    def __call__(self, *words, at=LATEST, code=0):
        self._patch.setenv("INCIDENT_NOW", at)
        return self.desk(*words, code=code)

    def note(self):
        return self.desk.note.read_text()


@pytest.fixture
def catalog(desk, monkeypatch):
    for name, public in (("checkout", "The shop"), ("ledger-db-7", "")):
        path = desk.root / f"services/{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntype: service\n{f'public_name: {public}' if public else ''}\n---\n")
    return Night(desk, monkeypatch)


def services(desk):
    return json.loads(desk("show", "--json").out)["services"]


def impact_of(desk):
    return {each["service"]: each for each in json.loads(desk("show", "--json").out)["service_impact"]}


def test_a_service_that_fails_is_one_of_the_incident(catalog):
    said = catalog("log", "impact:", "[[Checkout]]", "down", at=NOW)
    assert "added Checkout to services" in said.out
    assert "[[checkout]]" in catalog.note()
    assert "added" not in catalog("log", "impact: CHECKOUT degraded", at=LATER).out
    catalog("log", "impact: mail down", at=LATER)
    assert services(catalog) == ["checkout", "mail"]
    assert set(impact_of(catalog)) == {"checkout", "mail"}


@pytest.mark.parametrize(
    "words",
    ["ledger-db-7 at risk", "ledger-db-7 down from 12:00 to 12:10, planned", "chekout down", "ledger-db restored"],
)
def test_what_may_be_no_service_of_the_incident_is_not_made_one(catalog, words):
    catalog("set", "started=11:50", "services=checkout", at=NOW)
    catalog("log", f"impact: {words}", at=NOW)
    assert services(catalog) == ["checkout"]


def test_a_slip_is_named_with_the_command_that_corrects_it(catalog):
    said = catalog("log", "impact: chekout down", at=NOW)
    assert "no note in services knows chekout; did you mean checkout?" in said.err
    assert "mine 'checkout down from 2026-11-23T12:20:00'" in said.err
    catalog("amend", "mine", "checkout down from 2026-11-23T12:20:00", at=NOW)
    assert set(impact_of(catalog)) == {"checkout"}


def test_a_level_and_a_restoration_are_one_history_however_they_come(catalog):
    catalog("log", "impact: checkout down", at=NOW)
    assert "restored checkout after 10m" in catalog("log", "impact: checkout is ok", at=LATER).out
    assert "already restored" in catalog("restore", "checkout", at=LATER).out
    impact = impact_of(catalog)["checkout"]
    assert (impact["level"], impact["restored"], impact["seconds"]) == (None, LATER, {"down": 600})
    assert impact["periods"][0]["ended"] == "recorded"


def test_lines_from_a_pipe_are_read_the_same(catalog, monkeypatch):
    catalog("log", "impact: checkout down", at=NOW)
    monkeypatch.setattr("sys.stdin", io.StringIO("impact: checkout works again\nimpact: checkout broken\n"))
    catalog("log", "-", at=LATER)
    assert impact_of(catalog)["checkout"]["restored"] == LATER
    assert "**note** @alice: impact: checkout broken" in catalog.note()


def test_what_is_planned_may_be_ahead(catalog):
    catalog("log", "impact: checkout at risk from 22:00 to 23:00, planned", at=NOW)
    (period,) = impact_of(catalog)["checkout"]["periods"]
    assert (period["from"], period["planned"], period["seconds"]) == ("2026-11-23T22:00:00Z", True, 0)
    assert "in the future" in catalog("log", "impact: checkout down from 2026-11-23T22:00", at=NOW, code=2).err


@pytest.mark.parametrize("name", ["<% tp.x %>", "a" * 10_000, "\x1b[31mred", "[[", "]]", "💥", "x|y", "a\nb", "`=1+1`"])
def test_an_absurd_name_is_refused_or_harmless(catalog, name):
    catalog("log", f"impact: {name} down", at=NOW, code=None)
    text = catalog.note()
    assert "\x1b" not in text
    assert "<%" not in text
    assert catalog("check", code=None).code in {0, 5}
    catalog("show")


@pytest.mark.parametrize("words", ["checkout down, 40%", "ledger-db-7 down, 41%"])
def test_no_name_of_ours_gets_to_customers(catalog, words):
    catalog("set", "services=checkout,ledger-db-7", at=NOW)
    catalog("log", f"impact: {words}", "--external", at=NOW)
    for audience, kind in (
        ("users", "status-update"),
        ("users", "service-notice"),
        ("stakeholders", "impact-assessment"),
    ):
        catalog("comms", "draft", audience, kind, at=LATER)
    for path in (catalog.root / "incidents/2026").glob("* update *"):
        body = path.read_text().partition("\n---\n")[2]
        assert "ledger" not in body, path
        assert "checkout" not in body, path
        assert "down since" not in body
    status = next((catalog.root / "incidents/2026").glob("* 1 users status-update.md")).read_text()
    assert ("- The shop: unavailable since 12:20 UTC" in status) == words.startswith("checkout")


def test_what_is_still_down_is_named_when_it_is_over(catalog):
    catalog("log", "impact: checkout down", at=NOW)
    command = "restore -i INC-20261123-01 checkout --at=2026-11-23T12:30:00"
    assert command in catalog("mitigate", at=LATER).err
    assert command in catalog("resolve", at=LATER).err
    (period,) = impact_of(catalog)["checkout"]["periods"]
    assert (period["to"], period["ended"]) == (LATER, "resolved")
    catalog("restore", "checkout", "--at", "12:25", at=LATEST)
    (period,) = impact_of(catalog)["checkout"]["periods"]
    assert (period["to"], period["ended"], period["seconds"]) == ("2026-11-23T12:25:00Z", "recorded", 300)


@pytest.mark.parametrize("name", ["", "[[", "[[]]", "a" * 10_000, " "])
def test_what_is_no_name_is_not_restored(catalog, name):
    catalog("log", "impact: checkout down", at=NOW)
    assert "is not the name of a service" in catalog("restore", name, at=LATER, code=2).err
    assert impact_of(catalog)["checkout"]["level"] == "down"


def test_a_note_that_was_edited_to_nonsense_is_read_as_far_as_it_goes(catalog):
    lines = (
        "02:10 impact: : down",
        "12:11 impact: down down",
        "12:12 impact: checkout down from 99:99",
        "12:13 impact: checkout down from 12:30 to 12:20",
        "12:14 impact: checkout at risk from 9999-01-01T00:00:00",
        "12:15 impact: checkout restored",
        "12:16 IMPACT: Checkout Down, 40%",
        "impact: no time down",
        "12:17 impact: [[services/checkout|the shop]] degraded until 12:20",
        "12:18 impact: [[services/checkout|the shop]] degraded to 12:20",
    )
    catalog.desk.type("## Timeline\n", "## Timeline\n" + "".join(f"- {line}\n" for line in lines))
    impacts = impact_of(catalog)
    assert [(each["level"], each["from"][11:16]) for each in impacts["checkout"]["periods"]] == [
        ("down", "12:16"),
        ("degraded", "12:18"),
    ]
    assert set(impacts) == {"checkout", "down"}
    found = json.loads(catalog("check", "--json", code=5).out)
    assert [each["code"] for each in found].count("impact-not-used") == 2
    assert "restored checkout" not in catalog("restore", "[[services/checkout|the shop]]").out
