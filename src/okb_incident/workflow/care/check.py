"""Finding what is wrong in a vault's notes; nothing is changed."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.schema import is_restricted
from okb_incident.core.text.secret import PAYLOAD
from okb_incident.core.timeline.timeline import chronological, read_timeline
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.status import Status
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.note import sections
from okb_incident.vault.note.note import decode
from okb_incident.vault.read.names import named
from okb_incident.workflow.care import doubled_names
from okb_incident.workflow.care.bring_home import MOVED, moved_notes
from okb_incident.workflow.care.check_moments import of_moments
from okb_incident.workflow.care.check_text import of_text

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.values.identity import IdPattern
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

#: Every code that `check` can print, with what it means; docs/check.md comes from it.
CODES = {
    "bad-yaml": "the properties are no valid YAML, so Obsidian shows none of them",
    "bom": "the note begins with a byte order mark, which hides its properties from other programs",
    "bad-moment": "a moment cannot be read, or several are listed as one; it counts as missing",
    "bad-name": "the file name is not valid UTF-8",
    "conflict-copy": "a sync tool left a second version of a note; it is not counted",
    "day-precision": "a moment is only a day; no duration under two days is computed from it",
    "dangling-duplicate": "the note says it is part of an incident that does not exist",
    "duplicate-id": "two notes have one id; the one whose file name is the id counts",
    "duplicate-name": "two actions, follow-ups, messages, hypotheses, requests or checks of an incident have one name, so no command can tell which is meant; `check --fix REF` renumbers the later one",
    "duplicate-key": "a property stands twice; Obsidian shows none of the properties",
    "duplicate-uid": "two notes have one uid: one is a copy of the other",
    "encoding": "the note is not valid UTF-8",
    "far-moment": "a moment lies more than `plausible_days` from the day of the id, or from all that the note tells; what is meant is confirmed by `set … --confirm`",
    "future-moment": "a moment lies ahead; it is not used yet",
    "id-and-name-differ": "the file name is the id of another incident, so links lead to the wrong one",
    "impossible-order": "a moment lies before one that must come first; no duration between them is counted",
    "late-edit": "an editor went on saving a note after a command had put another file in its place; the next command that "
    "writes brings the rest into the note",
    "link-outside": "a link leads out of the vault; it is not followed",
    "link-not-followed": "a link leads nowhere, or to what is no note",
    "merge-markers": "a merge left its markers in the note",
    "moved": "a person moved or renamed the note; a hint, and no finding; `check --fix --move` moves it home",
    "minutes-differ": "the minutes that a command derived do not follow from the moments, so one of these was changed since",
    "moment-and-id-differ": "the incident was declared on another day than its id says; what is meant is confirmed by `set … --confirm`",
    "moment-and-timeline-differ": "the timeline tells of another moment; the property counts, and is confirmed by `set … --confirm`",
    "lone-moment": "an incident began at a moment of which nothing else in its note tells; what is meant is confirmed by `set … --confirm`",
    "mojibake": "lines were UTF-8, read as Mac Roman and saved so; `check --fix` repairs them",
    "missing-id": "the note says it is an incident and has no readable id; it is not counted",
    "missing-key": "an incident lacks a property that every incident has",
    "no-date": "an incident has neither start nor detection nor declaration, so it belongs to no period",
    "not-a-file": "something that is no file has the name of a note",
    "not-an-incident": "the file name is an incident's id, and the note does not say that it is an incident",
    "not-a-mapping": "the properties are a list or a single value",
    "open-with-resolved": "the incident is open and has an end; the end is not used",
    "sent-changed": "a message was changed after it went out; what was sent is known by its digest alone",
    "repeated-hour": "clocks showed a moment twice, and it does not say which one is meant; the first is used",
    "restricted-mode": "others may read the file of a restricted incident; only with `--restricted`",
    "restricted-mismatch": "only the property or only the folder restricts the incident; only with `--restricted`",
    "status-and-timeline-differ": "the last status of the timeline is not the property; the property counts",
    "timeline": "a line of the timeline does not fit its kind, or its moment cannot be read; it counts as a note",
    "too-deep": "a folder lies too deep to be searched",
    "too-large": "the note is larger than any note should be",
    "unknown-severity": "the severity is none of the scale",
    "unknown-status": "the status is none of ours",
    "unknown-word": "a word is none of the vocabulary; it is counted as it stands",
    "unreadable": "the note cannot be read",
    "unterminated": "the properties begin and do not end",
}
#: What a person may have done on purpose: named, and no reason for exit code 5.
HINTS = (MOVED,)
_REDACTED_STATUS = f"status: {PAYLOAD}"


def check_vault(call: Call) -> tuple[Problem, ...]:
    """Read every note and name what is wrong, in the order of the notes; in restricted ones only where asked for."""
    session, restricted = call.session, call.shared.restricted
    vault = session.vault
    loaded = vault.read_all(everything=True, include_restricted=restricted)
    problems = list(loaded.problems)
    for incident in loaded.incidents:
        problems += of_moments(session, incident)
        problems += _of_incident(incident, {each.id.text for each in loaded.incidents}, vault.settings.ids)
        problems += _of_timeline(session, incident)
        problems += _of_restricted(session, incident) if incident.restricted else []
    problems += moved_notes(vault, loaded.incidents)
    problems += _same_uid(loaded.incidents)
    problems += doubled_names.of_messages(session, loaded.incidents)
    problems += of_text(call, {each.id.text for each in loaded.incidents})
    problems += session.late_saves(all_of_them=True)
    problems += _not_counted(session, {*(each.path for each in loaded.incidents), *(each.path for each in problems)})
    return tuple(sorted(set(problems), key=lambda problem: (problem.path, problem.line or 0, problem.code)))


def of_incident(call: Call) -> tuple[Problem, ...]:
    """Name what is wrong in the notes of the incident that was named, otherwise as `check_vault`."""
    target = call.target()
    ids = call.session.vault.settings.ids
    return tuple(
        each for each in check_vault(call) if each.path == target.path or named(each.path, ids).id == target.id
    )


def _of_incident(incident: Incident, known: set[str], ids: IdPattern) -> list[Problem]:
    found = []
    if incident.is_open and "resolved" in incident.moments:
        found.append(
            Problem(
                incident.path,
                incident.lines.get("resolved"),
                "open-with-resolved",
                f"status is {incident.status} and resolved is set; the moment is not used",
                Sentence(
                    Command("resolve", incident=incident.id),
                    ", or ",
                    Command("set", "resolved=", options=("--correct",), incident=incident.id),
                ),
            ),
        )
    name = named(incident.path, ids)
    if name.is_exact and name.id != incident.id:
        found.append(
            Problem(
                incident.path,
                incident.lines.get("id"),
                "id-and-name-differ",
                f"the id is {incident.id}, and the name is the id of another incident",
                f"rename the note to {incident.id}.md in Obsidian, or correct its id",
            ),
        )
    if incident.duplicate_of and incident.duplicate_of not in known:
        found.append(
            Problem(
                incident.path,
                incident.lines.get("duplicate_of"),
                "dangling-duplicate",
                f"duplicate_of names {incident.duplicate_of}, which is no incident here",
            ),
        )
    return found


def _of_timeline(session: Session, incident: Incident) -> list[Problem]:
    # The properties are read already; parsing them again would cost more than the timeline.
    text = decode(read_bytes(session.vault.real(incident.path)).data)
    section = sections.find(text, "Timeline")
    if section is None:
        return [*doubled_names.in_note(session, incident, text)]
    lines = sections.section_lines(text, "Timeline")
    entries = read_timeline(lines, session.zone, incident.at("declared"))
    first = section.content_line
    found = _markers(incident, lines, first)
    found += [
        Problem(incident.path, first + entry.line, "timeline", entry.fault)
        for entry in entries
        if entry.fault is not None
    ]
    found += doubled_names.in_note(session, incident, text)
    last = last_status(entries)
    if last and incident.status and last is not incident.status and not _ends_redacted(entries):
        found.append(
            Problem(
                incident.path,
                incident.lines.get("status"),
                "status-and-timeline-differ",
                f"status is {incident.status}, and the timeline ends with {last}; the property counts",
                Command("log", f"status is {incident.status}", incident=incident.id),
            ),
        )
    return found


def _of_restricted(session: Session, incident: Incident) -> list[Problem]:
    """Find what could let a restricted incident be seen: half a restriction, or a file that others may read."""
    found = []
    folder = session.vault.settings.folders.restricted
    lies_there = incident.path.startswith(f"{folder}/")
    if not lies_there or not is_restricted(incident.properties, "", session.vault.settings):
        message = (
            f"it lies in {folder} and does not say visibility: restricted"
            if lies_there
            else f"it says visibility: restricted and does not lie in {folder}"
        )
        line = incident.lines.get("visibility")
        found.append(Problem(incident.path, line, "restricted-mismatch", f"{message}; it is treated as restricted"))
    mode = os.stat(session.vault.real(incident.path)).st_mode & 0o777
    if mode & 0o077:
        found.append(
            Problem(
                incident.path,
                None,
                "restricted-mode",
                f"its mode is {mode:04o}, so others may read it",
                f"chmod 600 {shlex.quote(incident.path)}",
            )
        )
    return found


def _markers(incident: Incident, lines: list[str], first: int) -> list[Problem]:
    """Find what a merge left between the lines of a timeline."""
    places = [place for place, line in enumerate(lines, first) if line.startswith(("<<<<<<< ", ">>>>>>> "))]
    message = "a merge left its markers in the timeline"
    hint = "keep the lines of both sides and delete the markers"
    return [Problem(incident.path, place, "merge-markers", message, hint) for place in places[:1]]


def _not_counted(session: Session, known: set[str]) -> list[Problem]:
    """Find files that are called like incidents and are none: an empty one, one with a line above its properties."""
    vault = session.vault
    return [
        Problem(
            path,
            1,
            "not-an-incident",
            f"its name is {incident_id}, and it does not say type: incident in its properties; it is not counted",
            "properties begin with a line --- at the very top of the note",
        )
        for incident_id, path in vault.incident_names()
        if path not in known and not vault.hides(incident_id)
    ]


def last_status(entries: tuple[TimelineEntry, ...]) -> Status | None:
    """Give the status after the last status line, None where there is none."""
    found = [entry for entry in chronological(entries) if entry.kind == "status" and entry.fields]
    return Status.read(found[-1].fields["after"]) if found and found[-1].fields else None


def _ends_redacted(entries: tuple[TimelineEntry, ...]) -> bool:
    """Return whether a secret was taken out of an entry that may hold the last status."""
    said = [entry.text for entry in chronological(entries) if entry.kind == "status" or entry.text == _REDACTED_STATUS]
    return said[-1] == _REDACTED_STATUS


def _same_uid(incidents: tuple[Incident, ...]) -> list[Problem]:
    first: dict[str, Incident] = {}
    found = []
    for incident in incidents:
        if incident.uid is None:
            continue
        known = first.setdefault(incident.uid.upper(), incident)
        if known is not incident:
            found.append(
                Problem(
                    incident.path,
                    incident.lines.get("uid"),
                    "duplicate-uid",
                    f"the uid is that of {known.path} too; one is a copy of the other",
                ),
            )
    return found
