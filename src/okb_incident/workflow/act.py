"""Acting on the one incident that a verb can mean: what every verb does around its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.workflow.change import change_incident
from okb_incident.workflow.reference import find_target, is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


def split_reference(session: Session, words: Sequence[str], reference: str | None) -> tuple[str | None, list[str]]:
    """Part a reference from the words after it; one that was given as an option leaves all words as they are."""
    words = list(words)
    if reference is None and words and is_reference(session, words[0]):
        return words[0], words[1:]
    return reference, words


def is_open(incident: Incident) -> bool:
    """Say whether somebody is still working on it: what most verbs can apply to."""
    return incident.is_open


def act(
    session: Session,
    reference: str | None,
    decide: Callable[[Record], Change],
    *,
    verb: str,
    fits: Callable[[Incident], bool] = is_open,
    else_fits: Callable[[Incident], bool] | None = None,
    message: str = "",
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Find the incident, and apply a decision to its note.

    Args:
        session: The session.
        reference: What was typed for the incident, if anything.
        decide: From what the note says to what changes; may refuse by raising.
        verb: The command.
        fits: Whether the verb can apply to an incident, where none is named.
        else_fits: The same, where no incident fits the first.
        message: The rest of the command line, for sentences that offer it again.
        dry_run: Write nothing, and give the diff.
        ask: Offers a choice where several incidents fit.

    Raises:
        OkbError: No or several incidents fit, the decision refuses, or the note cannot be written.
    """
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session, reference, verb=verb, fits=fits, else_fits=else_fits, message=message, by_title=True, ask=ask
    )
    return change_incident(session, target, decide, verb=verb, dry_run=dry_run)
