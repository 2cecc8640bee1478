"""What a broken block of frontmatter still says, property by property.

YAML gives up at the first fault; a person does not. A line that starts at the left margin with a name and a colon begins a
property, whatever is above it, so each is read by itself. What could mean something else is left unread: a key that
is twice, a side of a merge conflict, lines inside a bracket that is closed further down.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.yaml import yaml12
from okb_incident.vault.yaml.entries import YamlEntry, YamlKind
from okb_incident.vault.yaml.locate import locate
from okb_incident.vault.yaml.yaml_fault import YamlFault

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CHUNKS = 1000

MARKER = re.compile(r"^(?P<sign><{7}|\|{7}|={7}|>{7})(?: [^\n]*)?\r?$", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_BELONGS_ABOVE = re.compile(r"[ \t#\]}\r\n]|-(?:[ \t\r\n]|\Z)")
_QUOTED_KEY = re.compile(r"""(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*(?:''[^'\n]*)*')[ \t]*(?=:)""")
_COLON = re.compile(r":(?=[ \t\r\n]|\Z)")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")


@dataclass(slots=True)
class _Chunk:
    """A line that begins a property by its look, and the lines that belong to it."""

    start: int
    end: int
    line: int
    name: str | None
    colon: int
    disputed: bool
    opened: bool = False
    value: yaml12.Mapped | None = None

    def take(self, line: str) -> None:
        """Add a line, and note whether it leaves a bracket open."""
        self.end += len(line)
        opens, closes = max(map(line.rfind, "[{")), max(map(line.rfind, "]}"))
        self.opened = opens > closes or (self.opened and opens == closes)


class Salvaged(NamedTuple):
    """What could be read of a broken block.

    Attributes:
        values: Of the properties that are there once and can be read by themselves.
        lines: The line of each such property, counted from 1.
        entries: Where they are, and those that are there once but cannot be read.
        times: How often each key is there.
        repeats: Each key that is there again, with its line and the line of the first.
        open_end: Whether a property may be added: there are properties, all at the left margin, and no conflict is open.
    """

    values: Mapping[str, yaml12.Value]
    lines: Mapping[str, int]
    entries: Mapping[str, YamlEntry]
    times: Mapping[str, int]
    repeats: tuple[tuple[str, int, int], ...]
    open_end: bool


def salvage(block: str) -> Salvaged:
    """Read what can be read of a block that is not readable as a whole. Never raises."""
    chunks, open_end = _chunks(block)
    if len(chunks) > MAX_CHUNKS or len(block) > yaml12.MAX_SIZE or block.lstrip().startswith(("{", "[")):
        return Salvaged({}, {}, {}, {}, (), open_end=False)
    for chunk in chunks:
        _read(block, chunk)
    named = [(chunk.name, chunk) for chunk in chunks if chunk.name is not None]
    times = Counter(name for name, _ in named)
    certain = [(name, chunk) for name, chunk in named if times[name] == 1 and not chunk.disputed]
    first: dict[str, int] = {}
    repeats = tuple(
        (name, chunk.line, first[name])
        for name, chunk in named
        if first.setdefault(name, chunk.line) != chunk.line and not chunk.disputed
    )
    return Salvaged(
        values={name: chunk.value.values[name] for name, chunk in certain if chunk.value},
        lines={name: chunk.line for name, chunk in certain if chunk.value},
        entries={name: _entry(block, chunk) for name, chunk in certain},
        times=times,
        repeats=repeats,
        open_end=open_end and bool(named),
    )


def _chunks(block: str) -> tuple[list[_Chunk], bool]:
    """Cut a block at its left margin; say too whether it begins and ends outside anything that could swallow a line."""
    chunks: list[_Chunk] = []
    disputed = prelude = False
    left_open: int | None = None
    for number, found in enumerate(_LINE.finditer(block), 1):
        line = found[0]
        if marker := MARKER.match(line):
            disputed = marker["sign"][0] != ">"
        elif _BELONGS_ABOVE.match(line):
            if chunks and line[0] in "]}" and left_open is not None and not chunks[-1].opened:
                # It closes what a property further up has opened, and all between them is not a property.
                chunks[left_open].end = chunks[-1].end
                del chunks[left_open + 1 :]
                left_open = None
            if chunks:
                chunks[-1].take(line)
            elif line.strip() and not line.lstrip().startswith("#"):
                prelude = True
            continue
        if chunks and chunks[-1].opened:
            left_open = len(chunks) - 1
        name, colon = (None, 0) if marker else _name(line)
        chunk = _Chunk(found.start(), found.start(), number, name, found.start() + colon, disputed)
        chunk.take(line)
        chunks.append(chunk)
        if len(chunks) > MAX_CHUNKS:
            break
    return chunks, not (disputed or prelude)


def _name(line: str) -> tuple[str | None, int]:
    """Return the key at the start of a line as it is written, and the place after its colon."""
    if quoted := _QUOTED_KEY.match(line):
        return quoted[0].rstrip(), quoted.end() + 1
    colon = _COLON.search(line)
    if colon is None or line[0] in _INDICATORS:
        return None, 0
    return line[: colon.start()].rstrip(), colon.end()


def _read(block: str, chunk: _Chunk) -> None:
    """Read one property by itself."""
    if chunk.name is None:
        return
    try:
        mapped = yaml12.parse(block[chunk.start : chunk.end])
    except YamlFault:
        chunk.name = _spoken(chunk.name)
        return
    chunk.value = mapped
    chunk.name = next(iter(mapped.values))


def _spoken(name: str) -> str:
    """Return a key as it is meant, without its quotes."""
    try:
        return next(iter(yaml12.parse(f"{name}: x").values))
    except (YamlFault, StopIteration):
        return name


def _entry(block: str, chunk: _Chunk) -> YamlEntry:
    text = block[chunk.start : chunk.end]
    if chunk.value and chunk.name is not None and (located := locate(text)):
        return located[chunk.name].moved(chunk.start, chunk.line - 1)
    own = text.split("\n", 1)[0].rstrip()
    rest = [line for line in text.split("\n")[1:] if line.strip() and not line.startswith("#")]
    end = chunk.start + (text.find("\n") + 1 or len(text))
    return YamlEntry(
        start=chunk.start,
        key=chunk.start,
        colon=None if rest else chunk.colon,
        value=(chunk.colon, chunk.start + len(own)),
        end=end,
        tail=chunk.end if rest else end,
        line=chunk.line,
        kind=YamlKind.BROKEN,
    )
