"""The quality of the documentation for programs; keys are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.core.metrics.growth import COMPARED
from okb_incident.core.values.moment import rfc3339
from okb_incident.core.values.period import month_name
from okb_incident.reports.documentation import command_for

if TYPE_CHECKING:
    from okb_incident.core.metrics.documentation import Documentation, Month
    from okb_incident.core.metrics.growth import Comparison, Kind


def as_object(documentation: Documentation, vault: str | None, *, of: str) -> dict[str, Any]:
    """Return the documentation of a period's incidents as plain data.

    Args:
        documentation: What was counted.
        vault: The folder that was typed, which its commands name.
        of: What the findings are about: ``notes`` or ``properties``.
    """
    whole, comparison = documentation.whole, documentation.comparison
    return {
        "of": of,
        "as_of": rfc3339(documentation.as_of),
        "period": {
            "label": documentation.period.label,
            "from": rfc3339(documentation.period.start),
            "to": rfc3339(documentation.period.end),
        },
        **_figures(whole),
        "months": [
            {
                "month": month.name,
                "so_far": month.is_running,
                "in_part": month.is_part,
                **_figures(month),
                "kinds": dict(month.kinds),
            }
            for month in documentation.months
        ],
        "kinds": [_kind(kind, comparison, vault) for kind in documentation.kinds],
        "compared": {
            "before": {"months": _names(comparison.first), "incidents": comparison.before},
            "recent": {"months": _names(comparison.turn), "incidents": comparison.recent},
            "can_tell": comparison.can_tell,
        }
        if comparison
        else None,
        "without_declared": [str(each) for each in documentation.by_id],
        "outside": documentation.outside,
        "elsewhere": documentation.elsewhere,
    }


def _figures(month: Month) -> dict[str, Any]:
    return {
        "incidents": month.incidents,
        "open": month.open,
        "with_findings": month.faulty,
        "without_findings": month.incidents - month.faulty,
        "findings": month.findings,
        "median": month.median,
        "mean": month.findings / month.incidents if month.incidents else None,
    }


def _names(first: int) -> list[str]:
    return [month_name(number) for number in range(first, first + COMPARED)]


def _kind(kind: Kind, comparison: Comparison | None, vault: str | None) -> dict[str, Any]:
    command = command_for(kind, comparison) if comparison else None
    return {
        "code": kind.code,
        "findings": kind.findings,
        "incidents": kind.incidents,
        "before": kind.before and kind.before.some,
        "recent": kind.recent and kind.recent.some,
        "p": None if kind.chance is None else float(kind.chance),
        "grows": kind.grows,
        "command": command and command.text(vault),
        "argv": command and list(command.argv(vault)),
    }
