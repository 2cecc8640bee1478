"""The commands on the settings: config show, check, set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import DIM, STRONG
from okb_incident.cli.screen.view import View
from okb_incident.cli.shapes import ANYTHING, COUNT, TEXT, by_name, list_of, maybe, record, writing_record
from okb_incident.cli.verb import reading, without_vault
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.show_settings import Setting


def _short(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items()) or "–"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _setting_lines(settings: Sequence[Setting], *, meanings: bool) -> Iterator[Line]:
    """Return one setting a line: its value, the default where it differs, where it comes from, and what it decides."""
    for one in settings:
        was = f"  (default {_short(one.default)})" if _short(one.value) != _short(one.default) else ""
        source = f"  {one.source}" if one.source != "default" else ""
        meaning = f"  {one.meaning}" if meanings else ""
        yield Line.of(
            Part(one.key, STRONG),
            f" = {one_line(_short(one.value))}",
            Part(was + source + meaning, DIM),
            hang=4,
        )


@reading(
    "config show",
    without=[opt.INCIDENT],
    answers=by_name(record(value=ANYTHING, source=TEXT, meaning=TEXT)),
)
def config_show(
    call: Call,
    prefix: Annotated[
        str, typer.Argument(metavar="[KEY]", help="Only settings whose name begins with this: policy.SEV1.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", "-a", help="Include settings that have their default.")] = False,
) -> Answer:
    r"""Show every setting, its value and its source.

    \b
    incident config show
    incident config show policy.SEV1
    incident config show zone
    """
    from okb_incident.workflow.care.show_settings import show_settings

    session = call.session
    settings = show_settings(session.vault.root, prefix)
    shown = settings if everything or prefix else [one for one in settings if one.value != one.default]
    head = [
        Line.of(f"vault {session.vault.root}, found by {session.location.found_by}", hang=2),
        Line.of(
            f"user settings {session.user.path}; you are {session.actor.handle}, by {session.actor.found_by}", hang=2
        ),
    ]
    same = [] if shown or prefix else [Line.of("every setting has its default value; --all shows them")]
    lines = [*(() if prefix else head), *_setting_lines(shown, meanings=everything or bool(prefix)), *same]
    return Answer(
        {one.key: {"value": one.value, "source": one.source, "meaning": one.meaning} for one in settings},
        table=View(lines) if settings else None,
        hints=() if settings else [f"no setting begins with {prefix!r}; docs/settings.md lists all"],
    )


@without_vault(
    "config check",
    opt.JSON,
    answers=record(
        path=TEXT,
        faults=list_of(record(key=TEXT, value=TEXT, message=TEXT)),
        unknown=list_of(record(key=TEXT, line=maybe(COUNT))),
        changed=by_name(record(value=ANYTHING, default=ANYTHING, source=TEXT)),
    ),
)
def config_check(ctx: typer.Context) -> Answer:
    r"""Check every key of incident.toml.

    It lists keys that cannot be used, each with its line, and values that differ from the defaults. Exit code 3: a key cannot be used.

    \b
    incident config check
    incident config check --json
    incident --vault ~/kb config check
    """
    from okb_incident.workflow.care.show_settings import check_settings

    checked = check_settings(ctx.obj.vault)
    return Answer(
        {
            "path": checked.path,
            "faults": [{"key": one.field, "value": one.value, "message": one.message} for one in checked.faults],
            "unknown": [{"key": key, "line": line} for key, line in checked.unknown],
            "changed": {
                one.key: {"value": one.value, "default": one.default, "source": one.source} for one in checked.changed
            },
        },
        lines=[
            *(one_line(fault.message) for fault in checked.faults),
            *(
                one_line(f"{checked.path}:{line}: {key} is unknown to this version and ignored")
                for key, line in checked.unknown
            ),
            *([] if checked.changed or checked.faults else ["all is as by default"]),
        ],
        table=View(_setting_lines(checked.changed, meanings=False)) if checked.changed else None,
        code=ExitCode.SETTINGS if checked.faults else ExitCode.OK,
    )


@without_vault("config set", opt.JSON, answers=writing_record(path=TEXT, key=TEXT, value=ANYTHING, diff=TEXT))
def config_set(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The setting, as config show names it.")],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="Its value: a text, a number, true, or a list of TOML.")
    ],
    user: Annotated[bool, typer.Option("--user", help="Your own settings: vault, user or zone.")] = False,
    dry_run: opt.DryRun = False,
) -> Answer:
    r"""Set one setting of the vault, or your own with --user.

    Comments and the order of the file stay. A value that cannot be used is refused, and the file is left as it is.

    \b
    incident config set policy.SEV1.acknowledge 5m
    incident config set policy.silent_after 4h
    incident config set --user zone Europe/Zurich
    incident config set folders.ignore '["templates", "drafts"]' --dry-run
    """
    from okb_incident.workflow.care.set_setting import set_for_user, set_in_vault

    if user:
        done = set_for_user({key: value}, dry_run=dry_run)
    else:
        done = set_in_vault(ctx.obj.vault, key, value, by=ctx.obj.who, dry_run=dry_run)
    said = (
        one_line(f"set {done.key} to {_short(done.value)} · {done.path}")
        if done.diff
        else f"{key} already has this value"
    )
    change = {"path": done.path, "property": done.key, "from": done.before, "to": done.value}
    return Answer(
        {
            "path": done.path,
            "key": done.key,
            "value": done.value,
            "diff": done.diff,
            "changed": bool(done.diff) and not dry_run,
            "made": [],
            "changes": [change] if done.diff and not dry_run else [],
            "warnings": [],
            "entry": done.entry,
        },
        lines=[(done.diff.rstrip("\n") or "nothing would change") if dry_run else said],
    )
