"""Resolution: what is said of an incident when it is over, and where in its note that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import Addition, Change, LogLine, quote
from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.values.moment import show_seconds, write_moment
from okb_incident.core.values.properties import text_of

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

LOSSES = ("none", "some", "unknown")
"""What can be said of the loss of data."""


class ResolutionDetails(NamedTuple):
    """The details of an incident that is over; what was not typed is None.

    Attributes:
        summary: What happened, in a sentence or two.
        cause: A word of the vocabulary.
        trigger: What set it off, in one line.
        fix: What repaired it for good.
        workaround: What makes it bearable until it is repaired.
        data_loss: none, some or unknown.
    """

    summary: str | None = None
    cause: str | None = None
    trigger: str | None = None
    fix: str | None = None
    workaround: str | None = None
    data_loss: str | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is said."""
        return not any(self)


def missing(record: Record) -> tuple[str, ...]:
    """Return which details the note does not hold yet, in the order in which they are asked."""
    properties = record.incident.properties
    asked = []
    if not record.says("Summary"):
        asked.append("summary")
    if not text_of(properties.get("cause")):
        asked.append("cause")
    if not record.says("Resolution"):
        asked.append("fix")
    return tuple(asked)


def add(change: Change, record: Record, details: ResolutionDetails, at: datetime) -> Change:
    """Add to a change what is said; a summary that a writer has begun is left to them."""
    properties = dict(change.properties)
    additions = list(change.additions)
    lines = list(change.lines)
    warnings = list(change.warnings)
    said = []
    for key in ("cause", "trigger", "data_loss"):
        value, before = getattr(details, key), text_of(record.incident.properties.get(key))
        if value and value != before:
            properties[key] = value
            lines.append(LogLine("note", f"{key}: {before or '–'} → {value}", at))
            said.append(key.replace("_", " "))
    if details.summary and record.says("Summary"):
        lines.append(LogLine("note", f"summary: {' '.join(details.summary.split())}", at))
        said.append("summary")
        warnings.append(
            "the summary stays as it was written, and yours is in the timeline; incident edit opens the note"
        )
    elif details.summary:
        additions.append(Addition("Summary", _prose(details.summary)))
        said.append("summary")
    for word, text in (("Fix", details.fix), ("Workaround", details.workaround)):
        if text:
            additions.append(Addition("Resolution", f"{word}: {_prose(text)}", paragraph=True))
            said.append(word.lower())
    if not said:
        return change._replace(warnings=tuple(warnings))
    return change._replace(
        properties=properties,
        additions=tuple(additions),
        lines=tuple(lines),
        warnings=tuple(warnings),
        already=False,
        said="; ".join(each for each in ("" if change.already else change.said, f"added {', '.join(said)}") if each),
    )


def _prose(text: str) -> str:
    """Make a text one paragraph that nothing executes."""
    return defuse_body(" ".join(text.split()))


def lose_data(
    record: Record,
    loss: str,
    at: datetime,
    *,
    since: datetime | None = None,
    restored_from: str | None = None,
    text: str = "",
) -> Change:
    """Record whether data was lost, and from when to when.

    Args:
        record: The incident.
        loss: none, some or unknown.
        at: When that is said.
        since: From which moment on data is lost, where it was; the recovery point, which is before the incident began.
        restored_from: What it was restored from.
        text: What else there is to say.
    """
    incident = record.incident
    before = text_of(incident.properties.get("data_loss")) or "–"
    facts = [f"data_loss: {before} → {loss}"]
    shown = f"recorded data loss: {loss}"
    if since:
        began = incident.at("started") or incident.at("detected")
        span = f" (recovery point {show_seconds((began - since).total_seconds())} before it began)" if began else ""
        facts.append(f"lost since {write_moment(since, record.zone)}{span}")
        shown += span
    if restored_from:
        facts.append(f"restored from {restored_from}")
        shown += f", restored from {restored_from}"
    if text:
        facts.append(text)
    if before == loss and len(facts) == 1:
        return Change(already=True, said=f"data loss already {loss}")
    return Change(
        properties={"data_loss": loss} if before != loss else {},
        lines=(LogLine("note", ", ".join(facts), at),),
        said=f"{shown}{quote(text)}",
        warnings=("data was lost; the last message must mention it",) if loss == "some" else (),
    )
