"""Redactions of a note, carried over to another text of it: one that was kept, or saved, before the secret was taken out."""

from __future__ import annotations

from okb_incident.core.text.secret import is_redaction, marked
from okb_incident.core.timeline.redaction import payload_start
from okb_incident.vault.merge.hunks import hunks
from okb_incident.vault.note.note import decode, encode


def with_redactions(old: bytes, now: bytes) -> bytes:
    """Return a text with the lines that a note has redacted since; all other lines stay.

    Nobody needs to know the secret for it: a line that differs only where the note has a mark is that line before. What has no
    moment of its own is looked for in the same place alone, since a mark alone fits any line.
    """
    lines, new = decode(old).split("\n"), decode(now).split("\n")
    found = marked(new)
    if old == now or not found:
        return old
    entries = [line for line in found if payload_start(line) is not None]
    for hunk in hunks(lines, new):
        here = [*marked(new[hunk.new_start : hunk.new_stop]), *entries]
        for at in range(hunk.start, hunk.stop) if here else ():
            lines[at] = next((line for line in here if is_redaction(line, lines[at])), lines[at])
    return encode("\n".join(lines))
