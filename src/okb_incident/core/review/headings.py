"""The headings of a review: today's nine, those of older templates, and which question each of them answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADINGS = (
    "In short",
    "The story as it looked from inside",
    "Impact and how we know",
    "How it was noticed and how it ended",
    "Contributing factors",
    "What surprised us",
    "What helped, what hindered, where we were lucky",
    "What we learned",
    "What we change and what we decided not to",
)
"""The headings of a review, in their order."""

SUMMARY = ("In short", "Summary", "Overview", "What happened", "TL;DR")
"""What the section is called that a reader in a hurry reads; a review is not submitted without it."""

FACTORS = ("Contributing factors", "Factors", "Causes", "Root causes")

NEEDED = (SUMMARY, FACTORS)
"""Sections that no review can do without, each by today's name and by what else it is called."""


def plain_title(title: str) -> str:
    """Return a title as it is compared."""
    return title.strip(" ?:").casefold()


def is_called(title: str, names: Sequence[str]) -> bool:
    """Return whether a section has one of some names."""
    return plain_title(title) in map(str.casefold, names)


RECORD = ("people", "verification", "facts", "tools", "feedback")
"""Parts of the record, which are sections in older notes."""

OPTIONAL = ("feedback", "tools")
"""Sections that may stay empty."""

ABOUT = {
    **dict.fromkeys(map(plain_title, SUMMARY), "data"),
    "the story as it looked from inside": "data",
    "impact and how we know": "impact",
    "how it was noticed and how it ended": "data",
    "what surprised us": "depth",
    "what helped, what hindered, where we were lucky": "depth",
    "what we learned": "plan",
    "what we change and what we decided not to": "plan",
    "lead-up": "data",
    "detection": "data",
    "response": "data",
    "recovery": "data",
    "verification": "data",
    "trigger and cause": "data",
    "impact": "impact",
    **dict.fromkeys(map(plain_title, FACTORS), "depth"),
    "five whys": "depth",
    "why were we surprised": "depth",
    "went well": "depth",
    "went badly": "depth",
    "got lucky": "depth",
    "follow-ups": "plan",
    "lessons": "plan",
}
"""Which question an empty section leaves open; the titles of the older template, from "lead-up" on, still count."""
