"""The index against the notes themselves: whatever happened to the vault, both give the same answer."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okb_incident.core.metrics.documentation import DeclaredIncident
from okb_incident.core.settings.read_settings import read_settings
from okb_incident.vault.disk import stillness
from okb_incident.vault.index.answer import load
from okb_incident.vault.index.selection import Selection
from okb_incident.vault.vault import Vault

HEADS = [
    "",
    "# nothing but prose\n",
    "---\ntype: note\ntags: [a, b]\n---\n",
    "---\ntype: incident\n---\n",
    "---\ntype: incident\nid: {id}\ntitle: {title}\nstatus: {status}\nseverity: {severity}\n{more}---\n## Timeline\n{line}\n",
    "---\ntype: ' Incident '\nid: {id}\ntitle: {title}\nstatus: {status}\n{more}---\n",
    '---\ntype: "incident"\nid: {id}\ntitle: "a: {title}"\nstatus: {status} # c\nseverity: 2\n{more}---\n',
    "---\r\ntype: incident\r\nid: {id}\r\ntitle: {title}\r\nstatus: {status}\r\nseverity: {severity}\r\n---\r\n",
    "---\ntype: incident-review\nincident: '[[{id}]]'\nstate: draft\n{more}---\nwords\n",
    "---\ntype: incident-review\nincident: [\n---\n",
    "---\na: [\n---\n",
    "\ufeff---\ntype: note\n---\n",
    "<<<<<<< HEAD\n",
]
MORE = [
    "",
    "visibility: restricted\n",
    "duplicate_of: '[[INC-20260706-01]]'\n",
    "former_ids: [INC-20260706-02]\n",
    "nature: drill\n",
    "nature: rehearsal\n",
    "budget:\n  spent: 12.5\n  of: [1, true]\n",
]
MOMENTS = [
    "",
    "2026-06-01T10:00:00",
    "2026-07-06",
    "2026-07-08T10:00:00",
    "2026-07-09 03:04",
    "2026-07-20T10:00:00+02:00",
    "soon",
]
LINES = ["", "- 2026-07-08T10:05:00 **escalation** @bob: called the vendor", "- 10:07 team db notified"]
NAMES = [
    "INC-20260706-01",
    "INC-20260706-02",
    "a",
    "z 1",
    "INC-20260706-01 review",
    "é",
    "a (conflicted copy 2026-07-06)",
]
FOLDERS = ["", "incidents/2026", "incidents/restricted", "incidents/restricted/2026", "notes", "templates"]


@st.composite
def contents(draw):
    keys = {name: draw(st.sampled_from(MOMENTS)) for name in ("started", "declared", "acknowledged", "resolved")}
    text = draw(st.sampled_from(HEADS)).format(
        id=draw(st.sampled_from(["INC-20260706-01", "INC-20260706-02", "inc-20260708-01", "none"])),
        title=draw(st.sampled_from(["Checkout", "Zürich", "x"])),
        status=draw(st.sampled_from(["triage", "monitoring", "closed", "merged", "over"])),
        severity=draw(st.sampled_from(["SEV1", "sev-2", "undetermined", "bad"])),
        more="".join(f"{key}: {at}\n" for key, at in keys.items()) + draw(st.sampled_from(MORE)),
        line=draw(st.sampled_from(LINES)),
    )
    return text.encode() + (b"\xff" if draw(st.integers(0, 9)) == 0 else b"")


paths = st.builds(
    lambda folder, name: f"{folder}/{name}.md".lstrip("/"), st.sampled_from(FOLDERS), st.sampled_from(NAMES)
)
events = st.one_of(
    st.tuples(st.just("write"), paths, contents()),
    st.tuples(st.just("replace"), paths, contents()),
    st.tuples(st.just("rename"), paths, paths),
    st.tuples(st.just("delete"), paths, st.none()),
    st.tuples(st.just("touch"), paths, st.none()),
    st.tuples(st.just("rewrite"), paths, st.none()),
    st.tuples(st.just("link"), paths, paths),
    st.tuples(st.just("settings"), paths, st.sampled_from(["SEV", "S", "zone"])),
)
SETTINGS: dict[str, dict[str, Any]] = {
    "SEV": {},
    "S": {"severities": {"S1": "bad", "S2": "less"}},
    "zone": {"zone": "Europe/Zurich"},
}


def happen(folder: Path, event: tuple[str, str, Any]) -> None:
    """Do to the vault what people and programs do."""
    what, path, given = event
    note = folder / path
    note.parent.mkdir(parents=True, exist_ok=True)
    if what == "write":
        # Through a link that leads nowhere, or to itself, nobody can write.
        with suppress(OSError):
            note.write_bytes(given)
    elif what == "replace":
        (folder / "temp").write_bytes(given)
        (folder / "temp").replace(note)
    elif what == "link":
        if not os.path.lexists(note):
            note.symlink_to(folder / given)
    elif note.exists():
        if what == "rename":
            (folder / given).parent.mkdir(parents=True, exist_ok=True)
            note.rename(folder / given)
        elif what == "delete":
            note.unlink()
        elif what == "touch":
            note.touch()
        elif what == "rewrite":
            # The same length at the same moment, as far as the stamps that a program can set tell.
            before = note.stat()
            note.write_bytes(note.read_bytes().replace(b"triage", b"closed").replace(b"SEV1", b"SEV3"))
            os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture(autouse=True)
def _no_waiting_for_saves(monkeypatch, tmp_path):
    monkeypatch.setattr(stillness, "AT_MOST", 0.0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@given(st.lists(st.lists(events, min_size=1, max_size=6), min_size=1, max_size=5))
def test_the_index_says_what_the_notes_say(rounds):
    with TemporaryDirectory() as name:
        vault = Vault(name, read_settings({})[0])
        for round_ in rounds:
            for event in round_:
                if event[0] == "settings":
                    vault = Vault(name, read_settings(SETTINGS[event[2]])[0])
                else:
                    happen(Path(name), event)
            for asked in (False, True):
                indexed = load(vault, everything=asked, include_restricted=asked)
                read = vault.read_all(everything=asked, include_restricted=asked)
                # Which notes are ours is told where all of them are named.
                assert indexed == (read if asked else read._replace(foreign=frozenset()))


@given(st.lists(events, min_size=1, max_size=12), st.sampled_from(["2026-06-02", "2026-07-07", "2026-07-09"]))
def test_the_index_knows_who_was_declared_since_a_day(happened, day):
    since = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    with TemporaryDirectory() as name:
        vault = Vault(name, read_settings({})[0])
        for event in happened:
            if event[0] != "settings":
                happen(Path(name), event)
        for restricted in (False, True):
            nothing = Selection("0")
            declared = load(vault, nothing, include_restricted=restricted, declared_since=since).declared
            read = vault.read_all(include_restricted=restricted)
            known = {each.id: each for each in map(DeclaredIncident.of, read.incidents)}
            assert {each.id for each in declared} <= {*known}, "nothing tells of a restricted incident"
            for each in known.values():
                wanted = each.id.day >= since.date() if each.declared is None else each.declared >= since
                assert each in declared or not wanted
