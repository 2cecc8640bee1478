"""A note that is broken in any of the usual ways stops nobody, and loses nothing."""

from __future__ import annotations

import pytest

BROKEN = {
    "broken YAML": (lambda text: text.replace("title: Checkout is slow", "title: @Checkout: is"), "bad-yaml"),
    "a duplicate key": (
        lambda text: text.replace("status:", "cause: change\ncause: network\nstatus:"),
        "duplicate-key",
    ),
    "no closing fence": (lambda text: text.replace("---\n# Check", "# Check"), "unterminated"),
    "merge markers": (
        lambda text: text.replace("status:", "<<<<<<< ours\ncause: change\n=======\n>>>>>>> theirs\nstatus:"),
        "merge-markers",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_half_typed_note_still_takes_ack_log_and_resolve(run, vault, note, kind):
    change, code = BROKEN[kind]
    note.write_text(change(note.read_text()))
    before = note.read_text().splitlines()
    for words in (["ack", "01"], ["log", "-i", "01", "still slow"], ["resolve", "01"]):
        done = run(*words, vault=vault)
        assert done.returncode == 0, (words, done.stderr)
    after = note.read_text().splitlines()
    assert "still slow" in note.read_text()
    changed = [line for line in before if line not in after]
    assert [line for line in changed if not line.startswith(("status:", "responders", "commander"))] == []
    checked = run("check", vault=vault)
    assert checked.returncode == 5
    assert code in checked.stdout


@pytest.mark.parametrize("form", ["BOM", "CRLF", "invalid UTF-8 in the body"])
def test_bytes_that_a_command_has_nothing_to_do_with_stay(run, vault, note, form):
    data = note.read_bytes()
    if form == "BOM":
        data = b"\xef\xbb\xbf" + data
    elif form == "CRLF":
        data = data.replace(b"\n", b"\r\n")
    else:
        data += b"\nZ\xfcrich \xff\n"
    note.write_bytes(data)
    assert run("log", "seen", vault=vault).returncode == 0
    after = note.read_bytes()
    eol = b"\r\n" if form == "CRLF" else b"\n"
    line = b"- 2026-11-23T12:00:00 **note** @alice: seen" + eol
    assert after.replace(line, b"") == data


def test_a_broken_note_does_not_hide_the_others(run, vault, note):
    (vault / "incidents" / "2026" / "INC-20261122-01.md").write_text("---\ntype: incident\ntitle: @x\n---\n")
    (vault / "daily.md").write_text("---\na: [\n---\n")
    done = run("list", vault=vault)
    assert done.returncode == 0
    assert "INC-20261123-01" in done.stdout
    assert "INC-20261122-01.md:3: bad-yaml" in done.stderr
    report = run("report", vault=vault)
    assert report.returncode == 0
    assert report.stderr.count("daily.md") == 1


def test_a_vault_that_cannot_be_written_is_said_and_can_be_read(run, vault):
    lock = vault / ".incident" / "lock"
    lock.unlink()
    lock.mkdir()
    done = run("log", "seen", vault=vault)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert run("list", vault=vault).returncode == 0
