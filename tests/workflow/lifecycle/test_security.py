"""A security incident: what makes one, who may read it from then on, and that no other file ever holds a word of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from okb_incident.workflow.lifecycle.open_incident import open_incident
from okb_incident.workflow.lifecycle.opening import Opening
from okb_incident.workflow.lifecycle.set_properties import set_properties

SECOND = "incidents/restricted/2026/INC-20261123-02.md"
FIRST = "incidents/restricted/2026/INC-20261123-01.md"
OBEYED = "\n[categories.security]\nrestricted = false\n"


class Person:
    """Somebody who answers each question with the next of some answers."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def line(self, prompt, allowed=()):
        self.asked.append(prompt)
        answer = self.answers.pop(0)
        assert answer is None or not allowed or answer in allowed
        return answer


def settings(desk, text):
    path = desk.root / "incident.toml"
    path.write_text(path.read_text() + text)


def holding(root: Path, words: bytes) -> dict[str, int]:
    """Return the mode of every file that holds some words, by its path."""
    found = {}
    for path in root.rglob("*"):
        try:
            if path.is_file() and words in path.read_bytes():
                found[str(path.relative_to(root))] = path.stat().st_mode & 0o777
        except FileNotFoundError:
            continue
    return found


@pytest.fixture
def watched(desk, monkeypatch):
    """Look, after each step to the disk, for files that others can read, or that are outside the restricted folder and the journal."""
    seen = []

    def watch(name, words):
        ordinary = getattr(os, name)

        def watching(*args, **options):
            result = ordinary(*args, **options)
            for path, mode in holding(desk.root, words).items():
                if mode & 0o077 or not path.startswith(("incidents/restricted/", ".incident/")):
                    seen.append((name, path, oct(mode)))
            counted.append(name)
            return result

        monkeypatch.setattr(os, name, watching)

    counted: list[str] = []

    def begin(words):
        for name in ("write", "fsync", "link", "rename", "replace", "unlink"):
            watch(name, words)
        return seen, counted

    return begin


@pytest.mark.parametrize(
    "words",
    [
        ("--source", "security"),
        ("--category", "security"),
        ("--source", "security", "--category", "performance"),
        ("--set", "detected_by=Security"),
        ("--source", "security", "--ack", "--detected", "-5m", "--service", "checkout"),
    ],
    ids=" ".join,
)
def test_from_its_first_byte_no_one_else_reads_a_security_incident(desk, watched, words):
    seen, counted = watched(b"Keys leaked")
    desk("open", "Keys leaked", *words)
    assert not seen
    assert {"write", "fsync", "link"} <= set(counted), "each step was watched"
    assert holding(desk.root, b"Keys leaked")[SECOND] == 0o600
    assert "Keys leaked" not in desk("list", "--all").out + desk("report").out + desk("board").out


def test_an_open_incident_is_watched_by_the_same_eyes(desk, watched):
    seen, _ = watched(b"Mail is slow")
    desk("open", "Mail is slow")
    assert seen, "the test sees what it is there to see"


def test_a_source_of_security_brings_the_category_and_the_answer_says_so(desk):
    answer = desk("open", "Keys leaked", "-s", "sev1", "--source", "security")
    assert answer.out.splitlines()[0] == "opened SEV1, category security, restricted · INC-20261123-02 Keys leaked"
    assert "tlp is missing" in answer.err
    text = (desk.root / SECOND).read_text()
    assert "category: security\ndetected_by: security\n" in text
    assert "## What was reached" in text, "its template"
    assert "  - incident/security\n" in text
    assert "tlp" in desk("next", "-i", "INC-20261123-02").out


def test_a_category_that_was_said_is_kept_and_the_note_is_restricted(desk):
    desk("open", "Slow logins", "--source", "security", "--category", "performance")
    text = (desk.root / SECOND).read_text()
    assert "category: performance" in text
    assert "## Numbers" in text


def test_a_house_that_wants_no_restriction_is_obeyed(desk):
    settings(desk, OBEYED)
    answer = desk("open", "Phishing", "--source", "security")
    assert answer.out.startswith("opened undetermined · ")
    assert "category: security" in (desk.root / "incidents/2026/INC-20261123-02.md").read_text()
    desk("set", "01", "detected_by=security")
    assert "category: security" in desk.note.read_text()
    assert "visibility" not in desk.note.read_text()
    desk("log", "-i", "01", "alert: security: a third one")
    assert desk.note.exists()


