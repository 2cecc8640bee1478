"""The table of commands: names, order, modules and help lines of the whole command line at a glance.

Help, suggestions, completion and docs/commands.md all come from it, and none of them imports a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Verb(NamedTuple):
    """One command.

    Attributes:
        name: What is typed.
        group: The heading it stands under in help.
        module: The module in `cli/commands` that holds it.
        help: One line; the same as the first line of its own help.
        words: The words it takes, as its help shows them and `workflow.grammar` reads them; of a group, those of each command
            below it.
    """

    name: str
    group: str
    module: str
    help: str
    words: str | Mapping[str, str] = ""


SET_UP = "Set up"
RESPOND = "Respond"
TRIAGE = "Sort out"
RUN = "Run it"
PEOPLE = "People and needs"
RECOVER = "Recover"
TELL = "Tell"
KNOW = "Know"
PUT_RIGHT = "Put right"
LEARN = "Learn"
CONNECT = "Connect"

#: What the verbs take that move an incident, and those that move one of its tasks, with and without words on it.
WORDS, TASK = "[REF] [WORDS]…", "[REF] NAME [TEXT]…"

VERBS = (
    Verb("init", SET_UP, "care.setup", "Make a folder a vault, or complete one."),
    Verb("demo", SET_UP, "care.setup", "Copy the example vault and walk one incident through its life."),
    Verb("check", SET_UP, "care.setup", "Find what is wrong in the notes, with path and line.", "[REF]"),
    Verb(
        "config",
        SET_UP,
        "care.setup",
        "Show the settings in force and where each comes from.",
        {"show": "", "check": "", "set": ""},
    ),
    Verb(
        "templates",
        SET_UP,
        "care.templates",
        "List the templates and which file wins; copy one, check them.",
        {"show": "", "copy": "", "check": ""},
    ),
    Verb("doctor", SET_UP, "care.care", "Find what commands and editors did to each other, and mend it."),
    Verb("journal", SET_UP, "care.care", "Look after the record of what was done.", {"verify": "", "prune": ""}),
    Verb("open", RESPOND, "lifecycle.triage", "Open an incident; a title is enough.", "TITLE…"),
    Verb("ack", RESPOND, "lifecycle.respond", "Take an incident: it is being investigated.", WORDS),
    Verb("assess", RESPOND, "lifecycle.assess", "Say how bad it is, for whom, and what that asks for.", "[REF]"),
    Verb("log", RESPOND, "timeline.running", "Write a line into the timeline.", "[REF] [KIND:] WORDS…"),
    Verb("console", RESPOND, "timeline.running", "Open a prompt on one incident.", "[REF]"),
    Verb("severity", RESPOND, "lifecycle.respond", "Set how bad it is.", "[REF] SEVERITY [REASON]…"),
    Verb("identify", RESPOND, "lifecycle.respond", "Say that the cause is known.", WORDS),
    Verb("mitigate", RESPOND, "lifecycle.respond", "Say that the impact has stopped; watch it from now on.", WORDS),
    Verb("resolve", RESPOND, "lifecycle.recovery", "Say that it is over, and what there is to say of it.", WORDS),
    Verb("close", RESPOND, "lifecycle.recovery", "Close a resolved incident.", WORDS),
    Verb(
        "next",
        RESPOND,
        "look.guide",
        "List what is due, by when, who has to act, and the command that does it.",
        "[REF]",
    ),
    Verb("confirm", TRIAGE, "lifecycle.triage", "Say that it is real; who confirms it need not lead it.", WORDS),
    Verb("decline", TRIAGE, "lifecycle.triage", "Set a false alarm aside.", WORDS),
    Verb("merge", TRIAGE, "lifecycle.triage", "Make one of several incidents that are the same.", "FROM… [INTO]"),
    Verb("relate", TRIAGE, "lifecycle.triage", "Say that two incidents belong together.", "REF REF"),
    Verb("reopen", TRIAGE, "lifecycle.respond", "Take up an incident again that was over.", WORDS),
    Verb("run", RUN, "timeline.running", "Run a command, and keep what it did in the timeline.", "[REF] -- CMD…"),
    Verb(
        "action",
        RUN,
        "response.actions",
        "Look after what is to be done while it lasts.",
        {"add": "[REF] TEXT…", "start": TASK, "done": TASK, "cancel": TASK, "list": "[REF]"},
    ),
    Verb("amend", RUN, "timeline.running", "Put other words into a line of the timeline.", "[REF] ENTRY TEXT…"),
    Verb("set", RUN, "lifecycle.respond", "Set properties: KEY=VALUE.", "[REF] KEY=VALUE…"),
    Verb("edit", RUN, "lifecycle.respond", "Open the note in your editor.", "[REF]"),
    Verb(
        "expect",
        RUN,
        "lifecycle.recovery",
        "Say when it will be over; each promise stays in the timeline.",
        "[REF] T [TEXT]…",
    ),
    Verb("take", PEOPLE, "response.people", "Take a role yourself.", "[REF] [ROLE]"),
    Verb(
        "handoff",
        PEOPLE,
        "response.people",
        "Hand a role over, with what the next one must know.",
        "[REF] [ROLE] WHO TEXT…",
    ),
    Verb("role", PEOPLE, "response.people", "Say who holds a role.", "[REF] ROLE [WHO]"),
    Verb(
        "team",
        PEOPLE,
        "response.people",
        "Call teams, and say when they came and left.",
        {"activate": "[REF] TEAM…", "joined": "[REF] TEAM…", "left": "[REF] TEAM…", "list": ""},
    ),
    Verb("escalate", PEOPLE, "response.people", "Call somebody further for help.", "[REF] [REASON]…"),
    Verb("who", PEOPLE, "response.people", "Show who is on what, those with the most first."),
    Verb(
        "resource",
        PEOPLE,
        "response.work",
        "Ask for what a response needs, and answer.",
        {"request": "[REF] TEXT…", "grant": TASK, "refuse": TASK, "list": "[REF]"},
    ),
    Verb(
        "effort",
        PEOPLE,
        "response.work",
        "Write down work on an incident; alone it shows whose.",
        "[REF] [TIME] [as ROLE]",
    ),
    Verb(
        "cost",
        PEOPLE,
        "response.work",
        "Write down what an incident cost; alone it shows what is known.",
        "[REF] [WHAT AMOUNT CURRENCY TEXT…]",
    ),
    Verb("contain", RECOVER, "lifecycle.recovery", "Say that it spreads no further; the status stays.", WORDS),
    Verb("restore", RECOVER, "lifecycle.recovery", "Say that services work again.", "[REF] [SERVICE]…"),
    Verb(
        "verify",
        RECOVER,
        "lifecycle.recovery",
        "Write down how a check came out, with what shows it.",
        "[REF] KIND WHAT ok|fail",
    ),
    Verb(
        "data-loss",
        RECOVER,
        "lifecycle.recovery",
        "Say whether data was lost, and since when.",
        "[REF] none|some|unknown [TEXT]…",
    ),
    Verb(
        "tell", TELL, "comms.tell", "Tell an audience how it stands, and keep what it was told.", "[REF] AUDIENCE TEXT…"
    ),
    Verb(
        "comms",
        TELL,
        "comms.messages",
        "Draft, approve and send messages; see who is owed one.",
        {
            "draft": "[REF] AUDIENCE [KIND] [TEXT]…",
            "edit": "[REF] [uN]",
            "approve": "[REF] [uN]",
            "send": "[REF] [uN]",
            "withhold": "[REF] AUDIENCE [REASON]…",
            "amend": "[REF] uN TEXT…",
            "list": "[REF]",
            "show": "[REF] [uN]",
            "due": "",
            "outbox": "",
        },
    ),
    Verb("brief", TELL, "look.guide", "Put an incident on one screen, for whoever comes in late.", "[REF]"),
    Verb("list", KNOW, "look.know", "List the open incidents, or all that fit."),
    Verb("show", KNOW, "look.one", "Show one incident.", "[REF]"),
    Verb("status", KNOW, "look.know", "Say in a few lines what is going on."),
    Verb("board", KNOW, "look.guide", "Show all that is not at rest, and what is due; live on a terminal."),
    Verb("timeline", KNOW, "look.one", "Show what happened, in order.", "[REF]"),
    Verb("search", KNOW, "look.find", "Find incidents by the words of their notes.", "WORDS…"),
    Verb("similar", KNOW, "look.find", "Find incidents like one, or like a title.", "[REF | TITLE…]"),
    Verb("indicators", KNOW, "look.find", "List the addresses and digests in an incident's notes.", "[REF]"),
    Verb("history", KNOW, "care.care", "Show what was changed in an incident's notes, by whom and when.", "[REF]"),
    Verb("undo", PUT_RIGHT, "care.undo", "Undo the last command, or a named one."),
    Verb("redo", PUT_RIGHT, "care.undo", "Redo what the last undo has undone."),
    Verb("redact", PUT_RIGHT, "care.care", "Take a secret out of an incident's notes and their history.", "REF"),
    Verb(
        "restrict", PUT_RIGHT, "care.discretion", "Keep an incident from all who are not meant to know of it.", "[REF]"
    ),
    Verb("unrestrict", PUT_RIGHT, "care.discretion", "Let a restricted incident be known again.", "REF"),
    Verb("report", LEARN, "look.learn", "Report a week, honestly: n, open and missing beside every number."),
    Verb(
        "review",
        LEARN,
        "review.review",
        "Learn from an incident: draft its review, check it, bring it to its end.",
        {
            "new": "[REF]",
            "check": "[REF]",
            "set": "[REF]",
            "submit": WORDS,
            "approve": WORDS,
            "close": WORDS,
            "feedback": "[REF] SCORE [TEXT]…",
            "edit": "[REF]",
            "list": "",
        },
    ),
    Verb(
        "follow-up",
        LEARN,
        "review.follow_up",
        "Look after what is done when it is over, until it is done.",
        {
            "add": "[REF] TEXT…",
            "set": "[REF] NAME",
            "start": TASK,
            "done": TASK,
            "cancel": TASK,
            "list": "[REF]",
        },
    ),
    Verb("lessons", LEARN, "look.learn", "Gather what all incidents teach."),
    Verb("import", CONNECT, "care.connect", "Bring in incidents that another tool has kept.", {"cstate": ""}),
    Verb("describe", CONNECT, "care.agents", "Describe every command, exit code and note format, for programs."),
    Verb("completion", CONNECT, "care.agents", "Print the script that lets your shell complete what you type."),
    Verb("hooks", CONNECT, "care.agents", "List the commands of yours that are told what happens."),
)

BY_NAME = {verb.name: verb for verb in VERBS}


def usage_of(name: str) -> str:
    """Return the words that a command takes; its name has two words below a group."""
    verb, _, below = name.partition(" ")
    words = BY_NAME[verb].words
    return words if isinstance(words, str) else words.get(below, "")


def is_group(name: str) -> bool:
    """Return whether a command has commands of its own."""
    verb = BY_NAME.get(name)
    return verb is not None and not isinstance(verb.words, str)
