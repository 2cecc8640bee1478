"""The example vault is whole: its links lead somewhere, its moments agree, and nothing in it is newer than the demo's now."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

VAULT = Path(__file__).parents[1] / "example-vault"
NOW = "2026-11-20T15:00:00"
OPEN = {"triage", "investigating", "identified", "monitoring"}
ENTERS = {
    "investigating": "acknowledged",
    "identified": "identified",
    "monitoring": "mitigated",
    "resolved": "resolved",
    "closed": "closed",
}
BEFORE = (
    ("started", "detected"),
    ("detected", "declared"),
    ("declared", "acknowledged"),
    ("acknowledged", "identified"),
    ("acknowledged", "contained"),
    ("acknowledged", "mitigated"),
    ("mitigated", "resolved"),
    ("identified", "resolved"),
    ("first_resolved", "resolved"),
    ("mitigated", "verified"),
    ("verified", "resolved"),
    ("resolved", "closed"),
)
MINUTES = {
    "time_to_detect_minutes": ("started", "detected"),
    "time_to_acknowledge_minutes": ("declared", "acknowledged"),
    "time_to_mitigate_minutes": ("started", "mitigated"),
    "time_to_resolve_minutes": ("started", "resolved"),
}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}"
LOGGED = re.compile(rf"- {MOMENT} \*\*[a-z]+\*\*(?: @[a-z]+)?: \S.*")
TYPED = re.compile(r"- \d{2}:\d{2} \S.*")
MOVE = re.compile(rf"- ({MOMENT}) \*\*status\*\* @[a-z]+: ([a-z]+) → ([a-z]+)")
DAY = r"\d{4}-\d{2}-\d{2}"
TASK = re.compile(
    r"- \[(?P<box>[ x-])\] .+? \[owner:: [a-z]+\](?: \[kind:: (?:prevention|system|process|training|documentation|tool)\])?"
    r" #incident/(?P<list>action|follow-up) 🆔 (?P<id>\S+)-[af]\d+"
    rf" ➕ {DAY}(?: 📅 (?P<due>{DAY}))?(?: (?P<end>[✅❌]) {DAY})?",
)
#: Promises lie ahead; everything else in the vault has happened.
PROMISE = re.compile(rf"next by {MOMENT}|^next_update: {MOMENT}|^due: {DAY}|📅 {DAY}", re.MULTILINE)


class Note(NamedTuple):
    """A note of the vault, its properties all as text."""

    path: Path
    properties: dict[str, str | list[str]]
    body: str

    def text(self, key: str) -> str:
        value = self.properties.get(key, "")
        assert isinstance(value, str), f"{self.path.name}: {key}"
        return value

    def section(self, heading: str) -> list[str]:
        _, _, rest = self.body.partition(f"\n## {heading}\n")
        return [line for line in rest.partition("\n## ")[0].splitlines() if line]


def read(path: Path) -> Note:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return Note(path, {}, text)
    head, _, body = text[4:].partition("\n---\n")
    # Everything as text: what a value means is the schema's business, that it parses is this test's.
    return Note(path, yaml.load(head, Loader=yaml.CBaseLoader), body)


NOTES = [read(path) for path in sorted(VAULT.rglob("*.md"))]
INCIDENTS = [note for note in NOTES if note.properties.get("type") == "incident"]
COMPANIONS = [note for note in NOTES if note.text("type").startswith("incident-")]
each_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note.path.stem)
each_incident = pytest.mark.parametrize("note", INCIDENTS, ids=lambda note: note.path.stem)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_names_are_unique_and_plain() -> None:
    names = [note.path.stem for note in NOTES]
    assert len({name.lower() for name in names}) == len(names)
    assert all(path.name.isascii() for path in VAULT.rglob("*"))


def test_nothing_needs_a_plugin_or_a_hidden_folder() -> None:
    assert not list(VAULT.rglob(".*"))
    for note in NOTES:
        assert not re.search(r"<%|\$=|```dataview|\{\{", note.body), note.path.name


@each_note
def test_links_lead_to_notes_and_headings(note: Note) -> None:
    by_name = {other.path.stem: other for other in NOTES}
    text = re.sub(r"```.*?```", "", note.path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target, heading in re.findall(r"\[\[([^\]|#]+)(?:#([^\]|]+))?(?:\|[^\]]+)?\]\]", text):
        assert target in by_name, f"{note.path.name}: {target}"
        assert not heading or re.search(rf"^#+ {re.escape(heading)}$", by_name[target].body, re.MULTILINE), heading


@each_note
def test_properties_are_filled(note: Note) -> None:
    assert all(value and all(value) for value in note.properties.values())
    if note.path.stem != "Home":
        assert note.text("created") <= (note.text("updated") or NOW)


@each_note
def test_nothing_is_newer_than_the_demo(note: Note) -> None:
    told = PROMISE.sub("", note.path.read_text(encoding="utf-8"))
    assert max(re.findall(MOMENT, told), default="") <= NOW
    assert max(re.findall(DAY, told), default="") <= NOW[:10]


@each_incident
def test_the_file_is_named_by_id_and_dated_by_its_declaration(note: Note) -> None:
    assert note.path.stem == note.text("id")
    assert note.path.parent.name == note.text("declared")[:4]
    assert note.text("id")[4:12] == note.text("declared")[:10].replace("-", "")
    assert note.text("created") == note.text("declared")[:10]
    assert note.properties["aliases"] == [note.text("title")]
    assert note.body.startswith(f"# {note.text('title')}\n")


@each_incident
def test_tags_follow_the_properties(note: Note) -> None:
    severity = note.text("severity").removeprefix("SEV")
    assert note.properties["tags"] == ["incident", f"incident/{note.text('category')}", f"sev/{severity}"]


@each_incident
def test_the_uid_was_made_when_it_was_declared(note: Note) -> None:
    uid = note.text("uid")
    assert re.fullmatch(rf"[{CROCKFORD}]{{26}}", uid)
    milliseconds = sum(CROCKFORD.index(char) << 5 * (9 - place) for place, char in enumerate(uid[:10]))
    assert milliseconds // 1000 == int(at(note.text("declared")).timestamp())


@each_incident
def test_moments_come_in_order(note: Note) -> None:
    for first, second in BEFORE:
        start, end = note.text(first), note.text(second)
        if start and end:
            assert start <= end, f"{second} before {first}"


@each_incident
def test_derived_minutes_are_those_of_the_moments(note: Note) -> None:
    over = note.text("status") in {"resolved", "closed"}
    for key, (first, second) in MINUTES.items():
        start, end = note.text(first), note.text(second)
        minutes = str(round((at(end) - at(start)).total_seconds() / 60)) if over and start and end else ""
        assert note.text(key) == minutes, key


@each_incident
def test_the_timeline_is_in_order_and_in_shape(note: Note) -> None:
    lines = note.section("Timeline")
    assert 4 <= len(lines) <= 15
    assert all(LOGGED.fullmatch(line) or TYPED.fullmatch(line) for line in lines)
    moments = [line[2:21] for line in lines if LOGGED.fullmatch(line)]
    assert moments == sorted(moments)


@each_incident
def test_status_lines_agree_with_the_properties(note: Note) -> None:
    moves = [found.groups() for line in note.section("Timeline") if (found := MOVE.match(line))]
    assert [before for _, before, _ in moves] == ["triage", *(after for _, _, after in moves[:-1])]
    assert moves[-1][2] == note.text("status")
    entered = {ENTERS[after]: moment for moment, _, after in moves if after in ENTERS}
    if note.text("first_resolved"):
        entered["acknowledged"] = moves[0][0]
        assert any("**reopen**" in line and note.text("first_resolved") in line for line in note.section("Timeline"))
    assert entered == {key: note.text(key) for key in ENTERS.values() if note.text(key)}


@each_incident
def test_tasks_can_be_read_by_the_tasks_plugin(note: Note) -> None:
    for heading, kind in (("Actions", "action"), ("Follow-ups", "follow-up")):
        for line in note.section(heading):
            task = TASK.fullmatch(line)
            assert task, line
            assert (task["id"], task["list"]) == (note.text("id"), kind)
            assert {" ": None, "x": "✅", "-": "❌"}[task["box"]] == task["end"], line
            assert kind == "action" or task["due"], line


def test_the_ten_weeks_hold_every_sort_of_incident() -> None:
    def values(key: str) -> set[str]:
        return {note.text(key) for note in INCIDENTS}

    weeks = {date.fromisoformat(note.text("created")).isocalendar()[:2] for note in INCIDENTS}
    assert weeks == {(2026, week) for week in range(38, 48)}
    assert values("category") == {"system", "security", "performance", "service"}
    assert values("severity") == {"SEV1", "SEV2", "SEV3", "SEV4"}
    assert values("nature") == {"", "drill"}
    assert {"declined", "merged", "resolved", "closed"} < values("status")
    assert [note.text("id") for note in INCIDENTS if note.text("status") in OPEN] == ["INC-20261120-01"]


def test_exactly_one_follow_up_is_overdue() -> None:
    tasks = [TASK.fullmatch(line) for note in INCIDENTS for line in note.section("Follow-ups")]
    late = [task["id"] for task in tasks if task and task["box"] == " " and task["due"] < NOW[:10]]
    assert late == ["INC-20260923-01"]


def test_companions_belong_to_their_incident() -> None:
    ids = {note.text("id") for note in INCIDENTS}
    assert COMPANIONS
    for note in COMPANIONS:
        owner = note.text("incident").strip("[]")
        assert owner in ids
        assert note.path.stem.startswith(owner + " ")
    merged = [note for note in INCIDENTS if note.text("status") == "merged"]
    assert all(note.text("duplicate_of").strip("[]") in ids for note in merged)
    assert len(merged) == 2
