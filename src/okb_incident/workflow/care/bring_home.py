"""Notes that were moved or renamed: which ones are where nobody would look, and moving them home with the links to them."""

from __future__ import annotations

import math
import os
import stat
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.incident.schema import NOTE_TYPES, note_type
from okb_incident.core.text.note_links import Moves
from okb_incident.core.values.problem import Problem
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.files import FileState, UnreadableError
from okb_incident.vault.index.answer import load
from okb_incident.vault.index.seek import Budget, seek
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.note.note import decode, encode
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.names import best, named
from okb_incident.vault.read.scan import scan
from okb_incident.vault.write.commit import Edit, Move, commit
from okb_incident.workflow.care.restrict import hidden_from_git, hide_images
from okb_incident.workflow.document import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.vault import Vault
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

MOVED = "moved"
"""The code of a note that a person moved or renamed: a hint, for people archive on purpose."""


class NotesBroughtHome(NamedTuple):
    """What was moved.

    Attributes:
        moved: From where each note went, and to where.
        rewritten: Our notes in which links were rewritten, and how many lines of each.
        foreign: Notes that are not ours and whose links lead to the old names, with the line.
        left: Notes that stay, each with the reason.
        notes: What the person should know.
    """

    moved: tuple[tuple[str, str], ...] = ()
    rewritten: tuple[tuple[str, int], ...] = ()
    foreign: tuple[tuple[str, int], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def moved_notes(vault: Vault, incidents: Sequence[Incident]) -> Iterator[Problem]:
    """Name the notes of incidents that are elsewhere than at home, or under another name than their id."""
    for incident in incidents:
        home = home_of(vault, incident)
        if home != incident.path and not _has_another_id(vault, incident):
            message = (
                f"the note of {incident.id} was moved or renamed; it is used where it is; its usual path is {home}"
            )
            yield Problem(
                incident.path,
                None,
                MOVED,
                message,
                Command("check", options=("--fix", "--move", *(["--restricted"] if incident.restricted else []))),
            )


def home_of(vault: Vault, incident: Incident) -> str:
    """Return where the note of an incident belongs: a restricted one among the restricted."""
    folders = vault.settings.folders
    name = f"{incident.id}.md"
    if incident.restricted:
        lies_there = incident.path.startswith(f"{folders.restricted}/") and os.path.basename(incident.path) == name
        return incident.path if lies_there else f"{folders.restricted}/{incident.id.day.year}/{name}"
    return f"{vault.folder_of(incident.id)}/{name}"


def _has_another_id(vault: Vault, incident: Incident) -> bool:
    """Return whether the name of a note is the id of another incident, which is not a matter of moving."""
    name = named(incident.path, vault.settings.ids)
    return name.is_exact and name.id != incident.id


def bring_home(call: Call) -> NotesBroughtHome:
    """Move the notes of incidents home, with their companions, and let the links in our notes follow; all of it or nothing.

    Raises:
        OkbError: The vault cannot be written.
    """
    session, restricted = call.session, call.shared.restricted
    session.about_to_write()
    command = "incident check --fix --move"
    with lock.hold(session.vault.root, command):
        loaded = load(session.vault, include_restricted=restricted)
        incidents = loaded.incidents
        wanted: dict[str, tuple[str, Incident]] = {}
        left = [(each.path, f"it {each.message}") for each in loaded.problems if each.code == UnreadableError.code]
        tied = _tied(session.vault, incidents)
        for incident in incidents:
            if other := tied.get(incident.path):
                left.append((incident.path, f"{incident.id} is the id of {other} too, and neither is named by it"))
                continue
            for path, to in _moves_of(session, incident):
                reason = _reason_to_stay(session.vault, path, to, {to for to, _ in wanted.values()})
                if reason:
                    left.append((path, reason))
                else:
                    wanted[path] = to, incident
        if not wanted:
            return NotesBroughtHome(left=tuple(left))
        moves = Moves(
            {path: to for path, (to, _) in wanted.items()},
            lambda path: os.path.lexists(os.path.join(session.vault.root, path)),
        )
        steps: list[Step] = [
            Move(path, to, partial(_followed, moves, path), _mode(session.vault, path, incident))
            for path, (to, incident) in wanted.items()
        ]
        rewritten, foreign = _links(call, moves)
        steps += [Edit(path, partial(_followed, moves, path)) for path, _ in rewritten]
        secret = {path: incident for path, (_, incident) in wanted.items() if incident.restricted}
        if secret:
            steps = [*hidden_from_git(session), *steps]
        done = commit(session.vault.root, steps, command=command, by=session.known_actor)
        if secret:
            hide_images(session.vault.root, set(secret), list(secret.values()))
    session.vault.saw(*(incident._replace(path=to) for path, (to, incident) in wanted.items() if path == incident.path))
    return NotesBroughtHome(
        tuple(moves.paths.items()), tuple(rewritten), tuple(foreign), tuple(left), (*session.recovered, *done.notes)
    )


def _tied(vault: Vault, incidents: Sequence[Incident]) -> dict[str, str]:
    """Return the notes that were moved and of whose id there is another that counts as much, by path; which one is not for us to say."""
    moved = {each.id: each for each in incidents if home_of(vault, each) != each.path}
    found = seek(vault, moved, budget=Budget(seconds=math.inf)).incidents if moved else []
    tied: dict[str, str] = {}
    for incident_id, incident in moved.items():
        paths = {incident.path, *(each.path for each in found if each.id == incident_id)}
        others = [path for path in best(incident_id, sorted(paths), vault.settings.folders) if path != incident.path]
        tied |= {incident.path: others[0]} if others else {}
    return tied


def _moves_of(session: Session, incident: Incident) -> Iterator[tuple[str, str]]:
    """Yield where the note of an incident and its companions go; nothing for those at home."""
    home = home_of(session.vault, incident)
    if _has_another_id(session.vault, incident):
        return
    if incident.path != home:
        yield incident.path, home
    for path in beside(session, incident.id, incident.path):
        to = os.path.join(os.path.dirname(home), os.path.basename(path))
        if path != to and named(path, session.vault.settings.ids).is_companion:
            yield path, to


def _reason_to_stay(vault: Vault, path: str, to: str, taken: set[str]) -> str | None:
    if to in taken or os.path.lexists(os.path.join(vault.root, to)):
        return f"{to} is there already"
    if os.path.islink(os.path.join(vault.root, path)):
        return "it is a link"
    return None


def _mode(vault: Vault, path: str, incident: Incident) -> int:
    return PRIVATE if incident.restricted else stat.S_IMODE(os.stat(vault.real(path)).st_mode)


def _followed(moves: Moves, path: str, data: bytes) -> bytes:
    return encode(moves.follow(decode(data), path).text)


def _links(call: Call, moves: Moves) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Find the links that lead to old names: our notes with how many lines, and the places in notes that are not ours."""
    vault = call.session.vault
    ours: list[tuple[str, int]] = []
    foreign: list[tuple[str, int]] = []
    paths = [note.path for note in scan(vault.root, templates=vault.templates).notes if note.path not in moves.paths]
    for path, state in read_many(vault.root, paths):
        lines = moves.follow(decode(state.data), path).lines if isinstance(state, FileState) else ()
        if not lines or not isinstance(state, FileState):
            continue
        note = vault.parse(path, state.data)
        if vault.is_restricted(note) and not call.shared.restricted:
            continue
        if note_type(note.frontmatter.values) in NOTE_TYPES:
            ours.append((path, len(lines)))
        else:
            foreign += [(path, line) for line in lines]
    return ours, foreign
