"""The table of commands: names, order, modules and help lines of the whole command line at a glance.

Help, suggestions, completion and docs/commands.md all come from it, and none of them imports a command.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One command.

    Attributes:
        name: What is typed.
        group: The heading it stands under in help.
        module: The module in `cli/commands` that holds it.
        help: One line; the same as the first line of its own help.
    """

    name: str
    group: str
    module: str
    help: str


SET_UP, RESPOND, KNOW, TELL, LEARN, CONNECT = "Set up", "Respond", "Know", "Tell", "Learn", "Connect"

COMMANDS = (
    Command("init", SET_UP, "setup", "Make a folder a vault, or complete one."),
    Command("demo", SET_UP, "setup", "Copy the example vault and walk one incident through its life."),
    Command("doctor", SET_UP, "care", "Find what went wrong between commands and editors, and offer to make it good."),
    Command("journal", SET_UP, "care", "Look after the record of what was done."),
    Command("check", SET_UP, "setup", "Find what is wrong in the notes, with path and line."),
    Command("config", SET_UP, "setup", "Show the settings in force and where each comes from."),
    Command("templates", SET_UP, "setup", "List the templates and which file wins; print one."),
    Command("open", RESPOND, "triage", "Open an incident; a title is enough."),
    Command("confirm", RESPOND, "triage", "Say that it is real; who confirms it need not lead it."),
    Command("ack", RESPOND, "respond", "Take an incident: it is being investigated."),
    Command("severity", RESPOND, "respond", "Set how bad it is."),
    Command("identify", RESPOND, "respond", "Say that the cause is known."),
    Command("mitigate", RESPOND, "respond", "Say that the impact has stopped; watch it from now on."),
    Command("contain", RESPOND, "outcome", "Say that it spreads no further; the status stays."),
    Command("restore", RESPOND, "outcome", "Say that services work again."),
    Command("expect", RESPOND, "outcome", "Say when it will be over; each promise stays in the timeline."),
    Command("data-loss", RESPOND, "outcome", "Say whether data was lost, since when, and what it was restored from."),
    Command("verify", RESPOND, "outcome", "Write down how a check came out, with what shows it."),
    Command("resolve", RESPOND, "outcome", "Say that it is over, and what there is to say of it."),
    Command("close", RESPOND, "outcome", "Put a resolved incident to rest."),
    Command("reopen", RESPOND, "respond", "Take up an incident again that was over."),
    Command("decline", RESPOND, "triage", "Set a false alarm aside."),
    Command(
        "merge",
        RESPOND,
        "triage",
        "Make one of several incidents that are the same; both notes stay, and it can be undone.",
    ),
    Command("relate", RESPOND, "triage", "Say that two incidents belong together."),
    Command("log", RESPOND, "running", "Write a line into the timeline."),
    Command(
        "amend", RESPOND, "running", "Put other words into a line of the timeline; the old ones stay, struck below it."
    ),
    Command(
        "run",
        RESPOND,
        "running",
        "Run a command, and write it, its exit code, its duration and its last lines into the timeline.",
    ),
    Command("action", RESPOND, "actions", "Look after what is to be done while it lasts."),
    Command("set", RESPOND, "respond", "Set properties: KEY=VALUE."),
    Command("take", RESPOND, "people", "Take a role yourself."),
    Command("handoff", RESPOND, "people", "Hand a role over, with what the next one must know."),
    Command("role", RESPOND, "people", "Say who holds a role."),
    Command("team", RESPOND, "people", "Call teams, and say when they came and left."),
    Command("escalate", RESPOND, "people", "Call somebody further for help."),
    Command("resource", RESPOND, "work", "Ask for what a response needs, and answer."),
    Command("effort", RESPOND, "work", "Write down work on an incident; alone it shows who worked for how long."),
    Command(
        "cost", RESPOND, "work", "Write down what an incident cost, and how sure that is; alone it shows what is known."
    ),
    Command("restrict", RESPOND, "discretion", "Keep an incident from all who are not meant to know of it."),
    Command("unrestrict", RESPOND, "discretion", "Let a restricted incident be known again."),
    Command("edit", RESPOND, "respond", "Open the note in your editor."),
    Command("list", KNOW, "know", "List the open incidents, or all that fit."),
    Command("show", KNOW, "know", "Show one incident."),
    Command("timeline", KNOW, "know", "Show what happened, in order."),
    Command("status", KNOW, "know", "Say in a few lines what is going on."),
    Command("next", KNOW, "guide", "Say what is due, by when, and the command that does it; overdue first."),
    Command(
        "brief",
        KNOW,
        "guide",
        "Put an incident on one screen: status, impact, what is known, what is done, needed and next.",
    ),
    Command(
        "board",
        KNOW,
        "guide",
        "Show all that is not at rest, and what is due; on a terminal it stays and keeps itself up to date.",
    ),
    Command("who", KNOW, "people", "Show who is on what, those with the most first."),
    Command("history", KNOW, "care", "Show what was changed in an incident's notes, by whom and when."),
    Command("undo", KNOW, "care", "Take back the last command, or a named one."),
    Command("search", KNOW, "find", "Find incidents by the words of their notes."),
    Command("similar", KNOW, "find", "Find incidents like one, or like a title."),
    Command(
        "tell",
        TELL,
        "tell",
        "Tell an audience how it stands: keep the message as a note, and say in the timeline that it went out.",
    ),
    Command("comms", TELL, "tell", "Look after what audiences are told."),
    Command(
        "indicators",
        KNOW,
        "find",
        "List the addresses, names, URLs and digests in an incident's notes, and where else each occurs.",
    ),
    Command("report", LEARN, "learn", "Report a week, honestly: n, open and missing beside every number."),
    Command(
        "redact", CONNECT, "care", "Take a secret out of an incident's notes, and out of all that is kept of them."
    ),
    Command("describe", CONNECT, "agents", "Describe every command, exit code and note format, for programs."),
    Command(
        "completion",
        CONNECT,
        "agents",
        "Print the script that lets a shell complete commands, ids, services, people and words.",
    ),
    Command("hooks", CONNECT, "agents", "List the commands of yours that are told what happens."),
    Command("import", CONNECT, "connect", "Bring in incidents that another tool has kept."),
)

BY_NAME = {command.name: command for command in COMMANDS}
