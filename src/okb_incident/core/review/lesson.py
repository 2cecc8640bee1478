"""A lesson that is a note of its own: its properties, its name, the links that lead to it, and which lessons are the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import Addition, Change
from okb_incident.core.response.similarity import similarity
from okb_incident.core.text.links import unlinked
from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.core.values.title import LONGEST_TITLE, as_title

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.identity import IdPattern

TYPE = "lesson"
"""The type of the note."""
PROPERTIES = ("type", "title", "incidents", "learned", "author", "visibility", "aliases", "tags", "created")
"""The properties of the note, in their order."""
LEARNED_IN = "Learned in"
"""The section that lists where it was learned."""
PREFIX = "Lesson"
"""The first word of the note's name, by which a reader of a folder knows it."""
SHOWN = f"{PREFIX}: "
"""With what a link to a lesson begins in the note of an incident, and its alias."""

ENTITY = r"&#?\w+;"
PUNCTUATION = frozenset(" ,.'’()!+-–_")
"""Signs that the name of the note may have beside letters and digits; none of them means anything in a link or to a plug-in."""
LONGEST_STEM = 50
"""Characters of the title in the name of the note; a link shows all of it."""
CLOSE = 0.6
"""The resemblance from which on two lessons may be the same: three of five telling words."""
MOST_LISTED = 6
"""Incidents that an answer names."""
MOST_CLOSE = 3
"""Lessons that are offered as perhaps the same."""

