"""What README and docs/ show to be typed works: each console block is run, in a vault in which its scene was set."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.transcripts.runner import Story

ROOT = Path(__file__).parents[2]
#: Of the tutorial each answer is held, by `test_tutorial.py`.
DOCUMENTS = (ROOT / "README.md", *sorted({*(ROOT / "docs").glob("*.md")} - {ROOT / "docs" / "tutorial.md"}))
#: Other blocks for a shell have commands of ours or are no business of this test, such as those that make a large vault.
BLOCK = re.compile(r"^```(?:console\n|sh\n(?=incident ))(.*?)^```", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"\s+#\s.*")
CRON = re.compile(r"(?:[*/\d,-]+\s+){5}")

#: Where every scene begins. Whoever reads a document has a vault, and people in it.
STAGE = """
export INCIDENT_NOW=2026-11-23T03:00:00Z EDITOR=true
incident init ~/kb > made
mkdir ~/bin && export PATH="$HOME/bin:$PATH"
for name in kubectl psql notify-oncall wl-copy; do printf '#!/bin/sh\\necho 200\\n' > ~/bin/$name && chmod +x ~/bin/$name; done
cd ~/kb
"""


class DocumentedBlock(NamedTuple):
    """A console block of a document.

    Attributes:
        document: Its path in the project.
        commands: Its commands, without their comments.
        answers: What the document shows below each command; nothing where it shows no answers.
    """

    document: str
    commands: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        """The document and the first command, by which the scene names the block."""
        return f"{self.document}: {self.commands[0]}"


def blocks():
    for path in DOCUMENTS:
        for found in BLOCK.finditer(path.read_text(encoding="utf-8")):
            document = str(path.relative_to(ROOT))
            if found[1].startswith("$ "):
                typed = [each.rstrip("\n").split("\n") for each in re.split(r"^\$ ", found[1], flags=re.MULTILINE)[1:]]
                yield DocumentedBlock(
                    document, tuple(command for command, *_ in typed), tuple(tuple(rest) for _, *rest in typed)
                )
                continue
            lines = [COMMENT.sub("", line) for line in found[1].splitlines() if line.strip()]
            commands = [command.strip() for line in lines for command in line.split(" ; ")]
            yield DocumentedBlock(document, tuple(commands))


BLOCKS = tuple(blocks())
SCENES = {
    scene.pop("of"): scene for scene in tomllib.loads(Path(__file__).with_name("scenes.toml").read_text())["scene"]
}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_what_a_document_shows_works_as_it_stands_there(block, incident, given_incident, pytestconfig):
    scene = SCENES.get(block.name, {})
    if held := scene.get("held_by"):
        path, text = held
        assert text in (ROOT / path).read_text(encoding="utf-8")
        return
    between, typed, codes = (scene.get(name, {}) for name in ("between", "typed", "codes"))
    unknown = {*between, *typed, *codes} - {*block.commands}
    assert not unknown, "the scene is of another block"
    faults: list[str] = []
    came: list[tuple[str, ...]] = []
    with Story(incident, inside=given_incident is None) as story:
        for command in (*STAGE.splitlines(), *scene.get("before", "").splitlines()):
            _expect(story, command, 0, faults)
        for command in block.commands:
            for line in between.get(command, "").splitlines():
                _expect(story, line, 0, faults)
            answered = f"echo {typed[command]} | {command}" if command in typed else CRON.sub("", command)
            came.append(_expect(story, answered, codes.get(command, 0), faults))
        for line in scene.get("after", "").splitlines():
            _expect(story, line, 0, faults)
    assert not faults, "\n".join(faults)
    if block.answers and pytestconfig.getoption("--update-transcripts"):
        _show(block, came)
    elif block.answers:
        assert came == [*block.answers]


def test_every_scene_is_of_a_block():
    assert {*SCENES} <= {block.name for block in BLOCKS}
    assert len({block.name for block in BLOCKS}) == len(BLOCKS)


def test_every_code_other_than_0_is_told_beside_its_command():
    told = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    for scene in SCENES.values():
        for command, code in scene.get("codes", {}).items():
            assert re.search(rf"^{re.escape(command)}\s+# .*\bexit code {code}\b", told, re.MULTILINE), command


def _expect(story, command, code, faults):
    if not command:
        return ()
    answer = story.run(command)
    if answer.code != code:
        faults.append("\n".join([f"$ {command}", *answer.output, f"[{answer.code}] and not [{code}]"]))
    return answer.output


def _show(block, came):
    """Write the answers that came into the document."""
    path = ROOT / block.document
    old, new = (
        "".join(
            "".join(f"{line}\n" for line in (f"$ {command}", *answer))
            for command, answer in zip(block.commands, answers, strict=True)
        )
        for answers in (block.answers, came)
    )
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
