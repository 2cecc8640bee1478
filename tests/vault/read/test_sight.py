"""Which incidents are seen without a scan, and what is known of those that are not."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from okb_incident.core.settings.settings import Settings
from okb_incident.vault.vault import Vault

IDS = Settings().ids
FIRST, SECOND = (IDS.write(date(2026, 11, 23), number) for number in (1, 2))


@pytest.fixture
def vault(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Vault(str(tmp_path / "kb"), Settings())


def write(vault, path, number=1, status="triage", more=""):
    place = Path(vault.root, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\ntype: incident\nid: INC-20261123-{number:02d}\ntitle: x\nstatus: {status}\n{more}---\n")


def seen(vault, **given):
    return sorted(each.path for each in vault.look(**given).incidents)


@pytest.mark.parametrize(
    "path",
    [
        "incidents/2026/now/INC-20261123-01.md",
        "incidents/INC-20261123-01.md",
        "incidents/2026/INC-20261123-01 Sign-in codes.md",
        "incidents/2026/INC-20261123-01-old.md",
        "incidents/Sign-in codes.md",
        "incidents/a/b/c/INC-20261123-01 1.md",
    ],
)
def test_wherever_it_lies_below_the_folder_of_incidents(vault, path):
    write(vault, path)
    assert seen(vault) == [path]
    assert vault.paths_of(FIRST) == [path]
    assert vault.ids_seen() == {FIRST}


@pytest.mark.parametrize(
    "path",
    [
        "incidents/reports/INC-20261123-01.md",
        "incidents/2026/INC-20261123-01 (conflicted copy 2026-11-23).md",
        "incidents/2026/INC-20261123-01 review.md",
        "incidents/.trash/INC-20261123-01.md",
        "archive/INC-20261123-01.md",
    ],
)
def test_not_by_a_copy_or_outside(vault, path):
    write(vault, path)
    assert seen(vault) == []
    assert vault.paths_of(FIRST) == []


def test_outside_where_it_was_seen_before(vault):
    write(vault, "archive/Codes.md")
    vault.saw(*vault.read_all().incidents)
    assert seen(vault) == ["archive/Codes.md"]
    assert vault.paths_of(FIRST) == ["archive/Codes.md"]


def test_the_one_at_home_counts_then_the_one_whose_name_is_the_id(vault):
    for path in (
        "incidents/a/INC-20261123-01 b.md",
        "incidents/INC-20261123-01.md",
        "incidents/2026/INC-20261123-01.md",
    ):
        write(vault, path)
        assert seen(vault) == vault.paths_of(FIRST) == [path]
        assert vault.read_all().incidents[0].path == path


def test_one_at_home_that_is_over_counts_before_an_open_copy(vault):
    write(vault, "incidents/2026/INC-20261123-01.md", status="closed")
    write(vault, "incidents/2026/INC-20261123-01 1.md")
    assert seen(vault) == []


def test_two_that_tie_are_both_given(vault):
    both = ["incidents/2026/INC-20261123-01 a.md", "incidents/2026/INC-20261123-01 b.md"]
    for path in both:
        write(vault, path)
    assert seen(vault) == vault.paths_of(FIRST) == both


def test_a_note_under_the_id_of_another_is_the_one_that_it_says(vault):
    write(vault, "incidents/2026/INC-20261123-02.md", 1)
    assert [each.id for each in vault.look().incidents] == [FIRST]
    assert vault.paths_of(SECOND) == []


def test_what_was_known_and_is_gone_is_lost_unless_it_is_over(vault):
    for number, status in enumerate(("triage", "resolved", "closed"), 1):
        write(vault, f"incidents/2026/INC-20261123-{number:02d}.md", number, status)
    vault.saw(*vault.read_all().incidents)
    for number in (1, 2, 3):
        os.unlink(f"{vault.root}/incidents/2026/INC-20261123-{number:02d}.md")
    assert [place.id for place in vault.look().lost] == ["INC-20261123-01", "INC-20261123-02"]
    assert FIRST in vault.ids_seen()


@pytest.mark.parametrize(
    "text", ["", "---\ntype: incident\nid: INC-2026", "---\ntype: incident\nstatus: triage\n---\n"]
)
def test_one_that_is_being_saved_or_half_typed_is_unclear_and_not_lost(vault, text):
    write(vault, "archive/Codes.md")
    vault.saw(*vault.read_all().incidents)
    place = Path(vault.root, "archive/Codes.md")
    place.write_text(text)
    os.utime(place, (1_700_000_000, 1_700_000_000))
    sight = vault.look()
    assert ([each.path for each in sight.unclear], sight.lost) == (["archive/Codes.md"], [])


def test_one_that_was_moved_and_is_being_saved_is_unclear_where_its_name_tells(vault):
    write(vault, "incidents/2026/INC-20261123-01.md")
    vault.saw(*vault.read_all().incidents)
    os.rename(f"{vault.root}/incidents/2026/INC-20261123-01.md", f"{vault.root}/incidents/INC-20261123-01 1.md")
    Path(vault.root, "incidents/INC-20261123-01 1.md").write_text("")
    assert {place.path for place in vault.look().unclear} == {"incidents/INC-20261123-01 1.md"}


def test_restricted_ones_are_seen_and_lost_only_where_they_are_asked_for(vault):
    write(vault, "archive/Codes.md", more="visibility: restricted\n")
    vault.saw(*vault.read_all(include_restricted=True).incidents)
    assert seen(vault) == []
    assert seen(vault, include_restricted=True) == ["archive/Codes.md"]
    assert vault.hides(FIRST)
    os.rename(f"{vault.root}/archive/Codes.md", f"{vault.root}/Codes.md")
    assert [place.is_restricted for place in vault.look().lost] == [True]
    assert vault.hides(FIRST)


def test_a_note_that_was_moved_keeps_its_number_from_being_used_again(vault):
    write(vault, "incidents/archive/INC-20261123-04 codes.md", 4)
    assert vault.next_number(FIRST) == 5
    write(vault, "archive/INC-20261123-07.md", 7)
    assert vault.next_number(FIRST) == 5
    vault.saw(*vault.read_all().incidents)
    assert vault.next_number(FIRST) == 8


def test_a_note_that_has_only_the_name_does_not_hide_the_incident(vault):
    write(vault, "archive/Codes.md")
    vault.saw(*vault.read_all().incidents)
    Path(vault.root, "incidents/2026").mkdir(parents=True)
    Path(vault.root, "incidents/2026/INC-20261123-01.md").write_text("a writer's own\n")
    assert seen(vault) == vault.paths_of(FIRST) == ["archive/Codes.md"]
    os.unlink(f"{vault.root}/archive/Codes.md")
    assert seen(vault) == []
    assert vault.paths_of(FIRST) == ["incidents/2026/INC-20261123-01.md"]
