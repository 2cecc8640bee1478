"""Two things of one incident under one short name: found by `check`, and told apart by a number of its own for the later one."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.comms.communication import next_number
from okb_incident.core.incident.change import LogLine, Replacement
from okb_incident.core.timeline import doubles
from okb_incident.core.values.problem import Problem
from okb_incident.vault.note.note import encode
from okb_incident.vault.read.scan import list_names
from okb_incident.vault.write.steps import Edit, Move
from okb_incident.workflow.change import record_of
from okb_incident.workflow.comms.messages import NAME, messages_of
from okb_incident.workflow.document import companions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.comms.messages import Message
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

CODE = "duplicate-name"


class _Renaming(NamedTuple):
    """A message that gets a number of its own."""

    message: Message
    number: int

    @property
    def old(self) -> str:
        """Return the name of its note."""
        return self.message.note_name

    @property
    def new(self) -> str:
        """Return the name that its note gets."""
        return self.old.replace(f" update {self.message.number} ", f" update {self.number} ", 1)


def in_note(session: Session, incident: Incident, text: str) -> Iterator[Problem]:
    """Find short names that several things in the note of an incident have."""
    sections = _first_lines(text)
    for name, lines in doubles.doubles(record_of(session, incident, text)).items():
        places = [sections.get(line.section.lower(), 0) + line.place for line in lines]
        noun = doubles.PLURALS[name[0]]
        yield Problem(
            incident.path,
            places[-1],
            CODE,
            f"{len(lines)} {noun} are called {name}, in lines {', '.join(map(str, sorted(places)))}",
            Command("check", options=("--fix",), incident=incident.id),
        )


def of_messages(session: Session, incidents: Iterable[Incident]) -> Iterator[Problem]:
    """Find messages of one incident that have one number."""
    known = {(os.path.dirname(each.path), each.id.text) for each in incidents}
    for folder in sorted({folder for folder, _ in known}):
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for name in list_names(os.path.join(session.vault.root, folder)):
            incident = name.partition(" ")[0]
            if (message := NAME.search(name)) and (folder, incident) in known:
                found[incident, int(message["number"])].append(name)
        for (incident, number), names in found.items():
            if len(names) > 1:
                yield Problem(
                    f"{folder}/{max(names)}",
                    None,
                    CODE,
                    f"{len(names)} messages are called u{number}: {', '.join(sorted(names))}",
                    Command("check", options=("--fix",), incident=incident),
                )


def renumber(call: Call) -> ChangedIncident:
    """Renumber the later ones of one name in an incident, with a line in the timeline for each.

    Raises:
        OkbError: There is no such incident, or its notes cannot be written.
    """
    call.session.about_to_write()
    target = call.target()
    renamings = _renamings(call.session, target)

    def decide(record: Record) -> Change:
        return _with_messages(doubles.renumber(record, call.session.now), record, renamings, call)

    return call.change_at(target, decide, _steps(call, target, renamings))


def _renamings(session: Session, target: Target) -> list[_Renaming]:
    """Return the messages that get other numbers: of those with one number all but the first that went out, or was drafted."""
    messages = messages_of(session, target)
    incident, _ = session.vault.incident_of(session.vault.named(session.vault.read(target.path), target.id))
    assert incident is not None, "its id is known"
    folder = os.path.join(session.vault.root, os.path.dirname(target.path))
    free = next_number(list_names(folder), incident)
    found = []
    for number in sorted({each.number for each in messages}):
        same = sorted((each for each in messages if each.number == number), key=_age)
        for message in same[1:]:
            found.append(_Renaming(message, free))
            free += 1
    return found


def _age(message: Message) -> tuple[bool, str, str]:
    return message.sent is None, message.sent.isoformat() if message.sent else "", message.path


def _with_messages(change: Change, record: Record, renamings: Sequence[_Renaming], call: Call) -> Change:
    """Add to a change that links lead to the new names of messages, and a line for each of them."""
    timeline = {each.place: each for each in change.replacements if each.section == "Timeline"}
    others, lines = [each for each in change.replacements if each.section != "Timeline"], list(change.lines)
    for place, line in enumerate(record.section("Timeline")):
        planned = timeline.get(place, Replacement("Timeline", place, line, line))
        linked = planned._replace(new=_relinked(planned.new, renamings))
        if linked.new != line:
            timeline[place] = linked
    for each in renamings:
        said = f"message {each.message.name} renumbered to u{each.number}, another one has its number: [[{each.new}]]"
        lines.append(LogLine("note", said, call.session.now))
    said = ", ".join(line.text.partition(",")[0] for line in lines)
    return change._replace(replacements=(*others, *timeline.values()), lines=tuple(lines), said=said)


def _relinked(text: str, renamings: Sequence[_Renaming]) -> str:
    """Return a text whose links lead to the new names of messages."""
    for each in renamings:
        for end in "]|#":
            text = text.replace(f"[[{each.old}{end}", f"[[{each.new}{end}")
    return text


def _steps(call: Call, target: Target, renamings: Sequence[_Renaming]) -> list[Step]:
    """Return what gives the notes of messages their new names, and lets links in the other notes beside them follow."""
    session = call.session
    folder = os.path.dirname(target.path)
    moving = {each.message.path: each for each in renamings}

    def relinked(path: str, data: bytes) -> bytes:
        return encode(_relinked(session.vault.parse(path, data).text, renamings))

    steps: list[Step] = []
    for path in companions(session, target, ""):
        if each := moving.get(path):
            mode = os.lstat(os.path.join(session.vault.root, path)).st_mode & 0o777
            steps.append(Move(path, f"{folder}/{each.new}.md", partial(relinked, path), mode))
        elif renamings:
            steps.append(Edit(path, partial(relinked, path)))
    return steps


def _first_lines(text: str) -> dict[str, int]:
    """Return the number of the first line of each section, by its title in small letters."""
    from okb_incident.vault.note import sections  # noqa: PLC0415 - most notes have no name twice

    found = (
        (title, sections.find(text, title))
        for title in ("Timeline", "Actions", "Checklist", "Verification", "Follow-ups")
    )
    return {title.lower(): section.content_line for title, section in found if section}
