"""What a message is called and what is in it besides the typed words; the internal title reaches no customer."""

from __future__ import annotations

import re

import pytest

from okb_incident.core.comms.communication import KINDS, OUTSIDE
from okb_incident.core.guidance.variables import BY_NAME, OUTSIDE_NAMES, VARIABLES
from okb_incident.core.values.status import PROCESS
from okb_incident.vault.note.note import split
from okb_incident.workflow.comms.draft_message import draft
from okb_incident.workflow.templates import show_template

ID = "INC-20261123-01"
SECRET = "kestrel"
"""What stands for everything that is internal."""
NOTE = """---
type: incident
id: {id}
title: {secret} pods crash
status: {status}
severity: SEV1
{nature}services:
  - {secret}-api
commander: {secret}-person
trigger: {secret}
---
# {secret} pods crash

## Summary
{secret}

## Timeline
- 2026-11-23T02:02:00 **status** @{secret}: triage → investigating, {secret}
- 2026-11-23T02:03:00 **note** @{secret}: we undo a change #external
- 2026-11-23T02:04:00 **impact** @{secret}: {secret}-api down from 2026-11-23T01:47:00

## Follow-ups
- [ ] Alert on {secret} #incident/follow-up 🆔 {id}-f1 ➕ 2026-11-23
- [ ] Alert on the pool #incident/follow-up #external 🆔 {id}-f2 ➕ 2026-11-23
"""


def shown(name):
    """Return a line of a template that prints a value of any kind."""
    keys = BY_NAME[name].keys
    inner = " ".join(f"{{{{ each.{key} }}}}" for key in keys) if keys else "{{ each }}"
    if keys or name == "public_services":
        return f"{{% for each in {name} %}}{inner}{{% endfor %}}\n"
    return f"{{{{ {name} }}}}\n"


def say_everything(desk):
    """Make templates of the vault that print, without a heading, whatever customers' templates know."""
    folder = desk.root / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        if kind.audience in OUTSIDE:
            body = "".join(shown(name) for name in sorted(OUTSIDE_NAMES))
            (folder / f"{kind.template}.md").write_text(f"{{# All. #}}\nAll of it:\n{body}")


@pytest.mark.parametrize("own", [False, True], ids=["shipped", "the vault's own templates"])
@pytest.mark.parametrize("nature", [None, "drill", "maintenance", "announcement"])
def test_the_internal_title_and_all_that_is_internal_reach_no_customer(desk, nature, own):
    if own:
        say_everything(desk)
    for status in PROCESS[::4] if own else PROCESS:
        words = f"nature: {nature}\n" if nature else ""
        desk.note.write_text(NOTE.format(id=ID, secret=SECRET, status=status, nature=words))
        for kind in KINDS:
            if kind.audience not in OUTSIDE:
                continue
            call = desk.call("comms draft", ID, kind.audience, kind.name, dry_run=True)
            body = split(draft(call, next_by=None if kind.name == "notice" else "30m", since=None).text).body
            assert SECRET not in body, (kind.template, status)
        if own:
            assert "Problem with our service" in body or nature in {"maintenance", "announcement"}


def test_what_is_sent_at_once_has_no_internal_title_either(desk):
    say_everything(desk)
    desk.note.write_text(NOTE.format(id=ID, secret=SECRET, status="investigating", nature=""))
    for audience in OUTSIDE:
        desk("tell", "-i", ID, audience, "Cards fail.", "--next", "30m")
    for path in desk.root.rglob("*update *"):
        body = split(path.read_text()).body
        assert "Cards fail." in body
        assert SECRET not in body


def test_colleagues_get_the_state_the_title_the_words_and_the_next_update(desk):
    desk("set", "-i", ID, "severity=SEV1")
    desk("tell", "01", "team", "We look.", "--next", "30m")
    assert desk("comms", "show", "01", "u1").out == (
        "**Investigating: Checkout is slow (SEV1)**\n\nWe look.\n\nWe will send the next update by 12:30 UTC.\n"
    )
    desk("tell", "01", "management", "We look.")
    assert desk("comms", "show", "01", "u2").out == "**Investigating: Checkout is slow (SEV1)**\n\nWe look.\n"


def test_people_have_the_names_of_their_notes_and_services_are_joined(desk):
    (desk.root / "people/bob.md").write_text(
        "---\ntype: person\nhandle: bo\naliases:\n  - robby\n---\n# Bob [[Moser]]\n"
    )
    (desk.root / "people/Dan Kim.md").write_text("---\ntype: person\n---\nKnows the bank.\n")
    (desk.root / "people/zoe.md").write_text("---\ntype: person\naliases:\n  - bob\n---\n# Not Bob\n")
    (desk.root / "services/cards.md").write_text("---\ntype: service\npublic_name: card payments\n---\n")
    desk.type("title: ", "services:\n  - cards\n  - wallet\n  - ledger\ntitle: ")
    desk("role", "01", "commander", "bob")
    desk("role", "01", "technical", "Dan Kim")
    desk("action", "add", "-i", ID, "ask the provider", "--owner", "bo")
    desk("log", "-i", ID, "Ask @robby, not @erin.")
    text = desk("comms", "draft", "01", "management", "briefing", "--dry-run").out
    assert "Incident commander: Bob Moser.\n" in text
    assert "- Affected: card payments, wallet and ledger\n" in text
    assert "- ask the provider (Bob Moser)\n" in text
    text = desk("comms", "draft", "01", "team", "status-update", "--dry-run").out
    assert "Incident commander: Bob Moser. Technical lead: Dan Kim.\n" in text
    assert ": Ask Bob Moser, not @erin.\n" in text
    assert "12:00 UTC: Bob Moser is now commander\n" in text


