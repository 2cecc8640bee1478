"""The reference of the timeline for writers, ``docs/timeline.md``, made from what reads and writes it.

The examples of typed lines and of faults are read here by the same code that reads a note, so they cannot be out of date.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from okb_incident.core.timeline.kinds import ANY_WORDS, KINDS
from okb_incident.core.timeline.payload import code_span, show_form
from okb_incident.core.timeline.timeline import RECORDED_AFTER, read_timeline, write_entry
from okb_incident.core.values.moment import show_seconds, write_moment

if TYPE_CHECKING:
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.kinds import EntryKind

ABOVE = "- 2026-11-23T02:16:00 **severity** @alice: SEV2 → SEV1, every card payment fails"

TYPED = (
    "- 02:22 support has 40 tickets",
    "- **02:22** support has 40 tickets",
    "- 02:22 - support has 40 tickets",
    "- 02:22: support has 40 tickets",
    "* [x] 02:22 support has 40 tickets",
    "- 02:22 UTC support has 40 tickets",
    "- ~02:20 support has 40 tickets",
    "- 2026-11-23 02:22 support has 40 tickets",
    "- 2026-11-23T04:22+02:00 support has 40 tickets",
    "- 02:24 @bob: edge-proxy is calm again",
    "- 02:31 decision: roll back 4f2a",
    "- 02:31 **Decision:** roll back 4f2a",
    "- 02:31 change @bob: Rollback: deploy 4f2a",
    "- 02:55 status: investigating -> monitoring",
    "- 02:31 bob: roll back 4f2a",
    "- 02:22 card errors double #external",
)

FAULTY = (
    "- 02:22-02:40 checkout was slow",
    "- 2:22 pm support has 40 tickets",
    "- 02:22 CET support has 40 tickets",
    "- 25:10 support has 40 tickets",
    "- 2026-11-24 the vendor called",
    "- the vendor called",
    "- 02:31 action: roll back 4f2a",
    "- 02:31 **actoin** @bob: a1 done",
)

START = """\
# The timeline

The Timeline section of an incident note is its log: one list line for one fact. Commands write it, and so may you, in any
editor. To add a line, type a time and what happened:

```
- 02:22 support has 40 tickets, all cards
```

That counts. To mark the sort of fact, put a kind and a colon before it, and, for the person, a handle:

```
- 02:31 decision @bob: roll back 4f2a
```

Nothing that you type is rewritten or moved. A line that cannot be read is kept, shown and counted as a note, and
`incident check` says what is wrong with it.

## The form

Commands write every line in one form:

```
- MOMENT **kind** @actor: PAYLOAD[ #external][ (recorded MOMENT)]
```

- **MOMENT** is the day and time in the vault's time zone, such as `2026-11-23T02:16:00`. In the hour that a clock change
  repeats, and only there, the offset follows it.
- **kind** is one of the kinds below.
- **@actor** is who did it. A handle ends at a blank, so `Ada Vogel` is written `@Ada-Vogel`. It may be missing.
- **PAYLOAD** is what happened. Each kind has a form for it.
- **#external** marks a line that may be shown to customers. Nothing else does, and no command sets it without `--external`.
- **(recorded MOMENT)** says when the line was entered. Commands add it to a line entered more than {late} after what it
  tells, so that back-dating is possible and can be seen.

`#external` and `(recorded …)` count once each, as the last words of a line, in either order; anywhere else they are words.
Where a text itself ends in such words, put a backslash before them: `\\#external`. Obsidian does not show it, nor the one in
`100%\\%`, where two per cent signs would hide what follows. The id that Obsidian puts behind a line when you link to it (`^3f2a9c`) is
not part of the text.

## What is read besides

People type in a hurry. Below this line:

```
{above}
```

a line typed as on the left is read as the one on the right. `~` before a moment means that it is approximate.

{typed}

