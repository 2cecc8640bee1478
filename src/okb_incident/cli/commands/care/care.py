"""The commands that look after what was done: undo, history, journal, doctor."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.choice import asker
from okb_incident.cli.output import answer, answer_json, comment, problem_lines
from okb_incident.cli.registry import APPS, command
from okb_incident.cli.run import start
from okb_incident.core.text.terminal_text import one_line, safe_text
from okb_incident.core.values.moment import distance
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from okb_incident.cli.run import RunOptions
    from okb_incident.workflow.care.history import Happened
    from okb_incident.workflow.session import Session


@command("undo")
def undo(
    ctx: typer.Context,
    entry: Annotated[
        str | None, typer.Argument(metavar="[ENTRY]", help="An entry of the journal, by the start or end of its id.")
    ] = None,
    who: opt.Who = None,
    dry_run: opt.DryRun = False,
    as_json: opt.Json = False,
) -> None:
    r"""Take back the last command, or a named one.

    What others wrote into the note since stays. An undo can be taken back too.

    \b
    incident undo
    incident undo --dry-run
    incident undo 8FPRC4QW
    """
    from okb_incident.workflow.care.undo import short
    from okb_incident.workflow.care.undo import undo as take_back

    session = start(ctx, who)
    undone = take_back(session, entry, dry_run=dry_run)
    done = undone.entry
    paths = [change.path for change in done.changes]
    if as_json:
        answer_json(
            {
                "undone": done.id,
                "command": done.command,
                "at": done.at,
                "by": done.by,
                "paths": paths,
                "entry": undone.by.id if undone.by else None,
                "diff": undone.diff or None,
            }
        )
    elif dry_run:
        answer(undone.diff.rstrip("\n") or "nothing would change")
    else:
        when = distance(datetime.fromisoformat(done.at), datetime.fromisoformat(undone.by.at if undone.by else done.at))
        answer(
            f"taken back: {done.command} of {_shown(session, done.at)} ({when}), in {', '.join(map(one_line, paths[:3]))}"
        )
        answer(
            f"to do it again: incident undo {short(undone.by)}"
            if undone.by
            else "nothing was left of it: the note holds what it held before"
        )
    for note in undone.notes:
        comment(note)


@command("history")
def history(
    ctx: typer.Context, reference: opt.Reference = None, incident: opt.Incident = None, as_json: opt.Json = False
) -> None:
    r"""Show what was changed in an incident's notes, by whom and when.

    Commands come from the journal of each machine, commits from git; what was edited by hand shows between them.

    \b
    incident history last
    """
    from okb_incident.workflow.care.history import history as tell

    session = start(ctx)
    target, told = tell(session, incident or reference, ask=asker(ctx))
    if as_json:
        answer_json([each._asdict() for each in told])
        return
    for each in told:
        _show(session, each, main=target.path)
    if not told:
        comment(f"nothing is recorded of {target.id}: neither journal nor git knows {target.path}")


def _shown(session: Session, at: str) -> str:
    from okb_incident.core.values.moment import write_moment

    return write_moment(datetime.fromisoformat(at), session.zone).replace("T", " ")


def _show(session: Session, each: Happened, *, main: str) -> None:
    when = _shown(session, each.at) if each.at else "in between"
    parts = [when, f"@{one_line(each.by)}" if each.by else "", one_line(each.what)]
    if each.path != main:
        parts.append(f"({each.path.rpartition('/')[2]})")
    if each.name:
        parts.append(f"[{each.name[-8:] if each.source == 'journal' else each.name}]")
    if each.taken_back:
        parts.append("– taken back")
    answer("  ".join(part for part in parts if part))
    for change in each.changes:
        answer(f"    {one_line(change)}")
    if each.source == "journal" and not each.changes:
        answer("    (what it changed is not kept any more)")


journal = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Look after the record of what was done."
)
APPS["journal"] = journal


@journal.command("verify")
def journal_verify(ctx: typer.Context, as_json: opt.Json = False) -> None:
    r"""Hold every entry and every kept file to its hash.

    Exit code 5 says that something is not as it was written. The hash of the last entry, kept elsewhere, proves later that nothing before it was changed.
    """
    from okb_incident.workflow.care.journal import verify_journals

    verified = verify_journals(start(ctx))
    if as_json:
        answer_json(
            [
                {
                    "machine": each.machine,
                    "entries": each.entries,
                    "files": each.images,
                    "last": {"entry": each.last[0], "sha256": each.last[1]} if each.last else None,
                    "problems": len(each.problems),
                }
                for each in verified
            ]
        )
    else:
        for each in verified:
            last = f"; the last is {each.last[0]}, hash {each.last[1]}" if each.last else ""
            answer(f"{each.machine}: {each.entries} entries, {each.images} files{last}")
        if not verified:
            comment("this vault has no journal yet")
    problems = [problem for each in verified for problem in each.problems]
    problem_lines(problems, as_json=as_json)
    if problems:
        raise typer.Exit(ExitCode.INVALID)


@journal.command("prune")
def journal_prune(
    ctx: typer.Context,
    keep: Annotated[
        str | None,
        typer.Option("--keep", metavar="SPAN", help="Throw away the images of older commands, such as 90d."),
    ] = None,
    as_json: opt.Json = False,
) -> None:
    r"""Pack what was displaced more than an hour ago.

    With --keep, what is older is thrown away. A command whose images are thrown away cannot be undone any more; its entry stays.

    \b
    incident journal prune
    incident journal prune --keep 90d
    """
    from okb_incident.core.values.typed_moment import read_span
    from okb_incident.workflow.care.journal import prune_journal

    session = start(ctx)
    pruned = prune_journal(session, read_span(keep, "--keep") if keep else None)
    if as_json:
        answer_json(pruned._asdict())
    else:
        answer(f"{pruned.packed} files packed, {pruned.dropped} images thrown away, {pruned.freed:,} bytes freed")
    for note in session.recovered:
        comment(note)
    for name in pruned.late:
        comment(f"{name} was saved into by an editor after a command had replaced it; see: incident doctor")


@command("doctor")
def doctor(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Mend all that can be mended.")] = False,
    as_json: opt.Json = False,
) -> None:
    r"""Find what commands and editors did to each other, and mend it.

    An edit of a command that an editor saved over, an edit of an editor that came too late, a command that was cut off.
    Exit code 5 says that something is left. What is wrong inside the notes is found by: incident check

    \b
    incident doctor
    incident doctor --fix
    """
    from okb_incident.workflow.care.doctor import examine

    session = start(ctx)
    options: RunOptions = ctx.obj
    examined = examine(session, fix=fix, agree=_agree if options.may_ask and not as_json else None)
    if as_json:
        answer_json({"facts": dict(examined.facts), "mended": examined.mended, "problems": len(examined.problems)})
    else:
        for name, value in examined.facts:
            answer(f"{name}: {value}")
        for each in examined.mended:
            answer(f"mended: {each}")
        if not examined.problems:
            answer("all is well")
    problem_lines(examined.problems, as_json=as_json)
    if examined.problems:
        raise typer.Exit(ExitCode.INVALID)


def _agree(question: str) -> bool:
    return typer.confirm(safe_text(question), default=False, err=True)


@command("redact")
def redact(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="INC-…, 1123-01, 01, last.")],
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="TEXT", help="The secret; other users may see it in the list of processes."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say where it is.")] = False,
    as_json: opt.Json = False,
) -> None:
    r"""Take a secret out of an incident's notes and their history.

    It is asked for, or read from standard input. What had it is thrown away for good, so the commands before cannot be undone.

    \b
    incident redact 1123-01
    pass show leaked | incident redact 1123-01
    """
    from okb_incident.workflow.care.redact import redact as take_out

    session = start(ctx)
    options: RunOptions = ctx.obj
    if text is None:
        secret = typer.prompt("the secret", hide_input=True, err=True) if options.may_ask else sys.stdin.readline()
    else:
        secret = text
    done = take_out(session, reference, secret.strip("\r\n"), dry_run=dry_run)
    if as_json:
        answer_json(done._asdict())
    else:
        verb = "it is in" if dry_run else "taken out of"
        answer(f"{verb} {len(done.notes)} note(s){': ' if done.notes else ''}{', '.join(map(one_line, done.notes))}")
        if not dry_run:
            answer(f"{len(done.images)} image(s) that held it were thrown away")
    for note in session.recovered:
        comment(note)
    if done.elsewhere:
        comment(f"it stands in other notes too: {', '.join(map(one_line, done.elsewhere))}")
    if done.in_git:
        comment(
            "git has the note in its history; whoever has the repository can read it there. Change the secret itself"
        )
