"""What marks the messages of a drill."""

from __future__ import annotations

import pytest
from tests.records import incident_of

from okb_incident.core.comms.communication import message_of
from okb_incident.core.comms.drill import NOTICE, body_with_notice, outgoing_text

DRILL = incident_of("investigating", nature="drill")


def test_only_the_message_of_a_drill_begins_with_the_notice():
    assert outgoing_text(incident_of("investigating"), "Cards fail.") == "Cards fail."
    assert outgoing_text(DRILL, "Cards fail.") == f"{NOTICE}\n\nCards fail."
    assert outgoing_text(DRILL, "DRILL, cards fail.") == "DRILL, cards fail."
    assert outgoing_text(DRILL, "DRILLING stops.").startswith(NOTICE)


@pytest.mark.parametrize(
    "body",
    [
        "# Users 1\n\nCards fail.\n",
        "# Users 1\nCards fail.\n",
        "# Users 1\r\n\r\nCards fail.\r\n",
        "Cards fail.\n",
        "\nCards fail.\n",
        "# Users 1\n\n%% for the writer %%\nCards fail.\n\n## Corrections\n- 02:00 no\n",
        f"# Users 1\n\n{NOTICE}\n\nCards fail.\n",
    ],
)
def test_a_note_is_marked_once_so_that_what_it_holds_is_what_goes_out(body):
    line_end = "\r\n" if "\r" in body else "\n"
    marked = body_with_notice(body, line_end)
    assert message_of(marked) == f"{NOTICE}\n\nCards fail."
    assert body_with_notice(marked, line_end) == marked
    assert marked.replace("\r\n", "").count("\n") == (0 if "\r" in body else marked.count("\n"))
