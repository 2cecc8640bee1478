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
    Command("init", SET_UP, "care.setup", "Make a folder a vault, or complete one."),
    Command("demo", SET_UP, "care.setup", "Copy the example vault and walk one incident through its life."),
    Command("check", SET_UP, "care.setup", "Find what is wrong in the notes, with path and line."),
    Command("config", SET_UP, "care.setup", "Show the settings in force and where each comes from."),
    Command("templates", SET_UP, "care.templates", "List the templates and which file wins; copy one, check them."),
    Command("doctor", SET_UP, "care.care", "Find what commands and editors did to each other, and mend it."),
    Command("journal", SET_UP, "care.care", "Look after the record of what was done."),
    Command("open", RESPOND, "lifecycle.triage", "Open an incident; a title is enough."),
    Command("ack", RESPOND, "lifecycle.respond", "Take an incident: it is being investigated."),
    Command("assess", RESPOND, "lifecycle.assess", "Say how bad it is, for whom, and what that asks for."),
    Command("log", RESPOND, "timeline.running", "Write a line into the timeline."),
    Command("severity", RESPOND, "lifecycle.respond", "Set how bad it is."),
    Command("identify", RESPOND, "lifecycle.respond", "Say that the cause is known."),
    Command("mitigate", RESPOND, "lifecycle.respond", "Say that the impact has stopped; watch it from now on."),
    Command("resolve", RESPOND, "lifecycle.outcome", "Say that it is over, and what there is to say of it."),
    Command("close", RESPOND, "lifecycle.outcome", "Put a resolved incident to rest."),
    Command("next", RESPOND, "look.guide", "Say what is due, by when, and the command that does it; overdue first."),
    Command("confirm", TRIAGE, "lifecycle.triage", "Say that it is real; who confirms it need not lead it."),
    Command("decline", TRIAGE, "lifecycle.triage", "Set a false alarm aside."),
    Command("merge", TRIAGE, "lifecycle.triage", "Make one of several incidents that are the same."),
    Command("relate", TRIAGE, "lifecycle.triage", "Say that two incidents belong together."),
    Command("reopen", TRIAGE, "lifecycle.respond", "Take up an incident again that was over."),
    Command("run", RUN, "timeline.running", "Run a command, and keep what it did in the timeline."),
    Command("action", RUN, "response.actions", "Look after what is to be done while it lasts."),
    Command("amend", RUN, "timeline.running", "Put other words into a line of the timeline."),
    Command("set", RUN, "lifecycle.respond", "Set properties: KEY=VALUE."),
    Command("edit", RUN, "lifecycle.respond", "Open the note in your editor."),
    Command("expect", RUN, "lifecycle.outcome", "Say when it will be over; each promise stays in the timeline."),
    Command("take", PEOPLE, "response.people", "Take a role yourself."),
    Command("handoff", PEOPLE, "response.people", "Hand a role over, with what the next one must know."),
    Command("role", PEOPLE, "response.people", "Say who holds a role."),
    Command("team", PEOPLE, "response.people", "Call teams, and say when they came and left."),
    Command("escalate", PEOPLE, "response.people", "Call somebody further for help."),
    Command("who", PEOPLE, "response.people", "Show who is on what, those with the most first."),
    Command("resource", PEOPLE, "response.work", "Ask for what a response needs, and answer."),
    Command("effort", PEOPLE, "response.work", "Write down work on an incident; alone it shows whose."),
    Command("cost", PEOPLE, "response.work", "Write down what an incident cost; alone it shows what is known."),
    Command("contain", RECOVER, "lifecycle.outcome", "Say that it spreads no further; the status stays."),
    Command("restore", RECOVER, "lifecycle.outcome", "Say that services work again."),
    Command("verify", RECOVER, "lifecycle.outcome", "Write down how a check came out, with what shows it."),
    Command("data-loss", RECOVER, "lifecycle.outcome", "Say whether data was lost, and since when."),
    Command("tell", TELL, "comms.tell", "Tell an audience how it stands, and keep what it was told."),
    Command("comms", TELL, "comms.messages", "Draft, approve and send messages; see who is owed one."),
    Command("brief", TELL, "look.guide", "Put an incident on one screen, for whoever comes in late."),
    Command("list", KNOW, "look.know", "List the open incidents, or all that fit."),
    Command("show", KNOW, "look.know", "Show one incident."),
    Command("status", KNOW, "look.know", "Say in a few lines what is going on."),
    Command("board", KNOW, "look.guide", "Show all that is not at rest, and what is due; live on a terminal."),
    Command("timeline", KNOW, "look.know", "Show what happened, in order."),
    Command("search", KNOW, "look.find", "Find incidents by the words of their notes."),
    Command("similar", KNOW, "look.find", "Find incidents like one, or like a title."),
    Command("indicators", KNOW, "look.find", "List the addresses and digests in an incident's notes."),
    Command("history", KNOW, "care.care", "Show what was changed in an incident's notes, by whom and when."),
    Command("undo", PUT_RIGHT, "care.care", "Take back the last command, or a named one."),
    Command("redact", PUT_RIGHT, "care.care", "Take a secret out of an incident's notes and their history."),
    Command("restrict", PUT_RIGHT, "care.discretion", "Keep an incident from all who are not meant to know of it."),
    Command("unrestrict", PUT_RIGHT, "care.discretion", "Let a restricted incident be known again."),
    Command("report", LEARN, "look.learn", "Report a week, honestly: n, open and missing beside every number."),
    Command(
        "review", LEARN, "review.review", "Learn from an incident: draft its review, check it, bring it to its end."
    ),
    Command("follow-up", LEARN, "review.follow_up", "Look after what is done when it is over, until it is done."),
    Command("lessons", LEARN, "look.learn", "Gather what all incidents teach."),
    Command("import", CONNECT, "care.connect", "Bring in incidents that another tool has kept."),
    Command("describe", CONNECT, "care.agents", "Describe every command, exit code and note format, for programs."),
    Command("completion", CONNECT, "care.agents", "Print the script that lets your shell complete what you type."),
    Command("hooks", CONNECT, "care.agents", "List the commands of yours that are told what happens."),
)

BY_NAME = {command.name: command for command in COMMANDS}
