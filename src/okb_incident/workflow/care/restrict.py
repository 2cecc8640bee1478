"""Keeping an incident from all who are not meant to know of it, and letting it be known again."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import VaultError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.privacy import make_private
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.note.completion import complete
from okb_incident.vault.note.incident_note import apply_change
from okb_incident.vault.note.note import decode, encode
from okb_incident.vault.read.abridged import forget_abridged
from okb_incident.vault.write.commit import Create, Edit, Move, commit
from okb_incident.workflow.care.restrict_lessons import steps_to_release, steps_to_restrict
from okb_incident.workflow.care.traces import find_traces, is_text_of
from okb_incident.workflow.change import ChangedIncident, as_diff, incident_in, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call
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
    change: Change
    also: tuple[Create, ...] = ()


def restrict(call: Call, *, tracked: bool) -> ChangedIncident:
    """Move an incident and its companions to the restricted folder, for their owner's eyes only.

    Args:
        call: The call.
        tracked: Let git track the restricted folder; otherwise it is told to ignore it.
    """
    session, target = call.session, call.target()
    folder = f"{session.vault.settings.folders.restricted}/{target.id.day.year}"
    change = _change("restricted", session.now)
    way = _Way("restrict", folder, PRIVATE, change, () if tracked else hidden_from_git(session))
    changed = _go(call, target, way)
    if call.dry_run:
        return changed
    return changed._replace(notes=(*changed.notes, how_to_name(changed.incident), *_already_known(session, target)))


def how_to_name(incident: Incident) -> Sentence:
    """Return what whoever works on a restricted incident has to know from now on."""
    return Sentence(
        f"{incident.id} is restricted: lists leave it out, and only its full id names it: ",
        Command("show", incident=incident.id),
    )


def hidden_from_git(session: Session) -> tuple[Create, ...]:
    """Return what tells git to leave the restricted folder alone, where nobody has told it yet."""
    ignore = f"{session.vault.settings.folders.restricted}/.gitignore"
    known = os.path.lexists(os.path.join(session.vault.root, ignore))
    return () if known else (Create(ignore, b"*\n"),)


def unrestrict(call: Call) -> ChangedIncident:
    """Move a restricted incident and its companions back among the others."""
    session, target = call.session, call.target(lambda incident: incident.restricted)
    way = _Way("restrict --off", session.vault.folder_of(target.id), READABLE, _change(None, session.now))
    return _go(call, target, way)


def _change(visibility: str | None, now: datetime) -> Change:
    said = "restricted" if visibility else "no longer restricted"
    return Change(properties={"visibility": visibility}, lines=(LogLine("note", said, now),), said=said)


def _go(call: Call, target: Target, way: _Way) -> ChangedIncident:
    session, root = call.session, call.session.vault.root
    before = incident_in(session, target, encode(session.vault.read(target.path).text))
    to = f"{way.folder}/{os.path.basename(target.path)}"
    private = way.mode == PRIVATE
    notes: list[str] = []
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

    def change(data: bytes) -> bytes:
        if done_before:
            return data
        incident: Incident = incident_in(session, target, data)
        note = session.vault.parse(target.path, data)
        whole = complete(note.text, note.frontmatter, target.path, target.id, session.vault.settings.ids)
        written = apply_change(
            whole.text,
            incident,
            way.change,
            settings=session.vault.settings,
            actor=session.actor.handle,
            now=session.now,
        )
        notes[:] = [*whole.notes, *written.notes]
        return encode(written.text)

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
        return ChangedIncident(before, before, way.change, named, moves + diff)
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
    told = (*session.recovered, *notes, *done.notes, *named)
    return ChangedIncident(before, after, way.change, told, record=record, committed=done)


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
