"""The command that begins a vault: init."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.run import person
from okb_incident.cli.shapes import TEXT, by_name, list_of, writing_record
from okb_incident.cli.verb import without_vault
from okb_incident.command import Command, Sentence, quoted
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.cli.choice import Terminal
    from okb_incident.workflow.care.init_vault import Beginning, Initialised


class Wishes(NamedTuple):
    """What was typed, or answered.

    Attributes:
        zone: The zone of times in notes.
        me: The user's name.
        my_zone: The user's zone.
        default: The vault is used from every folder.
        obsidian: The vault gets a board and templates.
    """

    zone: str | None
    me: str | None
    my_zone: str | None
    default: bool
    obsidian: bool

    @property
    def own(self) -> dict[str, str | None]:
        """What is kept in the user's own settings; the vault's folder is not known here."""
        return {"user": self.me, "zone": self.my_zone}


@without_vault(
    "init",
    opt.JSON,
    answers=writing_record(vault=TEXT, made=list_of(TEXT), zone=TEXT, settings=by_name(TEXT), settings_path=TEXT),
)
def init(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="The folder; created if it does not exist.")] = ".",
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone", metavar="ZONE", help="The time zone of times in notes, such as Europe/Zurich; by default UTC."
        ),
    ] = None,
    me: Annotated[
        str | None, typer.Option("--me", metavar="NAME", help="Your name in notes, kept in your own settings.")
    ] = None,
    my_zone: Annotated[
        str | None, typer.Option("--my-zone", metavar="ZONE", help="The zone in which you type times, kept likewise.")
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Use this vault from every folder.")] = False,
    obsidian: Annotated[
        bool, typer.Option("--obsidian", help="Add a board for Obsidian, and templates of the incident and the review.")
    ] = False,
) -> Answer:
    r"""Create a vault, or complete a folder.

    Existing files are not changed. On a terminal it asks for your name, your time zone, the zone of times in notes, and whether to use
    this vault from every folder, unless your settings have them; where Obsidian has opened the folder, for the board, too.

    \b
    incident init ~/kb
    incident init
    incident init ~/kb --zone Europe/Zurich
    incident init ~/kb --me alice --my-zone Europe/Zurich --default
    incident --no-input init ~/kb --obsidian
    """
    from okb_incident.workflow.care.init_vault import begin, init_vault

    wishes = Wishes(zone, me, my_zone, default, obsidian)
    beginning = begin(folder, zone=zone, own=wishes.own)
    if ctx.obj.may_ask and not ctx.params.get("as_json"):
        wishes = _asked(person(), beginning, wishes)
    done = init_vault(folder, zone=wishes.zone, obsidian=wishes.obsidian)
    own = {key: value for key, value in {**wishes.own, "vault": done.root if wishes.default else None}.items() if value}
    path = beginning.settings_path
    if own:
        from okb_incident.workflow.care.set_setting import set_for_user

        path = set_for_user(own).path
    return Answer(
        # The journal begins with the first command in the vault.
        {
            "vault": done.root,
            "made": list(done.made),
            "zone": done.zone,
            "settings": own,
            "settings_path": path,
            "changed": bool(done.made or own),
            "changes": [],
            "warnings": [],
            "entry": None,
        },
        lines=[
            *_said(done),
            *([one_line(f"saved {_kept(own)} in {path}")] if own else []),
            Sentence("next: ", *(() if wishes.default else (f"cd {quoted(done.root)} and ",)), Command("open")),
        ],
    )


def _kept(own: Mapping[str, str]) -> str:
    """Return what was saved in the user's own settings, as words."""
    named = {"user": "your name {}", "zone": "your time zone {}", "vault": "this vault for every folder"}
    words = [named[key].format(value) for key, value in own.items()]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _said(done: Initialised) -> list[str]:
    """Return what became of the folder, as one line, or two where something was added for Obsidian."""
    times = f"Times are in {done.zone}"
    if not done.made:
        return [f"{done.root} is already a vault. {times}. Nothing was changed."]
    verb = "Created" if "incident.toml" in done.made else "Completed"
    lines = [f"{verb} vault {done.root}. {times} (chosen with --zone at init)."]
    return [*lines, f"added for Obsidian: {', '.join(done.for_obsidian)}"] if done.for_obsidian else lines


def _asked(terminal: Terminal, beginning: Beginning, wishes: Wishes) -> Wishes:
    """Return the wishes with what a person answers; nothing is asked that was typed, or that the settings have."""
    me, my_zone, zone, known = wishes.me, wishes.my_zone, wishes.zone, beginning.known
    if me is None and "user" not in known:
        me = terminal.line(f"Your name in notes? (Enter for {beginning.name}) ") or beginning.name
    if my_zone is None and "zone" not in known:
        my_zone = _zone(terminal, "Your time zone, in which you type times?", beginning.machine_zone)
    if zone is None and not beginning.is_vault:
        zone = _zone(terminal, "The time zone of times in notes?", "UTC")
    default = wishes.default or ("vault" not in known and terminal.agree("Use this vault from every folder?"))
    obsidian = wishes.obsidian or (beginning.lacks_board and terminal.agree("Add a board and templates for Obsidian?"))
    return Wishes(zone, me, my_zone, default, obsidian)


def _zone(terminal: Terminal, question: str, suggested: str) -> str:
    """Ask for a zone until it is one; Enter takes the suggested one."""
    from okb_incident.core.settings.settings import zone_named

    while True:
        answer = terminal.line(f"{question} (Enter for {suggested}) ") or suggested
        try:
            zone_named(answer)
        except ValueError as fault:
            terminal.remark(str(fault))
        else:
            return answer