LINK = re.compile(
    r"\s*[-*+]\s+\[\[(?P<target>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|(?P<shown>[^\[\]\n]*))?\]\](?P<more>.*)"
)
TARGET = re.compile(r"\[\[([^\[\]|#\n]+)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class LessonNote(NamedTuple):
    """A lesson as its note has it.

    Attributes:
        path: The note, relative to the vault.
        title: The lesson in a line.
        incidents: The ids of the incidents that it was learned in, in the order of the note.
        learned: The days on which it was learned, as far as they can be read.
        restricted: It may be shown only where it is asked for.
        is_titled: Its properties have a title.
    """

    path: str
    title: str
    incidents: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    restricted: bool = False
    is_titled: bool = True

    @property
    def name(self) -> str:
        """Return the name by which links lead to it."""
        return self.path.rpartition("/")[2].removesuffix(".md")


class LessonLink(NamedTuple):
    """A link to a lesson, alone in an item of a list.

    Attributes:
        name: The note to which it leads.
        title: The lesson.
    """

    name: str
    title: str


def read_lesson(
    values: Mapping[str, object], path: str, ids: IdPattern, *, heading: str | None = None, restricted: bool = False
) -> LessonNote:
    """Read a note whose type is `lesson`, whatever a person made of its properties.

    Args:
        values: The properties.
        path: The note, relative to the vault.
        ids: How ids look.
        heading: The first heading, which is the title where the property is missing.
        restricted: It may be shown only where it is asked for.
    """
    titles = texts_of(values.get("title"))
    own = " ".join((titles[0] if titles else heading or "").split())
    name = path.rpartition("/")[2].removesuffix(".md")
    return LessonNote(
        path,
        own or name.removeprefix(f"{PREFIX} "),
        incidents_named(values, ids),
        tuple(found[0] for text in texts_of(values.get("learned")) if (found := DAY.match(text))),
        restricted,
        bool(titles),
    )


def incidents_named(values: Mapping[str, object], ids: IdPattern) -> tuple[str, ...]:
    """Return the incidents that a lesson names, each once: as a list, or in one text with commas or links."""
    words = (word for text in texts_of(values.get("incidents")) for word in TARGET.findall(text) or text.split(","))
    known = (ids.lead(link_target(f"[[{word.strip()}]]")) for word in words)
    return tuple(dict.fromkeys(each[0].text for each in known if each))


def fold(text: str) -> str:
    """Return the words of a lesson as they are compared: without links, case, punctuation and blanks between them."""
    words = re.findall(r"\w+", unlinked(text).casefold())
    return " ".join(words) or text.strip().casefold()


def title_of(text: str) -> str:
    """Return a lesson in a line that heads its note; what is cut off ends in three dots."""
    return shorten(as_title(text), LONGEST_TITLE)


def is_same(note: LessonNote, text: str) -> bool:
    """Return whether a note says a text in the same words; of a text that is longer than a title nobody can tell."""
    return len(as_title(text)) <= LONGEST_TITLE and fold(note.title) == fold(as_title(text))


def close_to(text: str, notes: Iterable[LessonNote]) -> list[LessonNote]:
    """Return the lessons that may be the same in other words, the most alike first."""
    alike = [(similarity(title_of(text), note.title), note) for note in notes if not is_same(note, text)]
    ranked = sorted((pair for pair in alike if pair[0] >= CLOSE), key=lambda pair: (-pair[0], pair[1].name))
    return [note for _, note in ranked[:MOST_CLOSE]]


def name_for(title: str, taken: Collection[str]) -> str:
    """Return a name for the note of a lesson that no note of the vault has.

    Args:
        title: The lesson.
        taken: The names of all notes, in small letters.
    """
    plain = "".join(sign if sign.isalnum() or sign in PUNCTUATION else " " for sign in re.sub(ENTITY, " ", title))
    words = " ".join(plain.split())
    if len(words) > LONGEST_STEM:
        words = words[: LONGEST_STEM + 1].rpartition(" ")[0] or words[:LONGEST_STEM]
    stem = f"{PREFIX} {words}".rstrip(" .,;:!-–&")
    name, number = stem, 2
    while name.casefold() in taken:
        name, number = f"{stem} {number}", number + 1
    return name


def link_to(name: str, title: str, begin: str = "") -> str:
    """Return a link to a note that shows its title; no remark begins within."""
    shown = defuse_body(title).translate({ord("["): "(", ord("]"): ")", ord("|"): "/"})
    return f"[[{name}|{begin}{shown}]]"


def link_in(line: str) -> LessonLink | None:
    """Return the link with which an item of a list begins; None where it begins with other words."""
    found = LINK.fullmatch(line.rstrip())
    if found is None:
        return None
    name = link_target(f"[[{found['target']}]]")
    return LessonLink(name, (found["shown"] or name).strip())


def lessons_linked(lines: Sequence[str]) -> list[LessonLink]:
    """Return the lessons to which the section Related of an incident links; their links say that they are lessons."""
    links = filter(None, map(link_in, lines))
    return [
        link._replace(title=link.title.removeprefix(SHOWN.strip()).strip() or link.name)
        for link in links
        if link.title.startswith(SHOWN.strip())
    ]


def linked(record: Record, note: LessonNote, incidents: Sequence[str], *, more: bool = False) -> Change:
    """Link a lesson in the note of an incident that taught it.

    Args:
        record: The incident.
        note: The lesson, with the incidents that taught it before.
        incidents: Where it was learned, this incident among them.
        more: It was learned in other words, which are added.
    """
    links = lessons_linked(record.section("Related"))
    is_linked = any(each.name == note.name or fold(each.title) == fold(note.title) for each in links)
    was_learned = record.incident.id.text in note.incidents
    if was_learned:
        said = f'lesson already recorded "{note.title}"{"; your words are added" if more else ""}'
    elif len(incidents) > 1:
        said = f'learned again in {len(incidents)} incidents: {_listed(incidents)} "{note.title}"'
    else:
        said = f'lesson recorded "{note.title}"'
    if is_linked:
        return Change(said=said, already=was_learned)
    return Change(additions=(Addition("Related", f"- {link_to(note.name, note.title, SHOWN)}"),), said=said)


def _listed(incidents: Sequence[str]) -> str:
    """Return incidents as a list in a sentence; of many the first ones and the last."""
    few = len(incidents) <= MOST_LISTED
    shown = (
        [*incidents]
        if few
        else [*incidents[: MOST_LISTED - 2], f"{len(incidents) - MOST_LISTED + 1} more", incidents[-1]]
    )
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def learned_item(day: str, actor: str, incident: str, headline: str, text: str = "") -> str:
    """Return the line of a lesson that says where it was learned: when, by whom, and in which other words."""
    return f"- {day} @{actor}: {link_to(incident, headline)}{f', {text}' if text else ''}"


def items_naming(lines: Sequence[str], incident: str) -> list[int]:
    """Return the places of the items of a list that link to an incident."""
    return [
        at
        for at, line in enumerate(lines)
        if line.lstrip()[:1] in {"-", "*", "+"}
        and incident in {link_target(f"[[{each}]]") for each in TARGET.findall(line)}
    ]
