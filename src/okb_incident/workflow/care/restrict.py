"""Keeping an incident from all who are not meant to know of it, and letting it be known again."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response.handling import RELEASED, RESTRICTED, lacking
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import BusyError, VaultError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.privacy import make_private
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.note.note import decode, encode
from okb_incident.vault.read.abridged import forget_abridged
from okb_incident.vault.write.commit import Create, Edit, Move, commit
from okb_incident.workflow.care.restrict_lessons import steps_to_release, steps_to_restrict
from okb_incident.workflow.care.traces import find_traces, is_text_of
from okb_incident.workflow.change import ChangedIncident, Changing, as_diff, incident_in, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call, Decision
    from okb_incident.workflow.care.restrict_lessons import LessonSteps
    from okb_incident.workflow.care.traces import Traces
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

READABLE = 0o644

MOST_NAMED = 20
"""Files that are named one by one."""


class _Way(NamedTuple):
    """From where the notes go to where, and what becomes of them."""

    verb: str
    folder: str
    mode: int
    decide: Decision
    also: tuple[Create, ...] = ()


class _RestrictsError(Exception):
    """A decision restricts an incident whose note is not in the restricted folder; nothing is written."""


def restrict(call: Call, *, tracked: bool) -> ChangedIncident:
    """Move an incident and its companions to the restricted folder, for their owner's eyes only.

    Args:
        call: The call.
        tracked: Let git track the restricted folder; otherwise it is told to ignore it.
    """
    target = call.target()
    changed = _go(call, target, _into(call, target, lambda _: _turned(RESTRICTED, call.session.now), tracked=tracked))
    return changed if call.dry_run else _explained(call, target, changed)


def change_or_restrict(call: Call, target: Target, decide: Decision) -> ChangedIncident:
    """Apply a decision; where it restricts the incident, its notes move to the restricted folder in the same commit.

    Raises:
        OkbError: The decision refuses, or a note cannot be written.
    """

    def unless_restricted(record: Record) -> Change:
        change = decide(record)
        if change.properties.get("visibility") == RESTRICTED:
            raise _RestrictsError
        return change

    with suppress(_RestrictsError):
        return call.change_at(target, unless_restricted)
    try:
        changed = _go(call, target, _into(call, target, call.checked(decide), verb=call.verb))
    except BusyError as error:
        error.give_back(call.repeated(call.after))
        raise
    if call.dry_run:
        return changed
    return _explained(call, target, _reported(call, changed))


def _into(call: Call, target: Target, decide: Decision, *, tracked: bool = False, verb: str = "restrict") -> _Way:
    session = call.session
    folder = f"{session.vault.settings.folders.restricted}/{target.id.day.year}"
    return _Way(verb, folder, PRIVATE, decide, () if tracked else hidden_from_git(session))


def _explained(call: Call, target: Target, changed: ChangedIncident) -> ChangedIncident:
    """Add what whoever works on the incident has to know from now on."""
    session = call.session
    told: tuple[Text, ...] = (
        how_to_name(changed.incident, session.vault.settings.policy),
        *_already_known(session, target),
    )
    return changed._replace(notes=(*changed.notes, *told))


def _reported(call: Call, changed: ChangedIncident) -> ChangedIncident:
    """Notify the hooks that may know of a restricted incident."""
    if not call.session.user.hooks:
        return changed
    from okb_incident.workflow.hooks import tell_hooks  # noqa: PLC0415 - few people have any

    heard = tell_hooks(call.session, changed.incident, changed.change, call.verb)
    return changed._replace(notes=(*changed.notes, *heard.notes), undelivered=heard.undelivered)


def how_to_name(incident: Incident, policy: Policy) -> Sentence:
    """Return what whoever works on a restricted incident has to know: how it is named, who reads it still, whom to notify."""
    said = "restricted: lists leave it out, only its full id names it; root, backups and sync can still read it"
    handling = policy.handling(incident.category, incident.detected_by)
    teams = policy.security_teams() if handling.security else {}
    told = f"; notify {', '.join(teams)}" if teams else ""
    missing = lacking(incident, policy)
    if not missing:
        return Sentence(f"{said}{told}: ", Command("show", incident=incident.id))
    which = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    return Sentence(f"{said}{told}; {which}: ", Command("set", *missing, incident=incident.id))


def hidden_from_git(session: Session) -> tuple[Create, ...]:
    """Return what tells git to leave the restricted folder alone, where nobody has told it yet."""
    ignore = f"{session.vault.settings.folders.restricted}/.gitignore"
    known = os.path.lexists(os.path.join(session.vault.root, ignore))
    return () if known else (Create(ignore, b"*\n"),)


def unrestrict(call: Call) -> ChangedIncident:
    """Move a restricted incident and its companions back among the others."""
    session, target = call.session, call.target(lambda incident: incident.restricted)
    way = _Way("restrict --off", session.vault.folder_of(target.id), READABLE, lambda _: _turned(None, session.now))
    return _go(call, target, way)


def _turned(visibility: str | None, now: datetime) -> Change:
    said = RESTRICTED if visibility else RELEASED
    return Change(properties={"visibility": visibility}, lines=(LogLine("note", said, now),), said=said)


def _go(call: Call, target: Target, way: _Way) -> ChangedIncident:
    session, root = call.session, call.session.vault.root
    before = incident_in(session, target, encode(session.vault.read(target.path).text))
    to = f"{way.folder}/{os.path.basename(target.path)}"
    private = way.mode == PRIVATE
    changing = Changing(session, target, way.decide)
    traces = find_traces(session, before)
    along, closed = _steps(session, traces, way, {to})
    companion = f"{os.path.dirname(target.path)}/{target.id} "
    moved = [step.path for step in along if isinstance(step, Move) and not step.path.startswith(companion)]
    lessons = (steps_to_restrict if private else steps_to_release)(session, before)
    others = _named(moved, closed, _others(session, traces, lessons, before)) if private else ()
    named = (*_named_lessons(lessons, private=private), *others)
    along += lessons.steps
    done_before = target.path == to and before.restricted == private == bool(before.properties.get("visibility"))
    if done_before and not along and not _is_open_to_others(session, [target.path, *traces.own], way):
        return ChangedIncident(
            before,
            before,
            Change(already=True, said="already restricted" if private else "already not restricted"),
            named,
        )
    if done_before:
        changing.change = _turned(RESTRICTED if private else None, session.now)

    def change(data: bytes) -> bytes:
        return data if done_before else changing.apply(data)

    # Git is told first, so that at no moment it could see the note there.
    steps: list[Step] = [
        *way.also,
        Edit(to, change, private=lambda _: private) if target.path == to else Move(target.path, to, change, way.mode),
        *along,
    ]
    if call.dry_run:
        old = session.vault.read(target.path).text
        diff = as_diff(old, change(encode(old)).decode(errors="surrogateescape"), to)
        moves = "".join(f"{step.path} → {step.to}\n" for step in steps if isinstance(step, Move))
        return ChangedIncident(before, before, changing.change, named, moves + diff)
    with lock.hold(root, f"incident {way.verb}"):
        if private:
            session.close_restricted(make=True)
        done = commit(root, steps, command=f"incident {way.verb}", by=session.actor.handle)
        if private:
            hide_images(root, {step.path for step in steps}, [before])
            forget_abridged(root)
    after = incident_in(session, target._replace(path=to), done.data[to])
    session.vault.saw(after)
    record = record_of(session, after, decode(done.data[to]))
    told = (*session.recovered, *changing.notes, *done.notes, *named)
    return ChangedIncident(before, after, changing.change, told, record=record, committed=done)


def _steps(session: Session, traces: Traces, way: _Way, taken: set[str]) -> tuple[list[Step], list[str]]:
    """Return what is done to the files that are the incident's own, and those that can only be closed where they are."""
    restricted = session.vault.settings.folders.restricted
    root, private = session.vault.root, way.mode == PRIVATE
    steps: list[Step] = []
    closed = []
    for path in traces.own:
        within = path.startswith(f"{restricted}/")
        goes = f"{way.folder}/{os.path.basename(path)}"
        if not private and not within:
            continue
        # What an editor or the file system's waste basket hides is theirs to find again.
        hidden = os.path.islink(os.path.join(root, path)) or any(part.startswith(".") for part in path.split("/"))
        free = goes not in taken and not os.path.lexists(os.path.join(root, goes))
        if within != private and free and not hidden:
            taken.add(goes)
            steps.append(Move(path, goes, bytes, way.mode))
        elif private:
            closed += [] if within else [path]
            if _is_open(root, path):
                steps.append(Edit(path, bytes, private=lambda _: True))
    return steps, closed


