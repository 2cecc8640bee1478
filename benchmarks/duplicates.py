"""How well likely duplicates are told from others: precision and recall on the example vault and on generated pairs.

    python benchmarks/duplicates.py [--pairs 200] [--seed 7]

Half of the pairs are one incident told twice, in words of two people; half are two incidents that are close: another fault of the
same service, or the same fault of another one. One incident is told twice within three hours; two that are close begin within two
days of each other. The words are drawn from lists below, so the figures say how the rule does on titles such as these, not on those
of any house.
"""

from __future__ import annotations

import argparse
import random
import re
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response.similarity import is_likely_same
from okb_incident.vault.read.settings_file import load_settings
from okb_incident.vault.vault import Vault

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident

EXAMPLE = Path(__file__).parents[1] / "example-vault"

SERVICES = {
    "checkout": ("checkout", "the checkout", "the shop's checkout"),
    "search": ("search", "the search", "product search"),
    "mail-relay": ("mail", "outgoing mail", "the mail relay"),
    "auth": ("login", "sign-in", "the login page"),
    "postgres-main": ("the main database", "postgres", "the database"),
    "payments-api": ("card payments", "payments", "the payment API"),
}
FAULTS = (
    ("answers slowly", "is slow", "takes many seconds", "has a high latency", "times out now and then"),
    ("returns errors", "fails", "gives error 500", "does not work for many users", "throws exceptions"),
    ("is down", "cannot be reached", "does not answer at all", "is not available", "is gone in all regions"),
    ("has a full disk", "runs out of disk space", "disk almost full", "cannot write, disk full", "storage is full"),
    ("shows old data", "data is stale", "lags behind", "is not updated since morning", "replication lag"),
    (
        "certificate expired",
        "TLS certificate has run out",
        "browser warns of its certificate",
        "HTTPS certificate invalid",
    ),
)
ENDINGS = ("", "", "", " since the deploy", " for EU customers", " again", " after 14:00", " on node 3")


class Pair(NamedTuple):
    """Two incidents, and whether they are one."""

    titles: tuple[str, str]
    services: tuple[tuple[str, ...], tuple[str, ...]]
    same: bool
    apart: timedelta


def made(count: int, seed: int) -> list[Pair]:
    """Make pairs, half of them one incident told twice."""
    chance = random.Random(seed)
    return [_told_twice(chance) if place % 2 == 0 else _close(chance) for place in range(count)]


def _title(chance: random.Random, service: str, fault: tuple[str, ...], *, but: str = "") -> str:
    wording = chance.choice([each for each in fault if each != but])
    return f"{chance.choice(SERVICES[service])} {wording}{chance.choice(ENDINGS)}".capitalize()


def _told_twice(chance: random.Random) -> Pair:
    service = chance.choice(list(SERVICES))
    fault = chance.choice(FAULTS)
    one = _title(chance, service, fault)
    other = _title(chance, service, fault)
    while other == one:
        other = _title(chance, service, fault)
    # One in four forgets to name the service.
    return Pair(
        (one, other),
        ((service,), (service,) if chance.random() < 0.75 else ()),
        same=True,
        apart=timedelta(minutes=chance.uniform(0, 180)),
    )


def _close(chance: random.Random) -> Pair:
    if chance.random() < 0.5:
        service = chance.choice(list(SERVICES))
        first, second = chance.sample(FAULTS, 2)
        return Pair(
            (_title(chance, service, first), _title(chance, service, second)),
            ((service,), (service,)),
            same=False,
            apart=_some_time(chance),
        )
    one, other = chance.sample(list(SERVICES), 2)
    fault = chance.choice(FAULTS)
    return Pair(
        (_title(chance, one, fault), _title(chance, other, fault)),
        ((one,), (other,)),
        same=False,
        apart=_some_time(chance),
    )


def _some_time(chance: random.Random) -> timedelta:
    """Give how long after one of two close incidents the other begins: both are open within two days."""
    return timedelta(hours=chance.uniform(0, 48))


def of_example() -> list[Pair]:
    """Give each two incidents of the example vault that began within a week, and whether one is part of the other."""
    settings, _ = load_settings(str(EXAMPLE / "incident.toml"))
    incidents = Vault(str(EXAMPLE), settings).read_all().incidents
    return [
        Pair(
            (one.title, other.title),
            (one.services, other.services),
            str(other.id) == one.duplicate_of or str(one.id) == other.duplicate_of,
            _begin(other) - _begin(one),
        )
        for one, other in combinations(incidents, 2)
        if abs((one.id.day - other.id.day).days) <= 7
    ]


def _begin(incident: Incident) -> datetime:
    at = incident.at("detected") or incident.at("declared")
    assert at is not None, "the example vault says when each incident began"
    return at


def _says(pair: Pair) -> bool:
    return is_likely_same(pair.titles[0], pair.services[0], pair.titles[1], pair.services[1], apart=pair.apart)


def told(name: str, pairs: list[Pair]) -> str:
    """Count what the rule says of pairs."""
    said = [(_says(pair), pair.same) for pair in pairs]
    hits, wrong = said.count((True, True)), said.count((True, False))
    missed = said.count((False, True))
    precision = f"{hits}/{hits + wrong} = {hits / (hits + wrong):.2f}" if hits + wrong else "none said"
    return f"{name}: {len(pairs)} pairs, {hits + missed} the same; precision {precision}, recall {hits}/{hits + missed} = {hits / (hits + missed):.2f}"


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=re.sub(r"\s+", " ", __doc__ or "").split(".")[0])
    options.add_argument("--pairs", type=int, default=200)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    print(told("example vault", of_example()))
    print(told(f"generated, seed {given.seed}", made(given.pairs, given.seed)))


if __name__ == "__main__":
    main()
