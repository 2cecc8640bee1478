"""The reference pages of docs/, made from the same tables as the program; a test holds them to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_command

from okb_incident.cli.main import app
from okb_incident.cli.table import VERBS
from okb_incident.core.comms.communication import KINDS
from okb_incident.core.guidance.template import NEW, REPORT, TEMPLATES
from okb_incident.core.guidance.variables import VARIABLES
from okb_incident.core.settings.read_policy import CATEGORY, EXPECTATION, POLICY, TEAM
from okb_incident.core.settings.specification import KEYS
from okb_incident.errors import ExitCode
from okb_incident.workflow.care.check import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.guidance.variables import Variable

EXIT_CODES = {
    ExitCode.OK: "done, and durable where something was written",
    ExitCode.FAILURE: "something failed that no other code names",
    ExitCode.USAGE: "an argument or option is wrong",
    ExitCode.SETTINGS: "the settings, or the vault: none found, not writable, of a newer format",
    ExitCode.NOT_FOUND: "what was named does not exist, or could be several things",
    ExitCode.INVALID: "a note is invalid, or `check` or `--strict` found something",
    ExitCode.CONFLICT: "it was changed by someone else at the same time, it exists already, or the holder of the lock kept it for five seconds",
    ExitCode.REFUSED: "the status does not allow that",
    ExitCode.DELIVERY: "the note is written, a message was not delivered",
    ExitCode.DUE: "something is due; only with `--check`",
    ExitCode.INTERRUPTED: "interrupted",
}


def pages() -> dict[str, str]:
    """Return the generated pages by file name."""
    return {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "check.md": check_page(),
        "templates.md": templates_page(),
    }


def commands_page() -> str:
    """Return docs/commands.md: every command with its help, as the terminal shows it, and the exit codes."""
    parts = [
        "# Commands\n",
        (
            "Made from the program's own table. Global options (`--vault`, `--as`, `--no-input`, `--debug`) go before the "
            "command.\n"
        ),
    ]
    group: Any = get_command(app)
    root = typer.Context(group, info_name="incident", terminal_width=100)
    for entry in VERBS:
        command = group.commands[entry.name]
        parts.append(f"## incident {entry.name}\n")
        parts += [f"```text\n{text}\n```\n" for text in _helps(command, root, entry.name)]
    parts.append("## Exit codes\n")
    parts.append(
        "| code | meaning |\n|---|---|\n" + "".join(f"| {code.value} | {EXIT_CODES[code]} |\n" for code in ExitCode)
    )
    return "\n".join(parts)


def _helps(command: Any, parent: Any, name: str) -> Iterator[str]:
    """Return the help of a command and of the commands below it."""
    context = type(parent)(command, info_name=name, parent=parent, terminal_width=100)
    yield command.get_help(context).replace("\b", "").rstrip()
    for inner, below in getattr(command, "commands", {}).items():
        yield from _helps(below, context, inner)


def templates_page() -> str:
    """Return docs/templates.md: every template, and every name that each may use."""
    when = {kind.template: kind.when for kind in KINDS}
    rows = "".join(
        f"| `{each.name}` | {each.what} | {KNOWS[each.knows]} | {when.get(each.name, '')} |\n" for each in TEMPLATES
    )
    tables = "".join(
        f"\n### {title}\n\n{HEAD}" + "".join(f"| `{{{{{name}}}}}` | {meaning} |\n" for name, meaning in names.items())
        for title, names in (("Of a note to come", NEW), ("Of the report", REPORT))
    )
    outside, inside, only = (
        HEAD + "".join(map(_variable, which))
        for which in (
            [each for each in VARIABLES if each.outside],
            [each for each in VARIABLES if not each.outside and not each.only and each.meaning],
            [each for each in VARIABLES if each.only],
        )
    )
    return TEMPLATES_PAGE.format(rows=rows, tables=tables, outside=outside, inside=inside, only=only)


def _variable(each: Variable) -> str:
    keys = f"; each has {', '.join(f'`{key}`' for key in each.keys)}" if each.keys else ""
    return f"| `{each.name}` | {each.meaning}{keys} |\n"


HEAD = "| name | stands for |\n|---|---|\n"
KNOWS = {"new": "few", "facts": "all", "outside": "those for outside", "report": "its own", "nothing": "none"}

TEMPLATES_PAGE = """# Templates

