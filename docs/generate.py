"""Write the generated pages of this folder anew: ``python docs/generate.py``."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from pathlib import Path

from okb_incident.cli.main import run
from okb_incident.cli.reference import pages
from okb_incident.cli.schemas import schema
from okb_incident.core.comms.communication import KINDS

HERE = Path(__file__).parent

HEAD = """# Seventeen messages about two incidents

What the shipped templates make of a small incident, of which little is recorded and nothing was typed, and of a full one with the
sender's words: `incident comms draft AUDIENCE KIND` on the left, `incident comms draft AUDIENCE KIND TEXT` on the right. `incident tell
AUDIENCE TEXT` renders the same templates and sends the message at once.

Text between double percent signs is for the sender and is never sent. Where it begins with `ANSWER`, the message is not sent before
the answer has taken its place. Users and stakeholders read the public headline, times, the `public_name` of a service, and what is
marked `#external`, never the internal title. `python docs/generate.py` writes this page, and a test compares it with the program.
[Templates](templates.md) describes how to change them.
"""

DAY = "2026-11-18"
SMALL, FULL = f"INC-{DAY.replace('-', '')}-01", f"INC-{DAY.replace('-', '')}-02"
NOTES = {
    "people/bob.md": "---\ntype: person\n---\n# Bob Moser\n",
    "people/farid.md": "---\ntype: person\n---\n# Farid Haddad\n",
    "services/payments-api.md": "---\ntype: service\npublic_name: card payments\n---\n# payments-api\n",
    "services/checkout.md": "---\ntype: service\npublic_name: the shop\n---\n# checkout\n",
}

#: What happens to the two until the messages about an open incident are drafted, and then until those about its end are.
OPEN = (
    ("14:51", "open", "Cards declined again", "--ack"),
    (
        "14:52",
        *(
            "open",
            "Payment pods crash after release 640",
            "-s",
            "sev1",
            "--service",
            "payments-api",
            "--service",
            "checkout",
        ),
        *("--started", f"{DAY}T14:47:00Z", "--ack"),
    ),
    (
        "14:53",
        "set",
        "urgency=high",
        "business_impact=critical",
        "priority=P1",
        "users_affected=~1200",
        "scope=all shops in the EU",
    ),
    ("14:53", "set", "public_title=Card payments fail in the EU shops"),
    ("14:54", "role", "technical", "farid"),
    ("14:55", "log", "impact: payments-api degraded, share 40% from 2026-11-18T14:47:00"),
    ("14:56", "tell", "users", "Card payments fail in the EU shops. Payment by invoice works.", "--next", "24m"),
    ("14:58", "tell", "team", "We compare release 640 with 639.", "--next", "22m"),
    ("15:02", "log", "hypothesis: release 640 opens too many connections"),
    ("15:03", "resource", "request", "a database specialist"),
    ("15:04", "action", "add", "roll back release 640", "--owner", "farid"),
    ("15:06", "log", "--external", "we are undoing the last change to our payment service"),
)
ENDED = (
    ("15:22", "log", "change: rollback: release 640, ref 640"),
    ("15:22", "action", "done", "a1"),
    ("15:24", "mitigate"),
    ("15:24", "restore", "payments-api"),
    ("15:24", "log", "--external", "card payments work again for most customers"),
    ("15:28", "verify", "recovery", "card payments succeed as often as last week", "ok", "--evidence", "99.4 %"),
    ("15:30", "resolve", "Fix: release 639 runs again, with fewer connections."),
    ("15:31", "set", "cause=change", "trigger=release 640", "data_loss=none", "data_classes=personal", "confidentiality=partial", "integrity=none", "availability=partial"),
    ("15:32", "follow-up", "add", "Test each release with a full shop before it goes out", "--owner", "farid", "--due", "2026-12-02", "--external"),
)  # fmt: skip
SMALL_ENDS = ("15:30", "resolve")
AFTER_THE_END = {
    "impact-report",
    "resolution-update",
    "resolution-status",
    "resolution-timeline",
    "follow-up",
    "recovery-timeline",
    "notice",
}

WORDS = {
    "team-status-update": "Release 640 opens a connection for each basket. Farid rolls it back; the build takes ten minutes.",
    "team-action-items": "Farid rolls back; everybody else stays off the payment service until 15:30.",
    "team-progress-report": "The cause is all but certain.",
    "team-resolution-update": "The rollback was enough; nothing had to be repaired by hand.",
    "management-briefing": (
        "Four of ten card payments in the EU shops fail since our last release. We are taking that release back and expect"
        " payments to work again within the hour. Customers can pay by invoice."
    ),
    "management-impact-report": "About 400 orders were not paid, worth 31,000 EUR. Last time two thirds of them came back within a day.",
    "management-resource-request": (
        "Without a database specialist we cannot tell whether the connections recover by themselves after the rollback."
    ),
    "management-resolution-status": (
        "Card payments work again. Until releases are tested with a full shop, the next one carries the same risk, so there is none"
        " this week."
    ),
    "users-service-notice": (
        "Some card payments in our EU shops fail at the last step. Payment by invoice works, and orders that you have placed are"
        " not affected."
    ),
    "users-status-update": "We have found the cause and are undoing a change. Until then, please pay by invoice.",
    "users-resolution-timeline": "A change to our payment service made some card payments fail. We have undone it.",
    "users-follow-up": (
        "All card payments work normally again. If your payment failed, please place the order once more; no failed payment was charged."
    ),
    "stakeholders-impact-assessment": (
        "Four of ten card payments in your EU shop fail at the last step. Invoices, refunds and payouts are not affected."
    ),
    "stakeholders-response-actions": "We are undoing the change that caused it. You can switch your checkout to invoice in the meantime.",
    "stakeholders-recovery-timeline": "All card payments succeed again, at the rate of last week.",
    "stakeholders-business-continuity": (
        "Offer payment by invoice: set the payment method to invoice in your shop settings. It takes effect at once."
    ),
    "stakeholders-notice": (
        "For 37 minutes some customers saw the order of another customer, with name and address. We have informed the customers concerned"
        " and closed the gap."
    ),
}
"""The sender's words for each message about the full incident."""


