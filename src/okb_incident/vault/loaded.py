"""What a vault holds, put together from what its notes add."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.problem import Problem
from okb_incident.vault.scan import place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okb_incident.core.identity import IncidentId
    from okb_incident.core.incident import Incident
    from okb_incident.core.settings import Folders
    from okb_incident.vault.contribution import Contribution


class Loaded(NamedTuple):
    """All incidents of a vault, and what is wrong in it.

    Attributes:
        incidents: By id; of several notes with one id, the one whose file name is the id.
        problems: In the order of their notes.
        restricted: How many incidents were left out because they may be shown only where they are asked for.
    """

    incidents: tuple[Incident, ...]
    problems: tuple[Problem, ...]
    restricted: int = 0


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
    shown = [each for each in contributions if include_restricted or not each.restricted]
    hidden = sum(each.incident is not None for each in contributions) - sum(each.incident is not None for each in shown)
    return joined(
        (each.incident for each in shown if each.incident),
        of_scan,
        (problem for each in shown if everything or each.is_ours for problem in each.problems),
        hidden,
        None if include_restricted else folders.restricted,
    )


def joined(
    incidents: Iterable[Incident],
    of_scan: Iterable[Problem],
    of_notes: Iterable[Problem],
    restricted: int,
    hidden_folder: str | None,
) -> Loaded:
    """Give incidents and problems as an answer: one note for each id, and all in order.

    Args:
        incidents: In any order; all notes of an id that stands in several.
        of_scan: What the scan has found wrong, in its order.
        of_notes: What is wrong with notes, in order within each.
        restricted: How many incidents are left out.
        hidden_folder: A folder of which nothing is told.
    """
    unique, doubles = _one_per_id(incidents)
    told = [each for each in of_scan if hidden_folder is None or not each.path.startswith(hidden_folder + "/")]
    told += sorted(of_notes, key=lambda problem: place(problem.path))
    return Loaded(unique, (*told, *doubles), restricted)


def _one_per_id(incidents: Iterable[Incident]) -> tuple[tuple[Incident, ...], list[Problem]]:
    """Keep one note for each id, the one whose file name is the id, and report the others."""
    by_id: dict[IncidentId, list[Incident]] = {}
    for incident in incidents:
        by_id.setdefault(incident.id, []).append(incident)
    kept = []
    problems = []
    for incident_id in sorted(by_id):
        same = sorted(by_id[incident_id], key=lambda each: (not each.path.endswith(f"/{incident_id}.md"), each.path))
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
