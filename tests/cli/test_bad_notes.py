"""A note that is broken in any of the usual ways stops nobody, and loses nothing."""

from __future__ import annotations

import json
import re

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


def as_lists(text):
    """Return a note with properties of one value as lists of one, in both of the ways in which they are written."""
    block = re.sub(r"(?m)^(type|status): (.*)$", r"\1: [\2]", text)
    return re.sub(r"(?m)^(id|title|severity|declared): (.*)$", r"\1:\n  - \2", block)


def test_a_list_of_one_is_read_as_that_one(run, vault, note):
    note.write_text(as_lists(note.read_text()))
    found = json.loads(run("list", "--json", vault=vault).stdout)
    assert [(each["id"], each["title"], each["status"], each["severity"]) for each in found] == [
        ("INC-20261123-01", "Checkout is slow", "triage", "SEV2")
    ]
    assert run("check", vault=vault).stdout == "nothing is wrong\n"
    for words in (["ack"], ["log", "still slow"], ["tell", "team", "It is slow."], ["resolve"]):
        done = run(*words, vault=vault)
        assert (done.returncode, done.stderr.count("added")) == (0, 0), done.stderr
    text = note.read_text()
    assert "still slow" in text
    assert "type: [incident]\n" in text
    assert "id:\n  - INC-20261123-01\n" in text
    assert json.loads(run("list", "--json", vault=vault).stdout) == []


LACKING = {
    "no type": (r"(?m)^type: .*\n", "the note had no type; added incident"),
    "an empty type": (r"(?m)^(type): .*", "the note had no type; added incident"),
    "no id": (r"(?m)^id: .*\n", "the note had no id; added INC-20261123-01"),
    "a half-typed id": (r"(?m)^(id: INC-2026)\d+-\d+$", "id was 'INC-2026'; it is now INC-20261123-01"),
    "no title": (r"(?m)^title: .*\n", "the note had no title; added Checkout is slow"),
    "no properties at all": (r"(?s)^---.*\n---\n", "the note had no type; added incident"),
}


@pytest.mark.parametrize("lack", LACKING)
def test_what_makes_a_note_an_incident_is_put_in_before_anything_is_written(run, vault, note, lack):
    pattern, said = LACKING[lack]
    kept = r"\1:" if lack == "an empty type" else r"\1" if "(id" in pattern else ""
    note.write_text(re.sub(pattern, kept, note.read_text(), count=1))
    done = run("log", "-i", "INC-20261123-01", "first", vault=vault)
    assert done.returncode == 0
    assert said in done.stderr
    # The next one finds it by itself, and so does the list.
    if lack == "no properties at all":
        run("set", "-i", "INC-20261123-01", "status=triage", "severity=sev2", vault=vault)
    done = run("log", "second", vault=vault)
    assert (done.returncode, "added" in done.stderr) == (0, False), done.stderr
    assert note.read_text().count("second") == 1
    assert "INC-20261123-01" in run("list", vault=vault).stdout
    # Where nothing tells when it was, that is all that is left to say.
    left = [line for line in run("check", vault=vault).stdout.splitlines() if ": no-date: " not in line]
    assert left in (["nothing is wrong"], ["1 finding"])


@pytest.mark.parametrize("verb", [["ack"], ["tell", "team", "x"], ["restrict"], ["action", "add", "x"], ["undo"]])
def test_each_verb_completes_the_note_that_it_writes_into(run, vault, note, verb):
    note.write_text(note.read_text().replace("type: incident\n", ""))
    if verb == ["undo"]:
        run("log", "-i", "INC-20261123-01", "seen", vault=vault)
        before = note.read_text()
        assert run(*verb, vault=vault).returncode == 0
        assert "type: incident\n" in before
        assert "type: incident\n" not in note.read_text()
        return
    name, *words = verb if verb[0] != "action" else ["action", "add", *verb[2:]]
    head = [name, words.pop(0)] if name == "action" else [name]
    done = run(*head, *([] if name == "restrict" else ["-i"]), "INC-20261123-01", *words, vault=vault)
    assert done.returncode == 0, done.stderr
    assert "the note had no type; added incident" in done.stderr
    (now,) = (vault / "incidents").rglob("INC-20261123-01.md")
    assert now.read_text().startswith("---\ntype: incident\n")


REFUSED = {
    "properties below the first line": (
        lambda text: "Seen by bob.\n" + text,
        "its properties begin below the first line",
    ),
    "a type that is no text": (
        lambda text: text.replace("type: incident", "type: {a: b}"),
        "type does not hold one text",
    ),
    "an id that is no text": (lambda text: re.sub("id: INC.*", "id: {a: b}", text), "id does not hold one text"),
    "two types": (
        lambda text: text.replace("type: incident", "type: [incident, meeting]"),
        "type does not hold one text",
    ),
    "another type": (lambda text: text.replace("type: incident", "type: meeting"), "is of type meeting, not incident"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_completed_is_refused_as_a_whole(run, vault, note, fault):
    change, said = REFUSED[fault]
    note.write_text(change(note.read_text()))
    before = note.read_bytes()
    for words in (["ack"], ["log", "seen"], ["set", "cause=change"], ["tell", "team", "x"], ["restrict"]):
        done = run(words[0], "-i", "INC-20261123-01", *words[1:], vault=vault)
        assert (done.returncode, said in done.stderr) == (5, True), (words, done.stderr)
        assert note.read_bytes() == before
        assert not list((vault / "incidents").rglob("* update *"))


def test_a_vault_that_cannot_be_written_is_said_and_can_be_read(run, vault):
    lock = vault / ".incident" / "lock"
    lock.unlink()
    lock.mkdir()
    done = run("log", "seen", vault=vault)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert run("list", vault=vault).returncode == 0
