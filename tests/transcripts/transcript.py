"""A transcript: a story in Markdown whose console blocks are commands and what they answered.

Nothing that looks like a command may stay unrun: a block in a list, in a quotation or under another language is a fault of
the file, not a paragraph. README.md beside this file describes the form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Stands in expected output for any number of lines.
ANY_LINES = None

FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
#: What a reader takes for commands that are tested.
SHELL_FENCE = re.compile(r"(`{3,}|~{3,})\s*\{?\.?(console|shell|bash|sh\b|terminal)", re.IGNORECASE)
PROMPT = re.compile(r"[\s>*+-]*(\d+[.)]\s*)?\$ ")
PROOF = re.compile(r'<!-- proves: \[(?P<item>\d+)\] "(?P<expression>.+)" -->')
EXIT_CODE = re.compile(r"\[(\d{1,3})\]")


class TranscriptError(Exception):
    """A transcript that cannot be read as one; the message begins with its file and line."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The item of the checklist that a block shows, and the expression its output must hold."""

    item: int
    expression: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """One command as typed, with the output (None: any lines) and the exit code expected of it."""

    text: str
    expected: tuple[str | None, ...]
    code: int
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """The commands between two fences, which stand at ``first`` and ``last`` (lines from 1)."""

    commands: tuple[Command, ...]
    proofs: tuple[Proof, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file of prose and blocks, in order."""

    name: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def proven(self) -> frozenset[int]:
        """The checklist items whose proof stands in this file."""
        return frozenset(proof.item for block in self.blocks for proof in block.proofs)


def load_transcript(path: Path, name: str | None = None) -> Transcript:
    """Read a file; ``name`` is what messages call it."""
    return read_transcript(path.read_text(encoding="utf-8"), name or path.name)


def read_transcript(text: str, name: str) -> Transcript:
    """Find the blocks of a transcript.

    Nothing else in it may look like a command.

    Raises:
        TranscriptError: Something in it would be passed over, or it runs nothing.
    """
    lines = text.removesuffix("\n").split("\n")
    blocks: list[Block] = []
    proofs: list[Proof] = []
    number = 0
    while number < len(lines):
        line, place = lines[number], f"{name}:{number + 1}"
        number += 1
        fence = FENCE.fullmatch(line)
        if fence:
            end = _closing(lines, number, fence["mark"], place)
            if fence["info"].strip() == "console" and line[0] == "`":
                commands = _commands(lines[number:end], number + 1, name)
                blocks.append(Block(commands, tuple(proofs), number, end + 1))
                proofs = []
            else:
                for offset, inner in enumerate([line, *lines[number:end]]):
                    _refuse_commands(inner, f"{name}:{number + offset}")
            number = end + 1
        elif "<!--" in line and "proves" in line:
            proofs.append(_proof(line, place))
        else:
            _refuse_commands(line, place)
            if proofs and line.strip():
                raise TranscriptError(f"{place}: a proof stands directly above the console block that shows it")
    if proofs:
        raise TranscriptError(f"{name}:{proofs[0].line}: no console block follows this proof")
    if not blocks:
        raise TranscriptError(f"{name}:1: this transcript runs no command; begin a block with ```console")
    return Transcript(name, tuple(lines), tuple(blocks))


def _closing(lines: Sequence[str], start: int, mark: str, place: str) -> int:
    """Give the index of the line that closes a fence."""
    closing = re.compile(rf" {{0,3}}{re.escape(mark)}{mark[0]}*\s*")
    for index in range(start, len(lines)):
        if closing.fullmatch(lines[index]):
            return index
    raise TranscriptError(f"{place}: this block is never closed")


def _refuse_commands(line: str, place: str) -> None:
    """Fail on what a reader would take for a tested command although nothing runs it."""
    if SHELL_FENCE.search(line):
        raise TranscriptError(f"{place}: a block is run only if ```console stands alone at the start of its line")
    if PROMPT.match(line):
        raise TranscriptError(f"{place}: a command outside a console block is not run")


def _proof(line: str, place: str) -> Proof:
    found = PROOF.fullmatch(line.strip())
    if not found:
        raise TranscriptError(f'{place}: a proof shows one item: <!-- proves: [52] "regular expression" -->')
    try:
        re.compile(found["expression"])
    except re.error as error:
        raise TranscriptError(f"{place}: not a regular expression: {error}") from None
    return Proof(int(found["item"]), found["expression"], int(place.rpartition(":")[2]))


def _commands(lines: Sequence[str], first: int, name: str) -> tuple[Command, ...]:
    """Split a block at its prompts; ``first`` is the line number of its first line."""
    starts = [index for index, line in enumerate(lines) if line.startswith("$ ")]
    if starts[:1] != [0]:
        raise TranscriptError(f"{name}:{first}: a console block begins with a command: $ incident …")
    ends = [*starts[1:], len(lines)]
    return tuple(_command(lines[start:end], first + start) for start, end in zip(starts, ends, strict=True))


def _command(lines: Sequence[str], number: int) -> Command:
    typed = 1
    while typed < len(lines) and (lines[typed] + " ").startswith("> "):
        typed += 1
    output = list(lines[typed:])
    status = EXIT_CODE.fullmatch(output[-1]) if output else None
    if status:
        output.pop()
    expected = tuple(ANY_LINES if line == "..." else line.removeprefix("\\") for line in output)
    return Command("\n".join(line[2:] for line in lines[:typed]), expected, int(status[1]) if status else 0, number)


def show_output(output: Sequence[str | None], code: int) -> list[str]:
    """Write what a command answered as a block holds it.

    A line that would read as a prompt, as ``...`` or as an exit code gets a backslash in front.
    """
    lines = ["..." if line is ANY_LINES else line for line in output]
    for index, line in enumerate(output):
        first, last = index == 0, index == len(output) - 1
        if line is not ANY_LINES and (
            line.startswith(("\\", "$ "))
            or line == "..."
            or (first and f"{line} ".startswith("> "))
            or (last and EXIT_CODE.fullmatch(line))
        ):
            lines[index] = "\\" + line
    return lines + ([f"[{code}]"] if code else [])


def show_block(block: Block, answers: Sequence[tuple[Sequence[str | None], int]]) -> list[str]:
    """Write a block with these answers to its commands, between fences longer than any inside."""
    lines: list[str] = []
    for command, (output, code) in zip(block.commands, answers, strict=True):
        first, *more = command.text.split("\n")
        lines += [f"$ {first}", *(f"> {line}" if line else ">" for line in more), *show_output(output, code)]
    fence = "```"
    while any(line.lstrip(" ").startswith(fence) for line in lines):
        fence += "`"
    return [f"{fence}console", *lines, fence]
