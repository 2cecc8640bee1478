from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.entry import HEAD, PRIVATE, EntryFault, FileChange, JournalEntry, Previous, read_entry

ENTRY = JournalEntry(
    "01M8326CX0M4W7Y2N8R5T6V9ZB",
    "2026-11-23T02:02:05Z",
    "alice",
    "incident ack",
    (
        FileChange("edit", 0o644, "a" * 64, "b" * 64, None, "incidents/2026/INC-20261123-01.md"),
        FileChange("create", 0o644, None, "c" * 64, "d" * 64, "incidents/sum of it.md"),
    ),
    (Previous("01M8324Q0A3C5E7G9J1K3M5P7R", "e" * 64),),
    "01M8324Q0A3C5E7G9J1K3M5P7R",
)

hashes = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64)
ids = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
# What a name of a file may hold: anything but NUL; bytes that are no UTF-8 come as the surrogates of surrogateescape.
signs = st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from(
    "\udc80\udcff\n\\ \r\u2028\x85"
)
changes = st.builds(
    FileChange,
    st.sampled_from(["create", "edit", "remove"]),
    st.integers(0, 0o7777),
    hashes,
    hashes,
    hashes,
    st.text(signs, min_size=1),
)
entries = st.builds(
    JournalEntry,
    ids,
    st.just("2026-11-23T02:02:05Z"),
    st.none() | st.text(signs, min_size=1).filter(lambda name: name != "-"),
    st.text(string.ascii_lowercase + " ", min_size=1),
    st.lists(changes, max_size=3).map(tuple),
    st.lists(st.builds(Previous, ids, st.just("e" * 64)), max_size=3).map(tuple),
    st.none() | ids,
    st.none() | st.lists(st.text(signs, min_size=1), max_size=3).map(tuple),
)


@given(entries)
def test_what_is_written_is_read(entry: JournalEntry) -> None:
    assert read_entry(entry.write()) == entry


@given(st.text(signs, min_size=1))
def test_no_path_or_handle_adds_a_line(text: str) -> None:
    change = ENTRY.changes[0]._replace(path=text)
    entry = ENTRY._replace(by=text, changes=(change,))
    assert len(entry.write().split(b"\n")) == len(ENTRY._replace(changes=ENTRY.changes[:1]).write().split(b"\n"))


def test_an_entry_is_a_text_for_people() -> None:
    assert ENTRY.write().decode().splitlines()[:-1] == [
        "incident journal 1",
        "id 01M8326CX0M4W7Y2N8R5T6V9ZB",
        "at 2026-11-23T02:02:05Z",
        "by alice",
        "command incident ack",
        f"previous 01M8324Q0A3C5E7G9J1K3M5P7R {'e' * 64}",
        "undoes 01M8324Q0A3C5E7G9J1K3M5P7R",
        f"edit 644 {'a' * 64} {'b' * 64} - incidents/2026/INC-20261123-01.md",
        f"create 644 - {'c' * 64} {'d' * 64} incidents/sum of it.md",
    ]


def test_every_flipped_bit_and_every_cut_shows() -> None:
    data = ENTRY.write()
    for at in range(len(data)):
        for bit in range(8):
            spoilt = bytearray(data)
            spoilt[at] ^= 1 << bit
            with pytest.raises(EntryFault):
                read_entry(bytes(spoilt))
        with pytest.raises(EntryFault):
            read_entry(data[:at])
        with pytest.raises(EntryFault):
            read_entry(data + data[at:])


@pytest.mark.parametrize(
    "text",
    [
        "incident journal 2\nid a\nat b\nby -\ncommand c\n",
        f"{HEAD}\nid a\n",
        f"{HEAD}\nid a\nat b\nby -\ncommand c\nedit 644 a b\n",
        f"{HEAD}\nid a\nat b\nby -\ncommand c\nedit rw a b - d\n",
        f"{HEAD}\nid a\nat b\nby -\ncommand c\nprevious a\n",
        "",
    ],
)
def test_a_whole_text_of_another_form_is_a_fault_as_well(text: str) -> None:
    with pytest.raises(EntryFault):
        read_entry(text.encode() + f"sum {digest(text.encode())}\n".encode())


@pytest.mark.parametrize(
    ("modes", "expected"), [((0o644,), 0o644), ((0o644, 0o600), PRIVATE), ((0o640,), 0o644), ((), 0o644)]
)
def test_a_private_note_makes_all_of_a_command_private(modes: tuple[int, ...], expected: int) -> None:
    changes = tuple(ENTRY.changes[0]._replace(mode=mode) for mode in modes)
    assert ENTRY._replace(changes=changes).mode == expected
