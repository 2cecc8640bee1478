"""What the support may say: the last message that went out to users, and nothing beyond it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import message_name
from okb_incident.core.comms.disclosure import barrier, decisions
from okb_incident.core.comms.drill import NOTICE
from okb_incident.core.text.links import unlinked
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import link_target
from okb_incident.core.values.screen_time import show_time

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

LONGEST = 120
"""Characters of a headline or a correction that are shown."""

MARKUP = re.compile(r"^[#>\s]+|\*\*|__")


class UsersMessage(NamedTuple):
    """The last message that went out to users.

    Attributes:
        note: The name of its note.
        at: When it went out.
        promised: By when it promised the next one.
        correction: What corrected it since; empty where nothing did.
    """

    note: str
    at: datetime
    promised: datetime | None
    correction: str

    @property
    def name(self) -> str:
        """Return its short name, ``u1``."""
        return message_name(self.note)


def last_to_users(record: Record) -> UsersMessage | None:
    """Return the last message to users; None before the first. What was promised before the incident was reopened is not due."""
    if not record.mentions("comms"):
        return None
    found: UsersMessage | None = None
    for entry in record.of_kind("comms", "reopen", "note"):
        fields = entry.fields or {}
        if entry.kind == "comms" and fields["audience"].lower() == "users":
            assert entry.at is not None, "a line that fits its kind has a moment"
            promised = read_moment(fields["next"], record.zone).at if "next" in fields else None
            found = UsersMessage(note_in(fields["note"]), entry.at, promised, "")
        elif found and entry.kind == "reopen":
            found = found._replace(promised=None)
        elif found and entry.kind == "note" and (text := _correction(entry.text, found.name)):
            found = found._replace(correction=text)
    return found


class SentMessage(NamedTuple):
    """A message that went out.

    Attributes:
        note: The name of its note.
        at: When.
    """

    note: str
    at: datetime


def last_of_kind(record: Record, audience: str, kind: str) -> SentMessage | None:
    """Return the last message of a kind to an audience; None where none went out."""
    found = None
    for entry in record.of_kind("comms"):
        fields = entry.fields or {}
        if (fields["audience"].lower(), fields["kind"].lower()) == (audience, kind):
            assert entry.at is not None, "a line that fits its kind has a moment"
            found = SentMessage(note_in(fields["note"]), entry.at)
    return found


def note_in(link: str) -> str:
    """Return the name of the note that the link of a message leads to."""
    return link_target(f"[[{link.strip('[]')}]]")


def _correction(text: str, name: str) -> str:
    """Return the words of a note that records the correction of a message; empty where it is another note."""
    found = re.match(rf"{re.escape(name)} corrected, \[\[[^\[\]]*\]\]: (?P<text>.*)", text, re.DOTALL)
    return found["text"].strip() if found else ""


def headline_of(text: str) -> str:
    """Return the headline of a message: its first line, without markup, that is not the notice of a drill."""
    lines = (MARKUP.sub("", unlinked(line)).strip() for line in text.split("\n"))
    return next((line for line in lines if line and line != NOTICE), "")


def silence(record: Record) -> str:
    """Return why nothing, or nothing more, may be said to users, as a clause; empty where nothing keeps it."""
    if not record.incident.is_drill and decisions(record).get("users") is False:
        return "messages to users are withheld"
    why = barrier(record.incident, "users") if last_to_users(record) is None else None
    return f"the incident is {why}" if why else ""


def may_say(record: Record, headline: str, now: datetime) -> str:
    """Return what the support may say, for a terminal.

    Args:
        record: The incident.
        headline: That of the last message to users; empty where its note cannot be read.
        now: The moment of the command.
    """
    last, why = last_to_users(record), silence(record)
    if last is None:
        return f"nothing; {why}" if why else "nothing yet; no message was sent to users"
    when = f"{last.name}, {show_time(last.at, now, record.zone)}"
    promised = f", next by {show_time(last.promised, now, record.zone)}" if last.promised and not why else ""
    corrected = f'; corrected: "{shorten(last.correction, LONGEST)}"' if last.correction else ""
    said = f'"{shorten(headline, LONGEST)}"' if headline else "what the message says"
    return f"{said} ({when}{promised}){corrected}{f'; nothing more, {why}' if why else ''}"