Made from the program's own tables. To change one for your vault:

```sh
incident templates                             # which file wins for each name
incident templates copy users-service-notice   # into templates/incident/, where you change it in Obsidian
incident templates check                       # render all of them with a full and with a nearly empty incident
```

The vault's own goes before your own (in `templates/` next to your settings), and that before the shipped one. One of the vault's or
your own named `incident` goes before the shipped ones of a category, too.

## Which there are

| template | for | names it may use | sent while the incident is |
|---|---|---|---|
{rows}
A template of your own has any name of small letters, digits and hyphens; a category takes one with `template = "…"` in
[settings](settings.md), else the one that is called `incident-` and its name: `incident-vendor.md` for the category `vendor`.

## Three ways to write one

- A file whose first line begins with `{{#` is Jinja2, in a box: plain data, no attributes, no files, no other templates, limits on
  time, memory and size. Conditions and loops are there, filters such as `join`, `default` and `length` too.
- Any other file is an ordinary template of Obsidian: `{{{{title}}}}`, `{{{{date:dddd D MMMM YYYY}}}}`, `{{{{time:HH:mm}}}}` in
  Moment's tokens, and a part of Templater with its four ways to trim blanks: `tp.date.now`, `tomorrow`, `yesterday`, `weekday`;
  `tp.file.title`, `folder`, `path(true)`, `creation_date`, `last_modified_date`, `cursor`; `tp.frontmatter` for the properties that the
  note gets; `tp.system.prompt(text, default)`, which takes its default, without a question; `moment().format()`; texts joined by `+`,
  and `await`. What Templater's own engine makes of these is in the tests. A tag that means anything else, JavaScript above all, is
  refused with line and column, and nothing is written.
- Braces without a known name stay: Mermaid's `{{{{hexagon}}}}`, QuickAdd's `{{{{VALUE}}}}`.

A remark `%% … %%` at the start of a file is left out of the note. In a message, every remark is left out of what is sent.

A template asks its writer for what only a writer knows by a remark `%% ANSWER: … %%`: the answer takes its place. A draft with an open
question is neither approved nor sent, and one of a kind that does not fit the status of the incident is not sent: the command ends with
exit code 7 and names the lines. `--as-is` sends it all the same, and the timeline records what was missing. A template asks nothing that
`{{{{message}}}}` answers, the text that was typed for a draft; `tell` makes no draft, and is never stopped. Without such remarks, what
people leave where text is missing counts as a question: `TBD`, `TODO`, `FIXME`, `XXX`, `???`, `{{{{…}}}}`, `<% … %>`, and `…` with nothing
next to it but a list sign, a label or the edges of a cell. Any other remark is advice.

A name that stands for nothing is empty, and a message says then that nothing is recorded, asks, or leaves it out; it never claims that
there is nothing. Messages write a link as its words, a time as `02:40 UTC` (`02:40 UTC on 22 November` if it is another day), a duration
as `43 minutes`, a timeline entry as a sentence, and, for colleagues, a person by the heading of their note.

A template that you copied or wrote before keeps working when the shipped one of its name has learned more: `incident templates check`
names the headings and variables that are new.

What a name stands for is put in as text: Templater's tags, Dataview's queries and the `%%` of a remark in it are broken, and in
properties it never meets YAML.

## Names
{tables}
### For outside

Templates for users and stakeholders know these and nothing else: what they cannot name cannot get out.

{outside}
### For inside

All other documents know these, and those above.

{inside}
### Of some templates alone

