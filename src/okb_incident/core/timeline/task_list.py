"""Lists of tasks with short names, ``a1`` or ``f1``: what is added, found, begun and ended the same way in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.incident.change import Addition, Change, LogLine, Replacement, about
from okb_incident.core.timeline.doubles import refuse_double
from okb_incident.core.timeline.task import BEGUN, SPOKEN, STATES, next_name, with_box, write_task
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import NotFoundError, TransitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

    Again = Callable[[str], Command]
    """From another name to the command line that is repeated with it."""


MOST_CANDIDATES = 5
"""Of those that may have been meant; who has more of them looks at the list."""


class Named(Protocol):
    """Something with a short name within its incident."""

    @property
    def text(self) -> str:
        """Return what it is."""

    @property
    def is_open(self) -> bool:
        """Return whether it is still to be done or answered."""


Item = TypeVar("Item", bound=Named)


class TaskList(NamedTuple):
    """A list of tasks.

    Attributes:
        noun: What one of it is called, and the group of its commands: ``follow-up``.
        letter: What the short names begin with.
        section: The section of the note that new ones go into.
        tag: What marks a line as one of it.
    """

    noun: str
    letter: str
    section: str
    tag: str

    def add(
        self, record: Record, text: str, at: datetime, due: str | None, owner: str | None, **fields: str | None
    ) -> tuple[str, Change]:
        """Write a task down under the next name; return the name, and the change.

        Args:
            record: The incident.
            text: What has to be done.
            at: When that is decided.
            due: The day by which it is due.
            owner: The handle of who does it.
            fields: Its other fields in their order.
        """
        name = next_name(self.letter, record.names(self.letter))
        line = write_task(
            text,
            tag=self.tag,
            task_id=f"{record.incident.id}-{name}",
            created=write_moment(at, record.zone)[:10],
            due=due,
            owner=owner,
            **fields,
        )
        whose = f" for @{owner}" if owner else ""
        return name, Change(additions=(Addition(self.section, line),), said=about("added", name, text) + whose)

    def start(self, record: Record, task: Task, section: str, at: datetime, text: str = "") -> Change:
        """Record that somebody has begun with a task.

        Args:
            record: The incident.
            task: The task.
            section: The section that it is in.
            at: When.
            text: What was said then; a line of the timeline.

        Raises:
            TransitionError: It has ended.
        """
        if task.box == BEGUN:
            return Change(already=True, said=f"{task.name} already started")
        if not task.is_open:
            raise self.over(record, task, STATES[task.box])
        change = replaced(task, section, with_box(task.raw, BEGUN), about("started", str(task.name), task.text, text))
        return with_words(change, f"{task.name} started", text, at)

    def over(self, record: Record, task: Task, state: str) -> TransitionError:
        """Return the refusal to begin or end a task that has ended otherwise."""
        return TransitionError(
            f"{task.name} is already {SPOKEN.get(state, state)}; to do it again, add {_article(self.noun)}",
            field=self.noun,
            value=task.name,
            hint=Command(f"{self.noun} add", task.text, incident=record.incident.id),
        )


def with_words(change: Change, what: str, text: str, at: datetime) -> Change:
    """Add what was said when a task was begun or ended, which its own line has no place for; nothing, where nothing was."""
    return change._replace(lines=(LogLine("note", f"{what}, {text}", at),)) if text else change


def replaced(task: Task, section: str, raw: str, said: str) -> Change:
    """Return the change that puts another line in the place of a task's."""
    return Change(replacements=(Replacement(section, task.line, task.raw, raw),), said=said)


def find(record: Record, noun: str, known: Mapping[str, Item], name: str, again: Again, group: str = "") -> Item:
    """Find one of some things by its short name.

    Args:
        record: The incident.
        noun: What it is called.
        known: All of them by name.
        name: The name that was typed.
        again: From another name to the command line that is repeated with it.
        group: The group of its commands, where that is not the noun.

    Raises:
        NotFoundError: There is none of that name, and those that are open are offered; or several have it.
    """
    refuse_double(record, name)
    found = known.get(name.lower())
    if found is None:
        open_ones = [(short, each) for short, each in known.items() if each.is_open]
        more = len(open_ones) - MOST_CANDIDATES
        shows_all = Command(f"{group or noun} list", incident=record.incident.id)
        raise NotFoundError(
            f"{record.incident.id} has no {noun} {name}",
            field=noun,
            value=name,
            candidates=tuple(
                Candidate(again(short), f"{short} {each.text}") for short, each in open_ones[:MOST_CANDIDATES]
            ),
            more=Sentence(f"{more} more: ", shows_all) if more > 0 else None,
            hint=Sentence(shows_all, " shows all"),
        )
    return found


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
