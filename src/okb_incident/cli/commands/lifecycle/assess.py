"""The command that says how bad it is: assess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.output import comment
from okb_incident.cli.verb import writing
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.properties import link_target, text_of

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.lifecycle.assess import Known, Typed
    from okb_incident.workflow.request import Ask
    from okb_incident.workflow.session import Session

Text = str | None
Texts = list[str] | None


@writing("assess", opt.AT)
def assess(
    call: Call,
    severity: Annotated[
        Text, typer.Option("-s", "--severity", metavar="SEV", help="How bad.", autocompletion=opt.SEVERITIES)
    ] = None,
    users: Annotated[
        Text, typer.Option("-u", "--users", metavar="N", help="How many: 1200, ~1200, 1000-1500, 5%, unknown.")
    ] = None,
    service: Annotated[
        Texts, typer.Option("--service", metavar="NAME", help="A service; repeat it.", autocompletion=opt.SERVICES)
    ] = None,
    scope: Annotated[
        Text, typer.Option("--scope", metavar="TEXT", help="Whom it reaches: a team, a region, all.")
    ] = None,
    urgency: Annotated[Text, typer.Option("--urgency", metavar="WORD", help="high, medium or low.")] = None,
    impact: Annotated[
        Text, typer.Option("--business-impact", metavar="WORD", help="critical, high, medium or low.")
    ] = None,
    recovery: Annotated[
        Text, typer.Option("--recovery", metavar="T", help="When it should be over: 40m, 14:30.")
    ] = None,
    need: Annotated[Texts, typer.Option("--need", metavar="TEXT", help="What the response needs; repeat it.")] = None,
    action: Annotated[Texts, typer.Option("--action", metavar="TEXT", help="What is done at once; repeat it.")] = None,
    team: Annotated[Texts, typer.Option("--team", metavar="NAME", help="A team to call; repeat it.")] = None,
    communication: Annotated[Text, typer.Option("--comms", metavar="TEXT", help="How people are told.")] = None,
    escalation: Annotated[
        Text, typer.Option("--escalation", metavar="TEXT", help="Whom to call if it gets worse.")
    ] = None,
    of_service: Annotated[
        Text, typer.Option("--service-impact", metavar="TEXT", help="What fails, and how far.")
    ] = None,
    of_user: Annotated[Text, typer.Option("--user-impact", metavar="TEXT", help="What users cannot do.")] = None,
    of_business: Annotated[
        Text, typer.Option("--cost-impact", metavar="TEXT", help="What it costs, and who says so.")
    ] = None,
    of_security: Annotated[Text, typer.Option("--security-impact", metavar="TEXT", help="What was reached.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Ask for everything, on a terminal.")] = False,
) -> Changed:
    r"""Say how bad it is, for whom, and what that asks for.

    Each assessment is a note of its own, and says what has changed since the last. On a terminal it asks for severity, users and
    services, with what is known already; Enter keeps that. The rest is for options, --full, or the headings of the note.

    \b
    incident assess
    incident assess -s1 --users ~1200
    incident assess 1123-01 --urgency high --business-impact critical --team payments --action "roll back 4f2a"
    """
    from okb_incident.workflow.lifecycle.assess import Typed
    from okb_incident.workflow.lifecycle.assess import assess as assess_it

    analyses = {"service": of_service, "user": of_user, "business": of_business, "security": of_security}
    typed = Typed(
        severity,
        users,
        tuple(service or ()),
        scope,
        urgency,
        impact,
        recovery,
        tuple(need or ()),
        tuple(action or ()),
        tuple(team or ()),
        communication,
        escalation,
        {name: text for name, text in analyses.items() if text},
        reason,
    )
    answered = severity is not None and users is not None
    if call.question is None or (answered and not full):
        return assess_it(call, typed, None)
    questions = _Questions(call.session, call.question)
    return assess_it(call, typed, lambda known, given: questions.all_of(known, given, full=full))


class _Questions:
    """What a person is asked, each with what is known; Enter keeps that."""

    def __init__(self, session: Session, person: Ask) -> None:
        self.session = session
        self.person = person

    def all_of(self, known: Known, typed: Typed, *, full: bool) -> Typed:
        """Ask for what was not typed."""
        incident = known.record.incident
        comment(f"{incident.id} {incident.severity or '–'} {one_line(incident.title)}; Enter keeps what is in brackets")
        typed = typed._replace(**self._usual(known, typed))
        return typed._replace(**self._rest(known, typed)) if full else typed

    def _usual(self, known: Known, typed: Typed) -> dict[str, Any]:
        incident = known.record.incident
        scale = self.session.vault.settings.severities
        found: dict[str, Any] = {}
        if typed.users is None:
            found["users"] = self._one(
                "how many users? 1200, ~1200, 5%, unknown", text_of(incident.properties.get("users_affected"))
            )
        if not typed.services:
            services = self._one("which services, with commas between?", ", ".join(incident.services) or None)
            found["services"] = tuple(each.strip() for each in services.split(",") if each.strip()) if services else ()
        if typed.severity is None:
            for level in scale.levels:
                comment(f"  {level}: {level.meaning}")
            if known.proposal.severity:
                comment(f"  the policy proposes {known.proposal.severity}: {known.proposal.reason}")
            comment("  unsure means the higher")
            found["severity"] = self._one(
                "how bad?", str(incident.severity) if incident.severity else None, scale.labels
            )
        return found

    def _rest(self, known: Known, typed: Typed) -> dict[str, Any]:
        from okb_incident.core.response.assessment import ANALYSES
        from okb_incident.core.settings.policy import IMPACTS, URGENCIES

        properties = known.record.incident.properties
        found: dict[str, Any] = {}
        lines = {
            "scope": ("whom does it reach?", ()),
            "urgency": ("how urgent?", URGENCIES),
            "business_impact": ("how bad for the business?", IMPACTS),
            "recovery": ("when should it be over? 40m, 14:30", ()),
            "communication": ("how are people told?", ()),
            "escalation": ("whom to call if it gets worse?", ()),
        }
        for name, (prompt, allowed) in lines.items():
            if getattr(typed, name) is None:
                found[name] = self._one(prompt, text_of(properties.get(name)), allowed)
        for name, prompt in (
            ("actions", "what is done at once?"),
            ("needs", "what is needed?"),
            ("teams", "which teams are called?"),
        ):
            if not getattr(typed, name):
                reply = self._one(f"{prompt} with semicolons between", None)
                found[name] = tuple(each.strip() for each in reply.split(";") if each.strip()) if reply else ()
        found["analyses"] = {
            name: typed.analyses.get(name) or self._one(f"{name} impact?", None) or "" for name in ANALYSES
        }
        return found

    def _one(self, prompt: str, known: str | None, allowed: tuple[str, ...] = ()) -> str | None:
        words = f" ({', '.join(allowed)})" if allowed else ""
        shown = f" [{link_target(known)}]" if known else ""
        return self.person.line(f"{prompt}{words}{shown} ", allowed)
