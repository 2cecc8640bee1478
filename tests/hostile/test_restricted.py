"""Restricted incidents: a word that stands in them only must turn up nowhere unless somebody asks."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.hostile import corpus, hold

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = "Zebrafish"
PLAIN = "INC-20261120-01"
SECRET = tuple(f"INC-20261123-{number:02d}" for number in range(2, 16))
BODY = f"\n## Summary\n{WORD}\n\n## Timeline\n- 2026-11-23T01:00:00 **note** @bob: {WORD}\n- 99:99 {WORD}\n"


def make(root: Path, *, with_secrets: bool = True) -> Path:
    """Make a vault with one plain incident, and restricted ones in every way in which they can be that."""
    for folder in ("incidents/2026", "incidents/restricted/2026", "services", "people"):
        (root / folder).mkdir(parents=True)
    (root / "incident.toml").write_text('zone = "UTC"\n')
    # A duplicate would follow its root; tests/cli/test_hand_edits.py has that.
    plain = corpus.block(PLAIN, title="Plain sailing", declared="2026-11-20T01:00:00", related=f'"[[{SECRET[0]}]]"')
    (root / f"incidents/2026/{PLAIN}.md").write_text(corpus.note(plain))
    if not with_secrets:
        return root
    here, there = "incidents/2026", "incidents/restricted"
    ways: list[tuple[str, str]] = [
        (here, "visibility: restricted\n"),
        (here, "visibility: [internal, Restricted]\n"),
        (here, 'visibility: "\\x72estricted"\n'),
        (here, "visibility: restricted\nbroken: [\n"),
        (here, "visibility: public\nvisibility: restricted\n"),
        (there, ""),
        (f"{there}/2026", "visibility: restricted\n"),
        (there, "broken: [\n"),
        (there, "status: nonsense\nseverity: nonsense\n"),
        # A person moved or renamed it, or it is of a drill.
        ("archive/{id}.md", "visibility: restricted\n"),
        ("archive/old/Codes of the {word}.md", "visibility: restricted\n"),
        (f"{there}/2026/now/{{id}} {{word}}.md", ""),
        (f"{there}/2026/Drill of the {{word}}.md", "nature: drill\n"),
        (here, "visibility: restricted\nnature: drill\n"),
    ]
    for incident_id, (place, more) in zip(SECRET, ways, strict=True):
        given: dict[str, Any] = {"title": WORD, "services": f"[{WORD}]", "cause": WORD, "commander": "bob"}
        if "nonsense" in more:
            given |= {"status": None, "severity": None}
        path = root / (place if place.endswith(".md") else f"{place}/{{id}}.md").format(id=incident_id, word=WORD)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(corpus.note(corpus.block(incident_id, **given) + more, BODY))
    # What lies beside a restricted incident tells of it too.
    task = f"- [ ] {WORD} [kind:: tool] #incident/follow-up 🆔 {SECRET[6]}-f1"
    for which in (f"{here}/{SECRET[1]}", f"{there}/2026/{SECRET[6]}"):
        (root / f"{which} review.md").write_text(
            f"---\ntype: incident-review\nowner: {WORD}\n---\n## Lessons\n- {WORD}\n"
        )
        (root / f"{which} update 1 users follow-up.md").write_text(
            f"---\ntype: incident-communication\nstate: sent\ndigest: x\n---\n{WORD}\n"
        )
        with (root / f"{which}.md").open("a") as note:
            note.write(f"\n## Follow-ups\n{task}\n")
    (root / here / f"{SECRET[0]} review.md").write_text(f"---\ntype: incident-review\nbroken: [{WORD}\n---\n")
    (root / here / f"{SECRET[0]} (conflicted copy 2026-11-23).md").write_text(f"---\ntype: incident\n---\n{WORD}\n")
    copied = (root / there / "2026" / f"{SECRET[6]}.md").read_text().replace("visibility: restricted\n", "")
    (root / here / f"{SECRET[6]}.md").write_text(copied)
    # As a file manager copies, and a merge tool keeps what was there before.
    shutil.copy(root / here / f"{SECRET[0]}.md", root / f"archive/{SECRET[0]} copy.md")
    shutil.copy(root / here / f"{SECRET[1]}.md", root / here / f"{SECRET[1]} 1.md")
    shutil.copy(root / here / f"{SECRET[1]}.md", root / here / f"{SECRET[1]}.md.orig")
    (root / f"archive/{SECRET[7]}.md").write_text((root / there / f"{SECRET[7]}.md").read_text())
    os.mkfifo(root / there / f"{WORD}.md")
    (root / there / f"{WORD} link.md").symlink_to("nowhere.md")
    (root / there / "review.md").write_text(f"---\ntype: incident-review\nbroken: [{WORD}\n---\n")
    return root


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "kb")


READS = [
    "list",
    "list --all",
    "list --all --json",
    "list --all --where visibility=restricted",
    f"list --all --where title~{WORD}",
    "list --all --columns id,title,visibility,path --sort title",
    "status",
    "status --json",
    "status --check",
    "status --check --json",
    "next --all --check",
    "report",
    "report --json",
    "report --format markdown",
    "report --strict",
    "check",
    "check --all",
    "check --json",
    "templates",
    f"search {WORD}",
    f"search --json {WORD}",
    f"similar {WORD}",
    "similar --json last",
    "history last",
    "show last --markdown",
    "status --live",
    "status --live --json",
    "next",
    "next --json",
    "who",
    "who --json",
    "indicators",
    "indicators --json",
    "list --all --where nature=drill",
    "list --all --where nature=drill --json",
    "report --from 2026-11-01 --to 2026-12-01",
    "check --fix --move --dry-run",
    "doctor",
    "doctor --json",
    "follow-up list --all",
    "follow-up list --all --json",
    "review list --all",
    "review list --all --json",
    "lessons",
    "lessons --json",
    "comms due",
    "comms outbox",
    "comms list",
    "templates check",
    "undo --dry-run",
    "show",
    "show last",
    "timeline last",
    "show sailing",
    "show 01",
    "show 1120-01",
]
ASKS = [
    "show 02",
    "show 1123-02",
    f"show {WORD.lower()[:5]}",
    "show INC-20261123-2",
    "show INC-20261123-99",
    "timeline 1123-07",
    "comms list 02",
    "comms show 1123-02 u1",
    "review check 02",
    "follow-up list 1123-02",
]
WRITES = [
    "ack",
    "log a line",
    "set cause=change",
    "mitigate last --dry-run",
    "assess last -s2",
    "comms draft last team",
    "comms send last u1 --at -1m",
    "resolve",
    "review new last",
    "close",
    "report --save",
]


def holding(root: Path) -> set[Path]:
    """Return the files that hold the word, but for what the journal keeps for the owner alone."""
    files = {path for path in root.rglob("*") if path.is_file() and not path.is_symlink()}
    return {path for path in files if WORD.encode() in path.read_bytes()}


def without_place(text: str, root: Path) -> str:
    return text.replace(str(root), "KB")


def test_answers_are_those_of_a_vault_without_them(vault: Path, tmp_path: Path, batch: Callable[..., Any]) -> None:
    other = make(tmp_path / "other", with_secrets=False)
    typed = [words.split() for words in (*READS, *ASKS, *WRITES)]
    before = holding(vault)
    for ran, bare in zip(batch(vault, typed), batch(other, typed), strict=True):
        ran.check({*hold.DOCUMENTED, 9})
        said = without_place(ran.out + ran.err, vault)
        assert said == without_place(bare.out + bare.err, other), ran.words
        assert ran.code == bare.code
        assert WORD not in said.replace(" ".join(ran.words[1:]), "") or "where" in said or WORD in " ".join(ran.words)
        assert not [incident_id for incident_id in SECRET[1:] if incident_id in said and incident_id not in ran.words]
    assert holding(vault) <= before
    # An index in the person's own cache may know them, if nobody else can read it.
    for path in Path(os.environ["HOME"]).rglob("*"):
        assert not path.is_file() or path.stat().st_mode & 0o077 == 0 or WORD.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "typed", ["list --all", "status", "report", "show last", "timeline last", f"show {WORD}", "check"]
)
def test_they_are_there_for_who_asks(vault: Path, command: Callable[..., Any], typed: str) -> None:
    ran = command(vault, *typed.split(), "--restricted").check()
    assert WORD in ran.out + ran.err or SECRET[-1] in ran.out + ran.err
    if typed == "list --all":
        assert all(incident_id in ran.out for incident_id in (*SECRET, PLAIN))


def test_check_finds_what_only_half_restricts(vault: Path, command: Callable[..., Any]) -> None:
    ran = command(vault, "check", "--restricted").check({5})
    lines = [line for line in ran.out.splitlines() if "restricted-m" in line]
    assert (
        f"incidents/2026/{SECRET[0]}.md:12: restricted-mismatch: it has visibility: restricted and is not in" in ran.out
    )
    assert (
        f"incidents/restricted/{SECRET[5]}.md: restricted-mismatch: it is in incidents/restricted without visibility"
        in ran.out
    )
    assert f"incidents/restricted/{SECRET[5]}.md: restricted-mode: its mode is 0644, so others may read it" in ran.out
    assert not [line for line in lines if PLAIN in line]


@pytest.mark.parametrize("incident_id", SECRET)
def test_who_names_the_whole_id_asks_for_it_and_what_is_written_is_for_nobody_else(
    vault: Path, command: Callable[..., Any], incident_id: str
) -> None:
    shutil.rmtree(vault / "incidents/2026/x", ignore_errors=True)
    assert incident_id in command(vault, "show", incident_id).check({0}).out
    paths = [path for path in vault.rglob("*.md") if path.is_file()]
    before = {path: path.read_bytes() for path in paths}
    assert incident_id in command(vault, "log", "-i", incident_id, "a line").check({0}).out
    (written,) = [path for path in paths if path.read_bytes() != before[path]]
    if incident_id != SECRET[6]:
        assert written.stat().st_mode & 0o777 == 0o600


def test_a_saved_report_has_no_place_for_them(vault: Path, command: Callable[..., Any]) -> None:
    ran = command(vault, "report", "--save", "--restricted").check({2})
    assert re.search("a saved report is read by everyone", ran.err)
    assert not (vault / "incidents/reports").exists()