def maintenance(desk, *, status="triage", lines=""):
    text = desk.note.read_text()
    desk.note.write_text(
        text.replace("status: triage", f"status: {status}\nnature: maintenance\nplanned_from: 2026-11-23T22:00:00\nplanned_to: 2026-11-24T01:30:00")
        + lines
    )  # fmt: skip


def test_a_maintenance_is_announced_without_an_apology(desk):
    maintenance(desk)
    text = desk("comms", "draft", "01", "users", "service-notice", "The shop is closed meanwhile.", "--dry-run").out
    assert text.partition("\n**")[2] == (
        "Scheduled maintenance: Our service**\n\nThe shop is closed meanwhile.\n\n"
        "The maintenance is planned from 22:00 UTC to 01:30 UTC on 24 November.\n"
    )
    asked = desk("comms", "draft", "01", "users", "service-notice", "--dry-run").out
    assert "ANSWER: What can customers not do during the maintenance" in asked
    for kind in KINDS:
        if kind.audience in OUTSIDE:
            made = desk("comms", "draft", "01", kind.audience, kind.name, "--dry-run").out
            assert not re.search(r"sorry|problem started|again, we will", made), kind.template


@pytest.mark.parametrize("planned", ["", ", planned"])
def test_a_maintenance_that_disrupted_more_than_was_planned_has_an_apology(desk, planned):
    desk("log", "-i", ID, f"impact: wallet down from 2026-11-23T11:00:00 to 2026-11-23T11:30:00{planned}")
    maintenance(desk, status="resolved")
    text = desk("comms", "draft", "-i", ID, "users", "follow-up", "All is well.", "--dry-run").out
    assert "**Maintenance completed: Our service**\n\nThe maintenance is completed.\n\nAll is well.\n" in text
    assert ("sorry" in text) == (not planned)


def test_a_drill_practices_the_message_without_an_apology(desk):
    desk("open", "Failover", "--drill")
    text = desk("comms", "draft", "02", "users", "Cards fail.", "--dry-run").out
    assert "**Investigating: Problem with our service**\n\nCards fail.\n" in text
    assert "sorry" not in text


def test_the_last_message_names_the_open_follow_ups_that_customers_may_know(desk):
    desk("resolve", "01", "--at", "11:55")
    last = ("comms", "draft", "-i", ID, "users", "follow-up")
    assert "ANSWER: What is agreed to change?" in desk(*last, "--dry-run").out
    desk("follow-up", "add", "-i", ID, "rename the internal pool")
    desk("follow-up", "add", "-i", ID, "Alert on slow payments.", "--external")
    desk("follow-up", "add", "-i", ID, "test the failover")
    desk("follow-up", "set", "-i", ID, "f3", "--external")
    desk("follow-up", "add", "-i", ID, "call the bank", "--external")
    desk("follow-up", "done", "-i", ID, "f4")
    text = desk(*last, "All is well.", "--dry-run").out
    assert "To prevent this from happening again, we will alert on slow payments and test the failover.\n" in text
    assert "pool" not in text.partition("\n# ")[2]
    assert "#incident/follow-up #external 🆔" in desk.note.read_text()
    assert "nothing is wrong" in desk("check").out


@pytest.mark.parametrize(("held", "said"), [("none", True), ("some", False), ("unknown", False)])
def test_that_no_data_was_lost_comes_from_the_record(desk, held, said):
    desk("resolve", "01")
    desk("set", "-i", ID, f"data_loss={held}")
    text = desk("comms", "draft", "-i", ID, "users", "follow-up", "--dry-run").out
    assert ("\nNo data was lost.\n" in text) == said
    assert ("ANSWER: Was data lost" in text) == (not said)
    desk("tell", "-i", ID, "users", "All is well.")
    assert ("No data was lost." in desk("comms", "show", "-i", ID, "u1").out) == said


def test_a_template_without_the_words_gets_them_though_its_heading_or_a_remark_has_them(desk):
    path = desk.root / "templates/incident/users-service-notice.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{# Old. #}\n# {{ heading }}\n\nWe know of it.\n\n%% users %%\n")
    desk("tell", "01", "users", "users")
    assert desk("comms", "show", "01", "u1").out == "users\n\nWe know of it.\n"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.template)
def test_the_remark_of_a_template_lists_the_names_that_it_may_use(desk, kind):
    remark = show_template(desk.session(), kind.template).text.partition("#}")[0]
    outside = kind.audience in OUTSIDE
    names = [
        each.name
        for each in VARIABLES
        if kind.template in each.only or (not each.only and (each.outside or not outside))
    ]
    listed = remark.partition("can get out:" if outside else "Names:")[2].partition(".\n")[0]
    assert [each.strip() for each in listed.split(",")] == names
