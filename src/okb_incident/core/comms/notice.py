"""Notices: messages to an authority. They go to stakeholders, and count as no update to partners and customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTICE = "notice"
"""The kind of message that an authority gets."""

AUDIENCE = "stakeholders"
"""The audience of a notice."""

AUTHORITY = "the authority"
"""The reader of a notice, where a decision on disclosure names who is informed."""


def is_notice(fields: Mapping[str, str] | None) -> bool:
    """Return whether the fields of a `comms` line are those of a notice."""
    return fields is not None and fields["kind"].lower() == NOTICE and fields["audience"].lower() == AUDIENCE


def reader_of(audience: str, kind: str) -> str:
    """Return who reads a message: the authority for a notice, else its audience."""
    return AUTHORITY if (audience.lower(), kind.lower()) == (AUDIENCE, NOTICE) else audience.lower()
