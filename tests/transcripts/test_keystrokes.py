"""How much has to be typed at night."""

from __future__ import annotations

import shlex
from pathlib import Path

NIGHT = Path(__file__).parent / "sev1-night.md"
MOST = 60


def test_no_command_of_a_sev1_night_is_long_but_for_its_free_text():
    typed = [
        line.removeprefix("$ ") for line in NIGHT.read_text("utf-8").splitlines() if line.startswith("$ incident ")
    ]
    assert len(typed) > 30
    longest = max(map(_without_free_text, typed), key=len)
    assert len(longest) < MOST, longest


def _without_free_text(line: str) -> str:
    """Leave out what stands in quotes, because it holds blanks, and the command that `run` is given."""
    ours = line.split(" | ", maxsplit=1)[0].split(" -- ", maxsplit=1)[0]
    return " ".join(word for word in shlex.split(ours) if " " not in word)
