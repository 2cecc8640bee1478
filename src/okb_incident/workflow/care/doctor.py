"""The doctor: what went wrong between commands and editors, and how to make it good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.problem import Problem
from okb_incident.errors import ConflictError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.late import as_problem, late_saves
from okb_incident.vault.journal.lost import lost_edits
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.merge.notes import merge
from okb_incident.vault.merge.numbers import new_names
from okb_incident.vault.note.compare import outline
from okb_incident.vault.write.commit import Edit, commit
from okb_incident.vault.write.late_saves import bring_in
from okb_incident.vault.write.recovery import recover
from okb_incident.workflow.care import open_to_others
from okb_incident.workflow.other_machines import journal_of, left_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okb_incident.vault.journal.lost import LostEdit
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

LOOKS_BACK = timedelta(days=7)
"""How far back an edit that is gone is worth mentioning; later it has been missed, or it has not."""


class Examination(NamedTuple):
    """What the doctor found.

    Attributes:
        facts: Names and values, for a person who wants to know whether all is well.
        problems: What was found and not repaired.
        mended: What was.
    """

    facts: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    mended: tuple[str, ...] = ()


class Ailment(NamedTuple):
    """A problem that the doctor found.

    Attributes:
        problem: What it is.
        question: What to ask a person before repairing it.
        mend: Repairs it under the vault's lock, and says what was done; None where it cannot be repaired here.
    """

    problem: Problem
    question: str = ""
    mend: Callable[[], str] | None = None


def examine(call: Call, *, fix: bool, machine: str | None = None) -> Examination:
    """Examine the vault, and repair what may be repaired; a person is asked about one thing at a time.

    Args:
        call: The call.
        fix: Repair all that can be, without a question.
        machine: Whose unfinished commands are meant; this machine's by default.

    Raises:
        NotFoundError: There is no such machine.
        OkbError: The vault cannot be written, though something has to be repaired.
    """
    session, person = call.session, call.question
    root = session.vault.root
    own = Journal.here(root)
    journal = journal_of(root, machine) if machine else own
    problems: list[Problem] = []
    mended: list[str] = []
    ailments = _ailments(session, journal) if journal.machine == own.machine else _interrupted(session, journal)
    for ailment in ailments:
        if ailment.mend is None or not (
            fix or (person is not None and person.agree(f"{ailment.problem}. {ailment.question}"))
        ):
            problems.append(ailment.problem)
            continue
        session.about_to_write()
        try:
            with lock.hold(root, "incident doctor"):
                mended.append(ailment.mend())
        except ConflictError as error:
            problems.append(ailment.problem._replace(hint=error.message))
    return Examination(tuple(_facts(session, own)), (*problems, *left_elsewhere(root)), tuple(dict.fromkeys(mended)))


def _facts(session: Session, journal: Journal) -> Iterator[tuple[str, str]]:
    yield "vault", f"{session.vault.root}, found by {session.location.found_by}"
    yield "moments are written in", session.zone_name
    holder = lock.holder(session.vault.root)
    yield "lock", f"held by process {holder.process} ({holder.command}) since {holder.since}" if holder else "free"
    last = journal.newest()
    yield "journal of this machine", f"{journal.machine}, last entry {last.id}" if last else f"{journal.machine}, empty"
    kept = sum(each.state.size for each in journal.displaced())
    yield "displaced files, not packed yet", f"{kept:,} bytes; incident doctor --prune packs them"


def _interrupted(session: Session, journal: Journal) -> Iterator[Ailment]:
    """Return what a machine left unfinished, and what was saved too late into the files that it displaced."""
    # A command that holds the lock is not cut off; it is at work.
    if (count := len(journal.intents())) and lock.holder(journal.root) is None:
        yield Ailment(
            Problem(
                f"{FOLDER}/{journal.machine}/intent", None, "cut-off", f"holds {count} command(s) that were cut off"
            ),
            "Finish or forget them?",
            partial(_finish, session, journal),
        )
    for late in late_saves(journal):
        mend = partial(_bring_in, session, journal, late.displaced.name)
        yield Ailment(as_problem(late, journal), "Bring it into the note?", mend)


def _ailments(session: Session, journal: Journal) -> Iterator[Ailment]:
    """Return what is wrong on this machine, one at a time, since one repair may settle another."""
    yield from _interrupted(session, journal)
    for problem in open_to_others.found(session):
        yield Ailment(problem, "Close it?", partial(open_to_others.close, session, problem.path))
    # Entries are of the real clock, whatever the session's.
    since = (datetime.now(UTC) - LOOKS_BACK).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251
    lost, unread = lost_edits(journal, since)
    for each in lost:
        yield Ailment(_as_problem(each), "Apply it again?", partial(_apply_again, session, each))
    # Where that cannot be told, all is not well.
    yield from map(Ailment, unread)


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
        "incident doctor --fix applies it again; leave it if it was removed on purpose",
    )


def _apply_again(session: Session, lost: LostEdit) -> str:
    """Merge an edit that is gone into what the note holds now.

    Raises:
        ConflictError: The note was changed in the same place since.
    """
    names: dict[str, str] = {}

    def change(now: bytes) -> bytes:
        merged = merge(lost.before, lost.after, now)
        names.clear()
        names.update(new_names(lost.before, lost.after, now))
        if merged.conflicts:
            raise ConflictError(
                f"{lost.change.path} was changed since in the same place ({'; '.join(merged.conflicts)}); repeat by hand what "
                f"is missing: incident history shows it",
                value=lost.change.path,
            )
        return merged.data

    commit(session.vault.root, [Edit(lost.change.path, change)], command="incident doctor", by=session.actor.handle)
    became = "".join(f"; {old} became {new}, because {old} is now another one" for old, new in names.items())
    return f"{lost.entry.command} of {lost.entry.at} is in {lost.change.path} again{became}"


def _bring_in(session: Session, journal: Journal, name: str) -> str:
    """Bring what an editor saved too late into its note, if the session has not done so already."""
    return "; ".join(dict.fromkeys((*session.recovered, *bring_in(journal, [name]))))
