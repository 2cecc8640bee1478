"""What a vault holds, put together from what its notes add."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.problem import Problem
from okb_incident.vault.read.names import rank
from okb_incident.vault.read.restricted import without
from okb_incident.vault.read.scan import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.documentation import DeclaredIncident
    from okb_incident.core.settings.settings import Folders
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.read.contribution import Contribution


class Loaded(NamedTuple):
    """All incidents of a vault, and what is wrong in it.

    Attributes:
        incidents: By id; of several notes with one id, the one whose file name is the id.
        problems: In the order of their notes.
        restricted: How many incidents were left out because they may be shown only where they are asked for.
        hidden: Their ids, with which links that lead to them are understood; nothing tells of them.
        foreign: The notes among the problems that cannot be ours, where every note was read.
        declared: The incidents since the moment that was asked for, of several notes with one id each.
    """

    incidents: tuple[Incident, ...]
    problems: tuple[Problem, ...]
    restricted: int = 0
    hidden: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    declared: tuple[DeclaredIncident, ...] = ()


class Hidden(NamedTuple):
    """What may be shown only where it is asked for.

    Attributes:
        ids: The ids of the notes that are restricted incidents.
        folder: The folder of which nothing is told.
    """

    ids: Sequence[str]
    folder: str


def gathered(
    contributions: Iterable[Contribution],
    of_scan: Iterable[Problem],
    folders: Folders,
    *,
    everything: bool,
    include_restricted: bool,
) -> Loaded:
    """Put together what the notes of a vault add.

    Args:
        contributions: Of the notes.
        of_scan: What the scan has found wrong.
        folders: Those of the vault.
        everything: Name what is wrong with notes that cannot be ours, too.
        include_restricted: Give restricted incidents, and what is wrong with them, too.
    """
    contributions = list(contributions)
    shown = [each for each in contributions if include_restricted or not each.restricted]
    secret = [each.incident.id.text for each in contributions if each.incident and each.restricted]
    return joined(
        (each.incident for each in shown if each.incident),
        of_scan,
        (problem for each in shown if everything or each.is_ours for problem in each.problems),
        None if include_restricted else Hidden(secret, folders.restricted),
        folders,
    )._replace(foreign=frozenset(each.path for each in shown if not each.is_ours))


def joined(
    incidents: Iterable[Incident],
    of_scan: Iterable[Problem],
    of_notes: Iterable[Problem],
    hidden: Hidden | None,
    folders: Folders,
) -> Loaded:
    """Return incidents and problems as an answer: one note for each id, and all in order.

    Args:
        incidents: In any order; all notes of an id that is in several.
        of_scan: What the scan has found wrong, in its order.
        of_notes: What is wrong with notes, in order within each.
        hidden: What is left out, so that nothing else tells of it either; None where it was asked for.
        folders: Those of the vault.
    """
    secret = frozenset(hidden.ids if hidden else ())
    unique, doubles = _one_per_id((each for each in incidents if each.id.text not in secret), folders)
    told = [*of_scan, *sorted(of_notes, key=lambda problem: place(problem.path)), *doubles]
    if hidden is None:
        return Loaded(unique, tuple(told))
    return Loaded(unique, tuple(without(secret, told, hidden.folder)), len(hidden.ids), secret)


def _one_per_id(incidents: Iterable[Incident], folders: Folders) -> tuple[tuple[Incident, ...], list[Problem]]:
    """Keep one note for each id, the one at home, else the one whose file name is the id, and report the others."""
    by_id: dict[IncidentId, list[Incident]] = {}
    for incident in incidents:
        by_id.setdefault(incident.id, []).append(incident)
    kept = []
    problems = []
    for incident_id in sorted(by_id):
        same = sorted(by_id[incident_id], key=lambda each: (rank(each.id, each.path, folders), each.path))
        kept.append(same[0])
        problems += [
            Problem(
                double.path,
                double.lines.get("id"),
                "duplicate-id",
                f"{incident_id} is the id of {same[0].path} too; this note is not counted",
                "give it another id, or remove it if it is a copy",
            )
            for double in same[1:]
        ]
    return tuple(kept), problems
