"""Communications: the messages about an incident, by audience and kind, and the notes that keep them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.notice import AUDIENCE, NOTICE
from okb_incident.core.comms.questions import open_questions
from okb_incident.core.text.quoting import read_literal, without_remarks, write_literal
from okb_incident.core.values.status import OPEN, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okb_incident.core.incident.incident import Incident

OUTSIDE = frozenset({"users", "stakeholders"})
"""The external audiences."""

ENDED = frozenset({Status.RESOLVED, Status.CLOSED})
UNTIL_CLOSED = OPEN | {Status.RESOLVED}
ALWAYS = OPEN | ENDED


class MessageKind(NamedTuple):
    """A kind of message; its template is named after both.

    Attributes:
        audience: Whom it is for.
        name: The word for it.
        purpose: What it is for, in a clause.
        fits: The statuses of an incident in which such a message can be true: what ended is told of after the end, what is going on
            before it.
    """

    audience: str
    name: str
    purpose: str
    fits: frozenset[Status]

    @property
    def template(self) -> str:
        """Return the name of its template."""
        return f"{self.audience}-{self.name}"

    @property
    def when(self) -> str:
        """Return the statuses that it fits, in words."""
        return {OPEN: "open", ENDED: "resolved or closed", UNTIL_CLOSED: "open or resolved"}.get(
            self.fits, "in any status"
        )


KINDS = (
    MessageKind("team", "status-update", "conditions, actions, needs: what every responder must know", UNTIL_CLOSED),
    MessageKind("team", "action-items", "who does what, and by when", ALWAYS),
    MessageKind("team", "progress-report", "what is new since the last update, and nothing else", UNTIL_CLOSED),
    MessageKind("team", "resolution-update", "how it ended, what proves it, and what is left to do", ENDED),
    MessageKind(
        "management",
        "briefing",
        "where the incident is, what it means for the business, and what comes next, on half a page",
        UNTIL_CLOSED,
    ),
    MessageKind(
        "management", "impact-report", "who is affected, how badly, for how long, and what it may cost", ALWAYS
    ),
    MessageKind(
        "management", "resource-request", "what the response needs, from whom, and what happens without it", OPEN
    ),
    MessageKind("management", "resolution-status", "what happened, what remains at risk, and what follows", ENDED),
    MessageKind(
        "users",
        "service-notice",
        "the first message: what does not work, what still works, and when the next update comes",
        OPEN,
    ),
    MessageKind(
        "users",
        "status-update",
        "what has changed, what customers can do, and when the next update comes",
        UNTIL_CLOSED,
    ),
    MessageKind("users", "resolution-timeline", "what happened when, as far as customers may know", ALWAYS),
    MessageKind(
        "users", "follow-up", "the last message: how long it lasted, whether data was lost, and what changes", ENDED
    ),
    MessageKind("stakeholders", "impact-assessment", "what the problem means for a partner, and since when", ALWAYS),
    MessageKind("stakeholders", "response-actions", "what is being done, and what partners can do", OPEN),
    MessageKind(
        "stakeholders",
        "recovery-timeline",
        "how far the recovery has come, step by step, without a promise of its end",
        ALWAYS,
    ),
    MessageKind(
        "stakeholders",
        "business-continuity",
        "how partners can continue in the meantime, and when to choose which way",
        OPEN,
    ),
    MessageKind(
        AUDIENCE,
        NOTICE,
        "to an authority: what happened, since when, which data and how many people, what was done, and whom to ask",
        ALWAYS,
    ),
)
"""Every kind of message, by audience."""

DRAFT, APPROVED, SENT = "draft", "approved", "sent"
STATES = (DRAFT, APPROVED, SENT)

PROPERTIES = (
    "type",
    "incident",
    "audience",
    "kind",
    "state",
    "author",
    "approved_by",
    "approved",
    "sent",
    "channel",
    "next_update",
    "digest",
    "corrected",
    "related",
    "visibility",
    "aliases",
    "created",
)
"""The properties of a message's note, in their order."""

