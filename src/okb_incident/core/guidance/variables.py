"""The names that a template may use, in one table; docs/templates.md is made from it, and `facts` gives a value for each.

Templates for people outside the organization know only the names marked so: what they cannot name cannot get out.
"""

from __future__ import annotations

from typing import NamedTuple

from okb_incident.core.response.assessment_fields import ANALYSES, COMPARED


class Variable(NamedTuple):
    """A name in a template.

    Attributes:
        name: As templates write it.
        meaning: What it stands for.
        outside: Whether templates for users and stakeholders know it.
        keys: Of a list, the keys of each of its items; of a mapping, its keys.
        only: The only templates that know it; empty for one that all know.
    """

    name: str
    meaning: str
    outside: bool = False
    keys: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


AT = ("at", "text")
EVENT = ("at", "kind", "who", "text", "external")
TASK = ("name", "text", "owner", "state", "due")
REQUEST = ("name", "text", "state", "answer", "asked", "asked_by", "answered", "answered_by")

VARIABLES = (
    Variable("heading", "the heading of the note: `Users 2`; what is below it is the message", outside=True),
    Variable(
        "headline",
        "the state and the public title: Investigating: Card payments fail; without a `public_title` it is made of the public names"
        " of the services: Problem with card payments; of a maintenance: Scheduled maintenance: Card payments",
        outside=True,
    ),
    Variable("message", "what was typed for it; empty where nothing was", outside=True),
    Variable(
        "now",
        "the time of the command with its zone; like every time in a message it has a date only if it is another day",
        outside=True,
    ),
    Variable("date", "the day of the command: 2026-11-23", outside=True),
    Variable("time", "the time of the command: 02:40", outside=True),
    Variable("zone", "the name of the zone in which times stand", outside=True),
    Variable("next_update", "by when the next message comes, where one is promised", outside=True),
    Variable("number", "which message to this audience it is: 2", outside=True),
    Variable("stage", "the stage, in words for the public: being assessed, …, over", outside=True),
    Variable("is_over", "whether it is resolved or closed", outside=True),
    Variable(
        "public_services", "the services, by the `public_name` of their notes; those without one are left out", True
    ),
    Variable("affected", "the same as a list in a sentence: card payments and the shop", outside=True),
    Variable(
        "public_impact",
        "the services with a `public_name` that are or were down or degraded: unavailable since 14:47 UTC, working again since 15:24 UTC",
        outside=True,
        keys=("service", "text"),
    ),
    Variable("began", "since when it can be noticed, with the zone", outside=True),
    Variable("stopped", "when the impact stopped, with the zone", outside=True),
    Variable("ended", "when it was resolved, with the zone; empty while it is open", outside=True),
    Variable(
        "lasted",
        "for how long the impact lasted, or has lasted: 1 hour and 8 minutes; empty where the record does not hold it",
        outside=True,
    ),
    Variable("no_data_lost", "whether the record holds that no data was lost", outside=True),
    Variable("span", "the same as a span: from 14:47 to 15:30 UTC; since 14:47 UTC while it lasts", outside=True),
    Variable("is_problem", "whether something went wrong; not of a maintenance or an announcement", outside=True),
    Variable("is_maintenance", "whether it is a maintenance", outside=True),
    Variable("planned", "the window of a maintenance: from 22:00 to 23:00 UTC on 3 December", outside=True),
    Variable(
        "apology",
        "an apology; empty where nothing was disrupted: in a drill, an announcement, or a maintenance that did only what was planned",
        outside=True,
    ),
    Variable(
        "prevention",
        "what is agreed to change, as a sentence, made of the open follow-ups marked `#external`: To prevent this from happening again,"
        " we will alert on pool use.",
        outside=True,
    ),
    Variable("public_events", "the lines marked `#external`, oldest first", outside=True, keys=AT),
    Variable("public_news", "those since the last message to this audience", outside=True, keys=AT),
    Variable(
        "public_timeline",
        "when the problem started, those lines, when the impact stopped and when it was resolved, in order of time",
        outside=True,
        keys=AT,
    ),
    Variable("id", "the incident: INC-20261123-01"),
    Variable("link", "the same as a link"),
    Variable("title", "what is wrong, in a line"),
    Variable("internal_headline", "the state, the title and the severity: Investigating: Card payments fail (SEV1)"),
    Variable("status", "triage, investigating, identified, monitoring, resolved, closed, declined, merged"),
    Variable("status_for", "how long it has had that status: 40 minutes; in other documents 40m"),
    Variable("severity", "how bad it is: SEV1"),
    Variable("severity_meaning", "the definition of that severity"),
    Variable("category", "system, security, performance, service"),
    Variable("nature", "drill, maintenance, announcement; empty for a real incident"),
    Variable("priority", "P1 to P4"),
    Variable("urgency", "high, medium, low"),
    Variable("business_impact", "critical, high, medium, low"),
    Variable("scope", "whom it reaches, in words"),
    Variable("users_affected", "how many: ~1200, 5%, 1000-1500"),
    Variable("services", "the names of the services", keys=()),
    Variable("service_list", "the same as a list in a sentence, by their public names where they have one"),
    Variable("cause", "one of the vault's causes"),
    Variable("trigger", "what set it off"),
    Variable("data_loss", "none, some, unknown"),
    Variable("data_sentence", "the same as a sentence: No data was lost."),
    Variable("expected_recovery", "when it should be over, with the zone"),
    Variable("estimate", "how that promise compares with what came"),
    Variable("commander", "who leads"),
    Variable("technical_lead", "who leads the technical work"),
    Variable("communications_lead", "who tells"),
    Variable("scribe", "who writes down"),
    Variable("support_liaison", "who speaks with the support teams"),
    Variable("management_liaison", "who speaks with the management"),
    Variable("responders", "who works on it"),
    Variable("teams", "the teams that were called"),
    Variable(
        "started",
        "when it began, with the zone; likewise `detected`, `declared`, `acknowledged`, `identified`,"
        " `contained`, `mitigated`, `resolved`, `first_resolved`, `verified`, `closed`",
    ),
    Variable("detected", ""),
    Variable("declared", ""),
    Variable("acknowledged", ""),
    Variable("identified", ""),
    Variable("contained", ""),
    Variable("mitigated", ""),
    Variable("resolved", ""),
    Variable("first_resolved", ""),
    Variable("verified", ""),
    Variable("closed", ""),
    Variable("metric", "of a performance incident what is measured; likewise `baseline`, `worst`, `unit`, `slo`"),
    Variable("baseline", ""),
    Variable("worst", ""),
    Variable("unit", ""),
    Variable("slo", ""),
    Variable(
        "sla", "whether what was agreed on the service was kept: breached, met, unknown; empty until it is recorded"
    ),
    Variable("summary", "what is under Summary; likewise `impact` and `resolution`"),
    Variable("impact", ""),
    Variable("resolution", ""),
    Variable("timeline", "every line, oldest first; in words for a message", keys=EVENT),
    Variable("news", "the lines since the last message to this audience; all of them before the first", keys=EVENT),
    Variable(
        "highlights",
        "the news without what has a list of its own (impact, hypotheses, actions, requests), without messages, effort and cost, and"
        " without a change of the status for which no reason was recorded",
        keys=EVENT,
    ),
    Variable("since", "when that message went out, with the zone; empty before the first"),
    Variable(
        "suffering",
        "the periods in which services are or were impaired; `text` has all of it in words: degraded for 37 minutes, from 14:47 to"
        " 15:24 UTC, 40%; `total` is with the last of several periods of a service",
        keys=(
            "service",
            "level",
            "since",
            "until",
            "span",
            "lasted",
            "share",
            "users",
            "planned",
            "end",
            "text",
            "total",
        ),
    ),
    Variable(
        "costs",
        "what it cost: each amount with its currency and its range, the source of the number and who recorded it",
        keys=("what", "amount", "text", "source", "who"),
    ),
    Variable("cost_totals", "the sum of the costs in each currency, with its range: 1,299.50 CHF (999.50 to 1,599.50)"),
    Variable(
        "hypotheses",
        "what was suspected, and what came of it: open, confirmed, ruled out",
        keys=("name", "text", "result"),
    ),
    Variable("decisions", "what was decided", keys=AT),
    Variable("changes", "what was changed in response", keys=AT),
    Variable("actions", "the checklist and the actions", keys=TASK),
    Variable("open_actions", "those that are left", keys=TASK),
    Variable("done_actions", "those that are done", keys=TASK),
    Variable("follow_ups", "the follow-ups after the incident", keys=(*TASK, "kind")),
    Variable("tickets", "the support tickets so far, and how their number grew: 40 (12 at 02:10 UTC, 25 at 02:22 UTC)"),
    Variable(
        "support_may_say",
        "the headline of the last message to users, when it went out and when the next one comes; only in messages to the team",
    ),
    Variable(
        "recipients",
        "the people to whom a message to the management goes: the members of the teams of kind `management`",
    ),
    Variable("requests", "what was asked for: requested, granted, refused; by whom and when", keys=REQUEST),
    Variable("needs", "those of them that wait for an answer", keys=REQUEST),
    Variable("resource_request", "the last resource request that went to the management: u3 of 02:45 UTC"),
    Variable(
        "checks",
        "the last making of each check: passed or failed",
        keys=("name", "subject", "text", "result", "evidence", "by"),
    ),
    Variable("facts", "what can be computed of the response, a line each", keys=("name", "value")),
    Variable("people", "who took part, and as what", keys=("who", "roles")),
    Variable(
        "assessment",
        "what the assessment says, with its keys; what it does not say is empty",
        keys=COMPARED,
        only=("assessment",),
    ),
    Variable(
        "proposal",
        "what the policy proposes, and why; and what the outages make of the SLO and the revenue of the services, a text each",
        keys=("severity", "priority", "reason", "sla", "losses"),
        only=("assessment",),
    ),
    Variable(
        "analyses",
        "what was said of each sort of impact",
        keys=ANALYSES,
        only=("assessment",),
    ),
    Variable("differences", "how it differs from the one before, a text each", only=("assessment",)),
    Variable(
        "notice",
        "what an authority has to know: what is unknown reads `not known yet`; `first` is the time of an earlier notice, `late` by how"
        " much this one misses the deadline `due`",
        keys=(
            *("noticed", "started", "stopped", "data", "people", "confidentiality", "integrity", "availability"),
            *("contact", "first", "due", "late"),
        ),
        only=("stakeholders-notice",),
    ),
    Variable(
        "duty_to_notify",
        "the duty to notify an authority, as a sentence: The authority has to be notified by 02:00 UTC on 26 November.",
        only=("management-briefing", "assessment"),
    ),
)

BY_NAME = {each.name: each for each in VARIABLES}

OUTSIDE_NAMES = frozenset(each.name for each in VARIABLES if each.outside)
"""What templates for users and stakeholders know."""
