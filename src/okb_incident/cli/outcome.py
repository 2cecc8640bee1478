"""What a writing command returns to a program: its own keys, what was made and changed, and the journal entry that undoes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.cli.output import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.outcome import Outcome
    from okb_incident.workflow.session import Session


def incident_object(incident: Incident, session: Session) -> dict[str, Any]:
    """Return an incident as a program reads it."""
    from okb_incident.core.incident.describe import as_object

    return as_object(incident, session.vault.root, session.zone)


def changed_object(changed: ChangedIncident, session: Session, *, dry_run: bool = False) -> dict[str, Any]:
    """Return an incident as a program reads it after a change, or as it would be, with the difference, after a dry run."""
    from okb_incident.workflow.outcome import outcome_of

    outcome = outcome_of(session, changed.committed, changed.incident.id)
    warnings = (*changed.change.warnings, *changed.notes)
    return {
        **incident_object(changed.incident, session),
        **_keys(outcome, warnings),
        "changed": not (changed.change.is_empty or dry_run),
        **({"diff": changed.diff} if dry_run else {}),
    }


def written(
    value: Mapping[str, Any], session: Session, committed: Any = None, warnings: Sequence[Text] = ()
) -> Callable[[], dict[str, Any]]:
    """Return what makes a value with the keys of every writing command; only that looks at what was written.

    Args:
        value: The command's own keys.
        session: The session.
        committed: What was committed; None where nothing was.
        warnings: What the person should know.
    """

    def with_outcome() -> dict[str, Any]:
        from okb_incident.workflow.outcome import outcome_of

        return {**_keys(outcome_of(session, committed), warnings), **value}

    return with_outcome


def _keys(outcome: Outcome, warnings: Sequence[Text]) -> dict[str, Any]:
    return {
        "changed": outcome.entry is not None,
        "made": [each._asdict() for each in outcome.made],
        "changes": [
            {"path": each.path, "property": each.change.name, "from": each.change.before, "to": each.change.after}
            for each in outcome.changes
        ],
        "warnings": [as_text(each) for each in warnings],
        "entry": outcome.entry,
    }
