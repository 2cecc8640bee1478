"""The ledger of proofs: what an expression has to do before it counts as showing an item of the checklist.

An expression can be found in what a block prints although nothing was shown: because it stands in a template as we ship it, in what
was typed, in the answers of any other block, or in what the same commands answer where nothing ever happened. Each of these is
looked for, so that a claim is refused here and not by a reader.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.transcripts.runner import Answer, Story
    from tests.transcripts.transcript import Block, Proof, Transcript

TEMPLATES = Path(__file__).parents[2] / "templates"

#: What a template has filled in, in each of its languages; an empty value leaves nothing.
FILLED_IN = re.compile(r"<%.*?%>|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Claim:
    """A proof with the block that it stands above."""

    name: str
    proof: Proof
    block: Block

    def __str__(self) -> str:
        return f'{self.name}:{self.proof.line}: item {self.proof.item} is not proven: "{self.proof.expression}"'

    def found_in(self, text: str) -> str:
        """Return what the expression finds in a text; nothing where that is blank."""
        found = re.search(self.proof.expression, text, re.MULTILINE)
        return found[0].strip() if found else ""


def claims_of(transcript: Transcript) -> list[Claim]:
    """Return the claims of a story, from the top."""
    return [Claim(transcript.name, proof, block) for block in transcript.blocks for proof in block.proofs]


def text_of(answers: Iterable[Answer]) -> str:
    """Return what a block printed."""
    return "\n".join(line for answer in answers for line in answer.output)


def faults_in_story(transcript: Transcript, answers: Sequence[Sequence[Answer]]) -> list[str]:
    """Name the claims of a story that its own answers do not bear out.

    Args:
        transcript: The story.
        answers: What its commands answered, by block.
    """
    printed = {block.first: text_of(given) for block, given in zip(transcript.blocks, answers, strict=True)}
    faults: list[str] = []
    shown: dict[tuple[int, str], Claim] = {}
    for claim in claims_of(transcript):
        words = claim.found_in(printed[claim.block.first])
        if not words:
            faults.append(f"{claim} finds nothing in the output of this block")
            continue
        faults += _faults_of(claim, transcript, printed)
        other = shown.setdefault((claim.block.first, words), claim)
        if other is not claim:
            faults.append(f"{claim} finds the words that prove item {other.proof.item} already")
    return faults


def _faults_of(claim: Claim, transcript: Transcript, printed: dict[int, str]) -> Iterator[str]:
    for block in transcript.blocks:
        for command in block.commands if block.first <= claim.block.first else ():
            if claim.found_in(command.text):
                yield f"{claim} is found in what was typed in line {command.line}, so it may be an echo"
        if block is not claim.block and claim.found_in(printed[block.first]):
            yield f"{claim} is found in the block of line {block.first} too, so it does not tell what this one shows"


def faults_by_templates(claims: Iterable[Claim], folder: Path = TEMPLATES) -> list[str]:
    """Name the claims that a template bears out as it is shipped, whatever the incident."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}
    return [
        f"{claim} is found in templates/{name}, which says so of every incident"
        for claim in claims
        for name, text in texts.items()
        if claim.found_in(text) or claim.found_in(FILLED_IN.sub("", text))
    ]


def faults_by_others(claims: Iterable[Claim]) -> list[str]:
    """Name the claims whose expression stands for another item already."""
    first: dict[str, Claim] = {}
    faults = []
    for claim in claims:
        other = first.setdefault(claim.proof.expression, claim)
        if other.proof.item != claim.proof.item:
            faults.append(f"{claim} is the proof of item {other.proof.item} ({other.name}:{other.proof.line}) already")
    return faults


def faults_in_empty_vault(transcript: Transcript, start: Callable[[], Story]) -> list[str]:
    """Name the claims that are found in what a command of their block answers in a vault in which nothing ever happened.

    What changes the vault is left out: opening an incident is no answer of an empty vault.

    Args:
        transcript: The story.
        start: Makes a place for commands of its own.
    """
    faults = []
    for block in transcript.blocks:
        claims = [claim for claim in claims_of(transcript) if claim.block is block]
        if claims:
            empty = text_of(_answers_when_empty(transcript, block, start))
            faults += [
                f"{claim} is found in what these commands answer in an empty vault"
                for claim in claims
                if claim.found_in(empty)
            ]
    return faults


def _answers_when_empty(transcript: Transcript, block: Block, start: Callable[[], Story]) -> list[Answer]:
    exports = [
        command.text
        for each in transcript.blocks
        if each.first <= block.first
        for command in each.commands
        if command.text.startswith("export ")
    ]
    answers: list[Answer] = []
    commands = [command.text for command in block.commands if not command.text.startswith("export ")]
    while commands:
        with start() as story:
            for command in (*exports, "incident init kb", "cd kb"):
                story.run(command)
            before = _files(story.folder)
            while commands:
                answer = story.run(commands.pop(0))
                if _files(story.folder) != before:
                    break
                answers.append(answer)
    return answers


def _files(folder: Path) -> dict[str, bytes]:
    """Return what the files of a story hold, without what is kept beside the notes and in the home folder."""
    found = {}
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in {".home", ".tmp", ".incident"}]
        found.update({os.path.join(top, name): (Path(top) / name).read_bytes() for name in names})
    return found
