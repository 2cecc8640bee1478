"""Stand-ins: how values stay out of YAML until it has been parsed.

In the frontmatter of a template a value is not written into the YAML text; a stand-in takes its place, a word that any YAML
parser reads as text wherever it is, in quotes or without, alone or within more. Whoever has parsed the text puts the
values into the data. So no title can break a property, or add one.
"""

from __future__ import annotations

import os
import re
from typing import TypeVar

from okb_incident.core.text.quoting import break_tags, defuse, without_controls

Data = TypeVar("Data")


class StandIns:
    """The values of one rendering that are still to be put in.

    Attributes:
        mark: What a stand-in begins with.
        inserted: The values, in the order of their stand-ins.
    """

    def __init__(self, mark: str | None = None, inserted: list[str] | None = None) -> None:
        self.inserted = inserted or []
        # Characters for private use, and a number that no value can know: a title cannot pose as a stand-in.
        self.mark = mark or f"\ue000{os.urandom(4).hex()}."
        self._pattern = re.compile(re.escape(self.mark) + "([0-9]+)\ue001")

    def take(self, value: str) -> str:
        """Keep a value, with what a plug-in would execute broken; return the word that stands for it."""
        # Jinja2 may capture what was put in already, and put it in once more.
        self.inserted.append(defuse(self._pattern.sub(self._value, value)))
        return f"{self.mark}{len(self.inserted) - 1}\ue001"

    def fill(self, data: Data) -> Data:
        """Put the values into a text, or into every text of a list or mapping; other data stay as they are."""
        if isinstance(data, str):
            # YAML has ways of its own to write a control character.
            return break_tags(self._pattern.sub(self._value, without_controls(data)))  # type: ignore[return-value]
        if isinstance(data, list):
            return [self.fill(item) for item in data]  # type: ignore[return-value]
        if isinstance(data, dict):
            return {self.fill(key): self.fill(item) for key, item in data.items()}  # type: ignore[return-value]
        return data

    def _value(self, found: re.Match[str]) -> str:
        return self.inserted[int(found[1])]
