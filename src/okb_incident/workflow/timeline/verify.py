"""Writing down how a check came out, or making it by running a command."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.response import verification
from okb_incident.core.text.masking import mask
from okb_incident.core.text.quoting import quote_external
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.payload import code_span
from okb_incident.core.values.properties import text_of
from okb_incident.core.values.status import Status
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.integrations.process import capture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

RESULTS = {"ok": True, "pass": True, "passed": True, "fail": False, "failed": False}
EXAMPLE = 'verify recovery "errors below 0.1 % for 30 min" ok --evidence "0.02 %"'
MOST_SECONDS = 120
"""For which the command of a check may run."""
LONGEST_LINE = 120


class TypedCheck(NamedTuple):
    """A check as it was typed.

    Attributes:
        subject: What sort, or the name of one that is made again.
        text: What is checked.
        passed: How it came out, None where that was not typed.
    """

    subject: str
    text: str
    passed: bool | None


class Proof(NamedTuple):
    """What shows how a check came out, as typed.

    Attributes:
        evidence: In words.
        command: What is run to make the check; it passes where that exits with 0.
        value: The metric of a performance incident now; it is compared with the baseline.
    """

    evidence: str | None = None
    command: str | None = None
    value: str | None = None


def verify(call: Call, proof: Proof) -> ChangedIncident:
    """Write down how a check came out.

    Raises:
        UsageError: The sort is none, nothing is checked, or nobody says how it came out.
        NotFoundError: There is no check, or action, of that name.
        TransitionError: Nothing can have recovered yet.
        NoCommandError: The command cannot be run, or took too long.
    """
    asked = _asked(call, has_text=proof.value is not None)
    made = _run(proof.command) if proof.command else None
    passed = made[0] if made else asked.passed
    if passed is None:
        raise MissingWordError("ok|fail", "did it pass", EXAMPLE, allowed=("ok", "fail"), hint="or give --cmd")
    shown = "; ".join(part for part in (proof.evidence, made[1] if made else None) if part)

    def decide(record: Record) -> Change:
        text, evidence = asked.text, shown
        if proof.value is not None:
            measured, text = _measured(record.incident, proof.value, text)
            evidence = "; ".join(part for part in (measured, shown) if part)
        return verification.verify(
            record,
            asked.subject,
            text,
            call.moment,
            passed=passed,
            by=call.session.actor.handle,
            evidence=evidence.replace(", evidence ", "; evidence ") or None,
        )

    return call.change(decide, _may_be_verified)


def _may_be_verified(incident: Incident) -> bool:
    return incident.is_open or incident.status is Status.RESOLVED


def _asked(call: Call, *, has_text: bool) -> TypedCheck:
    """Split the sort of check, what is checked, and how it came out."""
    sorts = ", ".join(verification.SUBJECTS)
    typed = call.given.get("KIND")
    if typed is None:
        raise MissingWordError("KIND", "which sort of check", EXAMPLE, allowed=verification.SUBJECTS)
    subject = typed.lower()
    is_name = subject[:1] == "v" and subject[1:].isdecimal()
    if subject not in verification.SUBJECTS and not is_name:
        from difflib import get_close_matches  # noqa: PLC0415

        raise UsageError(
            f"unknown kind of check {shorten(typed)!r}; choose from {sorts}, or the name of one, such as v1",
            field="KIND",
            value=typed,
            allowed=verification.SUBJECTS,
            candidates=tuple(get_close_matches(subject, verification.SUBJECTS, n=1)),
            hint=f"incident {EXAMPLE}",
        )
    rest = list(call.words)
    passed = RESULTS.get(rest[-1].lower()) if rest else None
    if passed is not None:
        rest = rest[:-1]
    text = " ".join(" ".join(rest).split())
    if not text and has_text and not is_name:
        text = "the metric is back"
    if not text and not is_name:
        raise MissingWordError("WHAT", "what was checked", EXAMPLE, fill=_before_the_result)
    return TypedCheck(subject, text, passed)


def _before_the_result(words: Sequence[str], answer: str) -> Sequence[str]:
    ends = bool(words) and words[-1].lower() in RESULTS
    return (*words[:-1], answer, words[-1]) if ends else (*words, answer)


def _run(command: str) -> tuple[bool, str]:
    """Run the command of a check; return whether it passed, and what that shows in one line."""
    try:
        argv = shlex.split(command)
    except ValueError as fault:
        raise UsageError(f"--cmd {shorten(command)!r} cannot be read: {fault}", field="--cmd", value=command) from None
    if not argv:
        raise UsageError("--cmd is empty", field="--cmd")
    ended = capture(argv, seconds=MOST_SECONDS)
    lines = mask(ended.tail.decode("utf-8", "replace")).strip().splitlines()
    last = quote_external(lines[-1], limit=LONGEST_LINE) if lines else ""
    shown = f"{code_span(mask(shorten(' '.join(command.split()))))} exit {ended.code} after {ended.seconds:.0f}s"
    return ended.code == 0, f"{shown}{', ' + last if last else ''}"


def _measured(incident: Incident, value: str, text: str) -> tuple[str, str]:
    """Compare the metric of a performance incident with what it was before and at its worst.

    Returns:
        What shows it, and what was checked.

    Raises:
        UsageError: The value is not a number, or there is no baseline to compare with.
    """
    try:
        now = float(value.replace(",", "."))
    except ValueError:
        raise UsageError(
            f"--value {shorten(value)!r} is not a number such as 431", field="--value", value=value
        ) from None
    facts = {key: text_of(incident.properties.get(key)) for key in ("metric", "baseline", "worst", "unit")}
    baseline = _number(facts["baseline"])
    if not baseline:
        raise UsageError(
            f"{incident.id} has no baseline to compare with",
            field="baseline",
            hint=Command("set", "metric", "baseline", "worst", "unit", incident=incident.id),
        )
    unit = f" {facts['unit']}" if facts["unit"] else ""
    shown = f"{value}{unit} is {100 * now / baseline:.0f} % of the baseline {facts['baseline']}{unit}"
    worst = _number(facts["worst"])
    if worst:
        shown += f", at its worst it was {100 * worst / baseline:.0f} %"
    named = f"{facts['metric']} is back" if facts["metric"] and text == "the metric is back" else text
    return shown.replace(", at", " and at"), named


def _number(text: str | None) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None
