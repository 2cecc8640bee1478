"""Assessing: what was said becomes a note of its own, and the incident's own properties; every earlier assessment stays."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.guidance.facts import facts
from okb_incident.core.guidance.public_facts import Occasion
from okb_incident.core.incident.change import Change
from okb_incident.core.response import assessment
from okb_incident.core.response.assessment import AssessmentDetails, differences, snapshot
from okb_incident.core.response.assessment_fields import ANALYSES, COMPARED, FIELDS, PROPERTIES
from okb_incident.core.response.duty import changed_incident, follow
from okb_incident.core.response.proposal import propose, share_of
from okb_incident.core.settings.policy import IMPACTS, URGENCIES
from okb_incident.core.text.quoting import defuse
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of
from okb_incident.core.values.scope import read_scope
from okb_incident.core.values.status import Status
from okb_incident.core.values.title import as_title
from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.vault.disk.writer import AlreadyThereError
from okb_incident.vault.note.incident_note import written_value
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.change import CompanionNote
from okb_incident.workflow.comms.notice import of_template
from okb_incident.workflow.document import companions, compose, new_note
from okb_incident.workflow.lifecycle.advance import in_status
from okb_incident.workflow.lifecycle.property_value import read_value, unlike_a_level
from okb_incident.workflow.lifecycle.read_severity import read_severity
from okb_incident.workflow.lifecycle.read_word import word_of
from okb_incident.workflow.look.business import business_of
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.service_names import stranger
from okb_incident.workflow.response.teams import find_team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.assessment_fields import AssessmentField
    from okb_incident.core.response.business_impact import BusinessImpact
    from okb_incident.core.response.proposal import Proposal
    from okb_incident.vault.write.steps import Create
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Typed = Mapping[str, str | Sequence[str] | None]
    """What was typed, by the names of the fields."""

NUMBER = re.compile(r" assessment (\d+)\.md\Z")


class AssessmentBasis(NamedTuple):
    """What is known before anything is asked.

    Attributes:
        record: The incident.
        last: The properties of the last assessment; None before the first.
        number: Which assessment comes next.
        proposal: What the policy says of what is known.
        business: What is known of the agreement and the money, and what the outages propose.
        strangers: What is odd about what was typed: services that no note of the catalog knows, a mistyped level of scope.
    """

    record: Record
    last: Mapping[str, object] | None
    number: int
    proposal: Proposal
    business: BusinessImpact
    strangers: tuple[str, ...] = ()


def assess(call: Call, typed: Typed, complete: Callable[[AssessmentBasis, Typed], Typed] | None) -> ChangedIncident:
    """Assess an incident.

    Args:
        call: The call.
        typed: What the options say, by the names of the fields.
        complete: Asks a person for more; None where nobody can be asked.

    Raises:
        UsageError: A severity, a word or a moment cannot be used.
    """
    session = call.session
    _details(call, typed)
    # What nobody has looked at yet comes first, as for ack.
    target = call.target(in_status(Status.TRIAGE), is_open, resolved_today(session))
    known = _known(call, target, typed)
    if complete is not None:
        typed = complete(known, typed)
        known = _known(call, target, typed)
    details = _details(call, typed)
    while True:
        step, name, changes = _note(session, target, known, details)
        decide = partial(_decide, details, known, call.moment, name, changes)
        try:
            return call.change_at(target, decide, beside=[step])._replace(made=CompanionNote("assessment", step.path))
        except AlreadyThereError:
            # Somebody else has assessed it meanwhile.
            if not os.path.lexists(os.path.join(session.vault.root, step.path)):
                raise
            known = _known(call, target, typed)


def _decide(
    details: AssessmentDetails, known: AssessmentBasis, at: datetime, name: str, changes: Sequence[str], record: Record
) -> Change:
    change = assessment.assess(record, details, known.proposal, at, note=name, number=known.number, changes=changes)
    odd = (*_odd(record, details, known.proposal), *known.strangers, *known.business.proposals())
    return change._replace(warnings=(*change.warnings, *odd))


def _details(call: Call, typed: Typed) -> AssessmentDetails:
    """Read what was typed.

    Raises:
        UsageError: A severity, a word, a moment or a team cannot be used.
    """
    read: dict[str, Any] = {}
    for field in FIELDS:
        value = typed.get(field.name)
        if value and not field.is_analysis:
            read[field.name] = _value(call.session, field, value)
    analyses = {name: defuse(str(typed[name])) for name in ANALYSES if str(typed.get(name) or "").strip()}
    return AssessmentDetails(**read, analyses=analyses, reason=call.reason)


def _value(session: Session, field: AssessmentField, typed: str | Sequence[str]) -> Any:
    """Read the value of a field."""
    if field.name in {"services", "data_classes"}:
        return read_value(session, field.name, ",".join(typed))
    if field.name == "scope":
        return read_value(session, "scope", str(typed))
    if field.name == "teams":
        return tuple(find_team(session, each)[0] for each in typed)
    if not isinstance(typed, str):
        return tuple(map(as_title, typed))
    if field.name == "severity":
        return read_severity(session, typed)
    if field.name == "recovery":
        return session.moment(typed, field.option[-1], promise=True)
    return word_of(field.name, typed, field.allowed, option=field.option[-1]) if field.allowed else as_title(typed)


def _known(call: Call, target: Target, typed: Typed) -> AssessmentBasis:
    """Read the incident and its last assessment, and ask the policy."""
    session, record = call.session, call.record(target)
    incident = record.incident
    numbered = sorted(
        (int(found[1]), path) for path in companions(session, target, "assessment ") if (found := NUMBER.search(path))
    )
    last = session.vault.read(numbered[-1][1]).frontmatter.values if numbered else None
    number = numbered[-1][0] + 1 if numbered else 1
    return AssessmentBasis(
        record,
        last,
        number,
        _proposal(call, incident, typed),
        business_of(session, record),
        (*_strangers(session, typed.get("services") or ()), *unlike_a_level(session, str(typed.get("scope") or ""))),
    )


def _strangers(session: Session, services: Sequence[str]) -> Iterator[str]:
    """Return which services no note of the catalogue knows; nothing where the vault has no catalogue."""
    found = (stranger(session, link_target(name).strip()) for name in services)
    return filter(None, found)


def _proposal(call: Call, incident: Incident, typed: Typed) -> Proposal:
    session, settings = call.session, call.session.vault.settings
    details, scopes = _details(call, typed), settings.vocabulary.scope
    services = [link_target(each) for each in details.services] or list(incident.services)
    totals = [total for name in services if (total := _users_of(session, name))]
    # The smallest service gives the largest share, and unsure means the higher.
    share = share_of(details.users or text_of(incident.properties.get("users_affected")), min(totals, default=None))
    return propose(
        settings.policy,
        settings.severities,
        share=share,
        urgency=details.urgency or _word(incident, "urgency", URGENCIES),
        business_impact=details.business_impact or _word(incident, "business_impact", IMPACTS),
        scope=read_scope(details.scope or text_of(incident.properties.get("scope")) or "", scopes).level,
        scopes=scopes,
    )


def _word(incident: Incident, key: str, allowed: Sequence[str]) -> str | None:
    text = (text_of(incident.properties.get(key)) or "").lower()
    return text if text in allowed else None


def _users_of(session: Session, service: str) -> int | None:
    """Return how many users a service has, where its note says so in digits."""
    try:
        values = session.vault.read(f"{session.vault.settings.folders.services}/{service}.md").frontmatter.values
    except (NotFoundError, InvalidNoteError):
        return None
    digits = re.sub(r"[',_ ~]", "", text_of(values.get("users")) or "")
    return int(digits) if digits.isdecimal() and len(digits) < 16 and int(digits) else None


def _note(
    session: Session, target: Target, known: AssessmentBasis, details: AssessmentDetails
) -> tuple[Create, str, list[str]]:
    record, incident = known.record, known.record.incident
    folder = target.path.rpartition("/")[0]
    name = f"{incident.id} assessment {known.number}"
    title = defuse(f"Assessment {known.number}: {incident.headline}")
    held = snapshot(record, details, known.proposal)
    changes = differences(known.last, held, session.vault.settings.vocabulary.scope)
    occasion = Occasion(session.now, session.zone_name, heading=title, message=details.reason, number=known.number)
    proposal = known.proposal
    values = {
        **facts(record, occasion),
        "assessment": {key: _listed(held.get(key, "")) for key in COMPARED},
        "proposal": {
            "severity": str(proposal.severity or ""),
            "priority": proposal.priority or "",
            "reason": proposal.reason,
            "sla": list(known.business.agreement.reasons),
            "losses": [each.reason for each in known.business.losses],
        },
        "analyses": {each: details.analyses.get(each, "") for each in ANALYSES},
        "differences": changes,
        **of_template(session, _with_data(session, record, details), "assessment"),
    }
    own: dict[str, Value] = {
        "type": "incident-assessment",
        "incident": f"[[{incident.id}]]",
        "assessed": Plain(write_moment(session.now, session.zone)),
        "by": session.actor.handle,
        **{
            key: Plain(value)
            if key == "recovery_time" and isinstance(value, str)
            else written_value(value, session.zone)
            for key, value in held.items()
        },
        "visibility": "restricted" if incident.restricted else None,
        "aliases": [title],
        "created": Plain(write_moment(session.now, session.zone)[:10]),
    }
    properties = {key: own[key] for key in PROPERTIES if own.get(key) is not None}
    text = compose(session, "assessment", values, properties, path=f"{folder}/{name}.md")
    return new_note(incident, folder, name, text), name, changes


def _with_data(session: Session, record: Record, details: AssessmentDetails) -> Record:
    """Return the record with the classes of data of an assessment, and with the deadline of a notice that follows from them."""
    if not details.data_classes:
        return record
    given = Change(properties={"data_classes": details.data_classes})
    change = follow(record, given, session.vault.settings.policy.notify, session.now)
    return Record(changed_incident(record.incident, change, record.zone), record.zone, record.section)


def _listed(value: str | tuple[str, ...]) -> str | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _odd(record: Record, details: AssessmentDetails, proposal: Proposal) -> list[Text]:
    """Return where the severity differs from what the policy proposes."""
    severity = details.severity or record.incident.severity
    if proposal.severity is None or severity is None or severity.label == proposal.severity.label:
        return []
    command = Command("severity", proposal.severity, incident=record.incident.id)
    return [Sentence(f"the policy proposes {proposal.severity}: {proposal.reason}; ", command)]
