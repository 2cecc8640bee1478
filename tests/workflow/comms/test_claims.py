"""A message asserts only what the record holds: every kind in every status, of a nearly empty record and of a full one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from tests.workflow.conftest import Desk

from okb_incident.cli.main import run
from okb_incident.core.comms.communication import KINDS, OUTSIDE, faults, message_of
from okb_incident.core.comms.questions import open_questions
from okb_incident.core.guidance.wording import MONTHS
from okb_incident.core.values.status import PROCESS, Status
from okb_incident.vault.note.note import split
from okb_incident.workflow.comms.draft_message import draft

if TYPE_CHECKING:
    from pathlib import Path

ZONE = "Europe/Zurich"
ID = "INC-20261123-01"
ENDED = (Status.RESOLVED, Status.CLOSED)

MOMENTS = {
    "started": (Status.TRIAGE, "01:47"),
    "detected": (Status.TRIAGE, "01:58"),
    "declared": (Status.TRIAGE, "02:01"),
    "acknowledged": (Status.INVESTIGATING, "02:02"),
    "identified": (Status.IDENTIFIED, "02:30"),
    "mitigated": (Status.MONITORING, "02:55"),
    "resolved": (Status.RESOLVED, "03:40"),
    "verified": (Status.RESOLVED, "03:38"),
    "closed": (Status.CLOSED, "08:15"),
}
"""The moments of the full record, each with the status from which on it has it."""

#: As somebody's editor left it: not in order of time, with links, and with moments in the text.
LINES = (
    (Status.INVESTIGATING, "02:02:00 **status** @alice: triage → investigating"),
    (Status.INVESTIGATING, "02:16:00 **severity** @alice: SEV2 → SEV1, every card payment fails #external"),
    (Status.INVESTIGATING, "02:05:00 **comms** @carol: users/service-notice → [[u|users 1]], next by 2026-11-23T02:40:00"),
    (Status.INVESTIGATING, "02:12:00 **hypothesis** @bob: h1 pool of [[checkout]] exhausted since 2026-11-23T01:47:00"),
    (Status.INVESTIGATING, "02:03:00 **impact** @alice: checkout down, share 40%, users 900-1500 from 2026-11-23T01:47:00"),
    (Status.INVESTIGATING, "02:20:00 **resource** @alice: r1 requested: a database specialist"),
    (Status.INVESTIGATING, "02:21:00 **role** @dan: scribe: – → @erin"),
    (Status.IDENTIFIED, "02:30:00 **status** @alice: investigating → identified, see [[INC-20261120-01|an old one]]"),
    (Status.IDENTIFIED, "02:31:00 **decision** @alice: roll back 4f2a, because a higher limit would hide it"),
    (Status.MONITORING, "02:57:00 **note** @carol: cards work again #external"),
    (Status.MONITORING, "02:50:00 **change** @bob: rollback: deploy 4f2a taken back, ref 4f2a #external"),
    (Status.MONITORING, "02:55:00 **status** @alice: identified → monitoring #external"),
    (Status.MONITORING, "02:56:00 **impact** @alice: checkout down, share 40%, users 900-1500 from 2026-11-23T01:47:00 to 2026-11-23T02:55:00"),
    (Status.RESOLVED, "03:38:00 **verify** @alice: v1 recovery pass: errors below 0.1 %, evidence 0.02 %"),
    (Status.RESOLVED, "03:40:00 **status** @alice: monitoring → resolved #external (recorded 2026-11-23T03:50:00)"),
    (Status.CLOSED, "08:15:00 **status** @alice: resolved → closed"),
)  # fmt: skip

NEARLY_EMPTY = """---
type: incident
id: {id}
title: Something is wrong
status: {status}
severity: undetermined
---
# Something is wrong
"""

FULL = """---
type: incident
id: {id}
title: Card payments fail
status: {status}
severity: SEV1
priority: P1
urgency: high
business_impact: critical
scope: all of Europe
users_affected: ~1200
services:
  - "[[checkout]]"
  - "[[wallet]]"
