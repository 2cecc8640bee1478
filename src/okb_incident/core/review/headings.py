"""The headings of a review: today's nine, those of older templates, and which question each of them answers."""

from __future__ import annotations

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

SUMMARY = ("in short", "summary", "overview", "what happened", "tl;dr")
"""What the section is called that a reader in a hurry reads; a review is not submitted without it."""

NEEDED = (SUMMARY, ("contributing factors", "factors", "causes", "root causes"))
"""Sections that no review can do without, each by today's name and by what else it is called."""

OPTIONAL = ("feedback", "tools")
"""Sections that may stay empty."""

ABOUT = {
    **dict.fromkeys(SUMMARY, "data"),
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
    "contributing factors": "depth",
    "five whys": "depth",
    "why were we surprised": "depth",
    "went well": "depth",
    "went badly": "depth",
    "got lucky": "depth",
    "follow-ups": "plan",
    "lessons": "plan",
}
"""Which question an empty section leaves open; the titles of the older template, from "lead-up" on, still count."""
