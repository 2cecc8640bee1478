"""Make a vault for measuring: any number of notes, the same bytes for the same arguments, and the truth about them.

The incidents are such as people and tools have left them: moments in three styles, lists in two, values quoted or plain,
properties without a value, prose in the frontmatter, words that YAML 1.1 and 1.2 read differently. Around them lie the
ordinary notes of a vault: without frontmatter, with placeholders of a template, with a broken one, with Windows line ends,
with a byte order mark, in other scripts. FOLDER.truth.json holds the totals that a right answer has to reach.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypedDict

FIRST_DAY = datetime(2022, 1, 3, tzinfo=UTC)
YEARS = 4

SERVICES = ("checkout", "payments-api", "sign-in", "search", "mail-relay", "postgres-main", "object-storage")
PEOPLE = ("alice", "bob", "carol", "dan", "erin", "farid", "grace", "hiro")
CAUSES = ("change", "capacity", "dependency", "hardware", "certificate", "network", "human-error", "unknown")
CATEGORIES = ("system", "security", "performance", "service")
SENSORS = ("monitoring", "user", "system", "security")
SCRIPTS = ("日本語", "Заметка", "Überblick", "naïve", "🚨", "✅")
FOLDERS = ("services", "people", "runbooks/network", "runbooks/storage", "meetings", "journal", "projects")
VOCABULARY = (
    "after before while again answer backlog backup balance batch broker cache client cluster consumer counter deploy disk "
    "drain error failover flush gateway handler index job latency leader limit lock login memory message migration node "
    "order page partition pool primary proxy queue quota read region release replica request restore retry rollback route "
    "scheduler secret session shard spike store stream table thread timeout token traffic upgrade upload volume worker write"
)
WORDS = VOCABULARY.split()

#: How far each kind of incident has come, as the moments it has.
LIVES = {
    "triage": (),
    "investigating": ("acknowledged",),
    "monitoring": ("acknowledged", "mitigated"),
    "resolved": ("acknowledged", "mitigated", "resolved"),
    "closed": ("acknowledged", "mitigated", "resolved", "closed"),
}


class Span(TypedDict):
    """What the durations of one metric add up to."""

    n: int
    sum_seconds: int
    longest_seconds: int | None


class Truth(TypedDict):
    """The totals of a vault; drills are listed but never counted."""

    notes: int
    incidents: int
    drills: int
    by_severity: dict[str, int]
    by_status: dict[str, int]
    by_category: dict[str, int]
    started_resolved: Span
    period: list[str]
    bytes: int


@dataclass
class Tally:
    """What has been written so far."""

    size: int = 0
    drills: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    lasted: list[int] = field(default_factory=list)
    numbers: Counter[str] = field(default_factory=Counter)


class Writer:
    """Draws notes from one source of chance and writes them into a folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.tally = Tally()

    def words(self, least: int, most: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(least, most)))

    def prose(self, size: int) -> str:
        paragraphs: list[str] = []
        while sum(map(len, paragraphs)) < size:
            sentences = [self.words(5, 15).capitalize() + "." for _ in range(self.chance.randint(2, 5))]
            paragraphs.append(" ".join(sentences))
        return "\n\n".join(paragraphs)

    def later(self, moment: datetime, minutes: float, spread: float = 1.0) -> datetime:
        """Give a moment some while later; such times are spread as real ones are, with a long tail."""
        seconds = minutes * 60 * self.chance.lognormvariate(0, spread)
        return moment + timedelta(seconds=int(seconds) + 1)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode()
        path.write_bytes(data)
        self.tally.size += len(data)

    def incident(self, share: float) -> None:
        """Write one incident; ``share`` (0 to 1) says where in the years it lies."""
        chance, tally = self.chance, self.tally
        started = FIRST_DAY + timedelta(seconds=int(YEARS * 365 * 86400 * share))
        detected = self.later(started, 4)
        declared = self.later(detected, 2)
        moments = {"started": started, "detected": detected, "declared": declared}
        moments["acknowledged"] = self.later(declared, 4)
        moments["mitigated"] = self.later(moments["acknowledged"], 40)
        moments["resolved"] = self.later(moments["mitigated"], 50)
        moments["closed"] = self.later(moments["resolved"], 3000, 0.5)

        status = "closed" if share < 0.97 else chance.choice(list(LIVES))
        known = {"detected", "declared", *LIVES[status]} | ({"started"} if chance.random() < 0.85 else set())
        severity = chance.choices(("SEV1", "SEV2", "SEV3", "SEV4"), (5, 15, 40, 40))[0]
        category = chance.choice(CATEGORIES)
        drill = chance.random() < 0.02

        day = f"{declared:%Y%m%d}"
        tally.numbers[day] += 1
        name = f"INC-{day}-{tally.numbers[day]:02d}"
        title = self.words(3, 7).capitalize()
        lines = [
            "---",
            "type: incident",
            f"id: {name}",
            *self._named(title),
            f"status: {status}",
            f"severity: {severity}",
        ]
        lines += ["nature: drill"] if drill else []
        lines += [f"category: {category}", f"detected_by: {chance.choice(SENSORS)}"]
        lines += [f"users_affected: {int(chance.lognormvariate(6, 2))}", *self._services(), *self._responders()]
        lines += self._moments(moments, known)
        lines += [f"cause: {chance.choice(CAUSES)}"] if "resolved" in known else []
        lines += ["tags:", "  - incident", f"  - incident/{category}", f"  - sev/{severity[-1]}", *self._oddity()]
        lines += [f"created: {declared:%Y-%m-%d}", "---", *self._body(title, declared)]
        self.write(f"incidents/{declared.year}/{name}.md", "\n".join(lines) + "\n")

        if drill:
            tally.drills += 1
            return
        tally.severities[severity] += 1
        tally.statuses[status] += 1
        tally.categories[category] += 1
        if {"started", "resolved"} <= known:
            tally.lasted.append(int((moments["resolved"] - started).total_seconds()))

    def _named(self, title: str) -> list[str]:
        quote = '"' if self.chance.random() < 0.4 else ""
        return [f"title: {quote}{title}{quote}", "aliases:", f"  - {quote}{title}{quote}"]

    def _services(self) -> list[str]:
        services = self.chance.sample(SERVICES, self.chance.randint(1, 3))
        if self.chance.random() < 0.3:
            return [f"services: [{', '.join(services)}]"]
        return ["services:", *(f'  - "[[{service}]]"' for service in services)]

    def _responders(self) -> list[str]:
        first, *others = self.chance.sample(PEOPLE, 3)
        return [f'commander: "[[{first}]]"', "responders:", *(f'  - "[[{person}]]"' for person in others)]

    def _moments(self, moments: dict[str, datetime], known: set[str]) -> list[str]:
        """Write all moments of a note in one style; those nobody knows stay as keys without a value, or stay away."""
        style = self.chance.choices(("plain", "utc", "offset"), (70, 20, 10))[0]
        empty = self.chance.random() < 0.7
        lines = []
        for key, moment in moments.items():
            if key in known:
                lines.append(f"{key}: {written(moment, style)}")
            elif empty:
                lines.append(f"{key}:")
        return lines

    def _oddity(self) -> list[str]:
        """Give what six of a hundred notes hold besides: text over several lines, a map, values read in two ways."""
        odd = self.chance.random()
        if odd < 0.03:
            return ["impact_text: >-", f"  {self.words(6, 12)}", f"  {self.words(6, 12)}"]
        if odd < 0.05:
            return ["budget:", "  target: 99.9", "  spent: 12.5", "  windows: [30d, 7d]"]
        if odd < 0.06:
            return ["public: no", "ticket: 0123", "window: 12:30"]
        return []

    def _body(self, title: str, declared: datetime) -> list[str]:
        chance = self.chance
        lines = [f"# {title}", "", "## Summary", self.prose(chance.randint(300, 1500)), "", "## Timeline"]
        moment = declared
        for _ in range(chance.randint(5, 18)):
            moment = self.later(moment, 5)
            kind = chance.choice(("note", "decision", "change", "hypothesis", "run"))
            lines.append(f"- {written(moment, 'plain')} **{kind}** @{chance.choice(PEOPLE)}: {self.words(4, 10)}")
        lines += ["", "## Actions"]
        for number in range(1, chance.randint(2, 7)):
            box = "x" if chance.random() < 0.6 else " "
            lines.append(
                f"- [{box}] {self.words(3, 7)} [owner:: {chance.choice(PEOPLE)}] #incident/action 🆔 a{number}"
            )
        lines += ["", "## Impact", "| service | errors |", "|---|---|"]
        lines += [f"| [[{service}]] | {chance.randint(1, 9999)} |" for service in chance.sample(SERVICES, 2)]
        return [
            *lines,
            "",
            "```text",
            "## Timeline",
            "---",
            "```",
            "",
            "## Resolution",
            self.prose(chance.randint(300, 1500)),
        ]

    def ordinary(self, number: int) -> None:
        """Write a note that is no incident, though some speak of them."""
        chance = self.chance
        title = self.words(2, 5).capitalize()
        foreign = f" {chance.choice(SCRIPTS)}" if chance.random() < 0.1 else ""
        text = self._head(title, number) + f"# {title}{foreign}\n\n{self.prose(chance.randint(300, 4000))}\n\n"
        text += f"- [[{chance.choice(SERVICES)}]]\n- [[{chance.choice(PEOPLE)}]]\n\n---\n\n"
        ending = chance.random()
        if ending < 0.03:
            text = text.replace("\n", "\r\n")
        elif ending < 0.04:
            text = "\ufeff" + text
        folder = f"{FOLDERS[number % len(FOLDERS)]}/{number // (len(FOLDERS) * 400):03d}"
        self.write(f"{folder}/{title[:40]} {number:06d}{foreign}.md", text)

    def _head(self, title: str, number: int) -> str:
        kind = self.chance.random()
        if kind < 0.25:
            return ""
        if kind < 0.3:
            return f'---\ntitle: {title}\ncreated: <% tp.date.now("YYYY-MM-DD") %>\ntags: [draft, incident]\n---\n'
        if kind < 0.303:
            return "---\ntitle: one: two\ntags: [a, b\n---\n"
        day = FIRST_DAY + timedelta(days=number % (YEARS * 365))
        tags = f"tags: [operations, {self.chance.choice(WORDS)}]"
        if self.chance.random() < 0.5:
            tags = f"tags:\n  - operations\n  - {self.chance.choice(WORDS)}"
        return f"---\ntitle: {title}\ntype: note\ncreated: {day:%Y-%m-%d}\n{tags}\n---\n"


