"""Where the index lies and what becomes of it when something is wrong with it; what it answers is in properties/test_index."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.made import AS_OF, WEEK_28, report_on

from okb_incident.command import Command, Sentence, commands_in
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.core.values.problem import Problem
from okb_incident.vault.index import rows
from okb_incident.vault.index.answer import load, search
from okb_incident.vault.index.selection import Selection
from okb_incident.vault.read import scan
from okb_incident.vault.read.contribution import Contribution
from okb_incident.vault.vault import Vault

NOTE = """---
type: incident
id: INC-20260706-{number:02d}
title: {title}
status: triage
severity: SEV2
declared: 2026-07-06T10:00:00
{more}---
# {title}
{body}
"""


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "okb-incident"


@pytest.fixture
def vault(cache, tmp_path):
    vault = Vault(str(tmp_path / "kb"), read_settings({})[0])
    for number, title in enumerate(["Checkout slow", "Login fails", "Search empty"], 1):
        write(vault, number, title)
    return vault


def write(vault, number, title, more="", body="The pool was exhausted.", folder="incidents/2026"):
    path = Path(vault.root, folder, f"INC-20260706-{number:02d}.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NOTE.format(number=number, title=title, more=more, body=body))
    return path


def settle(vault):
    """Make all notes old enough to be believed at once, as they are a moment later."""
    for path in Path(vault.root).rglob("*.md"):
        os.utime(path, (1, 1))


def titles(vault, **given):
    return [incident.title for incident in load(vault, **given).incidents]


def the_file(cache):
    (found,) = cache.glob("*.sqlite")
    return found


def tables(cache):
    with closing(sqlite3.connect(the_file(cache))) as db:
        return {
            row[0]: db.execute(f"SELECT count(*) FROM {row[0]}").fetchone()[0]
            for row in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('incident', 'restricted', 'document')"
            )
        }


def read_count(monkeypatch):
    """Count how many notes are read from now on."""
    from okb_incident.vault.disk.files import read_now as real

    seen = []

    def read_now(path, descriptor=None):
        seen.append(path)
        return real(path, descriptor)

    monkeypatch.setattr("okb_incident.vault.read.many.read_now", read_now)
    return seen


def test_only_its_user_can_read_it_and_nothing_is_put_into_the_vault(vault, cache):
    before = sorted(Path(vault.root).rglob("*"))
    load(vault)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(cache).stat().st_mode) == 0o600
    assert sorted(Path(vault.root).rglob("*")) == before


def test_a_folder_that_others_may_read_is_closed(vault, cache):
    cache.mkdir(parents=True)
    cache.chmod(0o755)
    load(vault)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_what_has_not_changed_is_not_read_again(vault, monkeypatch):
    monkeypatch.setattr("okb_incident.vault.index.refresh.TRUSTED_AFTER", -1_000_000_000)
    load(vault)
    seen = read_count(monkeypatch)
    assert titles(vault) == ["Checkout slow", "Login fails", "Search empty"]
    assert seen == []
    write(vault, 2, "Login is slow")
    assert titles(vault) == ["Checkout slow", "Login is slow", "Search empty"]
    assert len(seen) == 1


def test_a_rewrite_of_one_size_is_seen_where_clocks_are_coarse(vault, monkeypatch):
    # A file system that tells times by the minute, and an editor that writes in place.
    exact = scan._KEY

    def coarse(status):
        return (*(each // 60_000_000_000 * 60_000_000_000 for each in exact(status)[:2]), *exact(status)[2:])

    monkeypatch.setattr(scan, "_KEY", coarse)
    monkeypatch.setattr("okb_incident.vault.index.refresh.TRUSTED_AFTER", 60_000_000_000)
    assert titles(vault)[1] == "Login fails"
    write(vault, 2, "Login works")
    assert titles(vault)[1] == "Login works"
    write(vault, 2, "Login hangs")
    assert titles(vault)[1] == "Login hangs"


def test_a_note_that_could_not_be_read_for_a_while_is_read_when_it_can_be(vault, monkeypatch):
    from okb_incident.vault.disk import files

    def fail(path, descriptor):
        os.close(descriptor)
        raise files.UnreadableError(path, "cannot be read: too many files are open")

    monkeypatch.setattr("okb_incident.vault.index.refresh.TRUSTED_AFTER", -1_000_000_000)
    with monkeypatch.context() as patch:
        patch.setattr("okb_incident.vault.read.many.read_now", fail)
        assert [problem.code for problem in load(vault).problems] == ["unreadable"] * 3
    assert titles(vault) == ["Checkout slow", "Login fails", "Search empty"]
    assert load(vault).problems == ()


def test_a_hint_is_remembered_with_its_commands():
    ask, mend = Command("resolve", incident="INC-20260706-01"), Command("set", "started", by="bob", incident="01")
    hints = (None, "mend it", mend, Sentence(ask, ", or ", mend))
    told = tuple(Problem("x.md", line, "bad", "it is bad", hint) for line, hint in enumerate(hints, 1))
    with closing(sqlite3.connect(":memory:")) as db:
        for table in rows.TABLES:
            db.execute(table)
        rows.put(db, [Contribution("x.md", problems=told)], read_settings({})[0])
        found = tuple(rows.problems(db, everything=True, include_restricted=False))
    assert found == told
    assert [commands_in(each.hint) for each in found] == [(), (), (mend,), (ask, mend)]


@pytest.mark.parametrize("rubbish", [b"", b"x" * 5000, None], ids=["empty", "no database", "half overwritten"])
def test_a_broken_file_is_built_again_in_silence(vault, cache, rubbish):
    settle(vault)
    want = load(vault, everything=True)
    file = the_file(cache)
    data = file.read_bytes()
    file.write_bytes(data[:3000] + b"\xff" * (len(data) - 3000) if rubbish is None else rubbish)
    assert load(vault, everything=True) == want == vault.read_all(everything=True)
    assert load(vault, everything=True) == want
    assert tables(cache) == {"incident": 3, "restricted": 0, "document": 3}


def test_rows_that_we_did_not_write_are_not_believed(vault, cache):
    want = load(vault)
    with closing(sqlite3.connect(the_file(cache), isolation_level=None)) as db:
        db.execute("UPDATE incident SET properties = '7', severity = 'none'")
    assert load(vault) == want


def test_another_version_builds_it_again(vault, cache, monkeypatch):
    load(vault)
    write(vault, 3, "Search down")
    monkeypatch.setattr("okb_incident.vault.index.store.__version__", "99")
    assert titles(vault) == ["Checkout slow", "Login fails", "Search down"]


def test_without_a_place_for_it_the_answer_is_the_same(vault, cache):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    assert titles(vault) == ["Checkout slow", "Login fails", "Search empty"]
    assert [match.incident.id.text for match in search(vault, ["login"])] == ["INC-20260706-02"]


def test_a_writer_at_work_keeps_no_reader_waiting(vault, cache):
    load(vault)
    write(vault, 3, "Search down")
    with closing(sqlite3.connect(the_file(cache), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert titles(vault) == ["Checkout slow", "Login fails", "Search down"]
    assert titles(vault) == ["Checkout slow", "Login fails", "Search down"]


def test_several_processes_build_it_at_once(vault, cache):
    for number in range(4, 300):
        write(vault, number, f"Incident {number}")
    program = (
        "import sys\n"
        "from okb_incident.core.settings.read_settings import read_settings\n"
        "from okb_incident.vault.index.answer import load\n"
        "from okb_incident.vault.vault import Vault\n"
        "vault = Vault(sys.argv[1], read_settings({})[0])\n"
        "for _ in range(5): print(len(load(vault).incidents))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, vault.root], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    said = [process.communicate()[0].split() for process in running]
    assert [process.returncode for process in running] == [0] * 6
    assert said == [["299"] * 5] * 6
    assert load(vault, everything=True) == vault.read_all(everything=True)


def test_what_is_restricted_is_kept_apart_and_its_words_are_not_kept(vault, cache):
    write(vault, 4, "Breach", "visibility: restricted\n", "ransom note")
    write(vault, 5, "Insider", folder="incidents/restricted", body="ransom note")
    review = Path(vault.root, "incidents/2026/INC-20260706-04 review.md")
    review.write_text("---\ntype: incident-review\nincident: '[[INC-20260706-04]]'\n---\nransom paid\n")
    assert load(vault).restricted == 2
    assert search(vault, ["ransom"]) == []
    assert tables(cache) == {"incident": 3, "restricted": 2, "document": 4}
    assert b"ransom" not in the_file(cache).read_bytes()
    assert len(titles(vault, include_restricted=True)) == 5


def test_words_are_forgotten_when_an_incident_becomes_restricted(vault, cache):
    write(vault, 4, "Breach", body="ransom note")
    assert [match.incident.id.text for match in search(vault, ["ransom"])] == ["INC-20260706-04"]
    write(vault, 4, "Breach", "visibility: restricted\n", "ransom note")
    assert search(vault, ["ransom"]) == []
    with closing(sqlite3.connect(the_file(cache))) as db:
        assert db.execute("SELECT count(*) FROM words WHERE words MATCH 'ransom'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM words WHERE words MATCH 'pool'").fetchone() == (3,)


OUTSIDE = "2026-06-01T10:00:00"
PLACES = {
    "in the period": "status: closed\nstarted: 2026-07-08T10:00:00\n",
    "only declared in it": f"status: closed\nstarted: {OUTSIDE}\ndeclared: 2026-07-08T10:00:00\n",
    "only started in it": "status: closed\nstarted: 2026-07-08T10:00:00\ndeclared: 2026-07-14T10:00:00\n",
    "started in it, detected before": f"status: closed\nstarted: 2026-07-08T10:00:00\ndetected: {OUTSIDE}\n",
    "open, from before": f"status: triage\nstarted: {OUTSIDE}\n",
    "without a moment": "status: closed\n",
    "ahead": "status: closed\nstarted: 2026-08-01T10:00:00\n",
    "merged in it, from before": "status: closed\nstarted: 2026-07-08T10:00:00\nduplicate_of: INC-20260601-02\n",
    "dating one in it": f"status: closed\nstarted: {OUTSIDE}\nduplicate_of: INC-20260601-03\n",
    "linked over one more": f"status: merged\nstarted: {OUTSIDE}\nduplicate_of: inc-20260601-04\n",
    "linked by a former id": "status: closed\nstarted: 2026-07-08T10:00:00\nduplicate_of: INC-20200101-01\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_report_misses_nothing_that_its_selection_leaves_out(cache, tmp_path, place):
    vault = Vault(str(tmp_path / "kb"), read_settings({})[0])
    notes = {
        "INC-20260601-01": PLACES[place],
        "INC-20260601-02": f"status: closed\nstarted: {OUTSIDE}\n",
        "INC-20260601-03": "status: closed\nstarted: 2026-07-09T10:00:00\n",
        "INC-20260601-04": "status: merged\nstarted: 2026-06-02T10:00:00\nduplicate_of: INC-20260601-03\n",
        "INC-20260601-05": f"status: closed\nstarted: {OUTSIDE}\nformer_ids: [INC-20200101-01]\n",
        "INC-20260601-06": f"status: closed\nstarted: {OUTSIDE}\n",
        "INC-20260601-07": f"status: closed\nstarted: {OUTSIDE}\n",
    }
    for name, head in notes.items():
        path = Path(vault.root, f"incidents/2026/{name}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntype: incident\nid: {name}\ntitle: x\nseverity: SEV1\n{head}---\n")
    Path(vault.root, "copy.md").write_bytes(path.read_bytes())
    found = load(vault, everything=True, selection=Selection.about(WEEK_28, AS_OF))
    whole = vault.read_all(everything=True)
    assert report_on(list(found.incidents), problems=found.problems) == report_on(
        list(whole.incidents), problems=whole.problems
    )
    assert len(found.incidents) < len(whole.incidents)


def test_open_ones_are_all_that_are_open(vault):
    path = write(vault, 4, "Over")
    path.write_text(path.read_text().replace("triage", "closed"))
    assert titles(vault, selection=Selection.open_ones()) == ["Checkout slow", "Login fails", "Search empty"]
