"""The commands that look after what was done: history, journal, doctor, redact."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.shapes import COUNT, TEXT, TRUTH, by_name, list_of, maybe, one_of, record
from okb_incident.cli.verb import reading, writing
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.history import HistoryItem
    from okb_incident.workflow.care.redact import Redaction
    from okb_incident.workflow.session import Session


@reading(
    "history",
    answers=list_of(
        record(
            at=maybe(TEXT),
            by=maybe(TEXT),
            what=TEXT,
            source=one_of("journal", "git", "edit"),
            name=maybe(TEXT),
            path=TEXT,
            changes=list_of(TEXT),
            taken_back=TRUTH,
        )
    ),
)
def history(call: Call) -> Answer:
    r"""Show what was changed in an incident's notes, by whom and when.

    Commands come from the journal of each machine, commits from git; what was edited by hand shows between them.

    \b
    incident history last
    """
    from okb_incident.workflow.care.history import history as happened

    target, found = happened(call)
    nothing = f"nothing is recorded of {target.id}: neither journal nor git knows {target.path}"
    return Answer(
        [one._asdict() for one in found],
        lines=(line for one in found for line in _lines(call.session, one, main=target.path)),
        hints=() if found else [nothing],
    )


def _clock(session: Session, at: str) -> str:
    return write_moment(datetime.fromisoformat(at), session.zone).replace("T", " ")


def _lines(session: Session, one: HistoryItem, *, main: str) -> Iterator[str]:
    when = _clock(session, one.at) if one.at else "in between"
    parts = [when, f"@{one_line(one.by)}" if one.by else "", one_line(one.what)]
    if one.path != main:
        parts.append(f"({one.path.rpartition('/')[2]})")
    if one.name:
        parts.append(f"[{one.name[-8:] if one.source == 'journal' else one.name}]")
    if one.taken_back:
        parts.append("– taken back")
    yield "  ".join(part for part in parts if part)
    for change in one.changes:
        yield f"    {one_line(change)}"
    if one.source == "journal" and not one.changes:
        yield "    (what it changed is not kept any more)"


@reading(
    "journal verify",
    without=[opt.INCIDENT],
    answers=list_of(
        record(
            machine=TEXT,
            entries=COUNT,
            files=COUNT,
            last=maybe(record(entry=TEXT, sha256=TEXT)),
            problems=COUNT,
        )
    ),
)
def journal_verify(call: Call) -> Answer:
    r"""Hold every entry and every kept file to its hash.

    Exit code 5 says that something is not as it was written. The hash of the last entry, kept elsewhere, proves later that nothing before it was changed.
    """
    from okb_incident.workflow.care.journal import verify_journals

    verified = verify_journals(call.session)
    lines = []
    for one in verified:
        last = f"; the last is {one.last[0]}, hash {one.last[1]}" if one.last else ""
        lines.append(f"{one.machine}: {one.entries} entries, {one.images} files{last}")
    problems = [problem for one in verified for problem in one.problems]
    return Answer(
        [
            {
                "machine": one.machine,
                "entries": one.entries,
                "files": one.images,
                "last": {"entry": one.last[0], "sha256": one.last[1]} if one.last else None,
                "problems": len(one.problems),
            }
            for one in verified
        ],
        lines=lines,
        hints=() if verified else ["this vault has no journal yet"],
        problems=problems,
        code=ExitCode.INVALID if problems else ExitCode.OK,
    )


@writing(
    "journal prune",
    without=[opt.INCIDENT, opt.WHO, opt.DRY_RUN],
    answers=record(packed=COUNT, dropped=COUNT, freed=COUNT, late=list_of(TEXT)),
)
def journal_prune(
    call: Call,
    keep: Annotated[
        str | None,
        typer.Option("--keep", metavar="SPAN", help="Throw away the images of older commands, such as 90d."),
    ] = None,
) -> Answer:
    r"""Pack what was displaced more than an hour ago.

    With --keep, what is older is thrown away. A command whose images are thrown away cannot be undone any more; its entry stays.

    \b
    incident journal prune
    incident journal prune --keep 90d
    """
    from okb_incident.core.values.typed_moment import read_span
    from okb_incident.workflow.care.journal import prune_journal

    pruned = prune_journal(call.session, read_span(keep, "--keep") if keep else None)
    return Answer(
        pruned._asdict(),
        lines=[f"{pruned.packed} files packed, {pruned.dropped} images thrown away, {pruned.freed:,} bytes freed"],
        notes=[
            f"{name} was saved into by an editor after a command had replaced it; see: incident doctor"
            for name in pruned.late
        ],
    )


@reading(
    "doctor",
    without=[opt.INCIDENT],
    answers=record(facts=by_name(TEXT), mended=list_of(TEXT), problems=COUNT),
)
def doctor(
    call: Call,
    fix: Annotated[bool, typer.Option("--fix", help="Mend all that can be mended.")] = False,
    machine: Annotated[
        str | None,
        typer.Option(
            "--machine", metavar="NAME", help="Finish what another machine that shares the folder left unfinished."
        ),
    ] = None,
) -> Answer:
    r"""Find what commands and editors did to each other, and mend it.

    An edit of a command that an editor saved over, an edit of an editor that came too late, a command that was cut off.
    Exit code 5 says that something is left. What is wrong inside the notes is found by: incident check

    \b
    incident doctor
    incident doctor --fix
    incident doctor --fix --machine web2
    """
    from okb_incident.workflow.care.doctor import examine

    examined = examine(call, fix=fix, machine=machine)
    return Answer(
        {"facts": dict(examined.facts), "mended": examined.mended, "problems": len(examined.problems)},
        lines=[
            *(f"{name}: {value}" for name, value in examined.facts),
            *(f"mended: {one}" for one in examined.mended),
            *([] if examined.problems else ["all is well"]),
        ],
        problems=examined.problems,
        code=ExitCode.INVALID if examined.problems else ExitCode.OK,
    )


@writing(
    "redact",
    without=[opt.INCIDENT, opt.WHO, opt.DRY_RUN],
    answers=record(
        notes=list_of(TEXT), images=list_of(TEXT), elsewhere=list_of(TEXT), in_git=list_of(TEXT), warnings=list_of(TEXT)
    ),
    words=opt.WordsHelp("INC-…, 1123-01, 01, last."),
)
def redact(
    call: Call,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="TEXT", help="The secret; other users may see it in the list of processes."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say where it is.")] = False,
) -> Answer:
    r"""Take a secret out of an incident's notes and their history.

    It is asked for, or read from standard input. What had it is thrown away for good, so the commands before cannot be undone.

    \b
    incident redact 1123-01
    pass show leaked | incident redact 1123-01
    """
    from okb_incident.cli.kept_words import forget_those
    from okb_incident.core.text.secret import Secret
    from okb_incident.workflow.care.redact import redact as take_out

    secret = text
    if secret is None:
        secret = call.person.secret("the secret") if call.person else sys.stdin.readline()
    secret = secret.strip("\r\n")
    done = take_out(call, secret)
    if not dry_run:
        forget_those(Secret(secret).is_in)
    return Answer(done._asdict(), lines=_redacted(done, dry_run=dry_run), notes=_left(done))


def _redacted(done: Redaction, *, dry_run: bool) -> Iterator[str]:
    verb = "it is in" if dry_run else "taken out of"
    yield f"{verb} {len(done.notes)} note(s){': ' if done.notes else ''}{', '.join(map(one_line, done.notes))}"
    if not dry_run:
        yield f"{len(done.images)} image(s) that held it were thrown away"


def _left(done: Redaction) -> Iterator[str]:
    """Say where the secret can still be read, and what else a person should know."""
    yield from map(one_line, done.warnings)
    if done.elsewhere:
        yield f"it stands in other files too: {', '.join(map(one_line, done.elsewhere))}"
    if done.in_git:
        yield "git has the note in its history; whoever has the repository can read it there. Change the secret itself"
