"""The race with an editor that saves in pieces: no line that a person saved is lost, and none is left where only we would look.

    python -m tests.races.pieces                          5,000 saves by twelve editors at once
    python -m tests.races.pieces --saves 60 --editors 4   a small one
    python -m tests.races.pieces --saves 900 --hasty      commands that wait for nothing: what they cut off must come back

Each editor has a note of its own. It saves a line of a person in two to eight pieces, with 2, 20 or 200 ms between them, as a
network mount, a sync client or a large note makes an ordinary editor do; before, between or after the pieces somebody types one of
six verbs, and when all is quiet one more command. A line counts as lost if it then stands neither in the note nor in a conflict copy
beside it: what only the journal has is lost to whoever wrote it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.races.crew import ENVIRONMENT, Told, incident, what_is_left

GAPS = (0.002, 0.02, 0.2)
VERBS = {
    "log": ("log", "-i", "{id}", "command {number}."),
    "severity": ("severity", "-i", "{id}", "sev{level}", "for {number}"),
    "role": ("role", "-i", "{id}", "scribe", "person{number}"),
    "action": ("action", "add", "-i", "{id}", "look at host {number}"),
    "set": ("set", "-i", "{id}", "scope=region, {number}"),
    "effort": ("effort", "-i", "{id}", "{minutes}m"),
}
NOTES_ANEW = 40
"""Saves after which an editor goes on with another note, for notes do not grow for ever."""

PROSE = "".join(
    f"What is known of part {number}: it answers slowly, and nobody has seen why.\n" for number in range(40)
)


class Save(NamedTuple):
    """One save, and the command that meets it.

    Attributes:
        number: Which.
        verb: What is typed.
        pieces: In how many pieces the note is written.
        gap: Seconds between them.
        meets: After how many of them the verb is typed; none: before the note is emptied.
        delay: Seconds after that piece.
    """

    number: int
    verb: str
    pieces: int
    gap: float
    meets: int
    delay: float


class Tally(NamedTuple):
    """What came of the saves of one editor.

    Attributes:
        lost: The saves whose line is nowhere.
        counts: What else is worth counting.
        problems: What else went wrong.
    """

    lost: list[Save]
    counts: Counter[str]
    problems: list[str]


class Typist:
    """Somebody who types commands when they are asked to, in a process of their own."""

    def __init__(self, vault: Path, name: str) -> None:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "tests.races.worker", str(vault), name, "0"]
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=ENVIRONMENT, text=True)

    def begin(self, *words: str) -> None:
        """Type a command; `end` waits for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def end(self) -> Told:
        """Wait for the answer."""
        assert self._process.stdout is not None
        return Told(**json.loads(self._process.stdout.readline()))

    def go(self) -> None:
        """Type no more."""
        self._process.communicate()


