"""What holds for every timeline, whatever people type and commands write."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.limits import computing_at_most

from okb_incident.core.timeline.kinds import KINDS, find_kind
from okb_incident.core.timeline.timeline import chronological, place, read_timeline, write_entry
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.name import handle

if TYPE_CHECKING:
    from datetime import tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry

ZONES: st.SearchStrategy[tzinfo] = st.sampled_from([UTC, *map(ZoneInfo, ["UTC", "Europe/Berlin", "America/St_Johns"])])
# Around the days of the clock changes, and over a new year.
SPANS = ("2026-10-24", "2026-10-26"), ("2026-12-30", "2027-01-02"), ("1972-01-01", "2200-01-01")
MOMENTS = st.one_of(
    *(st.datetimes(*map(datetime.fromisoformat, span)) for span in SPANS),
).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))

PIECES = [
    *(
        "- ",
        "* ",
        "-",
        "\t",
        "  ",
        "    ",
        " ",
        "\n",
        "\r\n",
        "[x] ",
        "~",
        "**",
        "__",
        "`",
        "```",
        "~~~",
        "#",
        "### ",
        "> ",
    ),
    *(
        "02:22",
        "2:22",
        "25:61",
        "00:03:09",
        "2026-11-23",
        "2026-11-23T02:22:00",
        "2026-02-30T",
        "9999-12-31T23:59",
        "0001-01-01",
    ),
    *(
        "Z",
        " UTC",
        "+02:00",
        "-02:40",
        " pm",
        " CET",
        "/Berlin",
        "T0222",
        ":",
        ": ",
        " - ",
        "–",
        ", ",
        "→",
        " -> ",
        "\\",
        "^ab",
    ),
    *(
        "#external",
        "(recorded ",
        "2026-11-23T03:00:00)",
        ")",
        "\\#external",
        "@bob",
        "@Ada Vogel",
        "[[a|b]]",
        "h1 ",
        "v1 ",
        "5",
    ),
    *(f"**{name}**" for name in KINDS),
    *(f"{name}: " for name in KINDS),
    *(example for kind in KINDS.values() for example in kind.examples),
]
WORDS = st.one_of(st.sampled_from(PIECES), st.text(max_size=6))
TEXTS = st.lists(WORDS, max_size=8).map("".join)
TYPED = st.lists(st.one_of(TEXTS, TEXTS.map("- ".__add__)), max_size=8)


@given(
    TYPED,
    ZONES,
    st.none() | MOMENTS | st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]),
)
@example(["- 9999-12-31T23:59Z x", "- 23:59 y"], ZoneInfo("Europe/Berlin"), None)
@example(["- 0001-01-01T00:00Z x", "- 23:59 y"], ZoneInfo("America/St_Johns"), None)
def test_reading_never_fails_and_loses_nothing(lines: list[str], zone: tzinfo, declared: datetime | None) -> None:
    entries = read_timeline(lines, zone, declared)
    for entry in entries:
        assert entry.kind in KINDS
        assert (entry.fields is None) == (entry.fault is not None)
        assert entry.at is not None or entry.fault
        assert entry.at is None or entry.at.tzinfo is UTC
        assert entry.raw == tuple(line.rstrip("\r\n") for line in lines[entry.line : entry.end])
        assert chronological(entries).count(entry) == entries.count(entry)
    assert all(above.end <= below.line for above, below in pairwise(entries))


@given(TYPED, st.sampled_from(["\n", "\r\n"]))
def test_line_ends_make_no_difference(lines: list[str], end: str) -> None:
    lines = [line.rstrip("\r\n") for line in lines]
    declared = datetime(2026, 11, 23, tzinfo=UTC)
    assert read_timeline([line + end for line in lines], UTC, declared) == read_timeline(lines, UTC, declared)


def on_one_line(text: str) -> str:
    """What a line can hold of a text: each run of line ends, controls and half characters is one blank."""
    odd = {"Cc", "Cs", "Zl", "Zp"}
    runs = groupby(text, key=lambda character: unicodedata.category(character) in odd)
    return "".join(" " if is_odd else "".join(run) for is_odd, run in runs).strip()


@given(
    kind=st.sampled_from(["note", "escalation", "decision", "run"]),
    text=TEXTS,
    at=MOMENTS,
    zone=ZONES,
    actor=st.none() | TEXTS,
    external=st.booleans(),
    recorded=st.none() | MOMENTS,
)
@example("note", "x #external", datetime(2026, 1, 1, tzinfo=UTC), UTC, None, False, datetime(2026, 1, 2, tzinfo=UTC))
@example("note", "x (recorded 2026-01-01T00:00:00)", datetime(2026, 1, 1, tzinfo=UTC), UTC, "a:b", True, None)
def test_what_is_written_reads_back(
    kind: str,
    text: str,
    at: datetime,
    zone: tzinfo,
    actor: str | None,
    external: bool,
    recorded: datetime | None,
) -> None:
    line = write_entry(kind, text, at=at, zone=zone, actor=actor, external=external, recorded=recorded)
    assert len(line.splitlines()) == 1
    line.encode()
    (entry,) = read_timeline([line], zone, None)
    if entry.kind == kind:
        assert entry.text == on_one_line(text)
    else:
        assert (entry.kind, entry.text, on_one_line(text)) == ("note", f"{kind}:", "")
    assert (entry.at, entry.external, entry.recorded) == (at, external, recorded)
    assert entry.actor == (handle(actor or "") or None)
    assert not entry.approximate
    again = write_entry(
        entry.kind, entry.text, at=at, zone=zone, actor=entry.actor, external=external, recorded=recorded
    )
    assert again == line or entry.kind != kind


@given(TEXTS)
def test_a_handle_is_a_handle_already(name: str) -> None:
    assert handle(handle(name)) == handle(name)


@given(
    kind=st.sampled_from(list(KINDS)),
    text=TEXTS,
    zone=ZONES,
    at=MOMENTS,
    tail=st.sampled_from(["", " #external", " ^ab"]),
)
def test_a_written_line_is_read_as_the_same_line_typed_with_another_bullet(
    kind: str, text: str, zone: tzinfo, at: datetime, tail: str
) -> None:
    line = write_entry(kind, text, at=at, zone=zone, actor="bob") + tail
    (written,) = read_timeline([line], zone, None)
    (typed,) = read_timeline(["*" + line[1:]], zone, None)
    assert typed._replace(raw=written.raw) == written


VALUES = st.text("abAB12 .-@–%[]", min_size=1, max_size=8)


@given(st.data(), st.sampled_from([(kind, example) for kind in KINDS.values() for example in kind.examples]), ZONES)
def test_fields_that_can_be_written_read_back(data: st.DataObject, which: tuple[object, str], zone: tzinfo) -> None:
    kind = find_kind(getattr(which[0], "name"))  # noqa: B009
    fields = kind.read(which[1], zone)
    for name in data.draw(st.sets(st.sampled_from(sorted(fields)))):
        fields[name] = data.draw(VALUES)
    try:
        payload = kind.write(fields, zone)
    except ValueError:
        assume(False)
    read = kind.read(payload, zone)
    assert kind.write(read, zone) == kind.write(kind.read(kind.write(read, zone), zone), zone)
    assert payload == " ".join(payload.split())


def dated(entries: tuple[TimelineEntry, ...]) -> list[TimelineEntry]:
    return [entry for entry in entries if entry.at is not None]


@given(TYPED, st.lists(st.tuples(MOMENTS, ZONES), min_size=1, max_size=5), ZONES)
def test_a_new_line_goes_to_its_place_and_changes_no_other(
    typed: list[str], news: list[tuple[datetime, tzinfo]], zone: tzinfo
) -> None:
    declared = datetime(2026, 12, 31, tzinfo=UTC)
    lines = [line.replace("\r", " ").replace("\n", " ") for line in typed]
    for at, _ in news:
        before = read_timeline(lines, zone, declared)
        index = place(before, at)
        lines.insert(index, write_entry("note", "new", at=at, zone=zone))
        after = read_timeline(lines, zone, declared)
        (new,) = [entry for entry in after if entry.line == index]
        assert (new.at, new.text) == (at, "new")
        above = [entry for entry in dated(before) if entry.line < index]
        below = [entry for entry in dated(before) if entry.line >= index]
        assert not above or (above[-1].at or at) <= at
        assert all((entry.at or at) > at for entry in below)
        rest = [entry for entry in after if entry is not new]
        if above:  # Else a bare time at the top is near to the new line, no longer to the declaration.
            assert [entry._replace(line=0) for entry in rest] == [entry._replace(line=0) for entry in before]


@given(st.lists(MOMENTS, max_size=12), ZONES)
def test_lines_put_in_one_by_one_stand_in_order(moments: list[datetime], zone: tzinfo) -> None:
    lines: list[str] = []
    for at in moments:
        lines.insert(place(read_timeline(lines, zone, None), at), write_entry("note", "x", at=at, zone=zone))
    assert [entry.at for entry in read_timeline(lines, zone, None)] == sorted(moments)


@given(MOMENTS, st.timedeltas(timedelta(hours=-11), timedelta(hours=11)), ZONES)
def test_a_bare_time_less_than_half_a_day_off_is_found(above: datetime, off: timedelta, zone: tzinfo) -> None:
    at = above + timedelta(seconds=round(off.total_seconds()))
    typed = f"- {at.astimezone(zone):%H:%M:%S} x"
    (entry,) = read_timeline([typed], zone, above)
    assert entry.at is not None
    # In a repeated hour two instants show this time; the nearer one is taken.
    assert abs(entry.at - above) <= abs(at - above)
    assert entry.approximate


@pytest.mark.parametrize(
    "hostile",
    [
        *(piece * 20_000 for piece in (" ", "a ", "1", "1 ", "\\", "[", "[[", "(recorded 1 ", "^a ", "- ", "**", "@a ", ", ", ": ", "`", "&#96;", "%%", "%\\", "&amp;", "```text ")),
        *(kind.example + " " * 20_000 + "x" for kind in KINDS.values()),
        *(kind.example + ", 1" * 20_000 for kind in KINDS.values()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["- ", "- 2026-11-23T02:22:00 ", "- 02:22 "])
def test_no_line_takes_long(hostile: str, start: str) -> None:
    with computing_at_most(20):
        read_timeline([f"{start}{hostile}"], UTC, None)
        for name in KINDS:
            read_timeline([f"- 2026-11-23T02:22:00 **{name}**: {hostile}"], UTC, None)


@given(MOMENTS, ZONES)
def test_a_moment_of_a_line_is_the_moment_of_a_property(at: datetime, zone: tzinfo) -> None:
    written = write_moment(at, zone)
    (entry,) = read_timeline([f"- {written} **note**: x"], zone, None)
    assert entry.at == read_moment(written, zone).at == at