def _named_lessons(lessons: LessonSteps, *, private: bool) -> tuple[str, ...]:
    """Name the lessons that moved along, and those of other incidents."""
    said = (
        (lessons.moved, "lessons that only it taught moved with it" if private else "lessons that can be read again"),
        (
            lessons.parted,
            "lessons of other incidents, which no longer name it; its own notes still link to them"
            if private
            else "lessons that stay restricted, because another restricted incident taught them too",
        ),
    )
    return tuple(f"{what}: {_listed(paths)}" for paths, what in said if paths)


def _others(session: Session, traces: Traces, lessons: LessonSteps, incident: Incident) -> list[str]:
    """Return the files that still tell of the incident when its lessons do no longer."""
    changed = {step.path: step for step in lessons.steps}
    others = dict.fromkeys((*traces.others, *lessons.parted))
    return [path for path in others if path not in changed or _still_tells(session, changed[path], incident)]


def _still_tells(session: Session, step: Step, incident: Incident) -> bool:
    if not isinstance(step, Edit) or step.private(b""):
        return False
    left = decode(step.change(encode(session.vault.read(step.path).text)))
    return incident.id.text in left or incident.title in left


def _named(moved: Sequence[str], closed: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Name the copies that moved along, and what stays outside the restricted folder."""
    said = [
        (moved, "copies moved with it"),
        (closed, "copies that stay outside the restricted folder, readable by their owner only"),
        (others, "other files that hold its title or id, still readable"),
    ]
    return tuple(f"{what}: {_listed(paths)}" for paths, what in said if paths)


def _listed(paths: Sequence[str]) -> str:
    some = ", ".join(map(one_line, paths[:MOST_NAMED]))
    return some if len(paths) <= MOST_NAMED else f"{some} and {len(paths) - MOST_NAMED} more"


def _is_open_to_others(session: Session, paths: Sequence[str], way: _Way) -> bool:
    """Return whether others may read what is restricted: a sync tool or a copy does not keep the mode, git may see the folder."""
    root = session.vault.root
    return way.mode == PRIVATE and (bool(way.also) or any(_is_open(root, path) for path in paths))


def _is_open(root: str, path: str) -> bool:
    with suppress(FileNotFoundError):
        return bool(os.stat(os.path.join(root, path)).st_mode & 0o077)
    return False


def hide_images(root: str, paths: set[str], incidents: Sequence[Incident]) -> None:
    """Let only their owner read what the journal keeps of the notes, also of when they had other names.

    Raises:
        VaultError: Not possible now, though the notes are restricted.
    """
    try:
        # Another machine that shares the folder keeps its own of the same notes.
        for journal in Journal.all_of(root):
            make_private(journal, paths, lambda data: any(is_text_of(data, each) for each in incidents))
    except OSError as error:
        raise VaultError(
            f"the incident is restricted, but what the journal keeps of it could not be closed to others: {reason(error)}",
            value=root,
            hint=remedy(error) or "Close the folder .incident to others: chmod -R go= .incident",
        ) from error


def _already_known(session: Session, target: Target) -> tuple[str, ...]:
    """Return where the incident can still be read by others."""
    from okb_incident.integrations.git import commits_of  # noqa: PLC0415

    if not commits_of(session.vault.root, target.path):
        return ()
    return (f"git has {target.path} in its history already; whoever has the repository can read it there",)
