"""What a power cut leaves, at every moment of a command."""

from __future__ import annotations

import os
import random

import pytest
from tests.faults.persistence import Recorder, cuts

# Only against waiting without end: how fast a loaded machine is says nothing. What computes without end, `stage` ends.
pytestmark = pytest.mark.timeout(3600)


def test_no_power_cut_tears_a_note_or_loses_what_was_acknowledged(program, long):
    print(program("tests.faults.persistence", *([] if long else ["--first"])))


def test_a_folder_that_was_only_just_made_is_not_lost_either(program):
    print(program("tests.faults.persistence", "--command", "init"))


@pytest.fixture
def seen(tmp_path):
    note = tmp_path / "a.md"
    note.write_bytes(b"old")
    return Recorder(str(tmp_path), {"a.md": (0o644, b"old")})


def leftovers(seen):
    return {
        tree["a.md"][1]
        for cut in cuts(seen, random.Random(1))
        if cut.after == len(seen.operations)
        for tree in [cut.tree]
    }


def save(seen, path, *, synced=False):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    seen.made("open", (path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    seen.made("write", (descriptor, b"new"), os.write(descriptor, b"new"))
    if synced:
        seen.made("fsync", (descriptor,), None)
    os.close(descriptor)
    seen.made("close", (descriptor,), None)


@pytest.mark.parametrize(
    ("in_place", "synced", "folder_synced", "left"),
    [
        (True, False, False, {b"old", b"", b"new"}),
        (False, False, False, {b"old", b"", b"new"}),
        (False, True, False, {b"old", b"new"}),
        (False, True, True, {b"new"}),
    ],
)
def test_the_cuts_find_what_real_ones_do(tmp_path, seen, in_place, synced, folder_synced, left):
    note, temp = str(tmp_path / "a.md"), str(tmp_path / "temp")
    save(seen, note if in_place else temp, synced=synced)
    if not in_place:
        os.replace(temp, note)
        seen.made("replace", (temp, note), None)
    if folder_synced:
        descriptor = os.open(tmp_path, os.O_RDONLY)
        seen.made("open", (str(tmp_path), os.O_RDONLY), descriptor)
        seen.made("fsync", (descriptor,), None)
        os.close(descriptor)
    assert leftovers(seen) == left