So a kind may be written without stars and in any case, if it is a kind and a colon follows; an actor counts only before a colon;
`->` counts as `→`. A word before a colon that is not a kind is part of a note.

**The day of a bare time** is the one that brings it nearest to the line above it whose day is known, or else to the moment
when the incident was declared: below `23:58`, a line of `00:03` belongs to the next day. If two days are equally near, it is
the later. Such a moment is shown with `~`. If more than twelve hours lie between two lines, write the day: in the line, or in
a heading such as `### 2026-11-24`, which says what day the next time below it has.

**Other shapes** are read as well: a numbered list, a list in a callout, and a table with a time in a cell of its own, such as
`| 14:05 | @bob | restarted |`, where a cell `@NAME` is the actor, a cell with the name of a kind is the kind, and the other cells are
the text. No line is put between those of a callout or a table. `## Timeline (UTC)` is the timeline; of two, only the first is read.

**What belongs to a line:** indented lines below it, and text that follows it without a blank line, be it a paragraph or a fence.
Text alone, after a blank line or below a heading, is yours: it keeps its place and is not a line of the log. List lines
inside a fence are not read either. A list line indented by two blanks or more belongs to the line above. Lines that begin with a
time, or rows without one, and cannot be read are counted by `incident check`.

**New lines** go below the last line that is not later, and below what belongs to it. Existing lines are never moved, even if
they are out of order; views and reports sort. A line of unknown moment stays with the line above it.

## Faults

A line without a moment, or with one that would have to be guessed, counts as a note of unknown moment. A line that does not
fit the form of its kind counts as a note at its moment, with the kind as its first word. `incident check` lists both:

{faulty}

## Kinds

In a form, words in capitals stand for values, `·` separates words to choose from, and what is in square brackets may be
left out, except that links keep theirs. A comma ends a name. In a line, a moment always has its date. Where a kind also takes
any words, its form is the order in which they are understood as values.

{kinds}

Two moments of an incident are taken from these lines. People were *paged* at the first `escalation`, or the first `team`
line that says `notified`. Someone was *engaged* at the first `role` or `handoff` to a person, `team` line that says `joined`,
or `action`; the acknowledgement is a `status` line and does not count.
"""


def timeline_reference() -> str:
    """Return the whole text of ``docs/timeline.md``."""
    return START.format(
        late=show_seconds(RECORDED_AFTER.total_seconds()).replace("m", " minutes"),
        above=ABOVE,
        typed=_table(("typed", "read as"), [(code_span(line), code_span(_as_read(line))) for line in TYPED]),
        faulty=_table(("typed", "what is said"), [(code_span(line), _read(line).fault or "") for line in FAULTY]),
        kinds=_table(
            ("kind", "it says", "form", "example"),
            [(f"`{kind.name}`", kind.meaning, _forms(kind), _examples(kind)) for kind in KINDS.values()],
        ),
    )


def _read(line: str) -> TimelineEntry:
    return read_timeline([ABOVE, line], UTC, None)[1]


def _as_read(line: str) -> str:
    """Return a typed line in canonical form, with ``~`` where its moment is approximate."""
    entry = _read(line)
    at = entry.at or datetime.min.replace(tzinfo=UTC)
    written = write_entry(
        entry.kind,
        KINDS[entry.kind].write(entry.fields or {}, UTC),
        at=at,
        zone=UTC,
        actor=entry.actor,
        external=entry.external,
    )
    moment = write_moment(at, UTC)
    return written.replace(moment, f"~{moment}", 1) if entry.approximate else written


def _forms(kind: EntryKind) -> str:
    forms = [code_span(show_form(form)) for form in kind.forms if form != ANY_WORDS]
    return "<br>".join(forms) + (", or any words" if ANY_WORDS in kind.forms else "")


def _examples(kind: EntryKind) -> str:
    return "<br>".join(map(code_span, kind.examples))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Lay out a Markdown table; a ``|`` within a cell is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
