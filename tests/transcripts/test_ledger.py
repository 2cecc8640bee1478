"""Claims of proof that show something else, each as somebody might make it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.transcripts import ledger
from tests.transcripts.runner import Story, play
from tests.transcripts.transcript import load_transcript, read_transcript

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def faults(tmp_path: Path, incident: Path) -> Callable[[str], str]:
    """Play a story and return what is wrong with it."""

    def of(text: str) -> str:
        path = tmp_path / "story.md"
        path.write_text(text, encoding="utf-8")
        return play(path, incident, inside=True)

    return of


def proof(item: int, expression: str) -> str:
    return f'<!-- proves: [{item}] "{expression}" -->\n'


def block(*lines: str) -> str:
    return "\n".join(["```console", *lines, "```", ""])


DIGITS = block("$ seq 3 5", "3", "4", "5")


def test_what_only_this_block_prints_is_a_proof(faults):
    assert faults(block("$ echo one", "one") + proof(7, "^3\\n4$") + DIGITS) == ""


def test_what_was_typed_is_no_proof(faults):
    said = faults(proof(7, "rolled back") + block("$ echo rolled back", "rolled back"))
    assert 'item 7 is not proven: "rolled back" is found in what was typed in line 3' in said


def test_what_was_typed_earlier_is_no_proof(faults):
    typed = block("$ printf 'rolled back' > it")
    assert "is found in what was typed in line 2" in faults(
        typed + proof(7, "rolled back") + block("$ cat it; echo", "rolled back")
    )


def test_what_is_typed_later_does_not_matter(faults):
    later = block("$ cat > it <<E", "> 3", "> 4", "> E")
    assert faults(proof(7, "^3\\n4$") + DIGITS + later) == ""
    assert "is found in what was typed in line 2" in faults(later + proof(7, "^3\\n4$") + DIGITS)


@pytest.mark.parametrize("other_first", [True, False])
def test_what_another_block_prints_too_is_no_proof(faults, other_first):
    other, claim = block("$ expr 1 + 3", "4"), proof(7, "^4$") + DIGITS
    said = faults(other + claim if other_first else claim + other)
    assert "is found in the block of line" in said
    assert said.count("not proven") == 1


def test_the_same_words_do_not_prove_two_items(faults):
    said = faults(proof(7, "^3$") + proof(8, "^[3]$") + DIGITS)
    assert 'item 8 is not proven: "^[3]$" finds the words that prove item 7 already' in said


def claims(text: str) -> list[ledger.Claim]:
    return ledger.claims_of(read_transcript(text, "story.md"))


def test_the_same_expression_does_not_stand_for_two_items():
    assert ledger.faults_by_others(claims(proof(7, "x") + DIGITS + proof(7, "x") + DIGITS)) == []
    (fault,) = ledger.faults_by_others(claims(proof(7, "x") + DIGITS + proof(8, "x") + DIGITS))
    assert 'item 8 is not proven: "x" is the proof of item 7 (story.md:1) already' in fault


@pytest.mark.parametrize(
    ("template", "expression"),
    [
        ("## Conditions\n{{ conditions }}\n## Needs\n", "(?s)## Conditions.*## Needs"),
        ("It lasted {{ duration }} in all.\n", "It lasted  in all"),
        ("{% if it %}What follows{% endif %}\n", "^What follows$"),
        ("# <% tp.file.title %>: a review\n", "# : a review"),
        ("It lasted {{ duration }} in all.\n", "lasted .* in all"),
        ("Since {{ started }}.\n", "{ started }"),
    ],
)
def test_what_a_template_says_of_every_incident_is_no_proof(tmp_path, template, expression):
    (tmp_path / "update.md").write_text(template, encoding="utf-8")
    (fault,) = ledger.faults_by_templates(claims(proof(76, expression) + DIGITS), tmp_path)
    assert "is found in templates/update.md, which says so of every incident" in fault
    assert ledger.faults_by_templates(claims(proof(76, "It lasted 4m in all") + DIGITS), tmp_path) == []


def test_the_templates_that_are_looked_at_are_those_that_are_shipped():
    (fault,) = ledger.faults_by_templates(claims(proof(68, "## The story as it looked from inside") + DIGITS))
    assert "templates/review.md" in fault


@pytest.mark.parametrize(
    ("command", "expression", "refused"),
    [
        ("incident check", "nothing is wrong", True),
        ("incident list | wc -l", "^0$", True),
        ("incident report", "^Not counted|How it was counted", True),
        # It changes the vault, so its answer is not that of an empty one; nor is that of what comes after it.
        ("incident open Cards fail", "INC-20261123-01 undetermined opened", False),
        ("incident config show", "no such words", False),
    ],
)
def test_what_an_empty_vault_answers_is_no_proof(tmp_path, incident, command, expression, refused):
    path = tmp_path / "story.md"
    story = block("$ export INCIDENT_NOW=2026-11-23T02:00:00Z") + proof(7, expression) + block(f"$ {command}")
    path.write_text(story, encoding="utf-8")
    found = ledger.faults_in_empty_vault(load_transcript(path), partial(Story, incident, inside=True))
    assert bool(found) is refused, found


def test_after_a_command_that_changes_it_the_vault_is_empty_again(tmp_path, incident):
    path = tmp_path / "story.md"
    commands = block("$ incident open Cards fail", "$ incident list", "$ touch other.md", "$ ls")
    for expression, refused in (("INC-", False), ("no open incident", True), ("other", False)):
        path.write_text(proof(7, expression) + commands, encoding="utf-8")
        found = ledger.faults_in_empty_vault(load_transcript(path), partial(Story, incident, inside=True))
        assert bool(found) is refused, found
