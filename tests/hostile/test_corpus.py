"""Every command against a vault full of hostile notes, links and devices beside three good incidents.

What must hold: a documented exit code and never a signal; no traceback; no control character; the bad files named where a
command scans, the good notes served all the same; and no byte or time of a file changed that was not aimed at.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.hostile import corpus, hold

from okb_incident.core.text.terminal_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


class Vault:
    """The corpus as it was made, and what it must still be."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.root: Path = made.root
        self.before: Mapping[str, Any] = hold.fingerprint(self.root)

    def is_untouched(self) -> bool:
        return bool(hold.fingerprint(self.root) == self.before)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    root = tmp_path_factory.mktemp("hostile") / "kb"
    root.mkdir()
    return Vault(corpus.build(root))


@pytest.fixture
def writable(tmp_path: Path) -> Any:
    root = tmp_path / "kb"
    root.mkdir()
    return corpus.build(root)


def test_the_corpus_is_large_enough(vault: Vault) -> None:
    assert vault.made.files >= 250
    assert len({label for _, label, _ in vault.made.aimed}) == len(vault.made.aimed)


SCANS = [
    "list",
    "list --all",
    "list --all --json",
    "list --all --columns id,title,services,commander,unknown_key,path,nothing",
    "list --all --where title~slowly --sort -users_affected",
    "list --all --where declared<2026-11-24 --sort declared",
    "list --all --where users_affected>1",
    "status",
    "status --json",
    "report",
    "report --json",
    "report --format markdown",
    "report --from 2026-01-01 --to 2027-01-01",
    "report --from 2026-01-01 --to 2027-01-01 --json",
]


@pytest.mark.parametrize("typed", SCANS)
def test_a_command_that_scans_serves_the_good_notes(vault: Vault, command: Callable[..., Any], typed: str) -> None:
    ran = command(vault.root, *typed.split()).check({0})
    wanted = corpus.GOOD if "--all" in typed and "--where" not in typed else (corpus.OPEN,)
    if "users_affected" not in typed:
        assert all(incident_id in ran.out for incident_id in wanted)
    assert "OUTSIDE" not in ran.out + ran.err
    assert "root:" not in ran.out + ran.err
    if "--json" in typed:
        assert json.loads(ran.out)
    if not typed.startswith("status"):
        assert all(safe_text(path).split("\n")[0] in ran.err for path in vault.made.named if "fifo" in path)
    assert len(ran.out) < 1_000_000
    assert vault.is_untouched()


HARMLESS = (
    *("anchors, many", "key is true", "key is empty", "key with payload", "wikilink without quotes", "exponent"),
    *("fence in a block", "byte order mark within", "escape in the type", "comment bomb", "timeline", "two timelines"),
    *("headings, many", "fences, many", "no body", "no line end", "body of nul", "ten megabytes", "dataviewjs", "crlf"),
    *("lf and crlf", "fence with blanks", "dots end it", "flow mapping", "body cut after"),
)
"""How the labels begin of notes that are odd and yet read as Obsidian reads them, so that there is nothing to name."""