def written(moment: datetime, style: str) -> str:
    """Write a moment: plain (in the vault's zone, UTC), with Z, or the same instant two hours east."""
    if style == "offset":
        return moment.astimezone(timezone(timedelta(hours=2))).isoformat()
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + ("Z" if style == "utc" else "")


def generate(folder: Path, notes: int, share: float, seed: int) -> Truth:
    """Write a vault and, beside it, its truth."""
    writer = Writer(folder, seed)
    incidents = round(notes * share)
    for number in range(incidents):
        writer.incident((number + writer.chance.random()) / incidents)
    for number in range(notes - incidents):
        writer.ordinary(number)
    tally = writer.tally
    truth: Truth = {
        "notes": notes,
        "incidents": incidents - tally.drills,
        "drills": tally.drills,
        "by_severity": dict(sorted(tally.severities.items())),
        "by_status": dict(sorted(tally.statuses.items())),
        "by_category": dict(sorted(tally.categories.items())),
        "started_resolved": {
            "n": len(tally.lasted),
            "sum_seconds": sum(tally.lasted),
            "longest_seconds": max(tally.lasted, default=None),
        },
        "period": [f"{FIRST_DAY.year}-01-01", f"{FIRST_DAY.year + YEARS + 1}-01-01"],
        "bytes": tally.size,
    }
    folder.with_name(f"{folder.name}.truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return truth


def main() -> None:
    """Read the arguments, and say what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the vault to make; it must not exist")
    parser.add_argument("--notes", type=int, default=10_000, help="how many notes (default: 10000)")
    parser.add_argument("--incidents", type=float, default=0.2, metavar="SHARE", help="the share of incidents (0.2)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    print(json.dumps(generate(given.folder.resolve(), given.notes, given.incidents, given.seed)))


if __name__ == "__main__":
    main()
