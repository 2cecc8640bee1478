"""Who follows the tutorial sees what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.transcripts.runner import play

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
HOME, MASKED = "/home/alice", "<TMP>/.home"


def test_the_tutorial_can_be_followed(tmp_path, incident, given_incident, pytestconfig):
    update = pytestconfig.getoption("--update-transcripts")
    played = tmp_path / "tutorial.md"
    played.write_text(TUTORIAL.read_text("utf-8").replace(HOME, MASKED), "utf-8")
    faults = play(played, incident, name="docs/tutorial.md", update=update, inside=given_incident is None)
    if update:
        TUTORIAL.write_text(played.read_text("utf-8").replace(MASKED, HOME), "utf-8")
    assert not faults, faults
