"""Checking templates: each is rendered with a full and with a nearly empty incident, and what comes out is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.facts import facts
from okb_incident.core.guidance.public_facts import Occasion, public_facts
from okb_incident.core.guidance.template import NEW, purpose_of
from okb_incident.core.response.assessment_fields import ANALYSES, COMPARED
from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.rendering.locate import find
from okb_incident.rendering.render import is_jinja
from okb_incident.workflow.care.template_news import TemplateNews, template_news
from okb_incident.workflow.change import record_of
from okb_incident.workflow.comms.notice import of_template
from okb_incident.workflow.document import compose
from okb_incident.workflow.templates import list_templates, template_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.session import Session

EMPTY = """---
type: incident
id: INC-20261123-02
title: Something is wrong
status: triage
severity: undetermined
---
# Something is wrong
"""

FULL = """---
type: incident
id: INC-20261123-01
title: Card payments fail <% here %> and "there"
status: resolved
severity: SEV1
category: service
priority: P1
urgency: high
business_impact: critical
scope: all of Europe
users_affected: ~1200
services:
  - "[[checkout]]"
  - payments
commander: "[[alice]]"
technical_lead: bob
responders:
  - bob
started: 2026-11-23T01:47:00
detected: 2026-11-23T01:58:00
declared: 2026-11-23T02:01:00
acknowledged: 2026-11-23T02:02:00
mitigated: 2026-11-23T02:55:00
resolved: 2026-11-23T03:40:00
expected_recovery: 2026-11-23T03:00:00
confidentiality: partial
data_classes:
  - personal
notify_by: 2026-11-26T01:58:00
cause: change
trigger: deploy 4f2a
data_loss: none
sla: breached
---
# Card payments fail

## Summary
Card payments failed. `= this.x` was seen.

## Impact
Support had 40 tickets.

## Timeline
- 2026-11-23T02:02:00 **status** @alice: triage → investigating
- 2026-11-23T02:03:00 **impact** @alice: checkout down, share 40%, users 900-1500 from 2026-11-23T01:47:00 to 2026-11-23T02:55:00
- 2026-11-23T02:05:00 **comms** @carol: users/service-notice → [[INC-20261123-01 update 1 users service-notice|users 1]], next by 2026-11-23T02:40:00
- 2026-11-23T02:12:00 **hypothesis** @bob: h1 pool exhausted
- 2026-11-23T02:16:00 **note** @bob: we take back the last change #external
- 2026-11-23T02:20:00 **resource** @alice: r1 requested: a database specialist
- 2026-11-23T02:31:00 **decision** @alice: roll back 4f2a, because a higher limit would hide it
- 2026-11-23T02:50:00 **change** @bob: rollback: deploy 4f2a, ref 4f2a
- 2026-11-23T03:10:00 **cost** @carol: refunds 1200 CHF (900..1500), cards only, source the payment provider
- 2026-11-23T03:40:00 **verify** @alice: v1 recovery pass: errors below 0.1 %, evidence 0.02 %

## Actions
- [ ] Tell the bank [owner:: carol] #incident/action 🆔 INC-20261123-01-a1 ➕ 2026-11-23

## Resolution
Fix: 4f2a rolled back

## Follow-ups
- [ ] Alert on pool use [owner:: bob] [kind:: prevention] #incident/follow-up 🆔 INC-20261123-01-f1 ➕ 2026-11-23 📅 2026-12-08
"""

SAMPLES = {"a full incident": FULL, "a nearly empty one": EMPTY}


class TemplateCheck(NamedTuple):
    """A template, rendered once.

    Attributes:
        name: Its name.
        sample: With what it was rendered.
        fault: What was wrong; None where it is good.
        news: What the shipped template of its name has that this one does not.
    """

    name: str
    sample: str
    fault: str | None
    news: TemplateNews


def check_templates(session: Session, name: str | None = None) -> list[TemplateCheck]:
    """Render the templates of all names, or of one, and read what comes out.

    Raises:
        NotFoundError: There is none of that name.
    """
    names = [name] if name else list(list_templates(session))
    if name:
        find(name, template_folders(session))
    checked = []
    for each in names:
        tried = list(_tried(session, each))
        # Of a template that cannot be used, only the fault is worth reading.
        news = TemplateNews(each) if any(fault for _, fault in tried) else template_news(session, each)
        checked += [TemplateCheck(each, *found, news=news) for found in tried]
    return checked


def _tried(session: Session, name: str) -> Iterator[tuple[str, str | None]]:
    for sample, text in SAMPLES.items():
        record = _record(session, text)
        try:
            yield sample, _fault(session, compose(session, name, _values(session, name, record), {}, path=f"{name}.md"))
        except (InvalidNoteError, NotFoundError) as error:
            yield sample, error.message


def _record(session: Session, text: str) -> Record:
    note = session.vault.parse("incidents/2026/sample.md", text.encode())
    incident, _ = session.vault.incident_of(note)
    assert incident is not None, "the samples are incidents"
    return record_of(session, incident, text)


def _values(session: Session, name: str, record: Record) -> Mapping[str, object]:
    """Return what a template of a name would be rendered with."""
    occasion = Occasion(session.now, session.zone_name, heading=f"Sample: {record.incident.title}")
    purpose = purpose_of(name)
    knows = purpose.knows if purpose else "facts"
    only = of_template(session, record, name)
    if knows == "outside":
        return {**public_facts(record, occasion), **only}
    if knows == "nothing":
        return {}
    if knows == "report":
        return {"report": "# Incident report", "period": "2026-W48"}
    if knows == "new" or not is_jinja(find(name, template_folders(session)).text):
        values = {"id": record.incident.id.text, "title": record.incident.title, "severity": "SEV1", "status": "triage"}
        return {key: values.get(key, "2026-11-23T02:01:00") for key in NEW if key not in {"date", "time"}}
    return (
        {**facts(record, occasion), **_of_assessment(), **only}
        if name == "assessment"
        else {**facts(record, occasion), **only}
    )


def _of_assessment() -> dict[str, object]:
    lists = ("services_affected", "resources", "immediate_actions", "team_activation", "data_classes")
    return {
        "assessment": {key: [] if key in lists else "" for key in COMPARED},
        "proposal": {"severity": "", "priority": "", "reason": "", "sla": [], "losses": []},
        "analyses": dict.fromkeys(ANALYSES, ""),
        "differences": [],
    }


def _fault(session: Session, text: str) -> str | None:
    """Return what is wrong with a rendered note."""
    note = session.vault.parse("sample.md", text.encode())
    problem = next(iter(note.frontmatter.problems), None)
    if problem is not None:
        return f"line {problem.line} of the note it makes: {problem.message}"
    return "a Templater tag is left in the note it makes" if "<%" in text else None
