"""Write the generated pages of this folder anew: ``python docs/generate.py``."""

from __future__ import annotations

import json
import os
from pathlib import Path

from okb_incident.cli.reference import pages
from okb_incident.cli.schemas import schema
from okb_incident.cli.table import usage_of
from okb_incident.core.comms.communication import KINDS
from okb_incident.workflow.call import Call
from okb_incident.workflow.comms.draft_message import draft
from okb_incident.workflow.request import Shared, Typed
from okb_incident.workflow.session import Session

HERE = Path(__file__).parent
NOW, WHO, WHICH = "2026-11-20T15:00:00Z", "carol", "INC-20261118-01"

HEAD = f"""# Sixteen messages about one incident

What the shipped templates make of {WHICH} of the example vault, before a writer has added anything. Each was made by

```sh
INCIDENT_NOW={NOW} incident --as {WHO} --vault example-vault comms draft {WHICH} AUDIENCE KIND --next 2h --dry-run
```

and the page by `python docs/generate.py`; a test holds it to the program. Users and stakeholders read only what is marked `#external`
in the timeline, moments, and the `public_name` of a service. Text between double per cent signs is for the writer and is never
sent; where it begins with `ANSWER`, the message is not sent before its answer has taken its place. {WHICH} is resolved, so a kind that is
for an open incident could not be sent now. [Templates](templates.md) says how to change them.
"""


def communications_page() -> str:
    """Return docs/communications.md: every kind of message, made from one incident of the example vault."""
    os.environ |= {"INCIDENT_NOW": NOW, "INCIDENT_USER": WHO}
    session = Session.start(str(HERE.parent / "example-vault"))
    parts = [HEAD]
    for kind in KINDS:
        words = (WHICH, kind.audience, kind.name)
        call = Call(
            session,
            Typed("comms draft", words),
            usage=usage_of("comms draft"),
            shared=Shared(dry_run=True),
            writes=True,
        )
        made = draft(call, next_by="2h", since=None)
        body = made.text.partition("\n# ")[2].partition("\n")[2].strip()
        parts.append(f"## {kind.audience}/{kind.name}\n\n{kind.purpose.capitalize()}.\n\n````markdown\n{body}\n````\n")
    return "\n".join(parts)


def main() -> None:
    """Write them all."""
    for name, text in {**pages(), "communications.md": communications_page()}.items():
        (HERE / name).write_text(text, encoding="utf-8")
    made = json.dumps(schema(), indent=1)
    (HERE / "schemas" / "answers.schema.json").write_text(f"{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
