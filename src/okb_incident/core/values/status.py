"""Status: the states of an incident, and which way it may move."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The states of an incident; the first four together are "open"."""

    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        """Return whether someone is still working on it."""
        return self in OPEN

    @property
    def is_aside(self) -> bool:
        """Return whether it left the process: a false alarm, or part of another incident."""
        return self in ASIDE

    @property
    def step(self) -> int:
        """Return how far along the process it is; a forward jump is to a larger one."""
        return PROCESS.index(self)

    @classmethod
    def read(cls, text: str) -> Status | None:
        """Find the status that a text means, without regard to case; None where it means none."""
        word = text.strip().lower()
        return cls(word) if word in cls._value2member_map_ else None


PROCESS = (
    Status.TRIAGE,
    Status.INVESTIGATING,
    Status.IDENTIFIED,
    Status.MONITORING,
    Status.RESOLVED,
    Status.CLOSED,
)
OPEN = frozenset(PROCESS[:4])
ASIDE = frozenset({Status.DECLINED, Status.MERGED})

#: Which moment a status is entered at; the moments of `declined` and `merged` are in the timeline alone.
MOMENT_OF = {
    Status.INVESTIGATING: "acknowledged",
    Status.IDENTIFIED: "identified",
    Status.MONITORING: "mitigated",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
}
