"""What is different between two states of a note, in the words of who reads its history."""

from __future__ import annotations

import pytest

from okb_incident.vault.note.compare import compare

NOTE = "---\nstatus: triage\nservices: [checkout]\n---\n# Slow\n\nAll cards.\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("status: triage", "status: resolved", ("status: triage → resolved",)),
        ("services: [checkout]", "services: [checkout, search]", ("services: checkout → checkout, search",)),
        ("services: [checkout]\n", "", ("services: checkout → –",)),
        ("services: [checkout]\n", "services: [checkout]\nscope: one\n", ("scope: – → one",)),
        ("All cards.", "All cards but Amex.", ("- All cards.", "+ All cards but Amex.")),
        ("All cards.\n", "All cards.\n\n  \n", ()),
        ("All cards.\n", "All cards.\n-- \n++ b\n", ("+ --", "+ ++ b")),
        ("# Slow\n", "# Slow\n@@ -1 +1 @@\n", ("+ @@ -1 +1 @@",)),
        ("services: [checkout]", "services:   [ checkout ]  # mine", ()),
        ("", "", ()),
    ],
)
def test_a_change_in_words(old, new, said):
    assert compare(NOTE.encode(), NOTE.replace(old, new).encode()) == said


def test_a_note_comes_and_goes():
    assert compare(None, b"x") == ("the note was made",)
    assert compare(b"x", None) == ("the note went away",)


def test_a_block_that_is_broken_and_bytes_that_are_no_text_stop_nobody():
    broken = NOTE.replace("services: [checkout]", "services: [checkout").encode()
    assert any("checkout" in said for said in compare(NOTE.encode(), broken))
    assert compare(b"one\n", b"one\n\xff\n") == ("+ \udcff",)