def test_a_house_without_the_category_has_the_restriction_all_the_same(desk):
    settings(desk, '\n[vocabulary]\ncategory = ["it", "ot"]\n')
    answer = desk("open", "Keys leaked", "--source", "security")
    assert answer.out.startswith("opened undetermined, restricted · ")
    assert "category" not in (desk.root / SECOND).read_text().split("tags")[0]
    settings(desk, OBEYED)
    assert "this incident also needs" in desk("open", "Keys leaked again", "--source", "security").err


def test_another_source_of_the_house_leads_there(desk):
    settings(desk, '\n[vocabulary]\ndetected_by = ["siem", "user"]\n\n[categories.security]\nsources = ["siem"]\n')
    desk("log", "-i", "01", "alert: siem: credentials dumped")
    assert "detected_by: siem" in (desk.root / FIRST).read_text()


def test_the_traffic_light_is_asked_for_at_a_terminal(desk):
    person = Person("amber")
    done = open_incident(desk.call("open", "Keys leaked", ask=person), Opening(detected_by="security"))
    assert person.asked == ["Who may know of the incident, by TLP? (Enter to skip) "]
    assert done.incident.properties["tlp"] == "TLP:AMBER"
    person = Person(None)
    done = open_incident(desk.call("open", "Again", ask=person), Opening(detected_by="security", category="system"))
    assert "tlp" not in done.incident.properties
    open_incident(desk.call("open", "Once more", ask=Person()), Opening(detected_by="user", category="system"))


# -- an incident that becomes one of security -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "01", "detected_by=security"), "detected_by – → security; category – → security; restricted · "),
        (("set", "01", "category=security"), "category – → security; restricted · "),
        (
            ("log", "-i", "01", "alert: security: credentials dumped"),
            'logged 12:00 alert "security: credentials dumped"; detected_by – → security; category – → security; restricted',
        ),
    ],
)
def test_it_moves_in_one_step_and_goes_back_in_one(desk, words, said):
    desk("assess", "01", "-s", "sev2")
    before = {path: data for path, data in desk.all().items() if not path.startswith(".incident/")}
    companion = next(path for path in before if "assessment" in path)
    answer = desk(*words)
    assert answer.out.startswith(said)
    assert len(answer.out.splitlines() + answer.err.splitlines()) == 3
    assert desk.entries()[-1] == words[0]
    assert not desk.note.exists()
    assert not (desk.root / companion).exists()
    assert (desk.root / FIRST).stat().st_mode & 0o777 == 0o600
    assert "visibility: restricted" in (desk.root / FIRST).read_text()
    assert "Checkout" not in desk("list", "--all").out
    kept = [path for folder in ("images", "displaced") for path in Path(desk.journal.place(folder)).iterdir()]
    assert {path.stat().st_mode & 0o077 for path in kept if b"Checkout is slow" in path.read_bytes()} == {0}
    desk("undo", "--yes")
    after = {path: data for path, data in desk.all().items() if not path.startswith(".incident/")}
    assert {path: data for path, data in after.items() if not path.endswith(".gitignore")} == before


def test_lines_from_a_pipe_do_it_too(desk, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("cpu is high\nalert: security firing, credentials dumped\n"))
    desk("log", "-")
    assert (desk.root / FIRST).exists()


@pytest.mark.parametrize(
    "words",
    [
        ("set", "01", "detected_by=monitoring"),
        ("set", "01", "category=performance"),
        ("log", "-i", "01", "alert: security scanner is slow"),
        ("log", "-i", "01", "alert: cpu: 99 %"),
        ("log", "-i", "01", "security: asked them to look"),
    ],
)
def test_nothing_else_moves_it(desk, words):
    desk(*words)
    assert "visibility" not in desk.note.read_text()


def test_whoever_released_it_is_not_overruled(desk):
    desk("set", "01", "detected_by=security", "tlp=red")
    desk("restrict", "--off", "INC-20261123-01")
    desk("set", "01", "detected_by=security")
    desk("set", "01", "scope=everyone")
    desk("log", "-i", "01", "alert: security: again")
    assert desk.note.exists()
    assert "restrict -i" not in desk("next", "-i", "01").out


