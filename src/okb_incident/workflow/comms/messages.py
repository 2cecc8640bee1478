"""The messages about an incident, as the notes that keep them: listed, read, and found by their short names ``u1``, ``u2``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.comms.communication import DRAFT, STATES, before_corrections, message_of, next_number
from okb_incident.core.comms.questions import open_questions, remarks_amid_words
from okb_incident.core.incident.incident import says_drill
from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.core.text.links import unlinked
from okb_incident.core.timeline.doubles import ambiguous
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import text_of
from okb_incident.errors import ConflictError, NotFoundError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.note.note import split
from okb_incident.workflow.document import companions, names_linked, readable
from okb_incident.workflow.reference import Target

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.comms.questions import OpenQuestion
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

NAME = re.compile(r" update (?P<number>\d+) (?P<audience>[\w-]+) (?P<kind>[\w-]+)\.md\Z")
KIND = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SHORT = re.compile(r"(?i)u(\d+)\Z")


class NumberTakenError(ConflictError):
    """Somebody else's message took the number meanwhile; take the next."""


class Message(NamedTuple):
    """A message, as its note says.

    Attributes:
        number: Which of the incident; its short name is ``u`` and the number.
        path: Its note.
        audience: To whom.
        kind: What kind of message.
        state: draft, approved or sent.
        text: What is in its note to go out.
        author: The handle of who drafted it.
        approved_by: The handle of who approved it.
        sent: When it went out.
        promised: By when the next one comes.
        digest: That of what was approved or sent; None for a draft.
        problem: What is wrong with its properties; then the rest is as far as it can be read.
        questions: What somebody still has to write in it.
        hidden: Words of it that do not go out, because they are a remark amid others, each as a clause.
        corrected: The digest of a text that was changed after it went out, as it was when it was corrected.
        created: The day on which it was drafted, as its note says.
    """

    number: int
    path: str
    audience: str
    kind: str
    state: str
    text: str
    author: str | None
    approved_by: str | None
    sent: datetime | None
    promised: datetime | None
    digest: str | None
    problem: Problem | None
    questions: tuple[OpenQuestion, ...] = ()
    hidden: tuple[str, ...] = ()
    corrected: str | None = None
    created: str | None = None

    @property
    def incident(self) -> str:
        """Return the id of its incident, as its name says."""
        return self.note_name.split(" ", 1)[0]

    @property
    def name(self) -> str:
        """Return its short name."""
        return f"u{self.number}"

    @property
    def note_name(self) -> str:
        """Return the name of its note, for a link."""
        return self.path.rpartition("/")[2].removesuffix(".md")

    @property
    def is_drill(self) -> bool:
        """Return whether it is one of a drill."""
        return says_drill(self.text)

    @property
    def outgoing(self) -> str:
        """Return what goes out, or went out: of a draft with the words of each link in its place, of what was typed every sign."""
        return self.text if self.digest == digest_of(self.text) else unlinked(self.text)

    @property
    def is_changed(self) -> bool:
        """Return whether its text is another than what was approved or sent, and no correction was sent since."""
        known = digest_of(self.text)
        return self.digest not in {None, known, digest_of(unlinked(self.text))} and self.corrected != known


def digest_of(text: str) -> str:
    """Return the digest by which a message that went out is known; it begins with a letter, so that YAML needs no quotes."""
    return f"sha256-{digest(text.encode(errors='surrogateescape'))}"


def is_not_aside(incident: Incident) -> bool:
    """Return whether people may still be told of an incident: it is neither declined nor merged."""
    return incident.status is not None and not incident.status.is_aside


def refuse_taken(session: Session, incident: Incident, number: int) -> None:
    """Make sure, under the vault's lock, that no message has a number yet, whatever its audience and kind.

    Raises:
        NumberTakenError: One has.
    """
    if next_message(session, incident) != number:
        raise NumberTakenError(f"{incident.id} has a message u{number} already", field="MESSAGE")


def next_message(session: Session, incident: Incident) -> int:
    """Return the number of the next message of an incident: none that a link in its note leads to, if under another name by now."""
    found = companions(session, Target(incident.id, incident.path), "update ")
    names = [path.rpartition("/")[2] for path in found]
    return next_number([*names, *names_linked(session, f"{incident.id} update ", incident.path)], incident)


