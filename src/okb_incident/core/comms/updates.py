"""Updates: which message went to whom and when, and when the next one is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.comms.notice import NOTICE, is_notice, reader_of
from okb_incident.core.incident.incident import DRILL
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from okb_incident.core.incident.change import Change, Outgoing
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Expectation
    from okb_incident.core.timeline.record import Record

AFTER_THE_END = timedelta(days=1)
"""Within which time those who were told of it hear that it is over, where no cadence says."""


class LastUpdate(NamedTuple):
    """The last message to an audience.

    Attributes:
        at: When.
        promised: By when it promised the next.
        times: How many went out by then.
    """

    at: datetime
    promised: datetime | None
    times: int


class UpdateOwed(NamedTuple):
    """An update that is due to an audience.

    Attributes:
        audience: Which.
        by: By when.
        last: The last word, None before the first.
        over: It is the word that all is over.
        every: How often the policy wants it to hear; None where only a promise counts.
        barrier: Why it must not hear without a decision, as the end of "it is …"; None where nothing keeps it.
        decided: It was decided that it hears.
    """

    audience: str
    by: datetime
    last: LastUpdate | None
    over: bool
    every: timedelta | None
    barrier: str | None = None
    decided: bool = False

    @property
    def waits(self) -> bool:
        """Return whether a decision is due, and not the message."""
        return self.barrier is not None and not self.decided

    @property
    def what(self) -> str:
        """Return what has to be done, as the end of "it is time to …"."""
        if self.waits:
            return f"decide whether to inform {self.audience}: it is {self.barrier}"
        who = self.audience if self.audience in {"users", "stakeholders"} else f"the {self.audience}"
        how = "that it is over" if self.over else "the current state" if self.last else "for the first time"
        return f"tell {who} {how}"

    def command(self, incident: object) -> Command:
        """Return what sends it, with the promise of the next update where one is due."""
        promise = ("--next", f"{int(self.every.total_seconds() // 60)}m") if self.every and not self.over else ()
        disclose = ("--disclose",) if self.barrier else ()
        return Command("tell", self.audience, options=(*promise, *disclose), incident=incident)

    def instead(self, incident: object) -> Command | None:
        """Return what records the decision not to tell, where one is due."""
        return Command("comms withhold", self.audience, incident=incident) if self.waits else None


def last_told(record: Record) -> dict[str, LastUpdate]:
    """Return the last message to each audience but the authority; what was promised before it was reopened is no longer due."""
    found: dict[str, LastUpdate] = {}
    for entry in record.of_kind("comms", "reopen"):
        assert entry.at is not None, "a line that fits its kind has a moment"
        if entry.kind == "reopen":
            found = {audience: last._replace(promised=None) for audience, last in found.items()}
            continue
        fields = entry.fields or {}
        if is_notice(fields):
            continue
        audience = fields["audience"].lower()
        promised = read_moment(fields["next"], record.zone).at if "next" in fields else None
        found[audience] = LastUpdate(entry.at, promised, found[audience].times + 1 if audience in found else 1)
    return found


def last_of(record: Record, audience: str, kind: str) -> LastUpdate | None:
    """Return the last message before one of a kind: of a notice the last notice, else the last update to its audience."""
    if kind != NOTICE:
        return last_told(record).get(audience)
    sent = [entry.at for entry in record.of_kind("comms") if entry.at and is_notice(entry.fields)]
    return LastUpdate(sent[-1], None, len(sent)) if sent else None


def label_of(audience: str, kind: str, last: LastUpdate | None) -> str:
    """Return what the link to the next message reads: ``users 2``, ``notice 1``."""
    return f"{NOTICE if kind == NOTICE else audience} {last.times + 1 if last else 1}"


def kind_for(incident: Incident, audience: str, last: LastUpdate | None) -> str:
    """Choose the kind of a message by the state of the incident and whether the audience has heard of it."""
    from okb_incident.core.comms.communication import USUAL  # noqa: PLC0415 - asked when a message is written

    usual = USUAL[audience]
    if incident.status in {Status.RESOLVED, Status.CLOSED}:
        return usual.over
    return usual.later if last else usual.first


def owed(record: Record, expected: Expectation) -> list[UpdateOwed]:
    """Return the updates that are due, the next deadline first.

    While it is open, one is due to each audience of the policy, and to each other that was promised one: at the promised moment, else
    by the cadence after the last message, the first one after the declaration, and after it was reopened. When it is resolved, each
    audience that got a message gets the one that it is over. Of maintenance and announcements none is due, and none to an audience from
    which messages are withheld. Of a confidential incident, a decision on users and stakeholders is due first.
    """
    incident = record.incident
    decided = _decided(record)
    found = _while_open(record, expected) if incident.needs_someone else _when_over(record, expected)
    return sorted(
        (
            each._replace(barrier=_barrier(incident, each.audience), decided=each.audience in decided)
            for each in found
            if decided.get(each.audience, True)
        ),
        key=lambda each: each.by,
    )


def _decided(record: Record) -> Mapping[str, bool]:
    """Return for each audience whether it was decided to tell it."""
    if not record.mentions("decision"):
        return {}
    from okb_incident.core.comms.disclosure import decisions  # noqa: PLC0415 - few incidents have a decision

    return decisions(record)


def _barrier(incident: Incident, audience: str) -> str | None:
    """Return why an audience must not hear without a decision; None where nothing keeps it."""
    if not (incident.restricted or incident.properties.get("tlp")):
        return None
    from okb_incident.core.comms.disclosure import barrier  # noqa: PLC0415 - most incidents are not confidential

    return barrier(incident, audience)


def _while_open(record: Record, expected: Expectation) -> Iterator[UpdateOwed]:
    last = last_told(record)
    start = record.incident.at("declared") or record.incident.anchor
    back = max((entry.at for entry in record.of_kind("reopen") if entry.at), default=None)
    for audience in dict.fromkeys((*expected.updates, *last)):
        every, told = expected.updates.get(audience), last.get(audience)
        since = max((at for at in (told.at if told else start, back) if at), default=None)
        by = (told and told.promised) or (since + every if since and every else None)
        if by:
            yield UpdateOwed(audience, by, told, over=False, every=every)


def _when_over(record: Record, expected: Expectation) -> Iterator[UpdateOwed]:
    incident = record.incident
    resolved = incident.at("resolved")
    if incident.status is not Status.RESOLVED or resolved is None or incident.nature in {"maintenance", "announcement"}:
        return
    for audience, told in last_told(record).items():
        if told.at < resolved:
            every = expected.updates.get(audience)
            by = told.promised or resolved + (every or AFTER_THE_END)
            yield UpdateOwed(audience, by, told, over=True, every=every)


def send(record: Record, message: Outgoing, shown: str, at: datetime, promised: datetime | None) -> Change:
    """Record a message that goes out: the line in the timeline, and the earliest promise over all audiences.

    Args:
        record: The incident.
        message: What goes out.
        shown: What the link to its note reads: ``users 2``.
        at: When.
        promised: By when the next one comes.

    Raises:
        TransitionError: The incident was declined or merged.
    """
    from okb_incident.core.comms.communication import message_name  # noqa: PLC0415 - the guidance sends nothing
    from okb_incident.core.incident.change import Change, LogLine  # noqa: PLC0415
    from okb_incident.core.timeline.kinds import KINDS  # noqa: PLC0415

    incident = record.incident
    if incident.status is not None and incident.status.is_aside:
        raise TransitionError(
            f"{incident.id} is {incident.status}; no more messages are sent about it",
            field="status",
            value=str(incident.status),
            hint=Command("show", incident=incident.id),
        )
    shown = f"{DRILL} {shown}" if incident.is_drill else shown
    fields = {"audience": message.audience, "kind": message.kind, "note": f"{message.note}|{shown}"}
    if promised:
        fields["next"] = write_moment(promised, record.zone)
    what = f"{message_name(message.note)} {message.kind.replace('-', ' ')}"
    reader = reader_of(message.audience, message.kind)
    whom = f"{reader} ({', '.join(message.to)})" if message.to else reader
    moments = {"recorded" if incident.is_drill else "sent": at}
    return Change(
        properties=_promises(record, {message.audience: promised}),
        lines=(LogLine("comms", KINDS["comms"].write(fields, record.zone), at),),
        said=f"recorded for {whom}, not delivered (drill): {what}" if incident.is_drill else f"sent to {whom}: {what}",
        moments=moments | ({"next update": promised} if promised else {}),
        outgoing=message,
    )


def withhold(record: Record, audience: str, reason: str, at: datetime) -> Change:
    """Record the decision not to inform an audience; what was promised to it is no longer due, until a message goes out to it."""
    from okb_incident.core.comms.disclosure import decisions, withheld  # noqa: PLC0415 - the guidance decides nothing
    from okb_incident.core.incident.change import Change  # noqa: PLC0415
    from okb_incident.core.incident.change import quote as quoted  # noqa: PLC0415

    if decisions(record).get(audience) is False:
        return Change(already=True)
    return Change(
        properties=_promises(record, {audience: None}),
        lines=(withheld(record, audience, reason, at),),
        said=f"withheld from {audience}{quoted(reason)}",
        moments={"withheld": at},
    )


def _promises(record: Record, promised: Mapping[str, datetime | None]) -> Mapping[str, datetime | None]:
    """Return the property of the earliest promise over all audiences.

    Args:
        record: The incident.
        promised: What this command promises, by audience; None for nothing.
    """
    incident, decided = record.incident, _decided(record)
    known = {each: last.promised for each, last in last_told(record).items() if decided.get(each, True)}
    promises = [each for each in {**known, **promised}.values() if each] if incident.is_open else []
    first = min(promises, default=None)
    return {"next_update": first} if first or "next_update" in incident.properties else {}
