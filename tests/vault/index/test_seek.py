"""Seeking incidents all over the vault: names, what the index remembers, the heads of what changed, and no more computing than allowed."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from okb_incident.core.settings.settings import Settings
from okb_incident.vault.index import refresh
from okb_incident.vault.index.answer import load
from okb_incident.vault.index.seek import Budget, seek
from okb_incident.vault.index.store import Store
from okb_incident.vault.read import peek
from okb_incident.vault.vault import Vault

IDS = Settings().ids
FIRST, NINTH = (IDS.write(date(2026, 11, 23), number) for number in (1, 9))


@pytest.fixture
def vault(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "kb").mkdir()
    return Vault(str(tmp_path / "kb"), Settings())


def write(vault, path, number=1, status="triage", more=""):
    place = Path(vault.root, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\ntype: incident\nid: INC-20261123-{number:02d}\ntitle: x\nstatus: {status}\n{more}---\n")
    # Old enough to be trusted by the index.
    os.utime(place, (1_700_000_000, 1_700_000_000))


def paths(found):
    return sorted(each.path for each in found.incidents)


@pytest.fixture
def heads(monkeypatch):
    """The notes whose heads were read."""
    read = []
    real = peek.head

    def head(path):
        read.append(os.path.basename(path))
        return real(path)

    monkeypatch.setattr(peek, "head", head)
    return read


def test_by_its_name_wherever_it_lies_and_then_no_head_is_read(vault, heads):
    write(vault, "archive/old/INC-20261123-01.md")
    write(vault, "notes/other.md", 2)
    assert paths(seek(vault, [FIRST])) == ["archive/old/INC-20261123-01.md"]
    assert heads == []


def test_by_its_id_under_any_name_and_every_one_of_them(vault):
    write(vault, "notes/Codes.md")
    write(vault, "notes/INC-20261123-01 Codes.md")
    Path(vault.root, "notes/talk.md").write_text("---\ntype: meeting\nid: INC-20261123-01\n---\nINC-20261123-01\n")
    Path(vault.root, "notes/INC-20261123-01 review.md").write_text("---\ntype: incident-review\n---\n")
    assert paths(seek(vault, [FIRST])) == ["notes/Codes.md", "notes/INC-20261123-01 Codes.md"]


def test_by_an_id_that_it_had(vault):
    write(vault, "notes/INC-20261123-02.md", 2, more="former_ids:\n  - INC-20261123-01\n")
    assert paths(seek(vault, [FIRST])) == ["notes/INC-20261123-02.md"]
    load(vault)
    assert paths(seek(vault, [FIRST])) == ["notes/INC-20261123-02.md"]


def test_the_open_ones(vault):
    write(vault, "notes/a.md", 1)
    write(vault, "notes/b.md", 2, status="resolved")
    write(vault, "notes/INC-20261123-03 c.md", 3)
    write(vault, "notes/d.md", 4, status="half-typ")
    wanted = ["notes/INC-20261123-03 c.md", "notes/a.md", "notes/d.md"]
    assert paths(seek(vault, [], open_ones=True)) == wanted
    load(vault)
    assert paths(seek(vault, [], open_ones=True))[:2] == wanted[:2]


def test_what_the_index_knows_is_not_read_again(vault, heads, monkeypatch):
    for number in range(1, 9):
        write(vault, f"notes/n{number}.md", number)
    monkeypatch.setattr(refresh, "TRUSTED_AFTER", -(10**18))
    assert len(load(vault).incidents) == 8
    write(vault, "notes/new.md", 9)
    assert paths(seek(vault, [NINTH])) == ["notes/new.md"]
    assert heads == ["new.md"]


def test_an_index_that_holds_something_else_is_not_believed(vault):
    write(vault, "notes/Codes.md")
    load(vault)
    with closing(next(Store(vault.root).connections())) as db:
        db.execute("UPDATE folder SET signature = x'6100ff'")
        db.commit()
    assert paths(seek(vault, [FIRST])) == ["notes/Codes.md"]


@pytest.mark.parametrize(
    ("allowed", "told"),
    [(0, "the folder incidents and what comes after it"), (5, "the heads of 108 notes that changed")],
)
def test_it_stops_where_no_more_may_be_computed_and_tells_what_it_left_out(vault, allowed, told):
    write(vault, "incidents/2026/INC-20261123-02.md", 2)
    for number in range(139):
        Path(vault.root, "incidents", f"note {number:03d}.md").write_text("---\ntype: meeting\n---\n")
    ticks = count()
    found = seek(vault, [FIRST], budget=Budget(lambda: next(ticks), allowed))
    assert told in found.not_searched
    assert found.incidents == []


def test_what_was_found_before_counts(vault):
    write(vault, "archive/INC-20261123-01 Codes.md")
    for number in range(100):
        Path(vault.root, f"note {number:03d}.md").write_text("---\ntype: meeting\n---\n")
    ticks = count()
    found = seek(vault, [FIRST], budget=Budget(lambda: next(ticks), 4))
    assert paths(found) == ["archive/INC-20261123-01 Codes.md"]
    assert found.not_searched
