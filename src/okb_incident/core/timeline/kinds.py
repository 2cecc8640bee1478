"""The kinds of timeline lines, in one table: what each means, and how its payload is written and read.

A kind's forms are tried in their order, so a later one takes what an earlier one does not. ``payload`` explains their
notation. A kind whose last form is ``{text}`` takes any words; the forms before it are the order in which words count as
fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.payload import read_form, show_form, write_form
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

ANY_WORDS = "{text}"

NEVER_EXTERNAL = frozenset({"cost"})
"""Kinds of which nothing leaves the organization, whatever mark a person puts on a line."""
RESTORED = ("restored", "works again", "ok", "up")
"""The words for a service that works again."""


class EntryKind(NamedTuple):
    """A kind of timeline line.

    Attributes:
        name: The word between the stars.
        meaning: One sentence: what such a line says.
        forms: The shapes of its payload, the first that fits counting.
        examples: Payloads in canonical form; together they show every form.
    """

    name: str
    meaning: str
    forms: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def syntax(self) -> str:
        """Return the shapes of its payload, as people read them."""
        return " or ".join(f"`{show_form(form)}`" for form in self.forms)

    @property
    def example(self) -> str:
        """Return a payload of this kind."""
        return self.examples[0]

    def read(self, payload: str, zone: tzinfo) -> dict[str, str]:
        """Return the named fields of a payload; what is missing has no key.

        Raises:
            ValueError: It does not fit, with a sentence that says why and shows an example.
        """
        try:
            fields = self._first_fit(payload, zone)
        except ValueError as error:
            raise ValueError(f"in this {self.name}, {error}") from None
        if not fields:
            raise ValueError(
                f"{shorten(payload)!r} is not a valid {self.name}; write {self.syntax}, such as `{self.example}`"
            )
        return fields

    def _first_fit(self, payload: str, zone: tzinfo) -> dict[str, str]:
        """Return the fields of the first form that fits; none where no form does."""
        for form in self.forms:
            fields = read_form(form, payload, zone)
            if fields is not None:
                return fields
        return {}

    def write(self, fields: Mapping[str, str], zone: tzinfo) -> str:
        """Return the payload that holds these fields, proven by reading it.

        Raises:
            ValueError: A field is missing, unknown, or holds what its place in the line cannot.
        """
        given = {name: " ".join(value.split()) for name, value in fields.items()}
        for form in self.forms:
            payload = write_form(form, given)
            if payload is None:
                continue
            # Words for a form that takes any words are kept even where they look like an earlier form.
            if given.keys() <= self._first_fit(payload, zone).keys() or (form == ANY_WORDS and payload):
                return payload
        told = ", ".join(f"{name} {shorten(value)!r}" for name, value in given.items())
        raise ValueError(f"a {self.name} cannot hold {told or 'nothing'}; its form is {self.syntax}")


KINDS: dict[str, EntryKind] = {
    kind.name: kind
    for kind in (
        EntryKind(
            "status",
            f"The incident's status changed; it is one of {', '.join(Status)}.",
            ("[{before:status} → ]{after:status}[ (seen {seen:moment})][, {reason}]",),
            (
                "investigating → monitoring, 4f2a rolled back",
                "monitoring → resolved (seen 2026-11-23T03:12:00)",
            ),
        ),
        EntryKind(
            "severity",
            "The severity was set or changed, in any spelling that the settings know.",
            ("[{before:name} → ]{after:severity}[ (seen {seen:moment})][, {reason}]",),
            ("SEV2 → SEV1, every card payment fails", "SEV3 → SEV2 (seen 2026-11-23T03:12:00)"),
        ),
        EntryKind(
            "role",
            "Someone took a role or left it; `–` stands for no one.",
            ("{role:name}: {before:person} → {after:person}[, {text}]",),
            ("scribe: – → @erin",),
        ),
        EntryKind(
            "handoff",
            "A role went from one person to another, with what the next one must know.",
            ("{role:name}: {before:person} → {after:person}[, {text}]",),
            ("commander: @alice → @dan, watch the error rate until 03:40",),
        ),
        EntryKind(
            "team",
            "A team was called, came, or left.",
            ("{team:name} {event=notified|joined|left}",),
            ("payments notified",),
        ),
        EntryKind(
            "impact",
            (
                "A service was down, degraded or at risk for a period; without an end it still is. Without a start, the period began at"
                " the time of the line."
            ),
            (
                (
                    "{service:name} {level=down|degraded|at-risk}[, share {share:share}][, users {users:count}]"
                    " from {from:moment}[ to {to:moment}][, {planned=planned}]"
                ),
                (
                    "{service:name} {level=down|degraded|at-risk|at risk}[, {share:proportion}][, users {users:count}]"
                    "[ from {from:when}][ to {to:when}][, {planned=planned}]"
                ),
                f"{{service:name}} {{restored={'|'.join(RESTORED)}}}[ at {{at:when}}]",
            ),
            (
                "checkout degraded, share 40%, users 900-1500 from 2026-11-23T01:47:00 to 2026-11-23T02:55:00",
                "checkout down",
                "checkout restored",
            ),
        ),
        EntryKind(
            "effort",
            "Someone worked on it for so long; minutes as `45m`, hours as `2h` or `1h30m`, written in minutes.",
            ("{person:person} {minutes:span}[ as {role:name}]",),
            ("@bob 45m as technical lead",),
        ),
        EntryKind(
            "cost",
            "It cost so much, with the range in brackets where the amount is an estimate, and where the number comes from.",
            (
                "{category:name} {amount:amount} {currency:currency}[ ({low:amount}..{high:amount})][, {text}], source {source}",
                "{category:name} {amount:amount} {currency:currency}[ ({low:amount}..{high:amount})][, {text}]",
            ),
            (
                "refunds 1200.00 CHF (900..1500), card refunds only, source the payment provider",
                "refunds 1200.00 CHF (900..1500), from the payment provider",
            ),
        ),
        EntryKind(
            "comms",
            "An update went out to an audience, and perhaps promised the next.",
            ("{audience:word}/{kind:word} → {note:link}[, next by {next:moment}]",),
            (
                (
                    "users/service-notice → [[INC-20261123-01 update 1 users service-notice|users 1]],"
                    " next by 2026-11-23T02:40:00"
                ),
            ),
        ),
        EntryKind(
            "hypothesis",
            "A suspicion was raised under a short name, and later confirmed or ruled out.",
            ("{name:h} {result=confirmed|ruled out}[, {text}]", "{name:h} {text}"),
            ("h1 connection pool exhausted after deploy 4f2a", "h1 confirmed, 20 of 20 connections in use"),
        ),
        EntryKind(
            "change",
            "The system was changed in response: tried, repaired or rolled back.",
            ("{way=attempt|fix|rollback}: {text}[, ref {ref}]",),
            ("rollback: deploy 4f2a rolled back in all regions, ref 4f2a",),
        ),
        EntryKind(
            "action",
            "An action of the list under Actions was done or cancelled.",
            ("{name:a} {result=done|cancelled}[, {text}]",),
            ("a1 done, all regions",),
        ),
        EntryKind(
            "resource",
            "Something was asked for, and granted or refused.",
            ("{name:r} {state=requested|granted|refused}: {text}",),
            ("r1 requested: a database specialist for two hours",),
        ),
        EntryKind(
            "verify",
            "A check of an action, the solution, the recovery or the documentation passed or failed.",
            (
                "[{name:v} ]{subject=action|solution|recovery|documentation} {result=pass|fail}: {text}[, evidence {evidence}]",
            ),
            ("v1 recovery pass: error rate below 0.1 % for 30 min, evidence 0.02 %",),
        ),
        EntryKind(
            "reopen",
            "It was resolved too early; the times that no longer hold are here.",
            (
                "was resolved {resolved:moment}"
                + "".join(
                    f"[, {name} {{{name}:moment}}]"
                    for name in ("mitigated", "identified", "verified", "closed", "promised")
                )
                + ": {reason}",
            ),
            ("was resolved 2026-11-23T03:40:30, mitigated 2026-11-23T02:55:00: the errors are back in one region",),
        ),
        EntryKind(
            "merge",
            "It went into another incident, or another came into it.",
            ("{way=into|from} {incident:link}",),
            ("into [[INC-20261123-02]]",),
        ),
        EntryKind(
            "escalation",
            "Someone further was called for help; the first one, or the first team notified, is when people were paged.",
            ("to {to:name}[ via {channel:name}][, {reason}]", ANY_WORDS),
            ("to @frank via phone, the pool limit needs the owner's word", "no answer on the first line"),
        ),
        EntryKind(
            "alert",
            "A monitoring system spoke.",
            ("{alert:name} {state=firing|resolved}[, {text}]", ANY_WORDS),
            ("CheckoutErrorRate firing, 38 % of requests", "two probes report timeouts"),
        ),
        EntryKind(
            "run",
            "A command was run; its last lines may follow, indented, in a `text` fence.",
            ("{command:code} exit {exit:integer}[ after {seconds:seconds}][, {text}]", ANY_WORDS),
            ("`kubectl rollout undo deploy/checkout` exit 0 after 12s", "restarted the cache by hand"),
        ),
        EntryKind(
            "evidence",
            "Something was kept that shows what happened: what it is, where it is, and its digest.",
            ("{what:name}: {where}[, sha256 {sha256:hex}]", ANY_WORDS),
            ("heap dump: [[checkout heap 02-14.hprof]], sha256 9f86d081884c7d65", "screenshot in the channel at 02:14"),
        ),
        EntryKind(
            "decision",
            "Something was decided, and perhaps why.",
            ("{text}[, because {reason}]",),
            ("roll back 4f2a, because a higher limit would only hide it",),
        ),
        EntryKind(
            "review",
            "The review moved on, or something was said about it.",
            ("{state=draft|in-review|reviewed|closed}[, {text}]", ANY_WORDS),
            ("reviewed, two follow-ups agreed", "meeting on Thursday at ten"),
        ),
        EntryKind(
            "note",
            "Anything worth a line; what every line counts as that has no kind, or does not fit it.",
            ("{text:anything}",),
            ("support has 40 tickets, all cards",),
        ),
    )
}


def find_kind(name: str) -> EntryKind:
    """Return the kind of this name, in any case.

    Raises:
        ValueError: There is none; with a sentence that lists them.
    """
    kind = KINDS.get(name.lower())
    if kind is None:
        raise ValueError(f"unknown kind of timeline entry {shorten(name)!r}; choose from {', '.join(KINDS)}")
    return kind
