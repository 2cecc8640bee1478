"""The table of commands: names, order, modules and help lines of the whole command line at a glance.

Help, suggestions, completion and docs/commands.md come from it, and none of them imports a command. The words that other tools use
for a command are in `aliases.py`, what each topic explains in `topics.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Verb(NamedTuple):
    """One command.

    Attributes:
        name: What is typed.
        group: The topic of help that lists it; `NIGHT` for the commands of the first page.
        module: The module in `cli/commands` that holds it.
        help: One line, which is also the first line of its own help.
        words: The words it takes, as its help shows them and `workflow.grammar` reads them; of a group, those of each command
            below it.
    """

    name: str
    group: str
    module: str
    help: str
    words: str | Mapping[str, str] = ""


#: The commands that an incident needs from its start to its end; the page of `incident` alone lists them.
NIGHT = "night"

RESPOND = "respond"
RECORD = "record"
FIND = "find"
COMMUNICATE = "communicate"
LEARN = "learn"
NUMBERS = "numbers"
OBSIDIAN = "obsidian"
CONNECT = "connect"
SCRIPTS = "scripts"
SETUP = "setup"

#: What the verbs take that move an incident, and those that move one of its tasks, with and without words on it.
WORDS, TASK = "[REF] [WORDS]…", "[REF] NAME [TEXT]…"

VERBS = (
    Verb("open", NIGHT, "lifecycle.triage", "Open (declare) an incident.", "TITLE…"),
    Verb("ack", NIGHT, "lifecycle.respond", "Acknowledge an incident.", WORDS),
    Verb("log", NIGHT, "timeline.running", "Add a timeline entry.", "[REF] [KIND:] WORDS…"),
    Verb("tell", NIGHT, "comms.tell", "Send a status update to an audience.", "[REF] AUDIENCE TEXT…"),
    Verb("severity", NIGHT, "lifecycle.respond", "Set the severity.", "[REF] SEVERITY [REASON]…"),
    Verb("role", NIGHT, "response.people", "Assign, take or hand over a role.", "[REF] [ROLE] [WHO] [TEXT]…"),
    Verb("escalate", NIGHT, "response.people", "Escalate to a person or team.", "[REF] [PERSON|TEAM] [REASON]…"),
    Verb("mitigate", NIGHT, "lifecycle.respond", "Mark the impact as stopped.", WORDS),
    Verb("resolve", NIGHT, "lifecycle.recovery", "Resolve an incident.", WORDS),
    Verb("status", NIGHT, "look.know", "Show what is open and what is late.", "[REF]"),
    Verb("next", NIGHT, "look.guide", "List what is due and the command for each item.", "[REF]"),
    Verb("undo", NIGHT, "care.undo", "Undo the last command, or a named one."),
    Verb("confirm", RESPOND, "lifecycle.triage", "Confirm that an incident is real.", WORDS),
    Verb("assess", RESPOND, "lifecycle.assess", "Assess the impact and set the severity.", "[REF]"),
    Verb("identify", RESPOND, "lifecycle.respond", "Mark the cause as identified.", WORDS),
    Verb("contain", RESPOND, "lifecycle.recovery", "Mark an incident as contained.", WORDS),
    Verb("restore", RESPOND, "lifecycle.recovery", "Mark services as restored.", "[REF] [SERVICE]…"),
    Verb(
        "verify",
        RESPOND,
        "lifecycle.recovery",
        "Record a verification check and its evidence.",
        "[REF] KIND WHAT ok|fail",
    ),
    Verb("close", RESPOND, "lifecycle.recovery", "Close a resolved incident.", WORDS),
    Verb("reopen", RESPOND, "lifecycle.respond", "Reopen an incident.", WORDS),
    Verb("decline", RESPOND, "lifecycle.triage", "Decline a false alarm.", WORDS),
    Verb("merge", RESPOND, "lifecycle.triage", "Merge duplicate incidents.", "FROM… [INTO]"),
    Verb("relate", RESPOND, "lifecycle.triage", "Link two related incidents.", "REF REF"),
    Verb("expect", RESPOND, "lifecycle.recovery", "Set the expected recovery time.", "[REF] T [TEXT]…"),
    Verb(
        "action",
        RESPOND,
        "response.actions",
        "Manage actions during the incident.",
        {"add": "[REF] TEXT…", "start": TASK, "done": TASK, "cancel": TASK, "list": "[REF]"},
    ),
    Verb(
        "team",
        RESPOND,
        "response.people",
        "Notify teams and track who has joined.",
        {"activate": "[REF] TEAM…", "joined": "[REF] TEAM…", "left": "[REF] TEAM…", "list": ""},
    ),
    Verb(
        "resource",
        RESPOND,
        "response.work",
        "Request resources; grant or refuse requests.",
        {"request": "[REF] TEXT…", "grant": TASK, "refuse": TASK, "list": "[REF]"},
    ),
    Verb("console", RESPOND, "timeline.running", "Open a prompt on one incident.", "[REF]"),
    Verb("run", RESPOND, "timeline.running", "Run a command and record its result.", "[REF] -- CMD…"),
    Verb("amend", RECORD, "timeline.running", "Correct a timeline entry.", "[REF] ENTRY TEXT…"),
    Verb("set", RECORD, "lifecycle.respond", "Set properties of an incident.", "[REF] KEY=VALUE…"),
    Verb("edit", RECORD, "lifecycle.respond", "Open the note of an incident in your editor.", "[REF]"),
    Verb("history", RECORD, "care.care", "Show every change to the notes of an incident.", "[REF]"),
    Verb("redo", RECORD, "care.undo", "Redo what the last undo reverted."),
    Verb("effort", RECORD, "response.work", "Record or list time spent on an incident.", "[REF] [TIME] [as ROLE]"),
    Verb(
        "cost",
        RECORD,
        "response.work",
        "Record or list the costs of an incident.",
        "[REF] [WHAT AMOUNT CURRENCY TEXT…]",
    ),
    Verb(
        "data-loss",
        RECORD,
        "lifecycle.recovery",
        "Record whether data was lost.",
        "[REF] none|some|unknown [TEXT]…",
    ),
    Verb("redact", RECORD, "care.care", "Remove a secret from notes and their history.", "REF"),
    Verb("restrict", RECORD, "care.discretion", "Restrict who can read an incident.", "[REF]"),
    Verb("list", FIND, "look.know", "List open incidents, or all that match."),
    Verb("show", FIND, "look.one", "Show one incident.", "[REF]"),
    Verb("timeline", FIND, "look.one", "Show the timeline of an incident.", "[REF]"),
    Verb("search", FIND, "look.find", "Search the notes of all incidents.", "WORDS…"),
    Verb("similar", FIND, "look.find", "Find similar incidents.", "[REF | TITLE…]"),
    Verb("who", FIND, "response.people", "Show who works on which incident."),
    Verb("indicators", FIND, "look.find", "List indicators of compromise in an incident.", "[REF]"),
    Verb(
        "comms",
        COMMUNICATE,
        "comms.messages",
        "Draft, approve and send messages.",
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
    Verb(
        "review",
        LEARN,
        "review.reviews",
        "Write, check and approve the review of an incident.",
        {
            "new": "[REF]",
            "check": "[REF]",
            "set": "[REF]",
            "submit": WORDS,
            "approve": WORDS,
            "close": WORDS,
            "feedback": "[REF] SCORE [TEXT]…",
            "lesson": "[REF] [TEXT]…",
            "edit": "[REF]",
            "public": "[REF]",
            "list": "",
        },
    ),
    Verb(
        "follow-up",
        LEARN,
        "review.follow_up",
        "Manage follow-ups (action items) after the incident.",
        {
            "add": "[REF] TEXT…",
            "set": "[REF] NAME",
            "start": TASK,
            "done": TASK,
            "cancel": TASK,
            "list": "[REF]",
        },
    ),
    Verb("lessons", LEARN, "look.learn", "Collect the lessons learned from all incidents."),
    Verb("report", NUMBERS, "look.learn", "Report on the incidents of a period."),
    Verb("check", OBSIDIAN, "care.check", "Check the notes for mistakes.", "[REF]"),
    Verb(
        "templates",
        OBSIDIAN,
        "care.templates",
        "List, copy and check templates.",
        {"show": "", "copy": "", "check": ""},
    ),
    Verb("import", CONNECT, "care.connect", "Import incidents from another tool.", {"cstate": ""}),
    Verb("hooks", CONNECT, "care.agents", "List your commands that run on events."),
    Verb("describe", SCRIPTS, "care.agents", "Describe all commands and formats for programs."),
    Verb("completion", SCRIPTS, "care.agents", "Print the completion script of your shell."),
    Verb("init", SETUP, "care.init", "Create a vault, or complete a folder."),
    Verb("demo", SETUP, "care.demo", "Try one incident on a copy of the example vault."),
    Verb("config", SETUP, "care.setup", "Show, check and change the settings.", {"show": "", "check": "", "set": ""}),
    Verb("doctor", SETUP, "care.doctor", "Check the vault and repair overwritten or interrupted edits."),
    Verb("help", SETUP, "care.help", "Show the help of a command or topic."),
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
