"""The forms of ids, times and texts of notes in a view: short on a terminal, whole in a pipe, where programs cut and sort."""

from __future__ import annotations

import os
import re
import shutil
import sys
from datetime import date
from typing import TYPE_CHECKING

from okb_incident.core.text.links import unlinked
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.screen_time import show_day, show_time

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.workflow.session import Session

#: An id of the usual pattern, whose year may be left out.
DATED = re.compile(r"INC-(?P<year>\d{4})(?P<rest>\d{4}-\d{2,})\b")
MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?(?!:?\d)")


def is_terminal() -> bool:
    """Return whether a person reads the answer on a terminal."""
    return sys.stdout.isatty()


def width() -> int:
    """Return how many cells a row of the terminal has."""
    return shutil.get_terminal_size((80, 24)).columns


def is_dumb() -> bool:
    """Return whether the terminal can only print."""
    return os.environ.get("TERM", "dumb") in {"dumb", "", "unknown"}


def id_form(session: Session, label: str) -> str:
    """Return an id, or the label that begins with one: ``1123-01`` on a terminal where it is of this year."""
    found = DATED.match(label)
    if not found or not is_terminal() or int(found["year"]) != session.now.astimezone(session.zone).year:
        return label
    return found["rest"] + label[found.end() :]


def time_form(session: Session, at: datetime) -> str:
    """Return a moment: ``15:39`` on a terminal, to the second in a pipe."""
    if is_terminal():
        return show_time(at, session.now, session.zone)
    return write_moment(at, session.zone).replace("T", " ")


def minute_form(session: Session, at: datetime) -> str:
    """Return a moment to the minute, as a table shows it."""
    return time_form(session, at) if is_terminal() else time_form(session, at)[:16]


def day_form(session: Session, text: str) -> str:
    """Return a day such as ``2026-11-30``: ``Mon 30 Nov`` on a terminal; any other text as it is."""
    if not is_terminal():
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return show_day(day, session.now.astimezone(session.zone).date())


def words_form(session: Session, text: str) -> str:
    """Return a text of a note on one line, links as their text; a terminal shows its moments as `time_form` does."""

    def shown(found: re.Match[str]) -> str:
        try:
            return time_form(session, read_moment(found[0], session.zone).at)
        except ValueError:
            return found[0]

    words = unlinked(text)
    return one_line(MOMENT.sub(shown, words) if is_terminal() else words)
