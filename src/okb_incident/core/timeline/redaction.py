"""A timeline entry with a secret in it: when it happened, what kind it was and who acted stay; what it says goes."""

from __future__ import annotations

import re

from okb_incident.core.text.secret import PAYLOAD
from okb_incident.core.timeline.entry import BULLET, HEAD, WHO
from okb_incident.core.timeline.kinds import KINDS

_RECORDED = re.compile(r"\s\(recorded \d[^()]*\)(?=\s*\Z)")


def payload_start(line: str) -> int | None:
    """Return where the payload of a list line begins that has a moment; None where it has none."""
    bullet = BULLET.match(line)
    head = HEAD.match(line, bullet.end()) if bullet else None
    if head is None:
        return None
    who = WHO.match(line, head.end())
    if who is None:
        return head.end()
    bold, plain, actor, closed = who.groups()
    # As on reading: a word before a colon is a kind only if it is one of ours.
    meant = (bold or plain or closed or "note").lower() in KINDS or (bold and actor)
    return who.end() if meant else head.end()


def without_payload(line: str) -> str:
    """Return a list line with `PAYLOAD` for its text; it is no longer marked as fit for the public timeline.

    Args:
        line: A line for which `payload_start` has an answer, without its end.
    """
    start = payload_start(line) or 0
    recorded = _RECORDED.search(line, start)
    head = line[:start].rstrip()
    return f"{head} {PAYLOAD}{recorded[0] if recorded else ''}"
