"""The command assess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.output import comment
from okb_incident.cli.verb import writing
from okb_incident.core.incident.query import cell
from okb_incident.core.response.assessment_fields import FIELDS
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.response.assessment_fields import AssessmentField
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.lifecycle.assess import AssessmentBasis
    from okb_incident.workflow.request import Person
    from okb_incident.workflow.session import Session


def _option(field: AssessmentField) -> opt.Option:
    about = typer.Option(
        *field.option,
        metavar=field.metavar,
        help=field.help,
        rich_help_panel="Analyses" if field.is_analysis else None,
    )
    return opt.Option(field.name, Annotated[(list[str] if field.parts else str) | None, about], None)


@writing("assess", opt.AT, opt.reason(), table=[_option(field) for field in FIELDS])
def assess(
    call: Call,
    typed: dict[str, Any],
    full: Annotated[bool, typer.Option("--full", help="Ask for every field, on a terminal.")] = False,
) -> ChangedIncident:
    r"""Assess the impact and set the severity.

    Each assessment is a note of its own that shows what changed since the last one. On a terminal it asks for scope, users,
    services and severity; Enter keeps the known value. The other fields are set by options, by `--full`, or in the note.

    \b
    incident assess
    incident assess -s sev1 --users ~1200 --scope "region eu-west, web only"
    incident assess 1123-01 --urgency high --business-impact critical --team payments --action "roll back 4f2a"
    """
    from okb_incident.workflow.lifecycle.assess import assess as assess_it

    answered = typed["severity"] is not None and typed["users"] is not None
    if call.question is None or (answered and not full):
        return assess_it(call, typed, None)
    person = call.question
    return assess_it(call, typed, lambda known, given: _asked(call.session, person, known, given, full=full))


def _asked(
    session: Session, person: Person, known: AssessmentBasis, typed: Mapping[str, Any], *, full: bool
) -> dict[str, Any]:
    """Ask a person for what was not typed, each with what is known; Enter keeps that."""
    incident = known.record.incident
    comment(
        f"{incident.id} {incident.severity or '–'} {one_line(incident.headline)}; Enter keeps the value in brackets"
    )
    answers = dict(typed)
    # The severity comes last of the usual ones: what was said before it speaks for one.
    for field in sorted(FIELDS, key=lambda field: (not field.usual, field.name == "severity")):
        of_it = bool(incident.category) and field.of_category == incident.category
        if not typed.get(field.name) and (full or field.usual or of_it):
            answers[field.name] = _answer(session, person, known, field)
    return answers


def _answer(session: Session, person: Person, known: AssessmentBasis, field: AssessmentField) -> str | list[str] | None:
    allowed, said = field.allowed, cell(known.record.incident, field.of_incident, session.vault.settings)
    if field.name == "data_classes":
        comment(f"  {', '.join(session.vault.settings.vocabulary.data_classes)}")
    if field.name == "severity":
        allowed = session.vault.settings.severities.labels
        _explain(session, known)
    if field.name == "scope":
        comment(f"  {' · '.join(session.vault.settings.vocabulary.scope)}")
    shown = f" [{said}]" if field.of_incident and said != "–" else ""
    prompt = f"{field.question}{shown} (Enter to {'keep' if shown else 'skip'}) "
    reply = person.line(prompt, allowed)
    if field.name == "data_classes":
        reply = _known_classes(session, person, prompt, reply)
    return [part.strip() for part in (reply or "").split(field.parts) if part.strip()] if field.parts else reply


def _known_classes(session: Session, person: Person, prompt: str, reply: str | None) -> str | None:
    """Return classes of data that are all words of the vocabulary; others are asked for again, so that no answer is lost."""
    from okb_incident.errors import UsageError
    from okb_incident.workflow.lifecycle.property_value import read_value

    while True:
        try:
            read_value(session, "data_classes", reply or "")
        except UsageError as fault:
            comment(fault.message)
            reply = person.line(prompt, ())
        else:
            return reply


def _explain(session: Session, known: AssessmentBasis) -> None:
    """Print what speaks for a severity."""
    for level in session.vault.settings.severities.levels:
        comment(f"  {level}: {level.meaning}")
    if known.proposal.severity:
        comment(f"  the policy proposes {known.proposal.severity}: {known.proposal.reason}")
    comment("  unsure means the higher")
