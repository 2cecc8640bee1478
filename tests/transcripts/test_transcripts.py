from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.transcripts.ledger import claims_of, faults_by_others, faults_by_templates, faults_in_empty_vault
from tests.transcripts.runner import Story, StoryError, play
from tests.transcripts.transcript import TranscriptError, load_transcript

HERE = Path(__file__).parent
TRANSCRIPTS = sorted(path for path in HERE.rglob("*.md") if path.name != "README.md")
ITEMS = range(1, 146)

# The number of items in unproven.txt. Each proof lowers it. It rises only where a claim turns out to show something else; then the
# item goes back with the reason, which a reviewer reads.
UNPROVEN = 29


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_every_command_answers_as_told(
    path: Path, incident: Path, given_incident: str | None, pytestconfig: pytest.Config
) -> None:
    try:
        faults = play(
            path,
            incident,
            name=str(path.relative_to(pytestconfig.rootpath)),
            update=pytestconfig.getoption("--update-transcripts"),
            inside=given_incident is None,
        )
    except (TranscriptError, StoryError) as error:
        faults = str(error)
    if faults:
        pytest.fail(faults, pytrace=False)


def test_no_template_and_no_other_item_has_the_words_of_a_proof() -> None:
    claims = [claim for path in TRANSCRIPTS for claim in claims_of(load_transcript(path))]
    assert len(claims) > 100
    faults = faults_by_templates(claims) + faults_by_others(claims)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "path", [path for path in TRANSCRIPTS if "<!-- proves:" in path.read_text("utf-8")], ids=lambda path: path.stem
)
def test_no_proof_is_found_in_the_answers_of_an_empty_vault(
    path: Path, incident: Path, given_incident: str | None
) -> None:
    start = partial(Story, incident, inside=given_incident is None)
    faults = faults_in_empty_vault(load_transcript(path), start)
    assert not faults, "\n".join(faults)


def test_the_unproven_items_are_exactly_those_that_no_transcript_proves() -> None:
    proven = frozenset[int]().union(*(load_transcript(path).proven for path in TRANSCRIPTS))
    unproven = [item for item, _ in listed()]
    assert proven <= set(ITEMS), f"there are no items {sorted(proven - set(ITEMS))}"
    assert unproven == [item for item in ITEMS if item not in proven]


def test_the_list_of_unproven_items_only_shrinks() -> None:
    assert len(listed()) == UNPROVEN, "after a proof, take its items off unproven.txt and lower UNPROVEN to match"


def test_every_unproven_item_has_a_name() -> None:
    assert all(name for _, name in listed())
    assert len({item for item, _ in listed()}) == len(listed())


def listed() -> list[tuple[int, str]]:
    lines = (HERE / "unproven.txt").read_text(encoding="utf-8").splitlines()
    return [(int(number), name) for number, _, name in (line.partition("  ") for line in lines)]