def planned(saves: int, chance: random.Random) -> list[Save]:
    """Return saves in which every gap meets every verb as often as another."""
    found = []
    for number in range(saves):
        pieces = chance.randint(2, 8)
        gap, verb = GAPS[number % 3], list(VERBS)[number // 3 % 6]
        found.append(Save(number, verb, pieces, gap, chance.randint(0, pieces), chance.uniform(0, gap)))
    chance.shuffle(found)
    return found


def human(save: Save) -> bytes:
    """Return the line of a person."""
    return b"human line %05d, saved in %d pieces.\n" % (save.number, save.pieces)


def edited(data: bytes, save: Save) -> bytes:
    """Write a line of a person into a note: below the summary, in the timeline, or at the end."""
    line = human(save)
    if save.number % 3 == 0:
        return data.replace(b"## Summary\n", b"## Summary\n" + line, 1)
    head, mark, rest = data.partition(b"## Timeline\n")
    return head + mark + b"- 12:00 " + line + rest if save.number % 3 == 1 else data + b"\n" + line


def saved(note: Path, save: Save, typist: Typist, words: list[str]) -> Told:
    """Save the note in pieces, let the verb be typed meanwhile, and return what it answered."""
    data = edited(note.read_bytes(), save)
    size = -(-len(data) // save.pieces)

    def type_it(piece: int) -> None:
        if piece == save.meets:
            time.sleep(save.delay)
            typist.begin(*words)

    type_it(0)
    with note.open("wb", buffering=0) as file:
        for piece, start in enumerate(range(0, len(data), size), 1):
            file.write(data[start : start + size])
            type_it(piece)
            time.sleep(save.gap)
    if save.meets > piece:
        typist.begin(*words)
    return typist.end()


def edit(vault: Path, saves: list[Save], tally: Tally, name: str) -> None:
    """Be one editor."""
    incident(vault, "init", str(vault))
    typist = Typist(vault, name)
    note, known = vault, ""
    for turn, save in enumerate(saves):
        if turn % NOTES_ANEW == 0:
            known = json.loads(incident(vault, "open", f"Trouble {turn}", "--json"))["id"]
            (note,) = vault.glob(f"incidents/*/{known}.md")
            note.write_bytes(note.read_bytes().replace(b"## Summary\n", b"## Summary\n\n" + PROSE.encode(), 1))
        named = {"id": known, "number": save.number, "level": save.number // 18 % 2 + 1, "minutes": turn % 50 + 1}
        told = saved(note, save, typist, [word.format(**named) for word in VERBS[save.verb]])
        typist.begin("log", "-i", known, f"quiet after {save.number}.")
        after = typist.end()
        line = human(save)
        there = line in note.read_bytes()
        beside = any(line in copy.read_bytes() for copy in note.parent.glob(f"{known} (conflicted copy*.md"))
        tally.counts["in the note" if there else "only beside it" if beside else "lost"] += 1
        tally.counts["brought in late"] += "went on saving" in told.err + after.err
        tally.counts["refused"] += told.code == 6
        if not there and not beside:
            tally.lost.append(save)
        tally.problems.extend(
            f"{save}: exit {each.code}: {each.err.strip()}" for each in (told, after) if each.code not in {0, 6}
        )
    typist.go()
    everything = b"\n".join(path.read_bytes() for path in vault.glob("incidents/**/*.md"))
    tally.lost.extend(save for save in saves if human(save) not in everything and save not in tally.lost)
    tally.problems.extend(f"left behind: {path}" for path in what_is_left(vault))


def main() -> int:
    """Let the editors save, and print what was lost.

    Returns:
        1 if a person's line was lost, or a command failed otherwise than by refusing.
    """
    parser = argparse.ArgumentParser(description="Editors save in pieces while somebody types.")
    parser.add_argument("--saves", type=int, default=5000)
    parser.add_argument("--editors", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hasty", action="store_true", help="commands wait for no save, so that its rest comes late")
    given = parser.parse_args()
    name = "hasty" if given.hasty else "typist"
    saves = planned(given.saves, random.Random(given.seed))
    tallies = [Tally([], Counter(), []) for _ in range(given.editors)]
    with tempfile.TemporaryDirectory(dir=os.environ.get("RACES_IN")) as folder:
        editors = [
            threading.Thread(
                target=edit, args=(Path(folder, f"vault{number}"), saves[number :: given.editors], tally, name)
            )
            for number, tally in enumerate(tallies)
        ]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
    counts = sum((tally.counts for tally in tallies), Counter())
    problems = [problem for tally in tallies for problem in tally.problems]
    lost = [save for tally in tallies for save in tally.lost]
    if sum(counts[place] for place in ("in the note", "only beside it", "lost")) < given.saves:
        problems.append("an editor did not come to its end")
    for each in [*map(str, lost), *problems][:30]:
        print(f"  {each}")
    print(
        f"{given.saves} saves: {counts['in the note']} lines in the note, {counts['only beside it']} only in a conflict copy beside "
        f"it, {len(lost)} lost; {counts['brought in late']} were saved late and brought in, {counts['refused']} commands refused"
    )
    return 1 if lost or problems else 0


if __name__ == "__main__":
    sys.exit(main())