class House:
    """A vault in which the two incidents happen, by the program itself.

    Attributes:
        root: The vault.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self("14:00", "init", root, "--zone", "UTC")
        for path, text in NOTES.items():
            Path(root, path).write_text(text, encoding="utf-8")

    def __call__(self, time: str, *words: str) -> str:
        """Run a command at a time of the day; return what it prints."""
        os.environ |= {"INCIDENT_NOW": f"{DAY}T{time}:00Z", "INCIDENT_USER": "bob"}
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["--vault", self.root, *words])
        assert code == 0, (words, err.getvalue())
        return out.getvalue()

    def happen(self, steps: tuple[tuple[str, ...], ...], incident: str) -> None:
        """Run the commands of an incident, each at its time."""
        for time, *words in steps:
            self(time, *words, *(() if words[0] == "open" else ("-i", incident)))

    def message(self, time: str, incident: str, kind: str, words: str) -> str:
        """Return a draft as the page shows it."""
        audience, _, name = kind.partition("-")
        promise = () if name in AFTER_THE_END else ("--next", "30m")
        made = self(
            time, "comms", "draft", "-i", incident, audience, name, *([words] if words else ()), *promise, "--dry-run"
        )
        return made.partition("\n# ")[2].partition("\n")[2].strip()


def communications_page() -> str:
    """Return docs/communications.md: every kind of message, about a small and about a full incident."""
    found: dict[str, tuple[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        house = House(os.path.join(folder, "kb"))
        house.happen(OPEN, FULL)
        for ended, time in ((False, "15:10"), (True, "15:40")):
            if ended:
                house.happen(ENDED, FULL)
                house.happen((SMALL_ENDS,), SMALL)
            for kind in KINDS:
                if (kind.name in AFTER_THE_END) == ended:
                    name = kind.template
                    found[name] = (house.message(time, SMALL, name, ""), house.message(time, FULL, name, WORDS[name]))
    parts = [HEAD]
    for kind in KINDS:
        small, full = (_cell(text) for text in found[kind.template])
        parts.append(
            f"## {kind.audience}/{kind.name}\n\n{kind.purpose[:1].upper()}{kind.purpose[1:]}.\n\n"
            f"<table>\n<tr><th>a small incident, nothing typed</th><th>a full incident, with the sender's words</th></tr>\n"
            f'<tr valign="top">\n<td>\n\n{small}\n\n</td>\n<td>\n\n{full}\n\n</td>\n</tr>\n</table>\n'
        )
    return "\n".join(parts)


def _cell(message: str) -> str:
    """Return a message for a cell of the page's table: each remark as code, because a reader of the page is to see it."""
    return re.sub(r"(?s)%%.*?%%", lambda found: f"`{' '.join(found[0].replace('|', '&#124;').split())}`", message)


def main() -> None:
    """Write them all."""
    for name, text in {**pages(), "communications.md": communications_page()}.items():
        (HERE / name).write_text(text, encoding="utf-8")
    made = json.dumps(schema(), indent=1)
    (HERE / "schemas" / "answers.schema.json").write_text(f"{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
