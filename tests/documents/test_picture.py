"""The picture in the README shows what the program answers today."""

from __future__ import annotations

import re
import runpy
from html import unescape
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "docs" / "picture.py"


def words(svg: str) -> list[str]:
    """Return the texts of a picture; how they are drawn is the business of the library, and of its release."""
    return [unescape(text).strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_the_picture_is_what_its_script_makes():
    made = words(runpy.run_path(str(SCRIPT))["picture"]())
    kept = SCRIPT.with_name("picture.svg").read_text(encoding="utf-8")
    assert "resolved" in " ".join(made)
    assert words(kept) == made, "python docs/picture.py makes it anew"
    assert len(kept) < 100_000
    assert "url(http" not in kept
