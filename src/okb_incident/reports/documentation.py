"""The quality of the documentation, by month of declaration: as a section of the report, and as a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.metrics.growth import COMPARED
from okb_incident.core.values.period import month_name, month_start
from okb_incident.reports.page import Column, ReportFinding, ReportSection, Table
from okb_incident.reports.words import counted, moment, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.core.metrics.documentation import Documentation, Month
    from okb_incident.core.metrics.growth import Comparison, Kind, Share

MONTHS = 3
"""Months that a report on a terminal shows; its note shows all."""
KINDS, KINDS_IN_NOTE = 2, 20
"""Kinds of findings in one cell."""
IDS = 10
CELLS = 10
"""Of a full bar."""
FEWEST = 5
"""Incidents of which a share is a percentage; of fewer, the two numbers say more."""
UNSET = "–"
METHOD = (
    (
        "An incident counts in the month of its declaration. Drills, declined and merged incidents count too: each is a note that "
        "someone wrote."
    ),
    (
        "Findings are those of incident check in the note of an incident and in its assessments, messages and review, as the notes are "
        "now. Hints and notes of other types are not counted."
    ),
    (
        "A kind grows if a larger share of the incidents of the last three whole months has it than of the three before, and Fisher's "
        "exact test (one-sided, corrected by Holm for the number of kinds) gives less than 0.05. Open incidents are not compared. "
        "Older notes have had more time to be repaired, which can look like growth."
    ),
)
SO_FAR = (
    "so far: the month is not over, and its notes have had less time to be completed and repaired. It is not compared."
)


def title(documentation: Documentation) -> str:
    """Return the title of the page."""
    return f"Findings by month of declaration, {documentation.period.label}"


def opening(documentation: Documentation, zone_name: str) -> tuple[str, ...]:
    """Return the lines under the title: which time it is about, and what was found in one sentence."""
    return (
        (
            f"{span(documentation.period, documentation.zone)}, {zone_name}; "
            f"as of {moment(documentation.as_of, documentation.zone)}"
        ),
        _in_one_sentence(documentation),
    )


def page(documentation: Documentation, *, bars: bool) -> tuple[ReportSection, ...]:
    """Return the sections of the page.

    Args:
        documentation: What was counted.
        bars: Draw the share of incidents with findings.
    """
    months = documentation.months
    notes = (*_notes_on(months), *_beyond(documentation))
    return (
        ReportSection("Months", _table(months, KINDS, bars=bars), _by_id(documentation), notes),
        ReportSection("Kinds of findings", _kinds(documentation), notes=_columns_of(documentation)),
        ReportSection("What grows", findings=_growing(documentation), notes=_what_is_compared(documentation)),
        ReportSection("How it was counted", notes=METHOD),
    )


def section(documentation: Documentation, *, whole: bool) -> ReportSection:
    """Return the section of a report, which counts what the properties of notes lack and not what their text does.

    Args:
        documentation: What was counted.
        whole: Show every month.
    """
    heading = f"Documentation: findings in properties by month of declaration, {documentation.period.label}"
    said = f"{_in_one_sentence(documentation)} The text of the notes is counted by:"
    more = ReportFinding("", said, remedy=Command("check", options=("--trend",)))
    if not documentation.whole.findings:
        return ReportSection(heading, findings=(more,))
    months = documentation.months if whole else documentation.months[-MONTHS:]
    notes = (*_notes_on(months), *_what_is_compared(documentation))
    table = _table(months, KINDS_IN_NOTE if whole else KINDS, bars=False)
    return ReportSection(heading, table, (*_growing(documentation), *_by_id(documentation), more), notes)


def _in_one_sentence(documentation: Documentation) -> str:
    whole = documentation.whole
    if not whole.findings:
        return f"{counted(whole.incidents, 'incident')}{', none with findings' if whole.incidents else ''}."
    return (
        f"{counted(whole.incidents, 'incident')}, {_faulty(whole)} with findings; "
        f"{counted(whole.findings, 'finding')}, median {_number(whole.median)} per incident."
    )


def _table(months: Sequence[Month], kinds: int, *, bars: bool) -> Table:
    columns = (
        Column("month", whole=True),
        Column("declared", right=True, whole=True),
        Column("open", right=True, whole=True),
        Column("with findings", right=True, whole=True),
        *((Column(""),) if bars else ()),
        Column("median", right=True, whole=True),
        Column("all findings", right=True, whole=True),
        Column("most frequent", elastic=True, wraps=True),
    )
    rows = tuple(
        (
            f"{month.name} so far" if month.is_running else f"{month.name} in part" if month.is_part else month.name,
            str(month.incidents),
            str(month.open),
            _faulty(month) if month.incidents else UNSET,
            *((_bar(month),) if bars else ()),
            _number(month.median),
            str(month.findings) if month.incidents else UNSET,
            _listing(month.kinds, kinds),
        )
        for month in months
    )
    return Table(columns, rows)


def _bar(month: Month) -> str:
    """Draw the share of incidents with findings; whatever is there is seen."""
    return "█" * -(-CELLS * month.faulty // month.incidents) if month.incidents else ""


def _faulty(month: Month) -> str:
    share = f" ({100 * month.faulty / month.incidents:.0f}%)" if month.incidents >= FEWEST else ""
    return f"{month.faulty}{share}"


def _number(value: float | None) -> str:
    return UNSET if value is None else f"{value:g}"


def _listing(kinds: Mapping[str, int], most: int) -> str:
    shown = [f"{code} {count}" for code, count in kinds.items()]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more or UNSET


def _kinds(documentation: Documentation) -> Table:
    comparison = documentation.comparison
    columns = (
        Column("code", whole=True),
        Column("all findings", right=True, whole=True),
        Column("in incidents", right=True, whole=True),
        *((Column("before", right=True), Column("recent", right=True), Column("change")) if comparison else ()),
    )
    rows = tuple(
        (
            kind.code,
            str(kind.findings),
            str(kind.incidents),
            *((_share(kind.before), _share(kind.recent), _change(kind)) if comparison else ()),
        )
        for kind in documentation.kinds
    )
    return Table(columns, rows)


def _columns_of(documentation: Documentation) -> tuple[str, ...]:
    comparison = documentation.comparison
    if comparison is None or not documentation.kinds:
        return ()
    return (f"before: incidents of {_before(comparison)}; recent: of {_recent(comparison)}; open ones are left out.",)


def _share(share: Share | None) -> str:
    return f"{share.some} of {share.of}" if share else UNSET


def _change(kind: Kind) -> str:
    return f"grows {_chance(kind)}" if kind.grows else UNSET


def _chance(kind: Kind) -> str:
    assert kind.chance is not None, "nothing grows without a test"
    return f"(p = {float(kind.chance):.2g})"


def _before(comparison: Comparison) -> str:
    return _months(comparison.first)


def _recent(comparison: Comparison) -> str:
    return _months(comparison.turn)


def _months(first: int) -> str:
    return f"{month_name(first)} to {month_name(first + COMPARED - 1)}"


def _growing(documentation: Documentation) -> tuple[ReportFinding, ...]:
    comparison = documentation.comparison
    if comparison is None:
        return ()
    return tuple(
        ReportFinding(
            "",
            f"{kind.code} grows: {_share(kind.before)} incidents in {_before(comparison)}, {_share(kind.recent)} in "
            f"{_recent(comparison)} {_chance(kind)}",
            remedy=command_for(kind, comparison),
        )
        for kind in documentation.growing
    )


def command_for(kind: Kind, comparison: Comparison) -> Command:
    """Return the command that lists the recent findings of a kind."""
    first, end = month_start(comparison.turn), month_start(comparison.last + 1)
    return Command("check", options=("--code", kind.code, "--from", first, "--to", end))


def _what_is_compared(documentation: Documentation) -> tuple[str, ...]:
    comparison = documentation.comparison
    if comparison is None:
        return (f"The period has fewer than {2 * COMPARED} whole months, so nothing is compared.",)
    if not comparison.can_tell:
        return (
            (
                f"Too few incidents to tell what grows: {comparison.before} in {_before(comparison)}, "
                f"{comparison.recent} in {_recent(comparison)}; open ones are not compared."
            ),
        )
    if documentation.growing:
        return ()
    return (
        (
            f"Compared with {_before(comparison)} ({counted(comparison.before, 'incident')}), no kind of finding grows in "
            f"{_recent(comparison)} ({comparison.recent}) by more than chance explains."
        ),
    )


def _notes_on(months: Sequence[Month]) -> tuple[str, ...]:
    return (SO_FAR,) if any(month.is_running for month in months) else ()


def _beyond(documentation: Documentation) -> tuple[str, ...]:
    """Return what is not in the table, so that it and `incident check` add up."""
    parts = [
        f"{count} in {where}"
        for count, where in (
            (documentation.outside, "incidents declared before or after the period"),
            (documentation.elsewhere, "notes of no incident"),
        )
        if count
    ]
    return (f"Not in the table: {' and '.join(parts)}.",) if parts else ()


def _by_id(documentation: Documentation) -> tuple[ReportFinding, ...]:
    ids = tuple(map(str, documentation.by_id))
    if not ids:
        return ()
    text = f"declared cannot be read in {counted(len(ids), 'incident')}; the day of the id counts"
    return (ReportFinding("", text, ids[:IDS], max(len(ids) - IDS, 0)),)
