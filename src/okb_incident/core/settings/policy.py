"""Policy: what the organization expects of the response to an incident, by its severity, its category and its teams.

The defaults are modest versions of what public guides ask for; docs/policy.md says which and why. An incident whose severity is
not determined is treated as the worst until it is.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.core.values.severity import Severity

AUDIENCES = ("team", "management", "users", "stakeholders")
"""Those to whom updates go; the first two are inside the organization."""

ROLES = ("commander", "technical_lead", "communications_lead", "scribe", "support_liaison", "management_liaison")
"""The roles that one person at a time holds; they are properties of an incident."""

URGENCIES = ("high", "medium", "low")
IMPACTS = ("critical", "high", "medium", "low")
PRIORITIES = ("P1", "P2", "P3", "P4")

TEAM_KINDS = ("technical", "support", "security", "management")

SECURITY = "security"
"""The category, the source and the kind of team that have to do with security."""


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
        scope: From which level of the scope on it does; None likewise.
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
    scope: str | None = None


class Category(NamedTuple):
    """What is particular about incidents of one category.

    Attributes:
        restricted: They are restricted from the start.
        tlp: They need a traffic light: the property `tlp`.
        procedure: The note on how to handle them, linked from each; None where there is none.
        requires: Properties that they cannot do without.
        checklist: What to do first, in order; each becomes an action of the incident.
        template: The template of their note, where it is not `incident-` and their name, nor the common one.
        sources: The sources (`detected_by`) of which an incident is handled as one of this category.
    """

    restricted: bool = False
    tlp: bool = False
    procedure: str | None = None
    requires: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    template: str | None = None
    sources: tuple[str, ...] = ()


class Handling(NamedTuple):
    """How an incident is handled because of its category and its source.

    Attributes:
        category: Its category; where it has none, the one that its source brings.
        restricted: It is restricted, because its category or its source asks for that.
        tlp: It needs a traffic light, likewise.
        security: It is a matter for the security teams.
    """

    category: str | None = None
    restricted: bool = False
    tlp: bool = False
    security: bool = False


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
        notify: By class of data, within which time after the detection an authority has to be notified; None where
            no rule says so.
        notice_contact: Whom an authority can ask; None where the settings do not say.
    """

    expectations: tuple[Expectation, ...]
    priorities: Mapping[tuple[str, str], str]
    categories: Mapping[str, Category]
    teams: Mapping[str, Team] = MappingProxyType({})
    reopen_within: timedelta = timedelta(days=7)
    silent_after: timedelta = timedelta(hours=8)
    second_approver: tuple[str, ...] = ()
    notify: Mapping[str, timedelta | None] = MappingProxyType({})
    notice_contact: str | None = None

    def of(self, severity: Severity | None) -> Expectation:
        """Return what is expected for a severity; one that is not known counts as the worst."""
        rank = severity.rank if severity else 0
        return self.expectations[min(max(rank, 1), len(self.expectations)) - 1]

    def fitted(self, severities: Sequence[Severity], levels: Sequence[str]) -> Policy:
        """Return this policy for the severities and the scopes of a vault.

        The widest scope proposes the worst severity, the next one the next; all that are left propose the last severity.
        """
        last = len(severities) - 1
        found = [
            self.of(severity)._replace(scope=levels[0 if place == last else max(-1 - place, -len(levels))])
            for place, severity in enumerate(severities)
        ]
        return self._replace(expectations=tuple(found))

    def category(self, name: str | None) -> Category:
        """Return what is particular about a category, in any case of letters; nothing where it is ordinary."""
        found = self._name_of(name)
        return self.categories[found] if found else Category()

    def handling(self, category: str | None, source: str | None) -> Handling:
        """Return how an incident of this category and this source is handled.

        A category that was set is kept, since it decides how the incident is worked on. Who may know of the incident follows from
        both: whatever asks for a restriction or a traffic light gets it.
        """
        brought = next((name for name, each in self.categories.items() if _holds(each.sources, source)), None)
        both = [self.category(name) for name in (category, brought)]
        return Handling(
            category or brought,
            any(each.restricted for each in both),
            any(each.tlp for each in both),
            SECURITY in {self._name_of(category), brought},
        )

    def _name_of(self, category: str | None) -> str | None:
        """Return the name of a category as the settings write it; None for an ordinary one."""
        if category in self.categories:
            return category
        return next((name for name in self.categories if category and name.casefold() == category.casefold()), None)

    def security_teams(self) -> Mapping[str, Team]:
        """Return the teams that are notified of a security incident."""
        return {name: team for name, team in self.teams.items() if team.kind == SECURITY}


def _holds(words: tuple[str, ...], word: str | None) -> bool:
    return word is not None and word.casefold() in {each.casefold() for each in words}


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
            scope="global",
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
            scope="region",
        ),
        Expectation(
            acknowledge=timedelta(hours=1),
            mitigate=timedelta(days=1),
            resolve=timedelta(days=3),
            updates=_minutes(team=480),
            roles=("commander",),
            share=1,
            impact="medium",
            scope="team",
        ),
        Expectation(
            acknowledge=timedelta(days=1),
            resolve=timedelta(days=14),
            roles=("commander",),
            share=0,
            impact="low",
            scope="single-user",
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
                template="incident-system",
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
                sources=(SECURITY,),
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
                template="incident-service",
                checklist=(
                    "Name the services that fail, and those that depend on them",
                    "Open the runbook of each service",
                    "Inform users what works and what does not",
                ),
            ),
        }
    ),
    # Article 33 of the GDPR: 72 hours after becoming aware; data on health are personal too. docs/policy.md has the reasons.
    notify=MappingProxyType(
        {
            "personal": timedelta(hours=72),
            "health": timedelta(hours=72),
            "payment": None,
            "credentials": None,
            "confidential": None,
        }
    ),
)
