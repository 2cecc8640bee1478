"""The fields of an assessment: one table behind its options, its questions, its note's properties and what two of them compare."""

from __future__ import annotations

from typing import NamedTuple

from okb_incident.core.response.property_words import SECURITY_LOSSES
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
        parts: What is between several answers on one line; empty where there is one value.
        usual: A person is asked for it each time, and not only with ``--full``.
        of_category: The category of incident of which a person is asked for it each time; empty for none.
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
    of_category: str = ""

    @property
    def is_analysis(self) -> bool:
        """Return whether it is one of the four analyses."""
        return not self.key


FIELDS = (
    AssessmentField(
        "severity",
        ("-s", "--severity"),
        "SEV",
        "The severity, sev1 to sev4.",
        "severity",
        "severity",
        "how bad?",
        usual=True,
    ),
    AssessmentField(
        "scope",
        ("--scope",),
        "TEXT",
        "The scope: a level such as region, then any text.",
        "scope",
        "scope",
        "whom does it reach? a level, then any text",
        usual=True,
    ),
    AssessmentField(
        "users",
        ("-u", "--users"),
        "N",
        "Affected users: 1200, ~1200, 1000-1500, 5%, unknown.",
        "users_affected",
        "users_affected",
        "how many users? 1200, ~1200, 5%, unknown",
        usual=True,
    ),
    AssessmentField(
        "services",
        ("--service",),
        "NAME",
        "An affected service; may be repeated.",
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
        "The urgency: high, medium or low.",
        "urgency",
        "urgency",
        "how urgent?",
        URGENCIES,
    ),
    AssessmentField(
        "business_impact",
        ("--business-impact",),
        "WORD",
        "The business impact: critical, high, medium or low.",
        "business_impact",
        "business_impact",
        "how bad for the business?",
        IMPACTS,
    ),
    AssessmentField(
        "recovery",
        ("--recovery",),
        "T",
        "The expected recovery: 40m, 14:30.",
        "recovery_time",
        "expected_recovery",
        "when should it be over? 40m, 14:30",
    ),
    AssessmentField(
        "resources",
        ("--need",),
        "TEXT",
        "A needed resource; may be repeated.",
        "resources",
        question="what is needed? with semicolons between",
        parts=";",
    ),
    AssessmentField(
        "actions",
        ("--action",),
        "TEXT",
        "An immediate action; may be repeated.",
        "immediate_actions",
        question="what is done at once? with semicolons between",
        parts=";",
    ),
    AssessmentField(
        "teams",
        ("--team",),
        "NAME",
        "A team to notify; may be repeated.",
        "team_activation",
        "teams",
        "which teams are called? with semicolons between",
        parts=";",
    ),
    AssessmentField(
        "communication",
        ("--comms",),
        "TEXT",
        "How people are informed.",
        "communication",
        question="how are people informed?",
    ),
    AssessmentField(
        "escalation",
        ("--escalation",),
        "TEXT",
        "The person or team to escalate to if it gets worse.",
        "escalation",
        question="whom to call if it gets worse?",
    ),
    *(
        AssessmentField(
            name,
            (f"--{name}",),
            "WORD",
            f"The loss of {name}: none, partial, full or unknown.",
            name,
            name,
            f"how much {name} was lost?",
            SECURITY_LOSSES,
            of_category="security",
        )
        for name in ("confidentiality", "integrity", "availability")
    ),
    AssessmentField(
        "data_classes",
        ("--data-class",),
        "WORD",
        "A class of data that is concerned, such as personal; may be repeated.",
        "data_classes",
        "data_classes",
        "which classes of data, with commas between?",
        parts=",",
        of_category="security",
    ),
    AssessmentField(
        "service", ("--service-impact",), "TEXT", "Service impact: what fails, and how far.", question="service impact?"
    ),
    AssessmentField("user", ("--user-impact",), "TEXT", "User impact: what users cannot do.", question="user impact?"),
    AssessmentField(
        "business",
        ("--cost-impact",),
        "TEXT",
        "Business impact: the cost, and its source.",
        question="business impact?",
    ),
    AssessmentField(
        "security", ("--security-impact",), "TEXT", "Security impact: what was accessed.", question="security impact?"
    ),
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
