"""cState: status pages kept as Markdown notes (github.com/cstate/cstate); its notes as incidents.

Its properties: ``title``, ``date`` (the start), ``resolvedWhen`` (the end), ``resolved``, ``severity`` (down, disrupted,
notice), ``affected`` (services), ``section: issue``, ``informational`` (an announcement). Moments without a zone are UTC.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Any

import frontmatter
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

#: What becomes a property of an incident; all others are kept as they are, under a prefix of their own.
KNOWN = ("title", "date", "resolvedWhen", "resolved", "severity", "affected", "section", "informational")


@dataclass(frozen=True, slots=True)
class ForeignIncident:
    """An incident as another tool has kept it.

    Attributes:
        source: Where it comes from, such as ``cstate/2021-network-failure.md``; running an import again finds it by this.
        title: One line.
        started: When it began, None where that cannot be read.
        resolved: When it ended.
        is_over: The note says that it is.
        severity: The word of the other tool, lower case, or None.
        services: Names, as written.
        is_announcement: It announces something and is not an incident.
        body: What was written about it, Markdown.
        others: Properties without a place in ours.
        faults: What could not be read, as sentences.
    """

    source: str
    title: str
    started: datetime | None
    resolved: datetime | None
    is_over: bool
    severity: str | None
    services: tuple[str, ...]
    is_announcement: bool
    body: str
    others: Mapping[str, object]
    faults: tuple[str, ...]


def read_cstate(text: str, source: str, read_yaml: Callable[[str], Mapping[str, object]]) -> ForeignIncident | None:
    """Read a note of cState, None where it is none: it has no date, or belongs to no section of issues.

    Args:
        text: The whole note.
        source: Where it comes from, for `imported_from`.
        read_yaml: The guarded reader of YAML; the library only finds and splits the frontmatter.

    Raises:
        ValueError: The properties cannot be read.
    """
    values, body = _split(text, read_yaml)
    if values.get("date") is None and values.get("section") != "issue":
        return None
    faults: list[str] = []
    started = _moment(values, "date", faults)
    resolved = _moment(values, "resolvedWhen", faults)
    return ForeignIncident(
        source=source,
        title=" ".join((text_of(values.get("title")) or source).split()),
        started=started,
        resolved=resolved,
        is_over=_says_yes(values.get("resolved")),
        severity=(text_of(values.get("severity")) or "").lower() or None,
        services=texts_of(values.get("affected")),
        is_announcement=_says_yes(values.get("informational")),
        body=body,
        others={key: value for key, value in values.items() if key not in KNOWN},
        faults=tuple(faults),
    )


def _split(text: str, read_yaml: Callable[[str], Mapping[str, object]]) -> tuple[Mapping[str, object], str]:
    """Let the library find the frontmatter in any of its three languages; only JSON is read by the library itself."""
    clean = text.removeprefix("\ufeff").replace("\r\n", "\n")

    class GuardedYaml(YAMLHandler):
        """The library's own reader takes 12:30 for 750 and can be crashed; ours cannot."""

        def load(self, fm: str, **_: object) -> Any:
            # A fault is named by its line in the note.
            return read_yaml("\n" * clean[: clean.index(fm)].count("\n") + fm)

    # The library looks past blank lines as well.
    start = clean.lstrip()[:3]
    handler = GuardedYaml() if start == "---" else _Toml() if start == "+++" else None
    try:
        values, body = frontmatter.parse(clean, handler=handler)
    except RecursionError:
        raise ValueError("its properties lie in one another too deep") from None
    return values, body


class _Toml(BaseHandler):
    """The library's own reader of TOML needs a package that need not be there; its days and moments become text."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)

    def load(self, fm: str, **_: object) -> Any:
        return {
            key: value.isoformat() if isinstance(value, date) else value for key, value in tomllib.loads(fm).items()
        }


def _moment(values: Mapping[str, object], key: str, faults: list[str]) -> datetime | None:
    text = text_of(values.get(key))
    if text is None:
        return None
    try:
        return read_moment(text, UTC).at
    except ValueError as fault:
        faults.append(f"{key}: {fault}")
        return None


def _says_yes(value: object) -> bool:
    return value is True or str(value).strip().lower() in {"true", "yes"}
