"""The fields of an assessment: one table behind its options, its questions, its note's properties and what two of them compare."""

from __future__ import annotations

from typing import NamedTuple

from okb_incident.core.settings.policy import IMPACTS, URGENCIES


class AssessmentField(NamedTuple):
    """One thing that an assessment can say.

    Attributes:
        name: Its name among the details of an assessment.
        option: How it is typed.
        metavar: What stands for its value in help.
        help: What it is.
        key: The property of the assessment's note; empty for an analysis, which is a section.
        of_incident: The property of the incident that it sets, or whose value is taken where nothing is said.
        question: What a person is asked.
        allowed: The words that it can be; empty for any text.
        parts: What stands between several answers on one line; empty where there is one value.
        usual: A person is asked for it each time, and not only with ``--full``.
    """

    name: str
    option: tuple[str, ...]
    metavar: str
    help: str
    key: str = ""
    of_incident: str = ""
    question: str = ""
    allowed: tuple[str, ...] = ()
    parts: str = ""
    usual: bool = False

    @property
    def is_analysis(self) -> bool:
        """Whether it is one of the four analyses."""
        return not self.key


FIELDS = (
    AssessmentField(
        "severity", ("-s", "--severity"), "SEV", "How bad.", "severity", "severity", "how bad?", usual=True
    ),
    AssessmentField(
        "scope",
        ("--scope",),
        "TEXT",
        "Whom it reaches: a team, a region, all.",
        "scope",
        "scope",
        "whom does it reach?",
    ),
    AssessmentField(
        "users",
        ("-u", "--users"),
        "N",
        "How many: 1200, ~1200, 1000-1500, 5%, unknown.",
        "users_affected",
        "users_affected",
        "how many users? 1200, ~1200, 5%, unknown",
        usual=True,
    ),
    AssessmentField(
        "services",
        ("--service",),
        "NAME",
        "A service; repeat it.",
        "services_affected",
        "services",
        "which services, with commas between?",
        parts=",",
        usual=True,
    ),
    AssessmentField(
        "urgency",
        ("--urgency",),
        "WORD",
        "high, medium or low.",
        "urgency",
        "urgency",
        "how urgent?",
        URGENCIES,
    ),
    AssessmentField(
        "business_impact",
        ("--business-impact",),
        "WORD",
        "critical, high, medium or low.",
        "business_impact",
        "business_impact",
        "how bad for the business?",
        IMPACTS,
    ),
    AssessmentField(
        "recovery",
        ("--recovery",),
        "T",
        "When it should be over: 40m, 14:30.",
        "recovery_time",
        "expected_recovery",
        "when should it be over? 40m, 14:30",
    ),
    AssessmentField(
        "resources",
        ("--need",),
        "TEXT",
        "What the response needs; repeat it.",
        "resources",
        question="what is needed? with semicolons between",
        parts=";",
    ),
    AssessmentField(
        "actions",
        ("--action",),
        "TEXT",
        "What is done at once; repeat it.",
        "immediate_actions",
        question="what is done at once? with semicolons between",
        parts=";",
    ),
    AssessmentField(
        "teams",
        ("--team",),
        "NAME",
        "A team to call; repeat it.",
        "team_activation",
        "teams",
        "which teams are called? with semicolons between",
        parts=";",
    ),
    AssessmentField(
        "communication",
        ("--comms",),
        "TEXT",
        "How people are told.",
        "communication",
        question="how are people told?",
    ),
    AssessmentField(
        "escalation",
        ("--escalation",),
        "TEXT",
        "Whom to call if it gets worse.",
        "escalation",
        question="whom to call if it gets worse?",
    ),
    AssessmentField("service", ("--service-impact",), "TEXT", "What fails, and how far.", question="service impact?"),
    AssessmentField("user", ("--user-impact",), "TEXT", "What users cannot do.", question="user impact?"),
    AssessmentField(
        "business", ("--cost-impact",), "TEXT", "What it costs, and who says so.", question="business impact?"
    ),
    AssessmentField("security", ("--security-impact",), "TEXT", "What was reached.", question="security impact?"),
)

ANALYSES = tuple(field.name for field in FIELDS if field.is_analysis)
"""What the four analyses look at."""

COMPARED = tuple(
    key
    for field in FIELDS
    if field.key
    for key in (("priority", field.key) if field.name == "urgency" else (field.key,))
)
"""The properties by which two assessments differ; the priority follows from urgency and business impact."""

PROPERTIES = ("type", "incident", "assessed", "by", *COMPARED, "visibility", "aliases", "created")
"""The properties of an assessment's note, in their order."""
