"""A note of cState as an incident: in each language that Hugo reads, and a fault of a note is only that note's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from okb_incident.integrations.cstate import read_cstate
from okb_incident.vault.yaml import yaml12

YAML = """---
title: Disk  full on
  the mail server
date: 2022-10-20 9:30:00
resolved: true
resolvedWhen: 2022-10-20 12:15:00
severity: Down
affected: [Mail, Calendar]
section: issue
mail_sent: 12:30
---

The queue filled the disk.
"""
TOML = """+++
title = "Disk full on the mail server"
date = 2022-10-20T11:30:00+02:00
resolved = true
resolvedWhen = 2022-10-20T12:15:00
severity = "down"
affected = ["Mail", "Calendar"]
section = "issue"
mail_sent = "12:30"
+++
The queue filled the disk.
"""
JSON = """{
"title": "Disk full on the mail server", "date": "2022-10-20T09:30:00Z", "resolved": true,
"resolvedWhen": "2022-10-20T14:15:00+02:00", "severity": "down", "affected": ["Mail", "Calendar"], "section": "issue",
"mail_sent": "12:30"
}
The queue filled the disk.
"""


def read(text: str):
    return read_cstate(text, "cstate/disk.md", lambda block: yaml12.parse(block).values)


def at(hour: int, minute: int, day: int = 20) -> datetime:
    return datetime(2022, 10, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("text", [YAML, "\ufeff" + YAML.replace("\n", "\r\n"), "\n \n" + YAML, TOML, JSON])
def test_a_note_is_the_same_incident_in_each_language(text):
    found = read(text)
    assert found is not None
    assert (found.source, found.title) == ("cstate/disk.md", "Disk full on the mail server")
    assert (found.started, found.resolved, found.is_over) == (at(9, 30), at(12, 15), True)
    assert (found.severity, found.services, found.is_announcement) == ("down", ("Mail", "Calendar"), False)
    assert (found.body, dict(found.others), found.faults) == ("The queue filled the disk.", {"mail_sent": "12:30"}, ())


def test_a_day_of_toml_is_a_moment_and_no_other_day_is_lost():
    found = read('+++\ntitle = "Works"\ndate = 2022-10-20\nnext_check = 2022-10-21\n+++\n')
    assert (found.started, dict(found.others)) == (at(0, 0), {"next_check": "2022-10-21"})


@pytest.mark.parametrize(
    ("properties", "is_incident"),
    [
        ("title: x\ndate: 2022-10-20", True),
        ("title: x\ndate: 2022-10-20\nsection: posts", True),
        ("title: x\nsection: issue", True),
        ("title: x\nsection: about", False),
        ("title: x\nsection: zoo", False),
        ("title: x", False),
    ],
)
def test_a_note_is_an_incident_by_its_date_or_its_section(properties, is_incident):
    assert (read(f"---\n{properties}\n---\n") is not None) is is_incident
    assert read("Just text.\n") is None


@pytest.mark.parametrize(
    ("word", "says_yes"), [("true", True), ('"Yes"', True), ("TRUE", True), ("false", False), ("", False)]
)
def test_yes_is_read_as_people_write_it(word, says_yes):
    found = read(f"---\ndate: 2022-10-20\nresolved: {word}\ninformational: {word}\n---\n")
    assert (found.is_over, found.is_announcement) == (says_yes, says_yes)


def test_a_note_without_title_severity_and_services_goes_by_its_source():
    found = read("---\ndate: 2022-10-20\n---\n")
    assert (found.title, found.severity, found.services) == ("cstate/disk.md", None, ())


def test_a_moment_that_cannot_be_read_is_named_and_the_rest_is_kept():
    found = read("---\ntitle: x\ndate: 2022-10-20\nresolvedWhen: soon\n---\n")
    assert (found.started, found.resolved) == (at(0, 0), None)
    (fault,) = found.faults
    assert fault.startswith("resolvedWhen: ")


@pytest.mark.parametrize(
    "text",
    [
        '{\n"title": "x",\n}\n',
        f'{{\n"title": {"[" * 5_000}\n}}\n',
        "+++\ntitle =\n+++\n",
        f"+++\ntitle = {'[' * 5_000}\n+++\n",
    ],
)
def test_properties_that_cannot_be_read_are_one_fault(text):
    with pytest.raises(ValueError, match=r"\S"):
        read(text)


@pytest.mark.parametrize("above", ["", "\n", "\ufeff\n\n"])
def test_yaml_is_read_by_the_guarded_reader_alone_with_its_lines_as_in_the_note(above):
    asked = []

    def read_yaml(block: str) -> dict[str, object]:
        asked.append(block)
        return {}

    read_cstate(f"{above}---\ntitle: x\n---\n", "x", read_yaml)
    (block,) = asked
    assert block.split("\n").index("title: x") == above.count("\n") + 1