@pytest.mark.parametrize("typed", ["check --all", "check --all --json", "check --all --restricted"])
def test_check_names_every_bad_file(vault: Vault, command: Callable[..., Any], typed: str) -> None:
    ran = command(vault.root, *typed.split()).check({5})
    found = {each["path"] for each in json.loads(ran.out)} if "--json" in typed else set(ran.out.splitlines())
    for path in vault.made.named:
        shown = " ".join(safe_text(path).split())
        assert any(shown in " ".join(each.split()) for each in found), path
    unnamed = {label for incident_id, label, _ in vault.made.aimed if f"{incident_id}.md" not in ran.out}
    assert not [label for label in unnamed if not label.startswith(HARMLESS) and " is " not in label]
    assert vault.is_untouched()


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("search shop", {0}),
        ("search shop --all --json", {0}),
        ("similar last", {0}),
        ("similar card payments in the shop --json", {0}),
        ("history INC-20261123-01", {0}),
        ("history INC-20261122-01 --json", {0}),
        ("follow-up list --all", {0}),
        ("follow-up list --all --json", {0}),
        ("review list --all", {0}),
        ("lessons", {0}),
        ("lessons --json", {0}),
        ("comms list INC-20261123-01", {0}),
        ("comms draft INC-20261123-01 team --dry-run", {0}),
        ("assess INC-20261123-01 -s1 --dry-run", {0}),
        ("review check INC-20261122-01", {0, 4, 5}),
        ("templates check incident", {0, 5}),
        ("doctor --only journal", {0}),
        ("doctor --only edits", {0}),
        ("undo --dry-run", {4}),
        ("undo 01M8AD7Y", {4}),
        ("doctor", {5}),
        ("doctor --json", {5}),
        ("show INC-20261123-01", {0}),
        ("show INC-20261123-01 --json", {0}),
        ("show 1122-01", {0}),
        ("show last", {0}),
        ("show arrives", {0}),
        ("timeline INC-20261122-01", {0}),
        ("show", {4}),
        ("timeline", {4}),
        ("show 01", {4}),
        ("show nothing-of-that-name", {4}),
        ("show ../../../etc/passwd", {4}),
        ("show INC-20260301-01", {5}),
        ("show INC-20260301-02", {5}),
        ("show INC-20260301-03", {5}),
        ("show INC-20260301-04", {5}),
        ("ack --dry-run", {4}),
        ("resolve --dry-run", {4}),
        ("log x --dry-run", {4}),
        ("ack INC-20261123-01 --dry-run", {0}),
        ("open x --dry-run", {0}),
        ("config show", {0}),
        ("config show --json", {0}),
        ("templates", {0}),
        ("templates --json", {0}),
        ("templates show incident", {0}),
        ("templates show fifo", {5}),
        ("templates show review", {5}),
        ("templates show ../../incident", {4}),
        ("templates show /etc/passwd", {4}),
        ("init .", {0}),
        ("edit INC-20261123-01", {2}),
    ],
)
def test_a_command_that_names_one_answers(
    vault: Vault, command: Callable[..., Any], typed: str, codes: set[int]
) -> None:
    ran = command(vault.root, *typed.split(), EDITOR="", VISUAL="").check(codes)
    assert "OUTSIDE" not in ran.out + ran.err
    assert "root:" not in ran.out + ran.err
    assert vault.is_untouched()


def test_each_bad_note_can_be_looked_at(vault: Vault, batch: Callable[..., Any]) -> None:
    for ran in batch(vault.root, [["show", incident_id] for incident_id, *_ in vault.made.aimed]):
        ran.check({0, 5})
        assert not ran.changed
    assert vault.is_untouched()


@pytest.mark.parametrize("part", range(3))
def test_what_is_written_to_a_bad_note_changes_that_note_only(
    writable: Any, batch: Callable[..., Any], part: int
) -> None:
    aimed = writable.aimed[part::3]
    for verb in ("log", "ack", "resolve"):
        texts = {each.id: (writable.root / each.path).read_bytes() for each in aimed}
        words = {"log": ["log", "a line", "-i"]}.get(verb, [verb])
        for each, ran in zip(aimed, batch(writable.root, [[*words, each.id] for each in aimed]), strict=True):
            ran.check({0, 5, 7})
            assert list(ran.changed) in ([], [each.path])
            if verb == "log":
                new = (writable.root / each.path).read_bytes()
                assert (ran.code == 0) == (b" @bob: a line" in new), each.label
                # What stood there stands there still, line by line and in its order.
                lines = iter(new.splitlines(keepends=True))
                stood = texts[each.id].splitlines(keepends=True)[:-1]
                if "id was " in ran.err:  # one that is no id became that of the file name, and what it was is told
                    stood = [line for line in stood if not line.startswith(b"id: ")]
                lost = [line for line in stood if line not in lines]
                assert not lost, each.label
    assert not list(writable.root.rglob("*.tmp-incident"))


