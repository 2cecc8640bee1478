"""Every digit of every moment of the example vault, changed to every other one: is the note named by `check`?

    .venv/bin/python -m tests.flips

prints the table of docs/reliability.md.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.doubt import Limits
from okb_incident.core.incident.plausible import doubts_of_note
from okb_incident.core.settings.settings import Settings
from okb_incident.core.timeline.evidence import evidence_of
from okb_incident.core.timeline.timeline import read_timeline
from okb_incident.core.values.properties import MOMENT_KEYS
from okb_incident.vault.disk.files import FileState
from okb_incident.vault.note.sections import section_lines
from okb_incident.vault.read.contribution import contribution_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.incident.doubt import Evidence

EXAMPLE = Path(__file__).parents[1] / "example-vault" / "incidents" / "2026"
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SETTINGS = Settings()
MOMENT = re.compile(rf"^(?:{'|'.join(MOMENT_KEYS)}): (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)$", re.MULTILINE)
#: What each place of a moment as it is written says.
PLACES = {
    **dict.fromkeys(range(4), "year"),
    **dict.fromkeys((5, 6), "month"),
    **dict.fromkeys((8, 9), "day"),
    11: "tens of hours",
    12: "hours",
    14: "tens of minutes",
    15: "minutes",
    17: "tens of seconds",
    18: "seconds",
}
SURE = ("year", "month", "day", "tens of hours")
"""The places of which every slip has to be named."""


class Flip(NamedTuple):
    """A note in which one digit is another one."""

    name: str
    place: str
    moment: str
    text: str


def notes() -> list[Path]:
    """Return the notes of the incidents."""
    return sorted(path for path in EXAMPLE.glob("*.md") if " " not in path.name)


def flips(path: Path) -> Iterator[Flip]:
    """Yield a note with every digit of every moment of its properties changed to every other one, one at a time."""
    text = path.read_text(encoding="utf-8")
    for found in MOMENT.finditer(text):
        for place, what in PLACES.items():
            at = found.start(1) + place
            for digit in set("0123456789") - {text[at]}:
                changed = f"{text[:at]}{digit}{text[at + 1 :]}"
                end = found.end(1)
                yield Flip(path.name, what, changed[found.start() : end], changed)


def findings(name: str, text: str) -> list[str]:
    """Return what `check` names about the moments of a note, by the code."""
    contribution = contribution_of(f"incidents/2026/{name}", state_of(text), SETTINGS)
    assert contribution is not None
    incident = contribution.incident
    assert incident is not None
    told = timeline_of("\n".join(section_lines(text, "Timeline")), incident.at("declared"))
    found = doubts_of_note(incident, NOW, Limits(SETTINGS.zone, SETTINGS.window), told)
    return [*(each.code for each in contribution.problems), *(each.code for each in found)]


@cache
def timeline_of(lines: str, declared: datetime | None) -> Evidence:
    """Return what a timeline says; most of the flips leave it as it is."""
    return evidence_of(read_timeline(lines.splitlines(), SETTINGS.zone, declared), SETTINGS.zone)


def state_of(text: str) -> FileState:
    """Return the state of a file with this text."""
    data = text.encode()
    return FileState(data, 0, 0, len(data), 1, 0o644, (0, 0), 1, True)


def main() -> None:
    """Print how many of the flips are named."""
    total: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for path in notes():
        for flip in flips(path):
            total[flip.place] += 1
            named[flip.place] += bool(findings(flip.name, flip.text))
    print("| digit of | changed | named |\n|---|---|---|")
    for place in dict.fromkeys(PLACES.values()):
        share = named[place] / total[place]
        print(f"| {place} | {total[place]:,} | {named[place]:,} ({share:.1%}) |")


if __name__ == "__main__":
    main()
