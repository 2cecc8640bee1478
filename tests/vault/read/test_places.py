"""Where the notes of incidents were seen last: a hint in the cache, which may be missing, old or spoilt."""

from __future__ import annotations

import os
import stat

import pytest

from okb_incident.vault.disk.cache import cache_folder
from okb_incident.vault.read import places
from okb_incident.vault.read.places import KnownPlace, known_places, remember, replace

A = KnownPlace("incidents/2026/INC-20261123-01.md", "INC-20261123-01")
B = KnownPlace("archive/Codes\tand keys.md", "INC-20261123-02", is_over=True, is_restricted=True)


@pytest.fixture
def root(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return str(tmp_path / "kb")


def the_file():
    (name,) = os.listdir(cache_folder())
    return os.path.join(cache_folder(), name)


def test_what_is_remembered_last_counts(root):
    assert known_places(root) == {}
    remember(root, [A, B])
    remember(root, [A._replace(is_over=True)], [B.path])
    assert known_places(root) == {A.path: A._replace(is_over=True)}


def test_nothing_is_written_that_is_known_and_nobody_else_may_read_it(root):
    remember(root, [A, B])
    before = os.stat(the_file())
    assert stat.S_IMODE(before.st_mode) == 0o600
    remember(root, [B, A], ["never/seen.md"])
    replace(root, [A, B])
    assert os.stat(the_file()) == before
    replace(root, [B])
    assert known_places(root) == {B.path: B}


def test_a_name_with_a_line_break_and_a_spoilt_line_are_left_out(root):
    remember(root, [A, KnownPlace("a\nb.md", "INC-20261123-03")])
    with open(the_file(), "a", encoding="utf-8") as file:
        file.write("what\no\tINC-1\t\no\tINC-20261123-09\tcut off")
    assert known_places(root) == {A.path: A}
    remember(root, [B])
    assert known_places(root)[B.path] == B


def test_a_long_file_is_written_anew(root, monkeypatch):
    monkeypatch.setattr(places, "LONGEST", 200)
    for turn in range(20):
        remember(root, [A._replace(is_over=bool(turn % 2))])
    assert os.path.getsize(the_file()) < 300
    assert known_places(root) == {A.path: A._replace(is_over=True)}


def test_a_cache_that_cannot_be_written_costs_only_the_memory(root, tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    remember(root, [A])
    replace(root, [A])
    assert known_places(root) == {}
