"""Importing the incidents of a status page kept with cState."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.core.incident.change import LogLine
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.identity import ulid
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import ORDER, text_of
from okb_incident.core.values.severity import NOT_YET
from okb_incident.core.values.status import Status
from okb_incident.core.values.title import as_title
from okb_incident.errors import NotFoundError, OkbError
from okb_incident.integrations.cstate import read_cstate
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.files import inside
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.note.incident_note import add_line
from okb_incident.vault.note.note import decode, encode
from okb_incident.vault.read.scan import list_names
from okb_incident.vault.write.commit import Create, commit
from okb_incident.vault.yaml import yaml12
from okb_incident.vault.yaml.emit import write_block
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.vault.yaml.yaml_fault import YamlFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from okb_incident.core.values.identity import IncidentId
    from okb_incident.integrations.cstate import ForeignIncident
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


#: A heading that would end our section, or be taken for one of ours.
HEADING = re.compile(r"^( {0,3})(?=#{1,2}(?:[ \t]|\Z))")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did.

    Attributes:
        created: The new notes, relative to the vault, with the file each comes from.
        known: Files whose incident is in the vault already.
        passed: Files that are not incidents.
        problems: What could not be read, and what is odd in what was.
        notes: What else the person should know.
        committed: What was written; None for a dry run.
    """

    created: tuple[tuple[str, str], ...]
    known: tuple[str, ...]
    passed: tuple[str, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()
    committed: Committed | None = None


def import_cstate(call: Call, folder: str) -> ImportResult:
    """Turn a folder of cState notes into incident notes; running it again changes nothing.

    Raises:
        NotFoundError: There is no such folder.
        OkbError: The vault cannot be written.
    """
    session = call.session
    session.about_to_write()
    if not os.path.isdir(folder):
        raise NotFoundError(f"{folder!r} is not a folder of cState notes", field="DIR", value=folder)
    foreign, passed, problems = _read_folder(folder)
    known_sources = {
        text_of(incident.properties.get("imported_from"))
        for incident in session.vault.read_all(include_restricted=True).incidents
    }
    known = [each.source for each in foreign if each.source in known_sources]
    new = sorted(
        (each for each in foreign if each.source not in known_sources and each.started is not None),
        key=lambda each: (each.started, each.source),
    )
    done: Committed | None = None
    if call.dry_run:
        created = [(each.source, "") for each in new]
    else:
        with lock.hold(session.vault.root, "incident import"):
            notes = _notes(session, new)
            done = commit(session.vault.root, notes, command="incident import", by=session.known_actor)
        created = [(each.source, note.path) for each, note in zip(new, notes, strict=True)]
    return ImportResult(tuple(created), tuple(known), tuple(passed), tuple(problems), session.recovered, done)


def _read_folder(folder: str) -> tuple[list[ForeignIncident], list[str], list[Problem]]:
    found: list[ForeignIncident] = []
    passed: list[str] = []
    problems: list[Problem] = []
    for name in list_names(folder):
        try:
            text = decode(read_bytes(inside(folder, name)).data)
            each = read_cstate(text, as_title(f"cstate/{name}"), lambda block: yaml12.parse(block).values)
        except YamlFault as fault:
            problems.append(Problem(name, fault.line, "unreadable", fault.message, fault.hint))
            continue
        except (OkbError, ValueError) as error:
            problems.append(Problem(name, None, "unreadable", str(error)))
            continue
        if each is None:
            passed.append(name)
            continue
        problems += [Problem(name, None, "bad-moment", fault) for fault in each.faults]
        if each.started is None:
            problems.append(Problem(name, None, "no-start", "without a start it has no id; it is not imported"))
        if each.started and each.resolved and each.resolved < each.started:
            problems.append(
                Problem(name, None, "impossible-order", "the end is before the start; kept as written, never counted"),
            )
        found.append(each)
    return found, passed, problems


def _notes(session: Session, foreign: Sequence[ForeignIncident]) -> list[Create]:
    """Compose the notes, each with the next number of the day on which it started."""
    ids = session.vault.settings.ids
    taken: dict[date, int] = {}
    notes = []
    for each in foreign:
        assert each.started is not None, "an incident without a start is not imported"
        day = each.started.astimezone(session.zone).date()
        if day not in taken:
            taken[day] = session.vault.next_number(ids.write(day, 1)) - 1
        taken[day] += 1
        incident_id = ids.write(day, taken[day])
        path = f"{session.vault.folder_of(incident_id)}/{incident_id}.md"
        notes.append(Create(path, encode(_note(session, incident_id, each))))
    return notes


def _note(session: Session, incident_id: IncidentId, each: ForeignIncident) -> str:
    """Compose the note; what has no property of ours is kept under its own name behind ``cstate_``."""
    assert each.started is not None, "an incident without a start is not imported"
    settings = session.vault.settings
    title = as_title(each.title)
    level = settings.severities.read(settings.cstate_severities.get(each.severity or "", "")) or NOT_YET
    status = Status.RESOLVED if each.is_over else Status.INVESTIGATING
    own: dict[str, Value] = {
        "type": "incident",
        "id": incident_id.text,
        "title": title,
        "status": str(status),
        "severity": level.label,
        "nature": "announcement" if each.is_announcement else None,
        "services": [as_title(name) for name in each.services] or None,
        "started": _plain(session, each.started),
        "resolved": _plain(session, each.resolved),
        "imported_from": each.source,
        "aliases": [title],
        "tags": ["incident", *([level.tag] if level.tag else [])],
        "created": Plain(write_moment(session.now, session.zone)[:10]),
        "uid": Plain(ulid(time.time_ns() // 1_000_000, os.urandom(10))),
    }
    block = {key: own[key] for key in ORDER if own.get(key) is not None}
    if each.severity and settings.cstate_severities.get(each.severity) is None:
        block["cstate_severity"] = defuse(each.severity)
    for key, value in each.others.items():
        text = text_of(value)
        if text is not None:
            block["cstate_" + re.sub(r"[^\w-]+", "_", key)] = defuse(text)
    body = _as_text(each.body)
    text = f"---\n{write_block(block)}---\n# {title}\n\n## Summary\n{body}\n\n## Timeline\n"
    incident, _ = session.vault.incident_of(session.vault.parse(f"{incident_id}.md", encode(text)))
    assert incident is not None, "a note just composed has an id"
    at: datetime = each.resolved if each.is_over and each.resolved else each.started
    line = LogLine("status", f"{status}, imported from {each.source}", at)
    text, _ = add_line(text, incident, line, zone=session.zone, actor=None, now=session.now)
    return text


def _as_text(body: str) -> str:
    """Keep what was written as it is, but for what a plug-in would execute; its headings move below ours.

    A code fence that never ends is ended, or our timeline would be code.
    """
    fence = ""
    lines = []
    for line in map(defuse, body.strip("\n").splitlines()):
        lines.append(line if fence else HEADING.sub(r"\1##", line))
        found = re.fullmatch(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)", line)
        mark = (found[1] or found[2]) if found else ""
        if not fence:
            fence = mark
        elif mark.startswith(fence) and line.strip(" \t") == mark:
            fence = ""
    return "\n".join([*lines, fence] if fence else lines)


def _plain(session: Session, at: datetime | None) -> Plain | None:
    return Plain(write_moment(at, session.zone)) if at else None
