r"""One line of a timeline: read as people type it, written in one form.

    - MOMENT **kind** @actor: PAYLOAD[ #external][ (recorded MOMENT)]

``docs/timeline.md`` has the grammar in words. Reading never raises: what cannot be read is a note with a fault. Text that
itself ends like a trailer gets a backslash in front of that end (``\#external``), which Markdown does not show and reading
takes away again. What a plug-in would execute, and the ``%%`` of a comment, are broken in the same way.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.quoting import read_literal, without_remarks, write_literal
from okb_incident.core.text.secret import PAYLOAD
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.kinds import KINDS, NEVER_EXTERNAL, find_kind
from okb_incident.core.timeline.shapes import DAY, as_list_line, is_boxed
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.name import handle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

BULLET = re.compile(r"( {0,3})(?:[-*+]|\d{1,9}[.)])[ \t]+(?!(?:[-*+][ \t]*)*$)(?:\[.\][ \t]+)?")

MARK = r"(?:\*\*|__|`)?"
HEAD = re.compile(
    rf"{MARK}(~ ?)?"
    rf"(?:({DAY}(?:T\d{{1,2}}:?\d{{2}}(?::?\d{{2}}(?:[.,]\d+)?)?| \d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?)"
    r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?| (?:Z|UTC|utc)\b| [+-]\d{2}:\d{2}\b)?)"
    r"|(\d{1,2}:\d{2}(?::\d{2})?)([Zz]| ?(?:UTC|utc)\b| Z\b)?)"
    rf":?{MARK}(?:[ \t]*[-–—:,.])?(?:\s+|$)",
)
# What may be behind a time and would have to be guessed: am, pm, a range, an offset, a zone.
UNSURE = re.compile(rf"{MARK}\s+(?:[aApP]\.?[mM]\b|[-–—]\S|\+\d\d(?::?\d\d)?\b|\(?([A-Z]{{1,4}})\b|\(?([A-Z][a-z]+)/)")
# A zone's short name has too many meanings, so none but UTC is read. In capitals only: `ist` and `est` are words.
ZONE_WORDS = (
    "Z UTC GMT WET WEST BST IST CET CEST EET EEST MSK TRT SAST GST PKT ICT WIB SGT HKT PHT JST KST AWST ACST ACDT AEST AEDT NZST "
    "NZDT AST ADT NST NDT EST EDT ET CST CDT CT MST MDT MT PST PDT PT AKST AKDT HST BRT ART CLT COT PET "
    "Africa America Antarctica Arctic Asia Atlantic Australia Etc Europe Indian Pacific"
)
ZONES = frozenset(ZONE_WORDS.split())
WRITTEN = re.compile(
    r"- (\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d) \*\*([a-z]+)\*\*(?: @([^\s:]+))?: (\S.*)",
)
WHO = re.compile(
    r"(?:\*\*(\w+)\*\*|(\w+)|(?=@))(?:\s*(?<!\S)@([^\s:]+))?\s*:(?:\s+|$)"  # **kind** @actor: and what may be left out
    r"|\*\*(\w+):\*\*(?:\s+|$)",
)
DATED = re.compile(rf"[#\s]*{MARK}(?:~ ?)?({DAY})(?!\d)")
TIMED = re.compile(rf"{MARK}(?:~ ?)?(?:{DAY}[T ])?\d{{1,2}}:\d{{2}}")
TRAILER = re.compile(r"(?:^|\s)(\\*)(?:(#external)|\(recorded (\d[^()]*)\)|\^[A-Za-z0-9-]+)\Z")
NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class TimelineEntry(NamedTuple):
    """One line of a timeline, and what is below it and belongs to it.

    Attributes:
        line: Its index within the lines that were given.
        raw: The line and those that belong to it, without their ends.
        at: When it happened, in UTC; None where the line does not say, or not surely.
        approximate: Only a time of day was typed, or a ``~`` before it; shown with ``~``.
        kind: A name in ``KINDS``; ``note`` where none is named or the line does not fit it.
        actor: The handle of who did it, without its ``@``.
        text: The payload without trailers; of a line that does not fit its kind, with the kind's word in front.
        external: Marked as fit for the public timeline.
        recorded: When the line was entered, where it says so.
        fields: The named parts of the payload; None where there is a fault.
        fault: One sentence on why the line counts for less than it was meant to.
    """

    line: int
    raw: tuple[str, ...]
    at: datetime | None
    approximate: bool
    kind: str
    actor: str | None
    text: str
    external: bool
    recorded: datetime | None
    fields: Mapping[str, str] | None
    fault: str | None

    @property
    def end(self) -> int:
        """Return the index of the first line that no longer belongs to it."""
        return self.line + len(self.raw)

    @property
    def is_boxed(self) -> bool:
        """Return whether it is in a callout or a table."""
        return is_boxed(self.raw[0])

    @property
    def words(self) -> str:
        """Return the text as it may leave the note."""
        return self.outgoing(self.text)

    def outgoing(self, said: str) -> str:
        """Return what the line says as it may leave the note: without the remarks that a writer has put into it, as no command does."""
        return without_remarks(said).strip() if "%%" in self.raw[0] else said


def read_entry(line: int, raw: tuple[str, ...], zone: tzinfo, above: datetime | None) -> TimelineEntry:
    """Read a list line, whose index is ``line``; a bare time has the day that brings it nearest to ``above``."""
    written = _read_written(line, raw, zone)
    if written:
        return written
    shown = as_list_line(raw[0])
    bullet = BULLET.match(shown)
    text, external, recorded = _cut_trailers(shown[bullet.end() if bullet else 0 :].strip(), zone)
    try:
        at, approximate, end = _read_head(text, zone, above)
    except ValueError as error:
        fault = f"{error}; the line counts as a note of unknown moment"
        return TimelineEntry(line, raw, None, False, "note", None, read_literal(text), external, recorded, None, fault)
    word, actor, payload = _read_who(text[end:])
    external = external and (word or "").lower() not in NEVER_EXTERNAL
    kind, payload, fields, misfit = _fit(word, read_literal(payload), zone)
    return TimelineEntry(line, raw, at, approximate, kind, actor, payload, external, recorded, fields, misfit)


def _read_written(line: int, raw: tuple[str, ...], zone: tzinfo) -> TimelineEntry | None:
    """Read a line as commands write it: what the slower way gives, in half the time, or None to leave it to that."""
    found = WRITTEN.fullmatch(raw[0])
    if not found or found[2] not in KINDS:
        return None
    try:
        local = datetime.fromisoformat(found[1])
        at = local.replace(tzinfo=zone).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) != local:
            return None
    except (ValueError, OverflowError):
        return None
    text, external, recorded = _cut_trailers(found[4].rstrip(), zone)
    external = external and found[2] not in NEVER_EXTERNAL
    kind, text, fields, misfit = _fit(found[2], read_literal(text), zone)
    return TimelineEntry(line, raw, at, False, kind, found[3], text, external, recorded, fields, misfit)


def _cut_trailers(text: str, zone: tzinfo) -> tuple[str, bool, datetime | None]:
    """Split a line's text from its trailers: each counts once, in any order, and only at the end.

    The id that Obsidian puts behind a line when someone links to it, such as ``^3f2a9c``, is not a part of the text either.
    """
    external, recorded, whole = False, None, text
    if not text.endswith((")", "#external")) and "^" not in text:
        return text, external, recorded  # Nearly every line, without a search.
    while found := TRAILER.search(text):
        escape, tag, moment = found.groups()
        entered = _moment_or_none(moment, zone) if moment else None
        if escape:
            return text[: found.start(1)] + text[found.start(1) + 1 :], external, recorded
        if tag and not external:
            external = True
        elif entered and not recorded:
            recorded = entered
        elif tag or moment or text != whole:
            break
        text = text[: found.start()].rstrip()
    return text, external, recorded


def _moment_or_none(text: str, zone: tzinfo) -> datetime | None:
    """Read the moment of a trailer; where it is none, the words in brackets are words."""
    try:
        moment = read_moment(text, zone)
    except ValueError:
        return None
    return None if moment.day_only else moment.at


def _read_head(text: str, zone: tzinfo, above: datetime | None) -> tuple[datetime, bool, int]:
    """Read the moment that a line begins with: the instant, whether it is approximate, and where the rest begins.

    Raises:
        ValueError: There is none, or one that would have to be guessed; with a sentence.
    """
    head = HEAD.match(text)
    if not head or _is_unsure(text, head):
        raise ValueError(_why_no_moment(text))
    about, moment, clock, utc = head.groups()
    if moment:
        return read_moment(moment.upper(), zone).at, about is not None, head.end()
    return nearest(clock, UTC if utc else zone, above), True, head.end()


def _is_unsure(text: str, head: re.Match[str]) -> bool:
    """Return whether something behind the time gives it another meaning."""
    found = UNSURE.match(text, head.end(head.lastindex or 0))
    return found is not None and (not found.lastindex or found[found.lastindex] in ZONES)


def _why_no_moment(text: str) -> str:
    start = repr(shorten(text, 30))
    if TIMED.match(text):
        return (
            f"the time in {start} is not guessed: a range, am, pm or a zone other than UTC can mean several moments; "
            "write 14:05, or 2026-11-23T14:05:00+01:00"
        )
    if DATED.match(text):
        return f"{start} names a day but no time of day; write 2026-11-23T14:05:00"
    return f"{start} does not begin with a moment; write 14:05, or 2026-11-23T14:05:00"


def nearest(clock: str, zone: tzinfo, above: datetime | None) -> datetime:
    """Return the instant nearest to ``above`` at which clocks in the zone show this time.

    Of two days equally near it is the later, because logs run forward. In an hour that a clock change repeats it is the
    nearer of the two.

    Raises:
        ValueError: There is no such time of day, none on that day, or nothing to be near to; with a sentence.
    """
    if above is None:
        raise ValueError(
            f"nothing tells the day of {clock!r}, neither a line above nor the incident; write it with its date"
        )
    try:
        hour, minute, second = map(int, (clock + ":00").split(":")[:3])
        shown = time(hour, minute, second)
    except ValueError:
        raise ValueError(f"{clock!r} is a time of day that does not exist") from None
    try:
        here = above.astimezone(zone).replace(tzinfo=None)
        days = [datetime.combine(here.date() + timedelta(days), shown) for days in (1, 0, -1)]
        near = min(days, key=lambda day: abs(day - here))
        first = read_moment(near.isoformat(), zone).at
        again = near.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{clock!r} is at the end of the calendar") from None
    return min(first, again, key=lambda at: abs(at - above))


def midday(text: str, zone: tzinfo) -> datetime | None:
    """Return the middle of the day that a line or heading begins with; to it each time of day is nearest on that day.

    A second before noon, because of two equally near days the later counts.
    """
    found = DATED.match(text)
    return _moment_or_none(f"{found[1]}T11:59:59", zone) if found else None


def _read_who(text: str) -> tuple[str, str | None, str]:
    """Split what follows the moment into the word of a kind, an actor, and the payload."""
    who = WHO.match(text)
    bold, plain, actor, closed = who.groups() if who else (None, None, None, None)
    word = (bold or plain or closed or "note").lower()
    # A word before a colon is a kind only if it is one of ours; in stars and with an actor it was meant to be.
    if who is None or not (word in KINDS or (bold and actor)):
        return "note", None, text
    return word, actor, text[who.end() :]


def _fit(word: str, payload: str, zone: tzinfo) -> tuple[str, str, Mapping[str, str] | None, str | None]:
    """Read a payload as the kind's form has it: kind, text, fields, fault.

    One that was taken out because of a secret in it is at fault in nothing.
    """
    if payload == PAYLOAD and word != "note":
        kind, text, fields, _ = _fit("note", f"{word}: {payload}", zone)
        return kind, text, fields, None
    try:
        return word, payload, find_kind(word).read(payload, zone), None
    except ValueError as error:
        return "note", f"{word}: {payload}".rstrip(), None, f"{error}; the line counts as a note"


def write_entry(
    kind: str,
    text: str,
    *,
    at: datetime,
    zone: tzinfo,
    actor: str | None = None,
    external: bool = False,
    recorded: datetime | None = None,
) -> str:
    """Write a line in canonical form, without its end; reading it gives back what was written, and nothing executes it.

    Line ends and control characters in the text become blanks. The actor is written as ``handle`` gives it.

    Raises:
        ValueError: There is no such kind.
    """
    who = handle(actor or "")
    line = f"- {write_moment(at, zone)} **{find_kind(kind).name}**{' @' + who if who else ''}:"
    payload = write_literal(NOT_ON_A_LINE.sub(" ", text).strip())
    if found := TRAILER.search(payload):
        payload = payload[: found.start(1)] + "\\" + payload[found.start(1) :]
    if payload:
        line += " " + payload
    if external:
        line += " #external"
    if recorded:
        line += f" (recorded {write_moment(recorded, zone)})"
    return line
