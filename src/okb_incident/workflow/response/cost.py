"""Writing down money: cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response.cost import read_cost, read_range, with_range, with_source
from okb_incident.errors import UsageError
from okb_incident.workflow.response.effort import log_fields

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


def log_cost(call: Call, *, span: str | None, low: str | None, high: str | None, source: str | None) -> ChangedIncident:
    """Write down what an incident cost: ``WHAT AMOUNT CURRENCY [TEXT]``.

    Args:
        call: The call.
        span: The range: ``900..1500``.
        low: Its low end alone.
        high: Its high end alone.
        source: Where the number comes from.

    Raises:
        UsageError: It is not an amount of money, its range does not hold it, or the source is empty.
    """
    fields = read_cost(call.text)
    if span is not None:
        if low is not None or high is not None:
            raise UsageError("--range has both ends; leave out --low and --high", field="--range", value=span)
        fields = with_range(fields, *read_range(span), "--range")
    elif low is not None or high is not None:
        fields = with_range(fields, low or "", high or "", "--low" if low is not None else "--high")
    if source is not None:
        words = " ".join(source.split())
        if not words:
            raise UsageError(
                "--source is empty; name who or what the number comes from, such as 'the payment provider'",
                field="--source",
                value=source,
            )
        fields = with_source(fields, words)
    return log_fields(call, "cost", fields)
