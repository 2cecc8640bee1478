"""A note without a secret: properties as values, entries without payload, all other text with a mark."""

from __future__ import annotations

import pytest

from okb_incident.core.text.secret import Secret
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.note import frontmatter
from okb_incident.vault.note.redaction import holds, redacted

SECRET = Secret("hunter2")


def test_a_note_without_it_stays_to_the_byte():
    data = b"---\r\ncause: 'x\\n'\r\n---\r\n## Timeline\r\n- 02:22 caf\xe9\r\n"
    assert not holds(data, SECRET)
    assert redacted(data, SECRET) == data


def test_each_place_in_its_own_way():
    data = (
        b'---\ncause: change # not hunter2\ntrigger: "it\'s hunter2"\nservices:\n  - a\n  - hunter2\n---\n# hunter2\n\n'
        b"## Timeline\n- 02:22 **note** @bob: hunter2 it is\n  hunter2\n- 02:23 **note** @hunter2: fine\n\nhunter2\n## Actions\n- [ ] hunter2\n"
    )
    assert redacted(data, SECRET).decode() == (
        '---\ncause: change # not REDACTED\ntrigger: "it\'s REDACTED"\nservices:\n  - a\n  - REDACTED\n---\n# REDACTED\n\n'
        "## Timeline\n- 02:22 **note** @bob: [redacted]\n  REDACTED\n- 02:23 **note** @REDACTED: fine\n\nREDACTED\n## Actions\n- [ ] REDACTED\n"
    )


def test_line_ends_and_bytes_that_are_no_text_stay():
    data = b"## Timeline\r\n- 02:22 caf\xe9 hunter2\r\n- 02:23 caf\xe9\r\n"
    assert redacted(data, SECRET) == b"## Timeline\r\n- 02:22 [redacted]\r\n- 02:23 caf\xe9\r\n"


def test_values_that_are_no_text_and_values_in_values():
    data = b'---\nnumber: 12345678\nflag: true\nnested:\n  key: [1, "\\x68unter2"]\n  hunter2: 1\n---\n'
    assert frontmatter.read(redacted(data, Secret("2345678")).decode(), "").values["number"] == "REDACTED"
    after = frontmatter.read(redacted(data, SECRET).decode(), "").values
    assert after["nested"] == {"key": [1, "REDACTED"], "REDACTED": 1}
    assert after["number"] == 12345678


def test_a_broken_block_loses_its_text():
    data = b"---\ncause: [hunter2\n---\n"
    assert redacted(data, SECRET) == b"---\ncause: [REDACTED\n---\n"


def test_what_only_its_reading_shows_and_nothing_can_change_is_refused():
    data = b'---\nnested:\n  key: "hun\\\n    ter2"\n---\n'
    assert holds(data, SECRET)
    with pytest.raises(InvalidNoteError, match="cannot be changed"):
        redacted(data, SECRET)


def test_the_digest_of_a_message_is_one_more_form_of_it():
    data = b"---\ntype: incident-communication\ndigest: sha256-00ff\n---\nUse hunter2.\n"
    assert redacted(data, SECRET) == data.replace(b"sha256-00ff", b"REDACTED").replace(b"hunter2", b"REDACTED")
