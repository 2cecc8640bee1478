"""What a command and a writer make of one note in the same moment."""

from __future__ import annotations

from okb_incident.vault.disk import exchange


def saved_at_the_swap(desk, monkeypatch, old: str, new: str) -> None:
    """Let a writer save just before a command's text takes the note's name."""
    ordinary = exchange.exchange
    coming = [True]

    def meanwhile(temp: str, path: str) -> None:
        if coming and path == str(desk.note):
            coming.pop()
            desk.type(old, new)
        ordinary(temp, path)

    monkeypatch.setattr(exchange, "exchange", meanwhile)


def test_minutes_follow_a_moment_that_a_writer_saved_meanwhile(desk, monkeypatch):
    desk("set", "01", "started=-60m")
    saved_at_the_swap(desk, monkeypatch, "started: 2026-11-23T11:00:00", "started: 2026-11-23T10:00:00")
    desk("resolve", "01")
    text = desk.note.read_text()
    assert "started: 2026-11-23T10:00:00\n" in text
    assert "time_to_resolve_minutes: 120\n" in text
    # And they go with the rest when it is taken back.
    assert desk.entries()[-2:] == ["resolve", "resolve"]
    desk("undo", "--yes")
    assert "time_to_resolve_minutes: 60\n" in desk.note.read_text()


def test_a_save_that_touches_no_moment_changes_no_minutes(desk, monkeypatch):
    desk("set", "01", "started=-60m")
    saved_at_the_swap(desk, monkeypatch, "# Checkout is slow", "# Checkout is slow, says support")
    desk("resolve", "01")
    text = desk.note.read_text()
    assert "says support" in text
    assert "time_to_resolve_minutes: 60\n" in text
    assert desk.entries()[-2:] == ["set", "resolve"]


def test_a_half_typed_block_is_left_to_its_writer(desk, monkeypatch):
    desk("set", "01", "started=-60m")
    saved_at_the_swap(desk, monkeypatch, "aliases:\n", 'aliases: "\n')
    desk("resolve", "01", code=None)
    assert 'aliases: "\n' in "".join(path.read_text() for path in desk.note.parent.iterdir())


def test_a_name_that_somebody_gave_away_in_the_same_moment_is_told_as_it_is_now(desk, monkeypatch):
    desk("action", "add", "one")
    line = "#incident/action 🆔 INC-20261123-01-a2 ➕ 2026-11-23\n"
    saved_at_the_swap(desk, monkeypatch, "## Actions\n", f"## Actions\n- [ ] theirs {line}")
    answer = desk("action", "add", "ours")
    assert "incident: a2 became a3: another a2 was saved in the same moment\n" in answer.err
    text = desk.note.read_text()
    assert f"- [ ] theirs {line}" in text
    assert f"- [ ] ours {line.replace('-a2', '-a3')}" in text


def test_a_conflict_copy_is_named_to_whoever_writes_next(desk):
    folder = desk.note.parent
    copies = [f"INC-20261123-01.sync-conflict-2026112{day}-020202-ABCDEFG.md" for day in range(1, 6)]
    for name in (*copies, "INC-20261123-011 (conflicted copy 2026-11-23 020202).md", "INC-20261123-01 (conflict).md"):
        (folder / name).write_bytes(desk.note.read_bytes())
    said = f"next to the note: {', '.join(copies[:3])} and 2 more; merge what the note lacks, then delete the copy\n"
    assert said in desk("log", "quiet").err
    assert said in desk("ack").err
    assert said in desk("show", "last").err
    for name in copies:
        (folder / name).unlink()
    assert desk("log", "quiet again").err == ""
