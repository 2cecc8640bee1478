"""The business impact of an incident, with what the notes of its services promise and earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response.business_impact import business_impact
from okb_incident.core.response.service_impact import service_impacts
from okb_incident.core.response.service_terms import read_terms
from okb_incident.errors import InvalidNoteError, NotFoundError

if TYPE_CHECKING:
    from okb_incident.core.response.business_impact import BusinessImpact
    from okb_incident.core.response.service_terms import ServiceTerms
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.session import Session


def business_of(session: Session, record: Record) -> BusinessImpact:
    """Return the business impact of an incident, as of now."""
    return business_impact(record, service_terms(session, record), session.now)


def other_arithmetic(session: Session, record: Record, word: str) -> tuple[str, ...]:
    """Return the arithmetic of the outages where it comes to another word for the agreement than the one that is recorded."""
    found = business_of(session, record).agreement
    return found.reasons if found.word not in (None, word) else ()


def service_terms(session: Session, record: Record) -> list[ServiceTerms]:
    """Return what each service that suffers promises and earns; a service without a readable note is left out."""
    suffering = [each.service for each in service_impacts(record)]
    folder = session.vault.settings.folders.services
    notes = {name.casefold(): name for name in session.vault.names_in(folder)} if suffering else {}
    found = []
    for service in suffering:
        note = notes.get(service.casefold())
        if note is None:
            continue
        try:
            values = session.vault.read(f"{folder}/{note}.md").frontmatter.values
        except (NotFoundError, InvalidNoteError):
            continue
        found.append(read_terms(service, values))
    return found
