"""What a note says never reaches a terminal as a command: payloads in every property and line, every command, tty and pipe."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from tests.hostile import corpus, hold

from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from pathlib import Path

PAYLOADS = corpus.ESC_PAYLOADS
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""What rich writes on a terminal to colour and to end it."""

KEYS = (
    "title",
    "commander",
    "users_affected",
    "cause",
    "category",
    "detected_by",
    "unknown_key",
    "nature",
    "status",
    "severity",
)


def id_of(number: int) -> str:
    return f"INC-20261123-{number:02d}"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a vault with a note for each payload, which stands in every property and in the timeline."""
    root = tmp_path_factory.mktemp("terminal") / "kb"
    (root / "incidents/2026").mkdir(parents=True)
    (root / "templates/incident").mkdir(parents=True)
    (root / "incident.toml").write_text('zone = "UTC"\n"a\\u001b[31mb\\nc" = 1\n')
    everything = "\n".join(PAYLOADS.values()).replace("\t", " ")
    (root / "templates/incident/incident.md").write_text(everything, encoding="utf-8")
    for number, text in enumerate(PAYLOADS.values(), start=1):
        quoted = corpus.quoted(text)
        properties = dict.fromkeys(KEYS[:-2], quoted) | {"services": f"[{quoted}]", "aliases": f"[{quoted}]"}
        # The status must be one, or no command would take the note for an open one; the second note says it in its list.
        plain = corpus.block(id_of(number), **properties)
        line = f"- 2026-11-23T01:00:00 **note** @bob: {text}\n- 2026-11-23T01:01:00 **{text}** @{text}: {text}\n"
        path = root / f"incidents/2026/{id_of(number)}.md"
        path.write_text(corpus.note(plain, f"\n## Timeline\n{line}"), encoding="utf-8")
        task = f"\n## Follow-ups\n- [ ] {text} [owner:: {text}] [kind:: {text}] #incident/follow-up 🆔 {id_of(number + 20)}-f1\n"
        over = corpus.block(id_of(number + 20), status="resolved", title=quoted)
        (root / f"incidents/2026/{id_of(number + 20)}.md").write_text(corpus.note(over, task), encoding="utf-8")
        (root / f"incidents/2026/{id_of(number + 20)} review.md").write_text(
            f"---\ntype: incident-review\nstate: {quoted}\nowner: {quoted}\n---\n## {text}\nTODO {text}\n\n## Lessons\n- {text}\n"
            f"\n## Tools\n- {text} helped: {text}\n",
            encoding="utf-8",
        )
        (root / f"incidents/2026/{id_of(number)} update 1 team briefing.md").write_text(
            f"---\ntype: incident-communication\naudience: {quoted}\nkind: {quoted}\nauthor: {quoted}\n---\n# x\n{text}\n",
            encoding="utf-8",
        )
        bad = corpus.block(id_of(number + 40), **dict.fromkeys(KEYS, quoted), declared=quoted)
        (root / f"incidents/2026/{id_of(number + 40)}.md").write_text(corpus.note(bad), encoding="utf-8")
    return root


def commands() -> list[list[str]]:
    columns = "id,title,services,commander,users_affected,cause,category,unknown_key,aliases,status,severity,path"
    each = [
        ["list", "--all", "--columns", columns],
        ["list", "--all", "--json"],
        ["list", "--columns", ",".join(PAYLOADS.values())],
        ["status"],
        ["status", "--json"],
        ["report"],
        ["report", "--json"],
        ["report", "--format", "markdown"],
        ["check", "--all"],
        ["check", "--all", "--json"],
        ["config", "show"],
        ["templates"],
        ["templates", "show", "incident"],
        ["ack"],
        ["resolve", "--json"],
        ["open", "x", "--dry-run"],
        ["templates", "check"],
        ["follow-up", "list", "--all"],
        ["follow-up", "list", "--all", "--format", "csv"],
        ["review", "list", "--all"],
        ["lessons"],
        ["lessons", "--json"],
        ["comms", "due"],
    ]
    for number, text in enumerate(PAYLOADS.values(), start=1):
        each += [["show", id_of(number)], ["timeline", id_of(number)], ["show", id_of(number), "--json"]]
        each += [["show", id_of(number + 40)], ["ack", id_of(number), "--dry-run"]]
        each += [
            ["comms", "list", id_of(number)],
            ["comms", "show", id_of(number), "u1"],
            ["review", "check", id_of(number + 20)],
        ]
        each += [["comms", "draft", id_of(number), kind, "--dry-run"] for kind in ("team", "users")]
        each += [["assess", id_of(number), "-s1", "--dry-run"], ["comms", "send", id_of(number), "u1", "--dry-run"]]
        given = text.replace("\0", "\x01")
        each += [["show", given], ["list", "--where", given], ["report", "--week", given], ["templates", "show", given]]
        each += [["log", "-i", id_of(number), given, "--dry-run"], ["ack", given], ["list", "--sort", given, "--json"]]
        each += [
            ["open", given, "-s", given, "--dry-run"],
            ["open", given, "--started", given, "--json"],
            [given],
            ["list", given],
        ]
        each += [
            ["comms", "draft", id_of(number), given],
            ["comms", "draft", id_of(number), "team", given, "--dry-run"],
            ["comms", "send", id_of(number), given],
            ["assess", id_of(number), "--urgency", given],
            ["assess", id_of(number), "--users", given, "--team", "x", "--dry-run"],
            ["follow-up", "add", id_of(number), given, "--dry-run"],
            ["follow-up", "done", id_of(number), given],
            ["follow-up", "list", "--owner", given, "--kind", given],
            ["review", "feedback", id_of(number), given],
            ["templates", "copy", given],
        ]
        each += [
            ["set", id_of(number), f"cause={given}", "--dry-run"],
            ["set", f"{given}=x"],
            ["--debug", "show", f"{given} nothing"],
        ]
    return each


def test_a_pipe_gets_no_control_character(vault: Path, batch: Any) -> None:
    said = ""
    for ran in batch(vault, commands()):
        if "--debug" in ran.words:
            assert "Traceback" in ran.err
        ran._replace(err=ran.err.replace("Traceback", "")).check({0, 2, 4, 5, 7})
        said += ran.out + ran.err
    for text in PAYLOADS.values():
        assert one_line(text) in said


def test_a_terminal_gets_colours_and_no_other_control_character(vault: Path, tmp_path: Path) -> None:
    listed = tmp_path / "commands.json"
    listed.write_text(json.dumps(commands()))
    main, terminal = pty.openpty()
    environment = hold.environment(vault, TERM="xterm-256color", COLUMNS="2000")
    environment.pop("NO_COLOR", None)
    said = b""
    with (
        subprocess.Popen(
            [sys.executable, hold.BATCH, listed, "--aloud"],
            env={**environment, "INCIDENT_VAULT": str(vault)},
            cwd=vault,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            close_fds=True,
        ) as process,
        open(main, "rb", buffering=0) as shown,
    ):
        os.close(terminal)
        # On Linux, a terminal that nobody holds open any more ends with an error.
        with suppress(OSError):
            while more := shown.read(65536):
                said += more
    assert process.returncode == 0
    text = said.decode("utf-8").replace("\r\n", "\n")
    assert COLOUR.search(text)
    plain = COLOUR.sub("", text)
    assert "internal error" not in plain
    found = hold.CONTROL.search(plain)
    assert not found, repr(plain[max(0, found.start() - 200) : found.end() + 50])
    for payload in PAYLOADS.values():
        assert one_line(payload) in plain
