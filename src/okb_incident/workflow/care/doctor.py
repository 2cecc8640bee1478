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


class VaultSetup(NamedTuple):
    """How a vault is set up on this machine.

    Attributes:
        vault: Its folder.
        found_by: How it was found.
        zone: The zone in which moments are written.
        lock: Who holds the lock; None where it is free.
        machine: The name of this machine in the journal.
        last_entry: The id of the last entry of its journal; None where it has none.
        displaced: The bytes of the displaced files that are not packed yet.
    """

    vault: str
    found_by: str
    zone: str
    lock: lock.Holder | None
    machine: str
    last_entry: str | None
    displaced: int


class Repair(NamedTuple):
    """Something that was repaired.

    Attributes:
        problem: What was wrong.
        said: What was done.
    """

    problem: Problem
    said: str


class Examination(NamedTuple):
    """What the doctor found.

    Attributes:
        setup: How the vault is set up, for a person who wants to know whether all is well.
        problems: What was found and not repaired.
        repaired: What was.
    """

    setup: VaultSetup
    problems: tuple[Problem, ...]
    repaired: tuple[Repair, ...] = ()


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
    repaired: dict[str, Repair] = {}
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
                said = ailment.mend()
                repaired[said] = Repair(ailment.problem, said)
        except ConflictError as error:
            problems.append(ailment.problem._replace(hint=error.message))
    return Examination(_setup(session, own), (*problems, *left_elsewhere(root)), tuple(repaired.values()))


def _setup(session: Session, journal: Journal) -> VaultSetup:
    root, last = session.vault.root, journal.newest()
    return VaultSetup(
        root,
        session.location.found_by,
        session.zone_name,
        lock.holder(root),
        journal.machine,
        last.id if last else None,
        sum(each.state.size for each in journal.displaced()),
    )


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