commander: "[[dan]]"
technical_lead: bob
{moments}
expected_recovery: 2026-11-23T03:00:00
trigger: "[[4f2a|deploy 4f2a]]"
{end}---
# Card payments fail

## Summary
Card payments of [[checkout]] failed from 2026-11-23T01:47:00 on.

## Impact
Support had 40 tickets, see [[tickets]].

## Timeline
{lines}

## Actions
- [{box}] Tell the bank [owner:: carol] #incident/action 🆔 {id}-a1 ➕ 2026-11-23
{late}"""

LATE = """
## Resolution
[[checkout]] runs without 4f2a.

## Follow-ups
- [ ] Alert on pool use [owner:: bob] [kind:: prevention] #incident/follow-up 🆔 {id}-f1 ➕ 2026-11-23 📅 2026-12-08
"""


def nearly_empty(status: Status) -> str:
    return NEARLY_EMPTY.format(id=ID, status=status)


def full(status: Status) -> str:
    """Write the note of an incident that is in a status, with all that it would hold by then."""
    reached = [each for each in PROCESS if each.step <= status.step]
    moments = "\n".join(f"{key}: 2026-11-23T{at}:00" for key, (since, at) in MOMENTS.items() if since in reached)
    lines = "\n".join(f"- 2026-11-23T{line}" for since, line in LINES if since in reached)
    over = status in ENDED
    return FULL.format(
        id=ID,
        status=status,
        moments=moments,
        lines=lines,
        end="cause: change\ndata_loss: none\n" if over else "",
        box="x" if over else " ",
        late=LATE.format(id=ID) if over else "",
    )


class Claim(NamedTuple):
    """A sentence that only some records hold.

    Attributes:
        pattern: What it looks like, in any case.
        held: The statuses in which the full record holds it.
        by_status: The status alone says so, and the nearly empty record holds it too.
    """

    pattern: str
    held: tuple[Status, ...] = ()
    by_status: bool = False


FROM_MONITORING = PROCESS[3:]

CLAIMS = (
    # What no record holds: that there is nothing, that nobody knows, what somebody is about to do.
    Claim(r"\bnothing (?:is|remains|was) (?:left|open|to do|planned|agreed|new\b(?!:))"),
    Claim(r"\bnothing yet\b|^\W*nothing\.|^\W*none\.|\bnone is open|\bnone called\b"),
    Claim(r"\bnot (?:planned|known|said|decided|determined)\b|\bunknown\b|cannot be said"),
    Claim(r"\bnobody\b|\bno one\b|\bno check was\b|\bno user\b"),
    Claim(r"\bno data\b", ENDED),
    Claim(
        r"\bwe (?:are|were) (?:looking|working|trying)|\bwe (?:look|work|try|search)\b|\bis being (?:repaired|fixed)"
    ),
    Claim(r"\brepaired\b|\bfixed\b|\bas the policy says\b|\bit was over\b|\bthe review will\b"),
    # What a status alone says.
    Claim(r"\bbeing assessed\b", (Status.TRIAGE,), by_status=True),
    Claim(r"\bunder investigation\b", (Status.INVESTIGATING,), by_status=True),
    Claim(r"\bbeing monitored\b", FROM_MONITORING, by_status=True),
    Claim(r"\bis over\b|\bis resolved\b|\bis completed\b", ENDED, by_status=True),
    # What only a full record holds, and from when on.
    Claim(r"\bover since\b|\bresolved since\b", ENDED),
    Claim(r"\bdisruption ended\b|\bfrom \d\d:\d\d[^|\n]* to \d|\bduration\b|\baffected our service\b", FROM_MONITORING),
    Claim(r"\bcause: |\bdata(?:: | \| )", ENDED),
    Claim(r"\btrigger: |\bthe problem started\b|\baffected: |\bstarted: ", PROCESS),
    Claim(r"\bwe expect\b|\bexpected recovery\b", PROCESS[:4]),
    Claim(r"\bevery recorded action is closed\b|^- a1 tell the bank \(carol\)$", PROCESS),
    Claim(r"\bpassed\b|\bhow we know\b|\bto prevent this\b", ENDED),
    Claim(r"\bincident commander: |, the incident commander\b|\btechnical lead: ", PROCESS),
    Claim(r"\blasted\b|\bminutes\b|\bhours?\b", PROCESS),
    Claim(r"\brolled? ?back\b|\btaken back\b", PROCESS[2:]),
    Claim(r"\bso far\b", PROCESS[:3]),
)
"""The sentences that a message may not say unless the record holds them."""

GRAMMAR = re.compile(
    r"\[\[|\]\]|→|->|\*\*(?:status|severity|role|handoff|team|impact|comms|hypothesis|change|action|resource|verify|note)\*\*"
    r"|#(?:external|incident)\b(?!\. %%)|\(recorded |\bnext by\b|, ref \w|\b\w+/service-notice\b|recovery pass:|🆔|\d{4}-\d{2}-\d{2}T"
)
"""What only notes hold: links, moments, the grammar of the timeline and of tasks."""

#: A time with whatever follows it, and a day.
DATE = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}} (?:{'|'.join(MONTHS)})|(?<!\d)\d{{2}}:\d{{2}}(?!\d)(?: [A-Z]\w+(?:/\w+)*)?"
)

#: A span whose zone follows its end only.
SPAN = re.compile(r"(?<=from )(\d{2}:\d{2})(?= to \d{2}:\d{2} (\S+\w))")

#: In figures or spelled out.
DURATION = re.compile(
    r"(?<![\w.])(?=\d+ ?(?:[dhm]|min|minutes?|hours?|days?)(?![a-z]))"
    r"(?:(\d+) ?(?:d|days?))?(?:,? ?(?:and )?(\d+) ?(?:h|hours?))?(?:,? ?(?:and )?(\d+) ?(?:m|min|minutes?))?(?!\w)"
)


class Writer:
    """Drafts of messages about one incident, whose note is written anew for each.

    Attributes:
        desk: The vault.
    """

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["init", str(root), "--zone", ZONE]) == 0
        self.desk = Desk(root, capsys)
        for name in ("checkout", "wallet"):
            (root / "services" / f"{name}.md").write_text(f"---\ntype: service\npublic_name: the {name}\n---\n")
        self.desk.note.parent.mkdir(parents=True)

    def drafts(self, note: str, *message: str) -> dict[str, str]:
        """Return the body of each kind of draft about the incident of a note, what is promised in it too."""
        self.desk.note.write_text(note)
        found = {}
        for kind in KINDS:
            words = (ID, kind.audience, kind.name, *message)
            next_by = None if kind.name == "notice" else "30m"
            made = draft(self.desk.call("comms draft", *words, dry_run=True), next_by=next_by, since=None)
            found[kind.template] = split(made.text).body
        return found


@pytest.fixture
def writer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Writer:
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-23T08:00:00Z")
    return Writer(tmp_path / "kb", capsys)


def said(body: str) -> str:
    """Return what a message would tell, its open questions left out, and what a notice says not to be in the record."""
    return re.sub(r"(?m)^- [^:\n]+: not known yet$", "", message_of(body))


RECORDS = {"nearly empty": nearly_empty, "full": full}


def each_case():
    return pytest.mark.parametrize(
        ("size", "status"), [(size, status) for size in RECORDS for status in PROCESS], ids=str
    )


@each_case()
def test_a_draft_claims_nothing_that_its_record_does_not_hold(writer, size, status):
    wrong = [
        f"{name}: {found[0]!r}"
        for name, body in writer.drafts(RECORDS[size](status)).items()
        for claim in CLAIMS
        if not (status in claim.held and (size == "full" or claim.by_status))
        for found in re.finditer(claim.pattern, said(body), re.IGNORECASE | re.MULTILINE)
    ]
    assert wrong == []


@each_case()
def test_a_draft_has_none_of_the_grammar_of_notes(writer, size, status):
    wrong = [
        f"{name}: {found[0]!r}"
        for name, body in writer.drafts(RECORDS[size](status)).items()
        for found in GRAMMAR.finditer(said(body))
    ]
    assert wrong == []


def held_moments(note: str) -> set[str]:
    """Return every time of a note, all of one day, and every day of a task, as a message of that day shows them."""
    times = re.findall(r"2026-11-23T(\d{2}:\d{2})", note)
    days = re.findall(r"📅 2026-12-0(\d)", note)
    return {f"{each} {ZONE}" for each in times} | {f"{each} December" for each in days}


@each_case()
def test_every_moment_of_a_draft_is_one_of_the_record_with_its_zone(writer, size, status):
    note = RECORDS[size](status)
    now = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE))
    promised = f"{now + timedelta(minutes=30):%H:%M} {ZONE}"
    known = held_moments(note) | {promised}
    for name, body in writer.drafts(note).items():
        shown = DATE.findall(SPAN.sub(r"\1 \2", message_of(body)))
        assert promised in shown or name == "stakeholders-notice", name
        assert set(shown) <= known, name


@each_case()
def test_every_duration_of_a_draft_lies_between_two_moments_of_the_record_or_lasts_until_now(writer, size, status):
    note = RECORDS[size](status)
    moments = [datetime.fromisoformat(each) for each in re.findall(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", note)]
    now = datetime.fromisoformat("2026-11-23T09:00")  # on the clock of the vault
    known = {end - start for start in moments for end in [*moments, now]}
    wrong = [
        f"{name}: {found[0]}"
        for name, body in writer.drafts(note).items()
        for found in DURATION.finditer(said(body))
        if timedelta(days=int(found[1] or 0), hours=int(found[2] or 0), minutes=int(found[3] or 0)) not in known
    ]
    assert wrong == []
    shown = [DURATION.search(said(body)) for body in writer.drafts(note).values()]
    assert any(shown) == (size == "full"), "a full record tells how long it lasted"


@pytest.mark.parametrize("status", PROCESS)
def test_timelines_stand_in_order_of_time(writer, status):
    drafts = writer.drafts(full(status))
    for name in ("users-resolution-timeline", "stakeholders-recovery-timeline", "team-progress-report"):
        shown = re.findall(r"^(?:\||-) (\d{2}:\d{2}) ", drafts[name], re.MULTILINE)
        assert shown == sorted(shown), name
    assert len(re.findall(r"^\| \d\d:", drafts["users-resolution-timeline"], re.MULTILINE)) >= 1


@pytest.mark.parametrize("status", ENDED)
def test_since_when_it_is_over_is_the_end_and_not_the_start(writer, status):
    found = [
        moment
        for body in writer.drafts(full(status)).values()
        for moment in re.findall(
            r"(?:\bresolved: |\| )(\d\d:\d\d)(?= \S+$| \S+ \| the problem is resolved)",
            said(body),
            re.IGNORECASE | re.MULTILINE,
        )
    ]
    assert found == ["03:40"] * 3


@each_case()
def test_what_was_typed_answers_every_question(writer, size, status):
    for name, body in writer.drafts(RECORDS[size](status), "Cards fail; wallets work.").items():
        assert "Cards fail; wallets work." in message_of(body), name
        assert open_questions(body) == [], name
        audience = name.partition("-")[0]
        assert faults(message_of(body), audience) == [] or audience not in OUTSIDE, name


def test_at_the_first_minute_every_kind_asks_something(writer):
    assert [name for name, body in writer.drafts(nearly_empty(Status.TRIAGE)).items() if not open_questions(body)] == []


@pytest.mark.parametrize("end", [(), ("resolve", "by itself")])
def test_what_is_still_open_is_not_told_as_what_is_or_was_done(desk, end):
    desk("action", "add", "ask the provider")
    if end:
        desk(*end)
    text = desk("comms", "draft", "-i", "01", "management", "briefing", "--dry-run").out
    assert "What we have done" not in text
    assert "**What is still open**\n- ask the provider\n" in text
    desk("log", "-i", "01", "rollback: 4f2a taken back")
    text = desk("comms", "draft", "-i", "01", "management", "briefing", "--dry-run").out
    said = text.partition("**What we have done**")[2].partition("**What is still open**")
    assert "4f2a" in said[0]
    assert "provider" not in said[0]
    assert "ask the provider" in said[2]