def messages_of(session: Session, target: Target) -> list[Message]:
    """Return the messages of an incident, oldest first."""
    found = [read_message(session, session.vault.read(path)) for path in companions(session, target, "update ")]
    return sorted((each for each in found if each), key=lambda each: each.number)


def read_message(session: Session, note: Note) -> Message | None:
    """Read a note as a message; None where its name is not that of a message.

    What a writer mistyped for audience, kind or state is passed over: the name of the note says the first two, and it is a draft.
    """
    named = NAME.search(note.path)
    if named is None:
        return None
    values = note.frontmatter.values
    audience, kind = ((text_of(values.get(key)) or "").lower() for key in ("audience", "kind"))
    audience = audience if audience in AUDIENCES else named["audience"]
    if audience not in AUDIENCES:
        return None
    state = (text_of(values.get("state")) or DRAFT).lower()
    return Message(
        int(named["number"]),
        note.path,
        audience,
        kind if KIND.fullmatch(kind) else named["kind"],
        state if state in STATES else DRAFT,
        message_of(split(note.text).body),
        text_of(values.get("author")),
        text_of(values.get("approved_by")),
        _moment(session, text_of(values.get("sent"))),
        _moment(session, text_of(values.get("next_update"))),
        text_of(values.get("digest")),
        next(iter(note.frontmatter.problems), None) if note.frontmatter.state != "ok" else None,
        questions_in(note.text),
        _hidden_in(note.text),
        text_of(values.get("corrected")),
        text_of(values.get("created")),
    )


def questions_in(text: str) -> tuple[OpenQuestion, ...]:
    """Return what somebody still has to write in the note of a message."""
    parts = split(text)
    return tuple(open_questions(before_corrections(parts.body), parts.body_line))


def _hidden_in(text: str) -> tuple[str, ...]:
    parts = split(text)
    return tuple(remarks_amid_words(before_corrections(parts.body), parts.body_line))


def _moment(session: Session, text: str | None) -> datetime | None:
    try:
        return read_moment(text, session.zone).at if text else None
    except ValueError:
        return None


def find_message(call: Call, target: Target, name: str | None, fits: tuple[str, ...] = STATES) -> Message:
    """Find the message that is meant: by its short name, or because only one is in a state that the verb applies to.

    Args:
        call: The call.
        target: The incident.
        name: The short name; None where none was typed.
        fits: The states that the verb applies to.

    Raises:
        NotFoundError: There is none, or several could be meant.
        InvalidNoteError: Its properties cannot be read.
    """
    known = messages_of(call.session, target)
    verb = call.verb.rpartition(" ")[2]
    if name is None:
        fitting = [each for each in known if each.state in fits]
        if len(fitting) == 1:
            return _believed(call.session, fitting[0])
        raise NotFoundError(
            f"{target.id} has {'several messages' if fitting else 'no message'} to {verb}",
            field="MESSAGE",
            candidates=_candidates(call, target, fitting),
            hint=None if fitting else Command("comms draft", "users", "service-notice", incident=target.id),
        )
    same = [each for each in known if each.name == name.lower()]
    if len(same) > 1:
        raise ambiguous(target.id, name.lower(), "messages", [f"{each.audience}/{each.kind}" for each in same])
    found = next(iter(same), None)
    if found is None:
        raise NotFoundError(
            f"{target.id} has no message {name.lower()}",
            field="MESSAGE",
            value=name,
            candidates=_candidates(call, target, known),
            hint=Sentence(Command("comms list", incident=target.id), " shows them"),
        )
    return _believed(call.session, found)


def _believed(session: Session, message: Message) -> Message:
    if message.problem is not None:
        readable(session.vault.read(message.path))
    return message


def _candidates(call: Call, target: Target, messages: list[Message]) -> tuple[Candidate, ...]:
    """Return the command line again for each message."""
    return tuple(
        Candidate(call.repeated((each.name, *call.words), target.id), f"{each.audience}/{each.kind}, {each.state}")
        for each in messages
    )
