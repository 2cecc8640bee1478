"""Coverage-guided fuzzing of what splits and edits a note, with the properties of tests/properties/test_editor.py.

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install -e '.[test]' atheris
    /tmp/fuzz/bin/python -m tests.fuzz.note -max_total_time=3600 -max_len=512 /tmp/fuzz/corpus

The last word is a folder that keeps what has led to new places, for the next time; it begins with the notes of the example
vault. A finding ends the run and is left as a file ``crash-…``; given as the only word, that file is tried again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["okb_incident"]):
    from okb_incident.errors import InvalidNoteError, NotFoundError
    from okb_incident.vault.note import sections
    from okb_incident.vault.note.frontmatter import append_item, read, remove_item, set_property
    from okb_incident.vault.note.note import decode, encode, join, split

from tests.properties.test_editor import FRAGMENTS, HOSTILE, alike, only_changes, stored

KEYS = ("status", "tags", "text", "title", "new", "x", "l", "m", "d")
EXAMPLES = Path(__file__).parents[2] / "example-vault"


def one_note(data: bytes) -> None:
    """Split a note and edit it: a property set, an item added and removed, a line inserted."""
    source = atheris.FuzzedDataProvider(data)
    kind, key = source.ConsumeIntInRange(0, 3), KEYS[source.ConsumeIntInRange(0, len(KEYS) - 1)]
    chosen = source.ConsumeIntInRange(0, len(HOSTILE))
    value = HOSTILE[chosen] if chosen < len(HOSTILE) else source.ConsumeUnicode(12)
    raw = source.ConsumeBytes(source.remaining_bytes())
    if raw[:1] == b"\xff":
        # The fragments that found every fault in earlier readers, in the order that the bytes say.
        raw = encode("".join(FRAGMENTS[byte % len(FRAGMENTS)] for byte in raw[1:]))
    text = decode(raw)
    assert encode(text) == raw
    assert join(split(text)) == text
    found = read(text, "n.md")
    assert found.values.keys() == found.lines.keys()
    try:
        if kind == 0:
            after = set_property(text, key, value, path="n.md")
            assert alike(read(after, "n.md").values[key], stored(value))
            assert set_property(after, key, value, path="n.md") == after
            only_changes(text, after, key)
        elif kind == 1:
            after = append_item(text, key, value, path="n.md")
            assert append_item(after, key, value, path="n.md") == after
            only_changes(text, after, key)
            only_changes(after, remove_item(after, key, value, path="n.md"), key)
        elif kind == 2:
            after = set_property(text, key, None, path="n.md")
            assert key not in read(after, "n.md").values
            only_changes(text, after, key)
        else:
            after, _ = sections.ensure(text, "Timeline", ("Summary", "Timeline"))
            line = "- 02:22 a line"
            with_line = sections.insert_line(after, "Timeline", 0, line)
            assert line in sections.section_lines(with_line, "Timeline")
            assert split(with_line).block == split(text).block
    except (InvalidNoteError, NotFoundError):
        return


def main() -> None:
    """Fuzz, with the options of libFuzzer."""
    corpus = sys.argv[-1]
    if len(sys.argv) > 1 and not corpus.startswith("-") and not os.path.isfile(corpus):
        os.makedirs(corpus, exist_ok=True)
        for number, path in enumerate(EXAMPLES.rglob("*.md")):
            for kind in range(4):
                # Read from the end: the provider takes numbers there.
                Path(corpus, f"example-{number}-{kind}").write_bytes(path.read_bytes() + bytes([0, 0, kind]))
        Path(corpus, "fragments").write_bytes(b"\xff" + bytes(range(len(FRAGMENTS))) + bytes(3))
    atheris.Setup(sys.argv, one_note)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
