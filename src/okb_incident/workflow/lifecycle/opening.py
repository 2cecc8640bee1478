"""What is typed about an incident that is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.settings.policy import Handling

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.workflow.session import Session

SOURCE = "detected_by"


class Opening(NamedTuple):
    """What was typed about an incident that is opened, besides its title; what was not is None.

    Attributes:
        severity: How bad it is.
        services: Which services it hits.
        category: What sort it is.
        detected_by: Who or what noticed it.
        started: When the impact began.
        detected: When it was noticed.
        declared: When it was declared; now, unless said.
        ack: Who opens it takes it at once.
        reporter: Who reported it.
        drill: It is an exercise.
        resolved: When it was over, of one that is written down afterwards.
        recurrence_of: The id of the incident that it is the return of.
        pairs: Further properties, ``KEY=VALUE`` each.
        handling: How it is handled because of its category and its source; the ordinary way unless found otherwise.
    """

    severity: str | None = None
    services: Sequence[str] = ()
    category: str | None = None
    detected_by: str | None = None
    started: str | None = None
    detected: str | None = None
    declared: str | None = None
    ack: bool = False
    reporter: str | None = None
    drill: bool = False
    resolved: str | None = None
    recurrence_of: str | None = None
    pairs: Sequence[str] = ()
    handling: Handling = Handling()

    @property
    def source(self) -> str | None:
        """Return who or what noticed it, also where that is among the further properties."""
        typed = [
            value for key, _, value in (pair.partition("=") for pair in self.pairs) if key.strip().lower() == SOURCE
        ]
        return typed[-1].strip() if typed else self.detected_by

    def beginnings(self, session: Session) -> dict[str, datetime]:
        """Return when it began and was noticed, as far as that was typed.

        Raises:
            UsageError: A moment cannot be read, or is ahead.
        """
        typed = {"started": self.started, "detected": self.detected}
        return {name: session.moment(text, f"--{name}") for name, text in typed.items() if text}

    @property
    def is_particular(self) -> bool:
        """Return whether there is more to it than most incidents have."""
        return self.is_handled or any(self[8:-1])

    @property
    def is_handled(self) -> bool:
        """Return whether its category or its source has something to say about it."""
        return self.handling != Handling()