WRITES = [
    ["ack", corpus.OPEN],
    ["identify", corpus.OPEN, "the pool was cut"],
    ["log", "-i", corpus.OPEN, "hypothesis: h1 pool"],
    ["severity", corpus.OPEN, "sev1", "all users"],
    ["set", corpus.OPEN, "users_affected=~1200", "services=checkout,<% tp.user.pwn() %>"],
    ["set", corpus.OPEN, "commander=mallory"],
    ["mitigate", corpus.OPEN],
    ["resolve", corpus.OPEN],
    ["close", corpus.OVER],
    ["reopen", corpus.CLOSED, "again"],
    ["decline", corpus.CLOSED, "false alarm"],
    ["ack", corpus.OPEN, "--as", "mallory"],
    ["open", "A new one", "-s", "sev2", "--service", "<% tp.user.pwn() %>", "--ack"],
    ["report", "--save"],
    ["redact", corpus.OPEN, "--text", "hypothesis"],
    ["doctor", "--only", "edits"],
    ["doctor", "--prune"],
    ["doctor", "--only", "journal"],
    ["history", corpus.OPEN],
]


def test_what_is_written_to_a_good_note_changes_that_note_only(writable: Any, batch: Callable[..., Any]) -> None:
    before = hold.fingerprint(writable.root)
    for ran in batch(writable.root, WRITES):
        ran.check({0})
        aimed = {f"incidents/2026/{word}.md" for word in ran.words if word in corpus.GOOD}
        if ran.words[0] == "open":
            aimed = {"incidents/2026/INC-20261123-02.md"}
        elif ran.words[0] == "report":
            aimed = {"incidents/reports/2026/Incident report 2026-W48.md"}
        # A hard link of a note shares its inode, and so its time of change, with it.
        assert set(ran.changed) - {"operations/hardlink.md"} <= aimed
        reads = ran.words[0] in {"doctor", "history"}
        assert ran.changed or reads or ran.words[-1] == "mallory" or ran.words == WRITES[0]
    after = hold.fingerprint(writable.root)
    touched = {path for path in before if before[path] != after.get(path)}
    folders = {"incidents", "incidents/2026", "incidents/reports"}
    aimed = {f"incidents/2026/{incident_id}.md" for incident_id in corpus.GOOD}
    assert {path.removeprefix(f"{writable.root}/") for path in touched} <= folders | aimed
    for path in (*aimed, "incidents/2026/INC-20261123-02.md"):
        assert "<%" not in (writable.root / path).read_text()


@pytest.fixture
def linked(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Give a vault and a folder outside of it, to be linked to."""
    root, outside = tmp_path / "kb", tmp_path / "outside"
    for folder in (root, outside):
        folder.mkdir()
    (root / "incident.toml").write_text("format = 1\n")
    (outside / f"{corpus.OPEN}.md").write_text(corpus.note(corpus.block(corpus.OPEN, title="OUTSIDE")))
    (outside / "incident.md").write_text("OUTSIDE {{title}}\n")
    (outside / "bob.md").write_text("---\ntype: person\n---\n")
    before = hold.fingerprint(outside)
    yield root, outside
    assert hold.fingerprint(outside) == before


@pytest.mark.parametrize(
    "folder", ["incidents", "incidents/2026", "incidents/reports", "incidents/restricted", "people"]
)
def test_a_folder_that_is_a_link_out_of_the_vault_is_neither_read_nor_written(
    linked: tuple[Path, Path], batch: Callable[..., Any], folder: str
) -> None:
    root, outside = linked
    (root / folder).parent.mkdir(exist_ok=True)
    (root / folder).symlink_to(outside)
    typed = ["list --all", "show last", "check", "ack", f"ack {corpus.OPEN}", "report --save", "open x --ack"]
    for ran in batch(root, [words.split() for words in typed]):
        ran.check()
        assert "OUTSIDE" not in ran.out + ran.err
    assert "[[bob]]" not in "".join(path.read_text() for path in root.glob("incidents/2026/*.md") if folder == "people")


@pytest.mark.parametrize("folder", [".incident", "templates", "templates/incident"])
def test_nor_is_one_of_our_own_folders(linked: tuple[Path, Path], command: Callable[..., Any], folder: str) -> None:
    root, outside = linked
    (root / folder).parent.mkdir(exist_ok=True)
    (root / folder).symlink_to(outside)
    ran = command(root, "open", "A title").check({3} if folder == ".incident" else {0})
    assert "link" in ran.err or "leads out of the vault" in ran.err or folder == "templates"
    assert "OUTSIDE" not in "".join(path.read_text() for path in root.glob("incidents/2026/*.md"))
    shutil.rmtree(root)
