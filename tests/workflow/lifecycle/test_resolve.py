"""Resolving: what is said of the end is held to its words."""

from __future__ import annotations


def test_a_loss_of_data_is_one_of_three_words(desk):
    before = desk.note.read_bytes()
    refused = desk("resolve", "--summary", "It was slow.", "--data-loss", "perhaps", code=2)
    assert "perhaps" in refused.err
    assert all(word in refused.err for word in ("none", "some", "unknown"))
    assert desk.note.read_bytes() == before
    desk("resolve", "--summary", "It was slow.", "--data-loss", "Some")
    assert "\ndata_loss: some\n" in desk.note.read_text()
