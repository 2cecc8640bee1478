"""Policy: what the organization expects of the response to an incident, by its severity, its category and its teams.

The defaults are modest versions of what public guides ask for; docs/policy.md says which and why. An incident whose severity is
not determined is treated as the worst until it is.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.values.severity import Severity

AUDIENCES = ("team", "management", "users", "stakeholders")
"""Those to whom updates go; the first two are inside the organization."""

ROLES = ("commander", "technical_lead", "communications_lead", "scribe", "support_liaison", "management_liaison")
"""The roles that one person at a time holds; they are properties of an incident."""

URGENCIES = ("high", "medium", "low")
IMPACTS = ("critical", "high", "medium", "low")
PRIORITIES = ("P1", "P2", "P3", "P4")

TEAM_KINDS = ("technical", "support", "security", "management")


class Expectation(NamedTuple):
    """What is expected for incidents of one severity.

    Attributes:
        acknowledge: Within which time after its declaration somebody takes it; None for no target.
        mitigate: Within which time after its declaration the impact stops; None for no target.
        resolve: Within which time after its declaration it is over; None for no target.
        updates: How often each audience hears of it while it is open; an audience that is absent gets none.
        roles: The roles that somebody must hold.
        review: Within how many days after its end it is reviewed; None where no review is due.
        verification: Whether a passing recovery check is needed to close it.
        share: From which share of users on, in percent, an assessment proposes this severity; None where the share says nothing.
        impact: From which business impact on it does; None likewise.
    """

    acknowledge: timedelta | None = None
    mitigate: timedelta | None = None
    resolve: timedelta | None = None
    updates: Mapping[str, timedelta] = MappingProxyType({})
    roles: tuple[str, ...] = ()
    review: int | None = None
    verification: bool = False
    share: int | None = None
    impact: str | None = None


class Category(NamedTuple):
    """What is particular about incidents of one category.

    Attributes:
        restricted: They are restricted from the start.
        tlp: They need a traffic light: the property `tlp`.
        procedure: The note on how to handle them, linked from each; None where there is none.
        requires: Properties that they cannot do without.
        checklist: What to do first, in order; each becomes an action of the incident.
        template: The template of their note, where it is not the common one.
    """

    restricted: bool = False
    tlp: bool = False
    procedure: str | None = None
    requires: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    template: str | None = None


class Team(NamedTuple):
    """A team that can be called.

    Attributes:
        kind: technical, support, security or management; None where the settings do not say.
        members: The people in it, by handle.
        contact: How it is reached, in words.
    """

    kind: str | None = None
    members: tuple[str, ...] = ()
    contact: str | None = None


class Policy(NamedTuple):
    """What a vault expects of a response.

    Attributes:
        expectations: By rank, the worst severity first; a lower severity than there are expects what the last does.
        priorities: The priority for each urgency and business impact.
        categories: By name, those that differ from an ordinary incident.
        teams: By name.
        reopen_within: How long after its end an incident that comes back is reopened rather than opened anew.
        silent_after: How long an open incident may go without a line in its timeline, where no update is due.
        second_approver: The audiences whose messages somebody else than their author approves.
    """

    expectations: tuple[Expectation, ...]
    priorities: Mapping[tuple[str, str], str]
    categories: Mapping[str, Category]
    teams: Mapping[str, Team] = MappingProxyType({})
    reopen_within: timedelta = timedelta(days=7)
    silent_after: timedelta = timedelta(hours=8)
    second_approver: tuple[str, ...] = ()

    def of(self, severity: Severity | None) -> Expectation:
        """Return what is expected for a severity; one that is not known counts as the worst."""
        rank = severity.rank if severity else 0
        return self.expectations[min(max(rank, 1), len(self.expectations)) - 1]

    def category(self, name: str | None) -> Category:
        """Return what is particular about a category, nothing where it is ordinary."""
        return self.categories.get(name or "", Category())


def _minutes(**updates: int) -> Mapping[str, timedelta]:
    return MappingProxyType({audience: timedelta(minutes=each) for audience, each in updates.items()})


DEFAULT_POLICY = Policy(
    expectations=(
        Expectation(
            acknowledge=timedelta(minutes=5),
            mitigate=timedelta(hours=1),
            resolve=timedelta(hours=4),
            updates=_minutes(team=30, management=30, users=20, stakeholders=60),
            roles=("commander", "technical_lead", "communications_lead"),
            review=3,
            verification=True,
            share=50,
            impact="critical",
        ),
        Expectation(
            acknowledge=timedelta(minutes=15),
            mitigate=timedelta(hours=4),
            resolve=timedelta(days=1),
            updates=_minutes(team=60, management=120, users=60),
            roles=("commander", "technical_lead"),
            review=7,
            verification=True,
            share=10,
            impact="high",
        ),
        Expectation(
            acknowledge=timedelta(hours=1),
            mitigate=timedelta(days=1),
            resolve=timedelta(days=3),
            updates=_minutes(team=480),
            roles=("commander",),
            share=1,
            impact="medium",
        ),
        Expectation(
            acknowledge=timedelta(days=1), resolve=timedelta(days=14), roles=("commander",), share=0, impact="low"
        ),
    ),
    priorities=MappingProxyType(
        {
            (urgency, impact): priority
            for urgency, row in (
                ("high", ("P1", "P1", "P2", "P3")),
                ("medium", ("P1", "P2", "P3", "P3")),
                ("low", ("P2", "P3", "P4", "P4")),
            )
            for impact, priority in zip(IMPACTS, row, strict=True)
        }
    ),
    categories=MappingProxyType(
        {
            "system": Category(
                checklist=(
                    "Write down what fails, since when, and for whom",
                    "Look at what changed last: deploys, settings, certificates, load",
                    "Decide whether to take the last change back before looking for the cause",
                ),
            ),
            "security": Category(
                restricted=True,
                tlp=True,
                procedure="security-incident-response",
                template="incident-security",
                checklist=(
                    "Stop what is going on, and cut the way in",
                    "Inform the security team, over a channel that an intruder does not read",
                    "Keep evidence before anything is cleaned: logs, images, their digests",
                    "Find out what was reached, and whether data left the organization",
                    "Decide with the management whom the law obliges us to tell, and by when",
                ),
            ),
            "performance": Category(
                requires=("metric", "baseline", "unit"),
                template="incident-performance",
                checklist=(
                    "Write down the metric, its usual value and its worst",
                    "Compare with the same hour of another day",
                    "Look for what grew: traffic, data, queues, slow queries",
                ),
            ),
            "service": Category(
                requires=("services",),
                checklist=(
                    "Name the services that fail, and those that depend on them",
                    "Open the runbook of each service",
                    "Inform users what works and what does not",
                ),
            ),
        }
    ),
)
