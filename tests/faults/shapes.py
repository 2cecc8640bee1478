"""Every writing command of the command line, by the shape of what it writes.

The everyday suite sweeps the first of each shape by every fault that can end in a different way, the others by a sample; the
long lane sweeps all of them whole. A verb that changes one note and is entered in `tests/verbs.py` alone is tried as one of those that
edit one; any other new writing command is entered here, or `test_sweep` says that it is missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.verbs import TYPED

from okb_incident.cli.table import VERBS, is_group

STATUS_PAGE = str(Path(__file__).parent / "status-page")


class Trial(NamedTuple):
    """A writing command, tried on a vault that others have prepared.

    Attributes:
        command: Its name in the table of commands.
        words: What is typed; ``{vault}`` stands for the folder.
        before: What is typed before, each time without a fault.
        clone: The vault is as a fresh clone has it, without the folder of locks and journals.
        gathers: It makes what it writes from many files, and does without one that cannot be read, which it names.
        moved: From where a person moved a note before, and to where; nothing where nobody did.
        typed: What a person changed in the note of the first incident before, and into what; nothing where nobody did.
    """

    command: str
    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    clone: bool = False
    gathers: bool = False
    moved: tuple[str, str] = ("", "")
    typed: tuple[str, str] = ("", "")


FIRST = "INC-20261123-01"
NEW = (("init", "{vault}"),)
ONE = (*NEW, ("open", "Checkout is slow", "-s", "sev2"))
TAKEN = (*ONE, ("ack", "last"))
OVER = (*TAKEN, ("resolve", "last"))
DRAFTED = (*TAKEN, ("comms", "draft", "last", "users", "service-notice", "Cards fail."))
REVIEWED = (*OVER, ("review", "new", "last"))
DOUBLED = (*TAKEN, ("action", "add", "-i", "last", "roll back"), ("action", "add", "-i", "last", "call the bank"))
POOL = "- 2026-11-23T12:00:00 **note** @alice: pool exhausted\n"
TWO = (*TAKEN, ("open", "Payments fail", "-s", "sev1"))

SHAPES: dict[str, tuple[Trial, ...]] = {
    "create": (
        Trial("open", ("open", "Checkout is slow", "-s", "sev2", "--ack"), NEW, clone=True),
        Trial("init", ("init", "{vault}")),
        Trial("report", ("report", "--save"), OVER, gathers=True),
        Trial("comms", ("comms", "draft", "last", "users", "service-notice"), TAKEN),
        Trial("templates", ("templates", "copy", "review"), NEW),
        Trial("init", ("init", "{vault}", "--obsidian"), NEW),
        Trial("init", ("init", "{vault}", "--me", "alice", "--my-zone", "Asia/Tokyo"), NEW),
        Trial("config", ("config", "set", "--user", "zone", "Asia/Tokyo"), NEW),
    ),
    "edit one": (
        Trial("ack", ("ack", "last"), ONE),
        Trial("confirm", ("confirm", "-i", "last", "customers see it"), ONE),
        Trial("log", ("log", "pool", "exhausted"), TAKEN, clone=True),
        Trial("severity", ("severity", "last", "sev1", "every card payment fails"), TAKEN),
        Trial("identify", ("identify", "-i", "last", "deploy 4f2a"), TAKEN),
        Trial("mitigate", ("mitigate", "-i", "last", "rolled back"), TAKEN),
        Trial("resolve", ("resolve", "last"), TAKEN),
        Trial("close", ("close", "last", "--force", "--reason", "a test"), OVER),
        Trial("reopen", ("reopen", "-i", "last", "it is back"), OVER),
        Trial("decline", ("decline", "-i", "last", "the probe was wrong"), ONE),
        Trial("set", ("set", "last", "cause=change", "users_affected=~1200"), TAKEN),
        Trial("amend", ("amend", "last", "e1", "triage → investigating, taken"), TAKEN),
        Trial("run", ("run", "-i", "last", "--", "true"), TAKEN),
        Trial("action", ("action", "add", "-i", "last", "roll", "back"), TAKEN),
        Trial("contain", ("contain", "-i", "last", "the account is locked"), TAKEN),
        Trial("restore", ("restore", "last", "checkout"), (*TAKEN, ("set", "last", "started=-9m"))),
        Trial("expect", ("expect", "last", "40m"), TAKEN),
        Trial("data-loss", ("data-loss", "last", "none"), TAKEN),
        Trial("verify", ("verify", "last", "solution", "the pool is large", "ok"), TAKEN),
        Trial("role", ("role", "last", "scribe", "me"), TAKEN),
        Trial("role", ("role", "last", "commander", "dan", "watch it", "--handoff"), TAKEN),
        Trial("role", ("role", "last", "comms", "carol"), TAKEN),
        Trial("team", ("team", "activate", "last", "payments"), TAKEN),
        Trial("escalate", ("escalate", "-i", "last", "--to", "gita", "the owner's word"), TAKEN),
        Trial("resource", ("resource", "request", "-i", "last", "a specialist"), TAKEN),
        Trial("effort", ("effort", "last", "45m"), TAKEN),
        Trial("cost", ("cost", "last", "refunds", "1200", "CHF"), TAKEN),
        Trial("report", ("report", "--save"), (*TAKEN, ("report", "--save"), ("resolve", "last")), gathers=True),
        Trial("undo", ("undo", "--yes"), TAKEN),
        Trial("redo", ("redo", "--yes"), (*TAKEN, ("undo", "--yes"))),
        Trial("comms", ("comms", "approve", "last", "u1"), DRAFTED),
        Trial("comms", ("comms", "withhold", "last", "users", "the intruder would be warned"), TAKEN),
        Trial("check", ("check", "-i", FIRST, "--fix"), DOUBLED, typed=(f"{FIRST}-a2", f"{FIRST}-a1")),
        Trial("doctor", ("doctor", "--fix"), (*TAKEN, ("log", "pool", "exhausted")), typed=(POOL, "")),
        Trial("follow-up", ("follow-up", "add", "-i", "last", "alert on pool use"), TAKEN),
        Trial("review", ("review", "set", "last", "--reviewer", "dan"), REVIEWED),
        Trial("config", ("config", "set", "policy.SEV1.acknowledge", "7m"), NEW),
        Trial(
            "config",
            ("config", "set", "--user", "zone", "Asia/Tokyo"),
            (*NEW, ("config", "set", "--user", "user", "alice")),
        ),
    ),
    "edit many": (
        Trial("merge", ("merge", "01", "02"), TWO),
        Trial("relate", ("relate", "01", "02"), TWO),
        Trial("tell", ("tell", "last", "users", "Cards fail.", "--next", "30m"), TAKEN),
        Trial("assess", ("assess", "last", "-s1", "--users", "~1200"), TAKEN),
        Trial("comms", ("comms", "send", "last", "u1"), DRAFTED),
        Trial("review", ("review", "new", "last"), OVER),
        Trial("review", ("review", "submit", "last", "--force", "--reason", "x"), REVIEWED),
    ),
    "move": (
        Trial("restrict", ("restrict", FIRST), TAKEN),
        Trial("restrict", ("restrict", "--off", FIRST), (*TAKEN, ("restrict", FIRST))),
        Trial("undo", ("undo", "--yes"), (*TAKEN, ("restrict", FIRST))),
        Trial(
            "check",
            ("check", "--fix", "--move"),
            DRAFTED,
            gathers=True,
            moved=(f"incidents/2026/{FIRST}.md", "people/Codes.md"),
        ),
    ),
    "remove": (Trial("undo", ("undo", "--yes"), ONE),),
    "create many": (Trial("import", ("import", "cstate", STATUS_PAGE), NEW, gathers=True),),
}

READING = frozenset(
    [
        "next",
        "who",
        "lessons",
        "list",
        "show",
        "timeline",
        "status",
        "search",
        "similar",
        "history",
        "indicators",
        "describe",
        "completion",
        "hooks",
        "help",
    ]
)
"""Commands that write nothing into a vault."""

APART = {"console", "demo", "edit", "redact"}
"""`console` writes by the other commands; `demo` fills a folder that it makes, and replaces only one that is unchanged; what `edit` starts
is the person's own editor; `redact`, cut off and run again, rightly says something else than a first run: it finds what is left of the
secret."""

ENTERED = {trial.command for trials in SHAPES.values() for trial in trials} | READING | APART
SHAPES["edit one"] += tuple(
    Trial(verb.name, (verb.name, "-i", "last", *TYPED[verb.name]), TAKEN)
    for verb in VERBS
    if verb.name in TYPED and verb.name not in ENTERED and not is_group(verb.name)
)
