"""The doctor: what went wrong between commands and editors, and how to make it good."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.problem import Problem
from okb_incident.errors import ConflictError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import place
from okb_incident.vault.disk.lock import FOLDER
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.lost import lost_edits
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.journal.verify import late_edit
from okb_incident.vault.merge.notes import merge
from okb_incident.vault.merge.redactions import with_redactions
from okb_incident.vault.note.compare import outline
from okb_incident.vault.write.commit import Edit, commit
from okb_incident.vault.write.recovery import recover
from okb_incident.vault.write.swap import bytes_at, lay_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.journal.kept import Displaced
    from okb_incident.vault.journal.lost import LostEdit
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

LOOKS_BACK = timedelta(days=7)
"""How far back an edit that is gone is worth mentioning; later it has been missed, or it has not."""


class Examination(NamedTuple):
    """What the doctor found.

    Attributes:
        facts: Names and values, for a person who wants to know whether all is well.
        problems: What is not well, and was not mended.
        mended: What was.
    """

    facts: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    mended: tuple[str, ...] = ()


class Ailment(NamedTuple):
    """Something that is not well and can be mended.

    Attributes:
        problem: What it is.
        question: What to ask a person before mending it.
        mend: Mends it under the vault's lock, and says what was done.
    """

    problem: Problem
    question: str
    mend: Callable[[], str]


def examine(call: Call, *, fix: bool) -> Examination:
    """Look the vault over, and mend what may be mended; a person is asked about one thing at a time.

    Args:
        call: The call.
        fix: Mend all that can be, and ask nobody.

    Raises:
        OkbError: The vault cannot be written, though something is to be mended.
    """
    session, person = call.session, call.question
    root = session.vault.root
    journal = Journal.here(root)
    problems: list[Problem] = []
    mended: list[str] = []
    for ailment in _ailments(session, journal):
        if not fix and not (person is not None and person.agree(f"{ailment.problem}. {ailment.question}")):
            problems.append(ailment.problem)
            continue
        session.about_to_write()
        try:
            with lock.hold(root, "incident doctor"):
                mended.append(ailment.mend())
        except ConflictError as error:
            problems.append(ailment.problem._replace(hint=error.message))
    return Examination(tuple(_facts(session, journal)), tuple(problems), tuple(mended))


def _facts(session: Session, journal: Journal) -> Iterator[tuple[str, str]]:
    yield "vault", f"{session.vault.root}, found by {session.location.found_by}"
    yield "moments are written in", session.zone_name
    holder = lock.holder(session.vault.root)
    yield "lock", f"held by process {holder.process} ({holder.command}) since {holder.since}" if holder else "free"
    last = journal.newest()
    yield "journal of this machine", f"{journal.machine}, last entry {last.id}" if last else f"{journal.machine}, empty"
    kept = sum(each.state.size for each in journal.displaced())
    yield "displaced files, not packed yet", f"{kept:,} bytes; incident journal prune packs them"


def _ailments(session: Session, journal: Journal) -> Iterator[Ailment]:
    """Give what is not well, one at a time, since mending one may mend another."""
    # A command that holds the lock is not cut off; it is at work.
    if (count := len(journal.intents())) and lock.holder(journal.root) is None:
        yield Ailment(
            Problem(
                f"{FOLDER}/{journal.machine}/intent", None, "cut-off", f"holds {count} command(s) that were cut off"
            ),
            "Finish or forget them?",
            partial(_finish, session, journal),
        )
    for displaced in journal.displaced():
        if displaced.is_late:
            yield Ailment(
                late_edit(displaced, journal), "Lay it beside the note?", partial(_lay_out, journal, displaced)
            )
    # Entries are of the real clock, whatever the session's.
    since = (datetime.now(UTC) - LOOKS_BACK).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251
    for lost in lost_edits(journal, since):
        yield Ailment(_as_problem(lost), "Apply it again?", partial(_apply_again, session, lost))


def _finish(session: Session, journal: Journal) -> str:
    """Finish or forget what was cut off, if the session has not done so already.

    Raises:
        ConflictError: Something cannot be finished yet.
    """
    said = "; ".join(dict.fromkeys((*session.recovered, *recover(journal))))
    if journal.intents():
        raise ConflictError(said)
    return said or "what was cut off needed nothing more than to be entered, or forgotten"


def _as_problem(lost: LostEdit) -> Problem:
    # Words that are in no note any more may have been taken out because nobody should read them.
    said = "its words are not shown" if lost.entry.mode == PRIVATE else "; ".join(outline(lost.before, lost.after)[:3])
    return Problem(
        lost.change.path,
        None,
        "lost-edit",
        f"has nothing left of {lost.entry.command} of {lost.entry.at} ({said}); an editor that had loaded it before may have "
        "saved over it",
        "incident doctor --fix applies it again; leave it if somebody took it out on purpose",
    )


def _apply_again(session: Session, lost: LostEdit) -> str:
    """Merge an edit that is gone into what the note holds now.

    Raises:
        ConflictError: The note was changed in the same place since.
    """

    def change(now: bytes) -> bytes:
        merged = merge(lost.before, lost.after, now)
        if merged.conflicts:
            raise ConflictError(
                f"{lost.change.path} was changed since in the same place ({'; '.join(merged.conflicts)}); repeat by hand what "
                f"is missing: incident history shows it",
                value=lost.change.path,
            )
        return merged.data

    commit(session.vault.root, [Edit(lost.change.path, change)], command="incident doctor", by=session.actor.handle)
    return f"{lost.entry.command} of {lost.entry.at} is in {lost.change.path} again"


def _lay_out(journal: Journal, displaced: Displaced) -> str:
    """Lay what was saved into a displaced file beside its note, where a person sees it, and count it as seen."""
    entry = next((each for each in journal.backward() if each.id == displaced.entry), None)
    path = _went_to(entry, displaced.number) if entry else f"late edit {displaced.entry}.md"
    note = place(journal.root, path)
    state = displaced.state._replace(data=with_redactions(displaced.state.data, bytes_at(note) or b""))
    copy = lay_beside(note, state, state.mode)
    os.rename(displaced.path, displaced.path.replace(displaced.held, digest(displaced.state.data)))
    return f"what was saved too late is in {copy.removeprefix(journal.root + '/')}"


def _went_to(entry: JournalEntry, number: int) -> str:
    """Give the path that a note has after a change of an entry: of one that moved, where it moved to."""
    change, before = entry.changes[number], entry.changes[number - 1] if number else None
    return before.path if before and (before.kind, change.kind) == ("create", "remove") else change.path