{only}"""


def settings_page() -> str:
    """Return docs/settings.md: every key of incident.toml."""
    rows = "".join(f"| `{key}` | {known.meaning} |\n" for key, known in KEYS.items())
    policy = "".join(
        f"\n`{title}`:\n\n| key | meaning |\n|---|---|\n"
        + "".join(f"| `{name}` | {key.meaning} |\n" for name, key in keys.items())
        for title, keys in (
            ("[policy]", POLICY),
            ("[policy.SEV1]", EXPECTATION),
            ("[categories.security]", CATEGORY),
            ("[teams.payments]", TEAM),
        )
    )
    return (
        "# Settings\n\n"
        "`incident.toml` at the top of a vault holds data only, never a command. `incident config show` prints what is in "
        "force and where each value comes from, `incident config check` names every key that cannot be used, with its line, and "
        "what differs from the defaults. Unknown keys are named and ignored; a value that cannot be used is an error with "
        "its line. The file is a plain one, no link, of at most 64 KiB; folders are inside the vault.\n\n"
        f"| key | meaning |\n|---|---|\n{rows}\n"
        "## The policy\n\n"
        "What the organization expects of a response. Each severity of the scale has a table of its own, and so has each category and "
        "each team; a key that is absent keeps its default, which `incident config show policy.SEV1` prints. "
        "[policy.md](policy.md) says how to choose.\n"
        f"{policy}\n"
        "`[priority]` gives the priority for each urgency and business impact: "
        '`high = { critical = "P1", high = "P1", medium = "P2", low = "P3" }`, and so for `medium` and `low`.\n\n'
        "`[notify]` gives for each class of data within which time after its detection a breach is notified to an authority: "
        '`personal = "72h"`, or `"none"`; at most a year. [policy.md](policy.md) has the defaults and why.\n\n'
        "## A person's own\n\n"
        "A person's own settings lie in `~/.config/okb-incident/settings.toml`: `vault` (the vault to use where none is given "
        "or near), `user` (who acts), `zone` (the time zone in which typed times are read).\n"
    )


TREND = """## Findings by month

```sh
incident check --trend
incident check --trend --from 2026-01-01 --to 2026-07-01 --json
```

`incident check --trend` counts the findings of each incident by the month in which it was declared: of the last twelve months, or of
the period that `--from`, `--to` or `--last` chooses. It ends with 0, whatever it finds. Its JSON is `documentation` in the [schema](schemas/answers.schema.json).

- An incident counts in the month of its `declared`, in the zone of the vault. If `declared` is missing or cannot be read, or if the whole
  note cannot be read, the day of its id counts, and the incident is named.
- Its findings are those in its own note and in its assessments, messages and review, as they are now. Hints are not counted, nor are notes
  of other types. Restricted incidents are counted only with `--restricted`. Drills, declined and merged incidents count.
- A month shows how many incidents were declared in it, how many of these are open, how many have a finding, the median of findings per
  incident, and the most frequent codes. JSON has all codes, and the mean. From five incidents on, the share with findings is a percentage
  too.
- What is not in a month of the period is counted in one line, so that all figures together are the findings of `incident check`.

The month that is not over is marked `so far`. Its notes have had less time to be completed and repaired, so its figure is not the
figure that it will have in a year.

**What grows.** A code grows if a larger share of the incidents of the last three whole months has it than of the three months before, and
chance does not explain that: Fisher's exact test, one-sided, corrected by Holm for the number of codes, gives less than 0.05. What is
compared is incidents with that code, not findings: forty faults in one note are one incident. The running month and open incidents are
left out. Where even the clearest difference could be chance (three incidents against three), the answer is "too few incidents to tell".
Older notes have had more time to be repaired, which can look like growth: look at what the printed command lists before you conclude
anything.

`incident report` and `incident lessons` show the same for findings in properties alone, because the text of all notes takes too long to
read for a report.
"""
"""What docs/check.md says of the trend."""


def check_page() -> str:
    """Return docs/check.md: every code of a finding."""
    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in sorted(CODES.items()))
    return (
        "# What check finds\n\n"
        "`incident check` reads every note and names what is wrong with path, line and one of these codes. It changes "
        "nothing without `--fix`. Exit code 5 says that there are findings. Those in notes that are not ours are counted in one line; `--all` "
        "lists them, and then they count.\n\n"
        "`--code CODE` lists the findings of one code, `--from`, `--to` and `--last` those in the notes of the incidents that were declared "
        "in a period. `--trend` shows how the findings develop.\n\n"
        f"| code | meaning |\n|---|---|\n{rows}\n{TREND}"
    )
