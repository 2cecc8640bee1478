"""Finding what is wrong in a vault's notes; nothing is changed."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.incident.order import open_with_resolved
from okb_incident.core.incident.schema import is_restricted
from okb_incident.core.metrics.documentation import DeclaredIncident
from okb_incident.core.values.problem import Problem
from okb_incident.vault.read.names import named
from okb_incident.workflow.care import doubled_names
from okb_incident.workflow.care.bring_home import MOVED, moved_notes
from okb_incident.workflow.care.check_body import OTHER_HEADING, of_body
from okb_incident.workflow.care.check_lessons import of_lessons
from okb_incident.workflow.care.check_moments import of_moments
from okb_incident.workflow.care.check_notice import of_notice
from okb_incident.workflow.care.check_text import of_text
from okb_incident.workflow.care.check_words import of_words
from okb_incident.workflow.care.set_by_hand import SET_BY_HAND

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.identity import IdPattern
    from okb_incident.vault.read.loaded import Loaded
    from okb_incident.vault.vault import Vault
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

#: Every code that `check` can print, with what it means; docs/check.md comes from it.
CODES = {
    "bad-yaml": "the properties are not valid YAML, so Obsidian shows none of them",
    "bom": "the note begins with a byte order mark, which hides its properties from other programs",
    "bad-count": "a number cannot be read; it counts as missing",
    "bad-moment": "a moment cannot be read, or several are listed as one; it counts as missing",
    "bad-name": "the file name is not valid UTF-8",
    "conflict-copy": "a sync tool left a second version of a note; it is not counted",
    "day-precision": "a moment is only a day; no duration under two days is computed from it",
    "dangling-duplicate": "the note says it is part of an incident that does not exist",
    "duplicate-id": "two notes have one id; the one whose file name is the id counts",
    "duplicate-name": "two actions, follow-ups, messages, hypotheses, requests or checks of an incident have one name, so no command can tell which is meant; `check --fix REF` renumbers the later one",
    "duplicate-key": "a property is there twice; Obsidian shows none of the properties",
    "duplicate-uid": "two notes have one uid: one is a copy of the other",
    "encoding": "the note is not valid UTF-8",
    "far-moment": "a time is more than `plausible_days` from the day of the id, or from all other times of the note; `set … --confirm` confirms it",
    "future-moment": "a time is in the future; it is not used yet",
    "id-and-name-differ": "the file name is the id of another incident, so links lead to the wrong one",
    "impossible-order": "a time is before one that must come first; no duration between them is counted",
    "late-edit": "an editor went on saving a note after a command had put another file in its place; the next command that "
    "writes brings the rest into the note",
    "link-outside": "a link leads out of the vault; it is not followed",
    "link-not-followed": "a link leads nowhere, or to what is not a note",
    "merge-markers": "a merge left its markers in the note",
    "moved": "a person moved or renamed the note; a hint, and no finding; `check --fix --move` moves it home",
    "minutes-differ": "the minutes that a command derived do not follow from the moments, so one of these was changed since",
    "moment-and-id-differ": "the incident was declared on another day than its id says; what is meant is confirmed by `set … --confirm`",
    "moment-and-timeline-differ": "the timeline tells of another moment; the property counts, and is confirmed by `set … --confirm`",
    "lone-moment": "an incident began at a moment of which nothing else in its note tells; what is meant is confirmed by `set … --confirm`",
    "lesson-day": "a day on which a lesson was learned cannot be read; it is not counted",
    "lesson-incident": "a lesson names an incident that does not exist, or no readable list of them; it is not counted there",
    "lesson-restricted": "a lesson that everyone may read names a restricted incident; only with `--restricted`",
    "lesson-title": "a lesson has no title; its heading or its file name is shown",
    "lesson-twice": "two lessons are the same, and count as one",
    "mojibake": "lines were UTF-8, read as Mac Roman and saved so; `check --fix` repairs them",
    "missing-id": "the note says it is an incident and has no readable id; it is not counted",
    "missing-key": "an incident lacks a property that every incident has",
    "no-date": "an incident has neither start nor detection nor declaration, so it belongs to no period",
    "not-a-file": "something that is not a file has the name of a note",
    "not-an-incident": "the file name is an incident's id, but the note is not marked as an incident",
    "notice-order": "a notice to an authority, or its deadline, is before the detection",
    "not-a-mapping": "the properties are a list or a single value",
    "open-with-resolved": "the incident is open and has an end; the end is not used",
    "sent-changed": "a message was changed after it went out; what was sent is known by its digest alone",
    "repeated-hour": "clocks showed a moment twice, and it does not say which one is meant; the first is used",
    "restricted-mode": "others may read the file of a restricted incident; only with `--restricted`",
    "restricted-mismatch": "only the property or only the folder restricts the incident; only with `--restricted`",
    "set-by-hand": "a person set the status in the note, and what its command asks for was skipped; a hint, and no finding",
    "other-heading": "a person has given the note another heading than its title; a hint, and no finding",
    "severity-and-timeline-differ": "the severity was changed by hand, and the timeline does not tell of it; `check --fix`, or the next "
    "command that moves the incident on, records that",
    "status-and-timeline-differ": "the status was changed by hand, and the timeline does not tell of it; `check --fix`, or the next "
    "command that moves the incident on, records that",
    "tags-and-properties-differ": "a tag is not that of the severity or the category; `check --fix` lets it follow the property",
    "timeline": "a line of the timeline does not fit its kind, or its moment cannot be read; it counts as a note",
    "impact-not-used": "an impact line cannot be used: its period ends before it begins, or has a time that does not exist",
    "timeline-unread": "lines of the timeline that seem to be meant as entries are not read: neither list lines nor rows with a time",
    "title-differs": "the title was changed by hand, and aliases or heading still have the old one; `check --fix` lets them follow",
    "timeline-zone": "the heading of the timeline names a zone that is not the vault's, in which its times are read",
    "two-timelines": "the note has a second timeline; only the first is read",
    "too-deep": "a folder is too deep to be searched",
    "too-large": "the note is larger than any note should be",
    "unknown-severity": "the severity is not in the scale",
    "unknown-status": "the status is unknown",
    "tickets-and-timeline-differ": "the number of tickets was changed by hand, and the timeline does not tell of it; `check --fix` "
    "records that, `set tickets=…` takes another number",
    "tickets-not-set": "the timeline counts support tickets, and the property `tickets` is not set",
    "unknown-word": "a value is not in the vocabulary; it is counted as written",
    "unreadable": "the note cannot be read",
    "unterminated": "the properties begin and do not end",
}
#: What a person may have done on purpose: named, and no reason for exit code 5.
HINTS = (MOVED, OTHER_HEADING, SET_BY_HAND)
#: What is found before a note is read, so that only its place says whether it is ours.
UNTYPED = (
    *("bad-name", "conflict-copy", "link-not-followed", "link-outside", "not-a-file", "too-deep", "too-large"),
    "unreadable",
)


class Checked(NamedTuple):
    """What is wrong in a vault, in the order of the notes.

    Attributes:
        problems: In our notes.
        foreign: In notes that are not ours.
        incidents: The incidents that were looked at, with the month in which each counts.
    """

    problems: tuple[Problem, ...]
    foreign: tuple[Problem, ...] = ()
    incidents: tuple[DeclaredIncident, ...] = ()


def check_vault(call: Call) -> Checked:
    """Read every note and name what is wrong; in restricted ones only where asked for."""
    session, restricted = call.session, call.shared.restricted
    vault = session.vault
    loaded = vault.read_all(everything=True, include_restricted=restricted)
    known = {each.id.text for each in loaded.incidents}
    problems = list(loaded.problems)
    for incident in loaded.incidents:
        problems += of_moments(session, incident)
        problems += _of_incident(incident, known | loaded.hidden, vault.settings.ids)
        problems += of_words(session, incident)
        problems += of_notice(session, incident)
        problems += of_body(session, incident)
        problems += _of_restricted(session, incident) if incident.restricted else []
    problems += moved_notes(vault, loaded.incidents)
    problems += _same_uid(loaded.incidents)
    problems += of_lessons(call, loaded)
    problems += doubled_names.of_messages(session, loaded.incidents)
    in_text = dict(of_text(call, known))
    problems += in_text
    problems += session.late_saves(all_of_them=True)
    problems += _not_counted(session, {*(each.path for each in loaded.incidents), *(each.path for each in problems)})
    ours: list[Problem] = []
    foreign: list[Problem] = []
    for each in sorted(set(problems), key=lambda problem: (problem.path, problem.line or 0, problem.code)):
        is_ours = in_text.get(each, not _is_foreign(vault, loaded, each))
        (ours if is_ours else foreign).append(each)
    return Checked(tuple(ours), tuple(foreign), tuple(map(DeclaredIncident.of, loaded.incidents)))


def of_incident(call: Call) -> Checked:
    """Name what is wrong in the notes of the incident that was named, otherwise as `check_vault`."""
    target = call.target()
    ids = call.session.vault.settings.ids
    found = check_vault(call)
    ours = (each for each in found.problems if each.path == target.path or named(each.path, ids).id == target.id)
    return found._replace(problems=tuple(ours), foreign=())


def _is_foreign(vault: Vault, loaded: Loaded, problem: Problem) -> bool:
    """Return whether a problem is one of a note that is not ours: by its type, and by its place where it has none."""
    if problem.path in loaded.foreign:
        return True
    if problem.code not in UNTYPED:
        return False
    folders = vault.settings.folders
    homes = (folders.incidents, folders.restricted, folders.services, folders.people, folders.reports, folders.lessons)
    lies_at_home = any(f"{problem.path}/".startswith(f"{home}/") for home in homes)
    return not lies_at_home and vault.settings.ids.lead(problem.path.rpartition("/")[2]) is None


def _of_incident(incident: Incident, known: set[str], ids: IdPattern) -> list[Problem]:
    found = []
    if unused := open_with_resolved(incident):
        found.append(unused)
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
                f"duplicate_of names {incident.duplicate_of}, which is not an incident here",
                Command("set", "duplicate_of", incident=incident.id),
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
            f"it is in {folder} without visibility: restricted"
            if lies_there
            else f"it has visibility: restricted and is not in {folder}"
        )
        line = incident.lines.get("visibility")
        remedy = Command("restrict", incident.id)
        found.append(
            Problem(incident.path, line, "restricted-mismatch", f"{message}; it is treated as restricted", remedy)
        )
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
                    "delete the copy, or its line uid if it is an incident of its own",
                ),
            )
    return found
