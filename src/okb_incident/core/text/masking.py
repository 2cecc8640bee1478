"""Masking: secrets in commands and in what they print, made unreadable before they reach a note.

Patterns find what looks like a secret; what does not look like one stays. docs/running.md says so, and `incident redact` takes out what
slipped through.
"""

from __future__ import annotations

import re

MASK = "…masked…"

#: A name that says that a secret follows, in options, variables, headers and JSON.
NAMES = r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|auth|credential|private[_-]?key)s?"
PATTERNS = (
    # --password x, --token=x
    re.compile(rf"(?P<keep>--?[\w-]*{NAMES}(?:\s*=\s*|\s+)[\"']?)(?P<secret>[^\s\"',;&-][^\s\"',;&]*)", re.IGNORECASE),
    # PASSWORD=x, "secret": "x", api-key: x; a word in prose has no sign behind it
    re.compile(rf"(?P<keep>(?:\b|_){NAMES}[\"']?\s*[=:]\s*[\"']?)(?P<secret>[^\s\"',;&]{{3,}})", re.IGNORECASE),
    re.compile(r"(?P<keep>\b(?:Bearer|Basic)\s+)(?P<secret>[A-Za-z0-9+/=._~-]{8,})"),
    # https://user:secret@host
    re.compile(r"(?P<keep>\w://[^\s/:@]+:)(?P<secret>[^\s/@]+)(?=@)"),
    # Keys that show by their form whose they are: AWS, GitHub, GitLab, Slack, Stripe, Google, JSON Web Tokens.
    re.compile(
        r"(?P<keep>)(?P<secret>\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}"
        r"|xox[abeprs]-[\w-]{10,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[\w-]{35}|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+)\b)"
    ),
    re.compile(
        r"(?P<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>.*?)(?=-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
    ),
)


def mask(text: str) -> str:
    """Put a mark in the place of what looks like a secret."""
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: f"{found['keep']}{MASK}", text)
    return text