def test_a_second_set_says_that_it_is_so_already(desk):
    desk("set", "01", "category=security")
    before = desk.all()
    assert "already category security" in desk("set", "INC-20261123-01", "category=security").out
    assert desk.all() == before


def test_the_way_back_is_a_decision_of_its_own(desk):
    desk("set", "01", "category=security")
    desk("set", "INC-20261123-01", "category=performance", "detected_by=user")
    assert (desk.root / FIRST).exists()


def test_a_moment_that_does_not_fit_is_refused_as_everywhere(desk):
    words = ("set", "01", "detected_by=security", "started=2020-01-01T00:00")
    assert "--confirm" in desk(*words, code=2).err
    assert desk.note.exists()
    desk(*words, "--confirm")
    assert "started: 2020-01-01T00:00:00\n" in (desk.root / FIRST).read_text()


def test_a_dry_run_shows_the_move_and_writes_nothing(desk):
    before = desk.all()
    answer = desk("set", "01", "detected_by=security", "--dry-run")
    assert f"incidents/2026/INC-20261123-01.md → {FIRST}\n" in answer.out
    assert "+visibility: restricted" in answer.out
    assert desk.all() == before


def test_a_terminal_asks_for_the_traffic_light_where_it_becomes_due(desk):
    person = Person("red")
    changed = set_properties(desk.call("set", "01", "detected_by=security", ask=person))
    assert person.asked == ["Who may know of the incident, by TLP? (Enter to skip) "]
    assert changed.incident.properties["tlp"] == "TLP:RED"
    desk("open", "Odd logins")
    person = Person(None)
    changed = set_properties(desk.call("set", "02", "category=security", ask=person))
    assert changed.incident.restricted
    assert "tlp" not in changed.incident.properties
    # It is due by then, and the question has been asked.
    set_properties(desk.call("set", "INC-20261123-02", "detected_by=user", ask=Person()))
    desk("open", "More odd logins")
    set_properties(desk.call("set", "03", "category=system", ask=Person()))
    set_properties(desk.call("set", "03", "category=security", "tlp=green", ask=Person()))


def test_programs_get_where_it_is_and_what_was_changed(desk):
    told = json.loads(desk("set", "01", "detected_by=security", "--json").out)
    assert FIRST in json.dumps(told)
    opened = json.loads(desk("open", "Keys leaked", "--source", "security", "--json").out)
    assert (opened["path"], opened["category"]) == (SECOND, "security")


# -- whom it concerns -------------------------------------------------------------------------------------------------


def test_the_security_team_is_named_and_asked_for_until_it_was_notified(desk):
    settings(desk, '\n[teams.secops]\nkind = "security"\ncontact = "pager 7"\n')
    answer = desk("open", "Keys leaked", "-s", "sev1", "--source", "security", "--set", "tlp=red")
    assert "root, backups and sync can still read it; notify secops: " in answer.err
    which = "INC-20261123-02"
    assert "notify the security team secops (pager 7)" in desk("next", "-i", which).out
    desk("team", "activate", "-i", which, "secops")
    assert "secops" not in desk("next", "-i", which).out
    assert "secops" not in desk("restrict", "01").err, "a restricted incident need not be one of security"


def test_an_editor_that_made_it_one_of_security_is_followed_by_a_command(desk):
    desk.type("severity: SEV3\n", "severity: SEV3\ncategory: security\n")
    assert "restrict -i INC-20261123-01, due 13:00" in desk("log", "hm").out.splitlines()[-1]
    desk("restrict", "01")
    assert "incident restrict" not in desk("next", "-i", "INC-20261123-01").out


@pytest.mark.parametrize("value", ["[security, user]", "{a: b}", "'[[security]]'", "🔒", "''"])
def test_nonsense_in_the_note_stops_no_verb(desk, value):
    desk.type("severity: SEV3\n", f"severity: SEV3\ncategory: {value}\ndetected_by: {value}\n")
    desk("log", "-i", "01", "alert: security: credentials dumped", code=None)
    where = desk.root / FIRST if (desk.root / FIRST).exists() else desk.note
    assert "credentials dumped" in where.read_text()
    desk("next", "-i", "INC-20261123-01")
