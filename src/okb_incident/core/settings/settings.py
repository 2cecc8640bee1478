"""Settings of a vault: data only, never a command. Pure values; the vault room reads the file."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.identity import IdPattern
from okb_incident.core.values.severity import DEFAULT_SCALE
from okb_incident.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.values.severity import SeverityScale

FORMAT = 1
A_ZONE = 'IANA time zone such as "UTC" or "Europe/Zurich"'


class Folders(NamedTuple):
    """Where things are, relative to the vault.

    Attributes:
        incidents: Incident notes and their companions, by year.
        restricted: Incidents that are shown only where they are asked for.
        reports: The weekly reports, by year.
        lessons: Lessons that are notes; those of restricted incidents are in a folder of that name among the restricted.
        services: The service catalogue.
        people: Notes on people.
        operations: The procedures that notes link to.
        templates: The vault's own versions of the shipped templates.
        ignore: Folders whose notes are never read as facts, such as those of templates.
    """

    incidents: str = "incidents"
    restricted: str = "incidents/restricted"
    reports: str = "incidents/reports"
    lessons: str = "incidents/lessons"
    services: str = "services"
    people: str = "people"
    operations: str = "operations"
    templates: str = "templates/incident"
    ignore: tuple[str, ...] = ("templates", "Templates")

    @property
    def restricted_lessons(self) -> str:
        """Return the folder of the lessons that only restricted incidents have taught."""
        return f"{self.restricted}/lessons"


DEFAULT_SCOPES = ("single-user", "team", "region", "global")
"""The levels with which a scope begins, the narrowest first."""


class Vocabulary(NamedTuple):
    """The words that a property may hold, or begin with. A word outside is kept, and named by `check` where it has to be one."""

    category: tuple[str, ...] = ("system", "security", "performance", "service")
    detected_by: tuple[str, ...] = ("monitoring", "user", "system", "security")
    cause: tuple[str, ...] = (
        "change",
        "capacity",
        "dependency",
        "hardware",
        "certificate",
        "network",
        "human-error",
        "attack",
        "unknown",
    )
    scope: tuple[str, ...] = DEFAULT_SCOPES
    data_classes: tuple[str, ...] = ("personal", "health", "payment", "credentials", "confidential")


class Settings(NamedTuple):
    """Everything a vault can decide for itself.

    Attributes:
        format: The version of the vault's layout; a newer one can be read and is never written to.
        zone_name: The IANA name of the zone in which moments are written.
        id_pattern: How ids look.
        folders: Where things are.
        severities: The scale, worst first.
        vocabulary: The words of properties.
        cstate_severities: What the severities of cState notes become on import.
        plausible_days: How many days a moment may be from the id, the declaration and the timeline before somebody has to confirm it.
        own_policy: What the vault expects of a response, where it says so itself.
    """

    format: int = FORMAT
    zone_name: str = "UTC"
    id_pattern: str = "INC-YYYYMMDD-NN"
    folders: Folders = Folders()
    severities: SeverityScale = DEFAULT_SCALE
    vocabulary: Vocabulary = Vocabulary()
    cstate_severities: Mapping[str, str] = MappingProxyType({"down": "SEV1", "disrupted": "SEV2", "notice": "SEV4"})
    plausible_days: int = 30
    own_policy: Policy | None = None

    @property
    def policy(self) -> Policy:
        """Return what is expected of a response."""
        if self.own_policy is not None:
            return self.own_policy
        # Most commands that find a vault ask nothing of it.
        from okb_incident.core.settings.policy import DEFAULT_POLICY  # noqa: PLC0415

        if self.vocabulary.scope == DEFAULT_SCOPES and self.severities is DEFAULT_SCALE:
            return DEFAULT_POLICY
        return DEFAULT_POLICY.fitted(self.severities.levels, self.vocabulary.scope)

    @property
    def zone(self) -> tzinfo:
        """Return the zone in which moments are written and days begin."""
        return zone_named(self.zone_name)

    @property
    def window(self) -> timedelta:
        """Return how far a moment may be from the id, the declaration and the timeline."""
        return timedelta(days=self.plausible_days)

    @property
    def ids(self) -> IdPattern:
        """Return the reader and writer of ids."""
        return _ids(self.id_pattern)


@cache
def _ids(pattern: str) -> IdPattern:
    """Return the one reader of a pattern; it is asked for each note."""
    return IdPattern(pattern)


#: The tables of incident.toml that make up the policy; `read_policy` has their keys.
POLICY_TABLES = frozenset({"policy", "priority", "categories", "teams", "notify"})


def zone_named(name: str) -> tzinfo:
    """Return the time zone of an IANA name.

    Raises:
        ValueError: There is none of that name; the sentence is fit to follow the name of the setting.
    """
    if name == "UTC":
        # The usual case, without the cost of the zone database.
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        # KeyError for a name that is unknown, ValueError for "../x", OSError for the name of a folder.
        raise ValueError(f"{shorten(name)!r} is not {A_ZONE}") from None


def refuse_newer(settings: Settings) -> None:
    """Refuse to write into a vault of a newer format.

    Raises:
        SettingsError: It is newer than this version knows.
    """
    if settings.format > FORMAT:
        raise SettingsError(
            f"this vault has format {settings.format}, and this version of incident writes format {FORMAT}; "
            "reading it works, writing to it could damage it",
            field="format",
            value=str(settings.format),
            allowed=(str(FORMAT),),
            hint="install a newer version of okb-incident",
        )
