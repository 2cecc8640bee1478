"""The topics of help: what each explains, with the commands that the table lists under it. Each fits a screen of 24 rows."""

from __future__ import annotations

from okb_incident.cli.table import (
    COMMUNICATE,
    CONNECT,
    FIND,
    LEARN,
    NUMBERS,
    OBSIDIAN,
    RECORD,
    RESPOND,
    SCRIPTS,
    SETUP,
    VERBS,
)

#: The title of each topic, and what is said below its commands.
TOPICS: dict[str, tuple[str, str]] = {
    RESPOND: (
        "The life of an incident, and the people and work in it",
        """
Status: investigating (ack), identified, mitigated, resolved, closed.
`incident next` lists what is due, with the command for it.""",
    ),
    RECORD: (
        "Correct and complete the record",
        """
incident set cause=change trigger="deploy 4f2a"
incident set started=14:40 --correct
incident amend mine "the pool limit was 40, not 400"
incident cost refunds 1200 CHF --range 900..1500 --source "the payment provider"
incident undo                     (the last command, whatever it was)""",
    ),
    FIND: (
        "Find and read incidents",
        """
incident list --all --where severity=sev1 --where services~pay --sort -started
incident list --where status=resolved --ids | incident close -
incident show checkout            (words of the title are enough to read)
incident search "pool exhausted"
Restricted incidents are left out unless --restricted is typed.""",
    ),
    COMMUNICATE: (
        "Tell people what happens",
        """
Audiences: team, management (internal); users, stakeholders (external).

incident tell users "Card payments fail. Wallets work." --next 30m
incident comms draft users        (from a template; then edit, approve, send)
incident comms due                (who waits for an update, and until when)
incident log --external "Payments work again."     (public timeline)
Messages go out through your hooks: incident help connect""",
    ),
    LEARN: (
        "Learn from an incident",
        """
incident review new               (draft the review from the record)
incident follow-up add "alarm on pool usage" --owner bob --due 14d
incident lessons

A drill is recorded like an incident, but its messages are not sent:
incident open "The database fails over" --drill""",
    ),
    NUMBERS: (
        "Figures for a week, a quarter or a service",
        """
incident report                   (this week)
incident report --from 2026-10-01 --to 2027-01-01 --save
incident report --last 4w --where services~pay --json

Each figure shows how many incidents it covers, how many are open and how many
lack a time. docs/metrics.md defines each figure.""",
    ),
    OBSIDIAN: (
        "Notes, templates and Obsidian",
        """
An incident is one Markdown note; edit it in Obsidian whenever you like.

incident check --fix              (repair what is certain)
incident templates copy users-service-notice
incident edit 01                  (the note in your editor)
The timeline is a list of entries: - 14:05 [decision] @alice roll back""",
    ),
    CONNECT: (
        "Connect other tools",
        """
Hooks are commands in ~/.config/okb-incident/settings.toml; each reads the event
as JSON from standard input. A vault cannot run anything. docs/scripts.md has
examples.

incident import cstate ~/status/content/issues
incident status --check || mail -s "incidents are late" oncall""",
    ),
    SCRIPTS: (
        "Scripts, agents and shell completion",
        """
incident open "Disk full on db1" --json
incident list --ids --where severity=sev4 | incident close -
incident describe --json          (commands, options, exit codes, formats)
echo 'eval "$(incident completion bash)"' >> ~/.bashrc

--no-input never asks; --dry-run shows the change and writes nothing; --json
prints one document, and errors as JSON to standard error.
Exit codes: 2 usage, 4 not found, 5 invalid note, 6 conflict, 7 refused by the
status, 9 late (with --check). docs/scripts.md has all of them.""",
    ),
    SETUP: (
        "Set up a vault and yourself",
        """
incident demo                     (a vault to try)
incident init ~/kb
incident config show policy       (targets for each severity)

The vault is --vault, INCIDENT_VAULT, the folder you are in, or `vault` in
~/.config/okb-incident/settings.toml; you are --as, INCIDENT_USER, `user` in
that file, or your name in git.""",
    ),
    "naming": (
        "Name the incident that you mean",
        """
incident ack                      the one open incident that it can be
incident ack 01                   the newest incident with number 01
incident ack 1123-01              number 01 of 23 November
incident ack INC-20261123-01      the full id; a restricted incident needs it
incident ack last                 the newest incident
incident ack -i 01                -i takes the same names and words of a title
incident show "checkout slow"     words of a title, for commands that only read
export INCIDENT_ID=INC-20261123-01     for all commands of this shell

If several incidents are possible, a terminal asks; a script gets exit code 4
and the choices. A number before text may be text: `log 12 pods restarted` asks
which was meant. Use -i in scripts.""",
    ),
    "times": (
        "Type times and durations",
        """
--at -10m                 ten minutes ago; also -2h, -1d, "10 min ago"
--at 14:05                the last 14:05, at most twelve hours ago
--at 2026-11-23T14:05     that day; with Z or +01:00 in another zone
--next 30m, --next 14:30  ahead: in half an hour, at the next 14:30
--due 14d, --due tomorrow

Times are read in your zone (`zone` in your settings) and written to notes in
the zone of the vault (`incident config show zone`). A time that cannot be
right, such as a resolution before the start, is refused; --confirm accepts it.
--correct replaces a recorded time.""",
    ),
}


def topic_page(name: str) -> str:
    """Return the page of a topic."""
    title, text = TOPICS[name]
    commands = [f"  {verb.name:<12}{verb.help}" for verb in VERBS if verb.group == name]
    parts = [f"{title}", *(["\n".join(commands)] if commands else []), text.strip("\n")]
    return "\n\n".join(parts)


def topic_list(indent: str, width: int) -> list[str]:
    """Return the names of the topics on lines of at most a width, all but the first indented."""
    from textwrap import wrap

    return wrap(", ".join(TOPICS), width, subsequent_indent=indent)
