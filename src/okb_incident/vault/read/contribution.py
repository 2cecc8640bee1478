"""Contribution: what one note adds to an answer about the whole vault, be it read just now or remembered by the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.schema import NOTE_TYPES, is_restricted, note_type, read_incident
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.vault.note.note import decode
from okb_incident.vault.note.properties import Frontmatter, State, read
from okb_incident.vault.read.restricted import note_is_restricted
from okb_incident.vault.yaml import flat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.vault.disk.files import FileState

#: Documents that belong to an incident, whose words are its own.
COMPANIONS = ("incident-assessment", "incident-communication", "incident-review")
#: A note that begins with none of these has neither frontmatter nor what could be meant as such.
FIRST_SIGNS = ("-", "\ufeff", "<", "|", "=", ">")
#: One of these is in every block that says a type of ours, for each of the others begins with one.
ROOTS = tuple(word for word in NOTE_TYPES if not any(word != other and word.startswith(other) for other in NOTE_TYPES))


class Contribution(NamedTuple):
    """What one note adds.

    Attributes:
        path: The note, relative to the vault, with ``/``.
        incident: The incident that it is, if it is one with a readable id.
        companion_of: The id of the incident that it accompanies, as written; None where it is not a companion.
        lesson: The lesson that it is, if it is one.
        problems: What is wrong with it.
        is_ours: It could be one of ours, so what is wrong with it concerns every answer.
        restricted: It may be shown only where it is asked for.
    """

    path: str
    incident: Incident | None = None
    companion_of: str | None = None
    lesson: LessonNote | None = None
    problems: tuple[Problem, ...] = ()
    is_ours: bool = True
    restricted: bool = False


def contribution_of(path: str, state: FileState | Problem, settings: Settings) -> Contribution | None:
    """Return what a note adds; None where that is nothing, as with most notes of a vault."""
    if isinstance(state, Problem):
        return Contribution(path, problems=(state,), restricted=is_restricted({}, path, settings))
    found = _frontmatter(state.data, path)
    if found is None:
        return None
    kind = note_type(found.values)
    restricted = note_is_restricted(path, state.data, found, settings)
    if kind == "incident":
        incident, problems = incident_of(found, path, settings)
        if incident:
            incident = _with_timeline(incident, state.data, settings)._replace(restricted=restricted)
        return Contribution(path, incident, problems=problems, restricted=restricted)
    lesson = _lesson_in(found, path, settings) if kind == "lesson" else None
    if kind not in COMPANIONS and lesson is None and not found.problems:
        return None
    return Contribution(
        path,
        companion_of=_companion_of(found) if kind in COMPANIONS else None,
        lesson=lesson,
        problems=found.problems,
        is_ours=kind in NOTE_TYPES if kind else may_be_ours(state.data),
        restricted=restricted,
    )


def _frontmatter(data: bytes, path: str) -> Frontmatter | None:
    """Read a note's frontmatter; None where it plainly has none, or says in a plain way that it is not ours."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return read(decode(data), path)
    if not text.startswith(FIRST_SIGNS):
        return None
    if text.startswith("---\n"):
        end = text.find("\n---\n", 3) + 1
        block = text[4:end]
        if end and not _names_a_type(block) and flat.is_sound(block):
            return None
        plain = flat.read(block, first_line=2) if end else None
        if plain is not None:
            return Frontmatter(*plain, (), State.OK) if note_type(plain[0]) in NOTE_TYPES else None
    return read(text, path)


def incident_of(found: Frontmatter, path: str, settings: Settings) -> tuple[Incident | None, tuple[Problem, ...]]:
    """Read frontmatter as an incident; the problems are its own and those of its properties."""
    incident, problems = read_incident(found.values, found.lines, path, settings)
    if found.state != "ok":
        # What a broken block hides is not missing; the block is named already.
        problems = tuple(problem for problem in problems if not problem.code.startswith("missing-"))
    return incident, (*found.problems, *problems)


def may_be_ours(data: bytes) -> bool:
    """Return whether a note could be one of ours: only escapes could hide the words that say so."""
    if not data.startswith((b"---", b"\xef\xbb\xbf---")):
        return False
    end = data.find(b"\n---", 3)
    block = data if end < 0 else data[:end]
    return b"\\" in block or any(root.encode() in block for root in ROOTS)


def _names_a_type(block: str) -> bool:
    """Return whether a block without escapes could be that of a note of ours."""
    lowered = block.lower()
    return any(root in lowered for root in ROOTS)


def _companion_of(found: Frontmatter) -> str | None:
    links = texts_of(found.values.get("incident"))
    return link_target(links[0]) if links else None


def _lesson_in(found: Frontmatter, path: str, settings: Settings) -> LessonNote:
    from okb_incident.core.review.lesson import read_lesson  # noqa: PLC0415 - few notes are lessons

    return read_lesson(found.values, path, settings.ids)


def since_reopened(incident: Incident, data: bytes, settings: Settings) -> Incident:
    """Return an incident as it is since it was reopened last, of which only the timeline tells."""
    if b"was resolved" not in data.lower():
        return incident
    return _since(incident, _timeline(data, incident, settings), settings)


def _with_timeline(incident: Incident, data: bytes, settings: Settings) -> Incident:
    """Add what is in the timeline only: who was first called when, which moments somebody confirmed, what a reopening left behind."""
    # Few timelines hold such lines; the others need not be read.
    lowered = data.lower()
    if not any(words in lowered for words in (b"escalation", b"notified", b", confirmed", b"was resolved")):
        return incident
    from okb_incident.core.timeline.evidence import confirmed_moments  # noqa: PLC0415
    from okb_incident.core.timeline.timeline import paged  # noqa: PLC0415

    entries = _timeline(data, incident, settings)
    confirmed = confirmed_moments(entries, settings.zone)
    return _since(incident._replace(paged=paged(entries), confirmed=confirmed), entries, settings)


def _since(incident: Incident, entries: Sequence[TimelineEntry], settings: Settings) -> Incident:
    from okb_incident.core.incident import reopening  # noqa: PLC0415 - few incidents were ever reopened
    from okb_incident.core.timeline.timeline import pauses  # noqa: PLC0415

    return reopening.since_reopened(incident, pauses(entries, settings.zone))


def _timeline(data: bytes, incident: Incident, settings: Settings) -> tuple[TimelineEntry, ...]:
    from okb_incident.core.timeline.timeline import read_timeline  # noqa: PLC0415
    from okb_incident.vault.note import sections  # noqa: PLC0415

    return read_timeline(sections.section_lines(decode(data), "Timeline"), settings.zone, incident.at("declared"))
