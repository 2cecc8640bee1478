"""The vault: incidents and people found by their names, and all incidents read at once."""

from __future__ import annotations

import os
from datetime import date

import pytest

from okb_incident.core.settings.settings import Settings
from okb_incident.vault.index.answer import load
from okb_incident.vault.vault import Vault

IDS = Settings().ids
FIRST = IDS.write(date(2026, 11, 23), 1)


@pytest.fixture
def vault(tmp_path):
    return Vault(str(tmp_path), Settings())


def write(vault, path, text=""):
    place = os.path.join(vault.root, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "w", encoding="utf-8") as file:
        file.write(text)


def incident(vault, path, **properties):
    name = os.path.basename(path).removesuffix(".md")
    values = {"type": "incident", "id": name, "title": "x", "status": "triage", "severity": "SEV3", **properties}
    write(vault, path, "---\n" + "".join(f"{key}: {value}\n" for key, value in values.items()) + "---\n")


def test_a_person_is_known_by_file_name_alias_and_handle(vault):
    write(vault, "people/Alice Adams.md", "---\ntype: person\nhandle: '@ally'\naliases: [Al, The boss]\n---\n")
    write(vault, "people/bob.md", "no properties at all\n")
    for name in ("alice adams", "ALLY", "al", "the boss"):
        assert vault.person_named(name) == "Alice Adams"
    assert vault.person_named("Bob") == "bob"
    assert vault.person_named("carol") is None


def test_an_incident_that_was_moved_is_found_by_its_name(vault):
    incident(vault, "incidents/archive/INC-20261123-01.md")
    assert vault.path_of(FIRST) == "incidents/archive/INC-20261123-01.md"
    incident(vault, "incidents/2026/INC-20261123-01.md")
    assert vault.path_of(FIRST) == "incidents/2026/INC-20261123-01.md"
    assert vault.path_of(IDS.write(date(2026, 11, 23), 2)) is None


def test_a_number_is_not_used_again_while_any_file_tells_of_it(vault):
    assert vault.next_number(FIRST) == 1
    incident(vault, "incidents/2026/INC-20261123-02.md")
    assert vault.next_number(FIRST) == 3
    write(vault, "incidents/2026/INC-20261123-04 review.md")
    assert vault.next_number(FIRST) == 5
    incident(vault, "incidents/restricted/2026/INC-20261123-100.md")
    assert vault.next_number(FIRST) == 101
    incident(vault, "incidents/2026/INC-20261122-500.md")
    assert vault.next_number(FIRST) == 101


def test_only_what_is_not_over_can_be_meant(vault):
    incident(vault, "incidents/2026/INC-20261123-01.md")
    incident(vault, "incidents/2026/INC-20261123-02.md", status="closed")
    incident(vault, "incidents/2026/INC-20261123-03.md", status="resolved")
    incident(vault, "incidents/2026/INC-20261123-04.md", nature="maintenance")
    incident(vault, "incidents/2026/INC-20261123-05.md", visibility="restricted")
    incident(vault, "incidents/.trash/INC-20261123-06.md")
    os.mkdir(os.path.join(vault.root, "incidents/2026/INC-20261123-07.md"))
    os.symlink("/etc/passwd", os.path.join(vault.root, "incidents/2026/INC-20261123-08.md"))
    assert sorted(each.id.number for each in vault.look().incidents) == [1, 3]


def test_every_incident_is_read_and_whatever_is_no_incident_is_left(vault):
    incident(vault, "incidents/2026/INC-20261123-01.md")
    incident(vault, "elsewhere/INC-20261123-02.md")
    write(vault, "incidents/2026/INC-20261123-03.md", "only a name\n")
    write(vault, "operations/runbook.md", "---\ntags: [incident]\n---\n")
    loaded = load(vault)
    assert [each.id.number for each in loaded.incidents] == [1, 2]
    assert loaded.problems == ()


def test_of_two_notes_with_one_id_the_one_that_is_named_so_counts(vault):
    incident(vault, "incidents/2026/INC-20261123-01.md", title="mine")
    incident(vault, "incidents/2026/copy.md", id="INC-20261123-01", title="a copy")
    loaded = load(vault)
    assert [each.title for each in loaded.incidents] == ["mine"]
    assert [(problem.code, problem.path) for problem in loaded.problems] == [("duplicate-id", "incidents/2026/copy.md")]


def test_restricted_incidents_are_counted_apart_unless_they_are_asked_for(vault):
    incident(vault, "incidents/2026/INC-20261123-01.md")
    incident(vault, "incidents/restricted/2026/INC-20261123-02.md", severity="huge")
    loaded = load(vault)
    assert ([each.id.number for each in loaded.incidents], loaded.problems) == ([1], ())
    assert [each.id.number for each in load(vault, include_restricted=True).incidents] == [1, 2]


def test_what_cannot_be_read_is_named(vault):
    write(vault, "incidents/2026/INC-20261123-01.md", "---\ntype: incident\nid: [\n---\n")
    os.mkfifo(os.path.join(vault.root, "pipe.md"))
    write(vault, "notes/broken.md", "---\na: b: c\n---\n")
    assert {(problem.path, problem.code) for problem in load(vault, everything=True).problems} >= {
        ("incidents/2026/INC-20261123-01.md", "bad-yaml"),
        ("notes/broken.md", "bad-yaml"),
    }
