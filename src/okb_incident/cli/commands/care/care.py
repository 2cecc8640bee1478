"""The commands on what was done before: history, redact."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.outcome import written
from okb_incident.cli.screen.forms import time_form, words_form
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import DIM
from okb_incident.cli.screen.view import View
from okb_incident.cli.shapes import TEXT, TRUTH, list_of, maybe, one_of, record, writing_record
from okb_incident.cli.verb import reading, writing
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    r"""Show every change to the notes of an incident.

    Commands come from the journal of each machine, commits from git; edits by hand are shown between them.

    \b
    incident history
    incident history last
    incident history 1123-01 --json
    """
    from okb_incident.workflow.care.history import history as happened

    target, found = happened(call)
    nothing = f"nothing is recorded of {target.id}: neither journal nor git knows {target.path}"
    return Answer(
        [one._asdict() for one in found],
        table=View(line for one in found for line in _lines(call.session, one, main=target.path)),
        hints=() if found else [nothing],
    )


def _lines(session: Session, one: HistoryItem, *, main: str) -> Iterator[Line]:
    when = time_form(session, datetime.fromisoformat(one.at)) if one.at else "between"
    parts = [Part(when, DIM)]
    if one.by:
        parts.append(Part(f"  @{one_line(one.by)}"))
    parts.append(Part(f"  {words_form(session, one.what)}"))
    if one.path != main:
        parts.append(Part(f"  ({one_line(one.path.rpartition('/')[2])})", DIM))
    if one.name:
        parts.append(Part(f"  [{one.name[-8:] if one.source == 'journal' else one_line(one.name)}]", DIM))
    if one.taken_back:
        parts.append(Part("  – undone", DIM))
    yield Line.of(*parts, hang=4)
    for change in one.changes:
        yield Line.of(Part(f"    {one_line(change)}", DIM), hang=6)
    if one.source == "journal" and not one.changes:
        yield Line.of(Part("    (what it changed is not kept any more)", DIM), hang=6)


@writing(
    "redact",
    without=[opt.INCIDENT, opt.WHO, opt.DRY_RUN],
    answers=writing_record(
        notes=list_of(TEXT), images=list_of(TEXT), elsewhere=list_of(TEXT), in_git=list_of(TEXT), warnings=list_of(TEXT)
    ),
    words=opt.WordsHelp("The incident: 01, last, 1123-01 or INC-…"),
)
def redact(
    call: Call,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="TEXT", help="The secret; other users may see it in the process list."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the notes that contain the secret.")] = False,
) -> Answer:
    r"""Remove a secret from notes and their history.

    The secret is asked for, or read from standard input. Copies in the journal that contain it are deleted, so earlier commands cannot be
    undone.

    \b
    incident redact 1123-01
    incident redact 1123-01 --dry-run
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
    # Nothing undoes it: what it took out is gone, and no entry leads back.
    value = {**done._asdict(), "changed": bool(done.notes or done.images) and not dry_run}
    return Answer(written(value, call.session), lines=_redacted(done, dry_run=dry_run), notes=_left(done))


def _redacted(done: Redaction, *, dry_run: bool) -> Iterator[str]:
    verb = "found in" if dry_run else "removed from"
    yield f"{verb} {_counted(done.notes, 'note')}{': ' if done.notes else ''}{', '.join(map(one_line, done.notes))}"
    if not dry_run:
        yield f"deleted {_counted(done.images, 'copy', 'copies')} in the journal"


def _counted(what: Sequence[str], one: str, several: str = "") -> str:
    return f"{len(what)} {one if len(what) == 1 else several or one + 's'}"


def _left(done: Redaction) -> Iterator[str]:
    """Return where the secret can still be read, and what else a person should know."""
    yield from map(one_line, done.warnings)
    if done.elsewhere:
        yield f"other files contain it too: {', '.join(map(one_line, done.elsewhere))}"
    if done.in_git:
        yield "git has the note in its history; anyone with the repository can read it there. Change the secret itself"
