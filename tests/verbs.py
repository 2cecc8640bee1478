"""What is typed to try each verb that takes a reference; a new verb is entered here, and tried by all that tries every verb."""

from __future__ import annotations

HOSTILE = 'it\'s; $(touch pwned) `touch pwned` "half" & # \\ ! ~ * done'
"""Words in which a shell would find commands, comments, patterns and history."""

#: What is typed after each verb that takes a reference, and options of its own beside those that are tried with every verb.
TYPED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ack", "identify", "mitigate", "confirm", "decline", "contain", "resolve"), (HOSTILE,)),
    "close": ("--force", "--reason", HOSTILE),
    "reopen": (HOSTILE,),
    "assess": ("--severity", "sev2", "--users", "~1200", "--reason", HOSTILE, "--recovery", "40m"),
    "log": (HOSTILE,),
    "severity": ("sev2", HOSTILE),
    "run": ("--", "true"),
    "amend": ("mine", HOSTILE),
    "set": ("trigger=" + HOSTILE, "detected=-20m", "--reason", HOSTILE),
    "expect": ("40m", HOSTILE),
    "role": ("comms", "carol", HOSTILE),
    "escalate": ("--to", "gita", "--reason", HOSTILE, "--via", "phone & mail"),
    "restore": ("checkout",),
    "verify": ("solution", HOSTILE, "ok", "--evidence", HOSTILE),
    "data-loss": ("some", HOSTILE, "--since", "-30m", "--from", HOSTILE),
    "effort": ("45m", "--for", "bob"),
    "cost": ("refunds", "1200", "CHF", HOSTILE, "--range", "900..1500", "--source", HOSTILE),
    "tell": ("team", HOSTILE, "--next", "30m", "--channel", HOSTILE),
    "restrict": ("--tracked",),
    "action add": (HOSTILE, "--owner", "bob", "--due", "3d", "--verify", HOSTILE),
    "action start": ("a1",),
    **dict.fromkeys(("action done", "action cancel"), ("a1", HOSTILE)),
    **dict.fromkeys(("team activate", "team joined", "team left"), ("database",)),
    "resource request": (HOSTILE,),
    "resource grant": ("r1", HOSTILE),
    "resource refuse": ("r1", HOSTILE),
    "comms draft": ("users", HOSTILE, "--next", "30m"),
    "comms approve": ("u1", "--force"),
    "comms send": ("u1", "--force", "--channel", HOSTILE, "--next", "45m"),
    "comms withhold": ("stakeholders", HOSTILE),
    "comms amend": ("u2", HOSTILE),
    "follow-up add": (HOSTILE, "--kind", "tool", "--owner", "bob", "--due", "14d"),
    "follow-up set": ("f1", "--owner", "erin", "--due", "tomorrow"),
    "follow-up start": ("f1",),
    "follow-up done": ("f1", "--verified-by", "dan"),
    "follow-up cancel": ("f1", HOSTILE),
    "review new": ("--owner", "bob", "--due", "7d"),
    "review set": ("--reviewer", "dan", "--due", "7d"),
    **dict.fromkeys(("review submit", "review approve", "review close"), ("--force", "--reason", HOSTILE)),
    "review feedback": ("4", HOSTILE),
    "review lesson": (HOSTILE,),
    "timeline": ("--kind", "note"),
    **dict.fromkeys(("show", "history", "indicators", "resource list", "comms list", "comms show"), ()),
    **dict.fromkeys(("review check", "review public"), ()),
}