HEADING = re.compile(r"\s*# [^\n]*\n")
CORRECTIONS = re.compile(r"^## Corrections[ \t]*$", re.MULTILINE)
TYPED_CORRECTIONS = re.compile(r"^\\(\\*## Corrections[ \t]*)$", re.MULTILINE)
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
INSIDE_WORD = re.compile(r"!?\[\[[^\[\]\n]*\]\]|(?<![\w.])@[\w-]+|\bINC-\d[\w-]*")


class Usual(NamedTuple):
    """The kinds of message that an audience usually gets.

    Attributes:
        first: The first one.
        later: Those that follow.
        over: The one that says that it is over.
    """

    first: str
    later: str
    over: str


USUAL = {
    "team": Usual("status-update", "status-update", "resolution-update"),
    "management": Usual("briefing", "briefing", "resolution-status"),
    "users": Usual("service-notice", "status-update", "follow-up"),
    "stakeholders": Usual("impact-assessment", "response-actions", "recovery-timeline"),
}
"""What each audience gets where nobody says which kind."""


def note_name(incident: Incident, number: int, audience: str, kind: str) -> str:
    """Return the name of a message's note, without its ending."""
    return f"{incident.id} update {number} {audience} {kind}"


def message_name(note: str) -> str:
    """Return the short name of a message, ``u1``, out of the name of its note."""
    found = re.search(r" update (\d+) ", note)
    return f"u{found[1]}" if found else note


def next_number(names: Iterable[str], incident: Incident) -> int:
    """Return the number after the last one that the notes of an incident's messages have."""
    pattern = re.compile(rf"{re.escape(incident.id.text)} update (\d+) ", re.IGNORECASE)
    return max((int(found[1]) for name in names if (found := pattern.match(name))), default=0) + 1


def kinds_of(audience: str) -> tuple[str, ...]:
    """Return the kinds of message that an audience gets."""
    return tuple(kind.name for kind in KINDS if kind.audience == audience)


def misfit(audience: str, kind: str, status: Status | None) -> str | None:
    """Return why a kind of message cannot be true of an incident in a status, as a clause; None where it can.

    A kind of the writer's own, and a status that cannot be read, are for the writer to judge; of what was set aside no message is sent.
    """
    known = next((each for each in KINDS if (each.audience, each.name) == (audience, kind)), None)
    if known is None or status is None or status.is_aside or status in known.fits:
        return None
    return f"{kind} is for an incident that is {known.when}, and this one is {status}"


def message_of(body: str) -> str:
    """Return what of a note's body goes out: what is below its heading, without remarks and corrections.

    Args:
        body: The note without its frontmatter.
    """
    heading = HEADING.match(body)
    text = without_remarks(before_corrections(body[heading.end() :] if heading else body))
    text = re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip()
    return read_literal(TYPED_CORRECTIONS.sub(r"\1", text))


def body_of(message: str) -> str:
    """Write what somebody typed as the body of a message's note: `message_of` returns it, and none of it is taken for a remark."""
    text = UNSEEN.sub(" ", message.replace("\r\n", "\n")).strip()
    return re.sub(r"^(?=\\*## Corrections[ \t]*$)", r"\\", write_literal(text), flags=re.MULTILINE)


def before_corrections(text: str) -> str:
    """Return what of a text was there when the message went out."""
    corrections = CORRECTIONS.search(text)
    return text[: corrections.start()] if corrections else text


def faults(message: str, audience: str) -> list[str]:
    """Return why a message is not fit to be sent, each as a clause."""
    found = [] if message else ["it says nothing yet"]
    found += [question.clause() for question in open_questions(message)][:3]
    return found + inside_words(message, audience)


def undated_times(message: str, zone_name: str) -> list[str]:
    """Return the times of a message that have no date, which mean the day on which it was written."""
    times = re.findall(rf"(?<![\d:T-])\d{{2}}:\d{{2}} {re.escape(zone_name)}\b(?! on \d)", message)
    return list(dict.fromkeys(times))


def inside_words(message: str, audience: str) -> list[str]:
    """Return what of a message means nothing to its audience, each as a clause."""
    if audience not in OUTSIDE:
        return []
    words = dict.fromkeys(word[0] for word in INSIDE_WORD.finditer(message))
    return [f"{word!r} means nothing to customers" for word in list(words)[:3]]
