"""From resolved to closed at a terminal: few words of each person who must act, and nobody acts in another's name."""

from __future__ import annotations

import re
import shlex
from unittest.mock import patch

import pytest

from okb_incident.cli.run import RunOptions

ID = "INC-20261123-01"
NOW = {"INCIDENT_NOW": "2026-11-23T02:00:00Z"}
#: An editor whose user answers each question of a review.
EDITOR = (
    "sed -i -E -e '/^%% computed %%$/! s/^%% .* %%$/It is known./' -e 's/^-[ ]*$/- a factor/' "
    r"-e 's/^([0-9])\. Why\?$/\1. Why? Because./'"
)


class Person:
    """Somebody at a terminal, who answers by a part of the question; an answer of several words is free text."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.words = 0

    def line(self, prompt, allowed=()):
        self.asked.append(prompt)
        answer = next((answer for part, answer in self.answers.items() if part in prompt.lower()), None)
        if answer:
            assert not allowed or answer in allowed
            self.words += " " not in answer
        return answer

    def agree(self, question):
        self.asked.append(question)
        self.words += 1
        return self.answers.get("agree", True)


@pytest.fixture
def kb(run, tmp_path):
    """An empty vault."""
    assert run("init", str(tmp_path / "kb"), vault=None).returncode == 0
    return tmp_path / "kb"


@pytest.fixture
def typed(run, kb):
    """Type a command line at a terminal, as somebody who answers; the words that are no free text are counted."""

    def type_it(line, person=None, who="mara"):
        program, *words = shlex.split(line)
        assert program == "incident"
        person = person or Person({})
        person.words += 1 + sum(" " not in word for word in words)
        with (
            patch.object(RunOptions, "may_ask", new=True),
            patch("okb_incident.cli.verb.person", lambda: person),
            patch("okb_incident.cli.missing.person", lambda: person),
        ):
            return run(*words, vault=kb, env={**NOW, "INCIDENT_USER": who, "EDITOR": EDITOR})

    return type_it


@pytest.fixture
def over(run, kb):
    """Open an incident and resolve it, by mara."""

    def do(*opened):
        for words in (("open", "Cards fail", "--ack", *opened), ("resolve", ID)):
            done = run(*words, vault=kb, env={**NOW, "INCIDENT_USER": "mara"})
            assert done.returncode == 0, done.stderr

    return do


def status(kb):
    (found,) = re.findall("^status: (.*)$", (kb / f"incidents/2026/{ID}.md").read_text("utf-8"), re.MULTILINE)
    return found


def test_a_sev3_is_closed_with_three_words(typed, over, kb):
    over("-s", "sev3", "--category", "system")
    mara = Person({})
    done = typed("incident close", mara)
    assert done.returncode == 0, done.stderr
    assert status(kb) == "closed"
    assert mara.words == 3
    (asked,) = mara.asked
    assert asked.startswith("3 steps of the checklist are not done: a1 Write down what fails")


def test_a_sev1_is_closed_with_nine_words_of_its_commander_and_three_of_somebody_else(typed, over, kb):
    over("-s", "sev1")
    mara, gita = Person(SEV1), Person({})
    refused = typed("incident close", mara)
    assert refused.returncode == 7
    assert "its review waits for approval (for anyone but mara)\n" in refused.stderr
    assert f" review approve -i {ID}\n" in refused.stderr
    assert typed("incident review approve", gita, who="gita").returncode == 0
    done = typed("incident close", mara)
    assert done.returncode == 0, done.stderr
    assert status(kb) == "closed"
    assert (mara.words, gita.words) == (9, 3)


SEV1 = {
    "what was checked": "errors below 0.1 %",
    "did it pass": "ok",
    "--summary": "Cards failed for an hour.",
    "cause": "change",
}


def test_what_is_not_answered_is_left_and_listed(typed, over, kb):
    over("-s", "sev1")
    mara = Person({"agree": False})
    done = typed("incident close", mara)
    assert done.returncode == 7
    assert len(mara.asked) == 4
    assert "4 requirements are missing; Enter to skip one\n" in done.stderr
    assert "cannot be closed yet; 4 things are missing\n" in done.stderr
    assert "is missing: " not in done.stderr
    assert status(kb) == "resolved"


def test_nobody_is_asked_for_what_somebody_else_has_to_do(run, typed, over, kb):
    over("-s", "sev2")
    for words in (("role", ID, "commander", "gita"), ("verify", "-i", ID, "recovery", "it works", "ok")):
        assert run(*words, vault=kb, env={**NOW, "INCIDENT_USER": "mara"}).returncode == 0
    mara = Person({})
    done = typed("incident close", mara)
    assert done.returncode == 7
    assert mara.asked == []
    assert "the commander has not confirmed that it works again (for gita)\n" in done.stderr
    assert f" verify -i {ID} v1 ok\n" in done.stderr
    assert "--as" not in done.stdout + done.stderr


def test_a_script_is_asked_nothing(run, over, kb):
    over("-s", "sev3", "--category", "system")
    done = run("close", ID, vault=kb, env=NOW)
    assert done.returncode == 7
    assert done.stderr.count("incident --vault") == 2
    assert run("action", "done", "-i", ID, "a1", "a2", "a3", vault=kb, env=NOW).returncode == 0
    assert run("close", ID, vault=kb, env=NOW).returncode == 0


def test_several_actions_are_done_with_one_command_and_words_are_said_of_one(run, over, kb):
    over("-s", "sev3", "--category", "system")
    note = kb / f"incidents/2026/{ID}.md"
    assert run("action", "done", "-i", ID, "a1", "a2", "of", "it", vault=kb, env=NOW).returncode == 0
    assert "**action** @alice: a1 done, a2 of it\n" in note.read_text("utf-8")
    unknown = run("action", "done", "-i", ID, "a2", "a9", vault=kb, env=NOW)
    assert unknown.returncode == 4
    assert f"action done -i {ID} a2 a3\n" in unknown.stderr
    assert "a2 done" not in note.read_text("utf-8")
    assert run("action", "done", "-i", ID, "a2", "a3", vault=kb, env=NOW).returncode == 0
    assert note.read_text("utf-8").count("- [x] ") == 3


def test_next_does_the_first_that_is_yours(run, typed, over, kb):
    over("-s", "sev1")
    mara = Person(SEV1)
    done = typed("incident next --do -i 01", mara)
    assert done.returncode == 0, done.stderr
    assert 'v1 recovery passed "errors below 0.1 %"' in done.stdout
    assert f"verify -i {ID} recovery\n" in done.stderr
    refused = typed("incident next --do -i 01", Person(SEV1), who="gita")
    assert refused.returncode == 7
    assert f"{ID}, for mara: " in refused.stderr
    assert "nothing that is due is yours" in refused.stderr
    script = run("next", "--do", ID, vault=kb, env={**NOW, "INCIDENT_USER": "mara"})
    assert script.returncode == 2
    assert "Option '--summary' requires an argument" in script.stderr
    assert run("severity", ID, "sev3", "few are hit", vault=kb, env=NOW).returncode == 0
    closed = run("next", "--do", ID, "--json", vault=kb, env={**NOW, "INCIDENT_USER": "mara"})
    assert closed.returncode == 0, closed.stderr
    assert '"status": "closed"' in closed.stdout
    nothing = run("next", "--do", ID, vault=kb, env=NOW)
    assert nothing.returncode == 0
    assert "nothing is due" in nothing.stderr


def test_a_review_of_before_it_was_reopened_begins_anew(run, typed, over, kb):
    over("-s", "sev1")
    typed("incident close", Person(SEV1))
    assert typed("incident review approve", who="gita").returncode == 0
    assert typed("incident review close").returncode == 0
    assert typed("incident reopen 01 it is back").returncode == 0
    assert run("resolve", "-i", ID, vault=kb, env=NOW).returncode == 0
    again = {"what was checked": "errors below 0.1 %", "did it pass": "ok"}
    refused = typed("incident close", Person(again))
    assert "its review waits for its reviewer (for gita)" in refused.stderr, refused.stderr
    review = (kb / f"incidents/2026/{ID} review.md").read_text("utf-8")
    assert "state: in-review\n" in review
    assert "completed:" not in review
    assert typed("incident review approve", who="gita").returncode == 0
    assert typed("incident close", Person({})).returncode == 0


def test_a_review_that_was_approved_in_its_note_is_approved(run, typed, over, kb):
    over("-s", "sev1")
    typed("incident close", Person(SEV1))
    note = kb / f"incidents/2026/{ID} review.md"
    note.write_text(note.read_text("utf-8").replace("state: in-review", "state: reviewed"), "utf-8")
    assert run("next", ID, vault=kb, env={**NOW, "INCIDENT_USER": "mara"}).stdout.endswith(f"close -i {ID}\n")
    assert run("close", ID, vault=kb, env=NOW).returncode == 0
