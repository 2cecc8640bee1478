"""Setting how bad an incident is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident import lifecycle
from okb_incident.errors import MissingWordError
from okb_incident.workflow.lifecycle.read_severity import read_severity
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


def change_severity(call: Call) -> ChangedIncident:
    """Set the severity.

    Raises:
        MissingWordError: There is no severity in the words.
    """
    if "SEVERITY" not in call.given:
        scale = call.session.vault.settings.severities
        levels = "; ".join(f"{level.label}: {level.meaning}" for level in scale.levels)
        raise MissingWordError(
            "SEVERITY", "which severity", "severity sev1 every payment fails", allowed=scale.labels, hint=levels
        )
    severity = read_severity(call.session, call.given["SEVERITY"])
    return call.change(
        lambda record: lifecycle.change_severity(
            record.incident, severity, call.moment, call.text, external=call.shared.external
        ),
        is_open,
        resolved_today(call.session),
    )
