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

COMMANDS = (
    Command("init", SET_UP, "setup", "Make a folder a vault, or complete one."),
    Command("demo", SET_UP, "setup", "Copy the example vault and walk one incident through its life."),
    Command("check", SET_UP, "setup", "Find what is wrong in the notes, with path and line."),
    Command("config", SET_UP, "setup", "Show the settings in force and where each comes from."),
    Command("templates", SET_UP, "templates", "List the templates and which file wins; copy one, check them."),
    Command("doctor", SET_UP, "care", "Find what commands and editors did to each other, and mend it."),
    Command("journal", SET_UP, "care", "Look after the record of what was done."),
    Command("open", RESPOND, "triage", "Open an incident; a title is enough."),
    Command("ack", RESPOND, "respond", "Take an incident: it is being investigated."),
    Command("assess", RESPOND, "assess", "Say how bad it is, for whom, and what that asks for."),
    Command("log", RESPOND, "running", "Write a line into the timeline."),
    Command("severity", RESPOND, "respond", "Set how bad it is."),
    Command("identify", RESPOND, "respond", "Say that the cause is known."),
    Command("mitigate", RESPOND, "respond", "Say that the impact has stopped; watch it from now on."),
    Command("resolve", RESPOND, "outcome", "Say that it is over, and what there is to say of it."),
    Command("close", RESPOND, "outcome", "Put a resolved incident to rest."),
    Command("next", RESPOND, "guide", "Say what is due, by when, and the command that does it; overdue first."),
    Command("confirm", TRIAGE, "triage", "Say that it is real; who confirms it need not lead it."),
    Command("decline", TRIAGE, "triage", "Set a false alarm aside."),
    Command("merge", TRIAGE, "triage", "Make one of several incidents that are the same."),
    Command("relate", TRIAGE, "triage", "Say that two incidents belong together."),
    Command("reopen", TRIAGE, "respond", "Take up an incident again that was over."),
    Command("run", RUN, "running", "Run a command, and keep what it did in the timeline."),
    Command("action", RUN, "actions", "Look after what is to be done while it lasts."),
    Command("amend", RUN, "running", "Put other words into a line of the timeline."),
    Command("set", RUN, "respond", "Set properties: KEY=VALUE."),
    Command("edit", RUN, "respond", "Open the note in your editor."),
    Command("expect", RUN, "outcome", "Say when it will be over; each promise stays in the timeline."),
    Command("take", PEOPLE, "people", "Take a role yourself."),
    Command("handoff", PEOPLE, "people", "Hand a role over, with what the next one must know."),
    Command("role", PEOPLE, "people", "Say who holds a role."),
    Command("team", PEOPLE, "people", "Call teams, and say when they came and left."),
    Command("escalate", PEOPLE, "people", "Call somebody further for help."),
    Command("who", PEOPLE, "people", "Show who is on what, those with the most first."),
    Command("resource", PEOPLE, "work", "Ask for what a response needs, and answer."),
    Command("effort", PEOPLE, "work", "Write down work on an incident; alone it shows whose."),
    Command("cost", PEOPLE, "work", "Write down what an incident cost; alone it shows what is known."),
    Command("contain", RECOVER, "outcome", "Say that it spreads no further; the status stays."),
    Command("restore", RECOVER, "outcome", "Say that services work again."),
    Command("verify", RECOVER, "outcome", "Write down how a check came out, with what shows it."),
    Command("data-loss", RECOVER, "outcome", "Say whether data was lost, and since when."),
    Command("tell", TELL, "tell", "Tell an audience how it stands, and keep what it was told."),
    Command("comms", TELL, "messages", "Draft, approve and send messages; see who is owed one."),
    Command("brief", TELL, "guide", "Put an incident on one screen, for whoever comes in late."),
    Command("list", KNOW, "know", "List the open incidents, or all that fit."),
    Command("show", KNOW, "know", "Show one incident."),
    Command("status", KNOW, "know", "Say in a few lines what is going on."),
    Command("board", KNOW, "guide", "Show all that is not at rest, and what is due; live on a terminal."),
    Command("timeline", KNOW, "know", "Show what happened, in order."),
    Command("search", KNOW, "find", "Find incidents by the words of their notes."),
    Command("similar", KNOW, "find", "Find incidents like one, or like a title."),
    Command("indicators", KNOW, "find", "List the addresses and digests in an incident's notes."),
    Command("history", KNOW, "care", "Show what was changed in an incident's notes, by whom and when."),
    Command("undo", PUT_RIGHT, "care", "Take back the last command, or a named one."),
    Command("redact", PUT_RIGHT, "care", "Take a secret out of an incident's notes and their history."),
    Command("restrict", PUT_RIGHT, "discretion", "Keep an incident from all who are not meant to know of it."),
    Command("unrestrict", PUT_RIGHT, "discretion", "Let a restricted incident be known again."),
    Command("report", LEARN, "learn", "Report a week, honestly: n, open and missing beside every number."),
    Command("review", LEARN, "review", "Learn from an incident: draft its review, check it, bring it to its end."),
    Command("follow-up", LEARN, "follow_up", "Look after what is done when it is over, until it is done."),
    Command("lessons", LEARN, "learn", "Gather what all incidents teach."),
    Command("import", CONNECT, "connect", "Bring in incidents that another tool has kept."),
    Command("describe", CONNECT, "agents", "Describe every command, exit code and note format, for programs."),
    Command("completion", CONNECT, "agents", "Print the script that lets your shell complete what you type."),
    Command("hooks", CONNECT, "agents", "List the commands of yours that are told what happens."),
)

BY_NAME = {command.name: command for command in COMMANDS}
