"""Nothing found in a vault is executed: not by us, and not by Obsidian's plug-ins on our account."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.hostile import corpus

from okb_incident.core.text.quoting import EXECUTED_FENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPEN = corpus.OPEN
FENCE = rf"^[\s>*+-]*(?:{EXECUTED_FENCE.pattern})"
WOULD_RUN = re.compile(rf"<%|`+\s*\$?=|{FENCE}", re.IGNORECASE | re.MULTILINE)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "kb"
    for folder in ("incidents/2026", "services", "people", "templates/incident"):
        (root / folder).mkdir(parents=True)
    (root / "incident.toml").write_text('zone = "UTC"\n')
    (root / f"incidents/2026/{OPEN}.md").write_text(corpus.note(corpus.block(OPEN)))
    return root


def written(root: Path) -> str:
    return "\n".join(path.read_text() for path in root.rglob("incidents/**/*.md"))


@pytest.mark.parametrize("label", corpus.EXECUTED)
def test_what_a_plugin_would_execute_is_broken_at_every_door(
    vault: Path, tmp_path: Path, batch: Callable[..., Any], label: str
) -> None:
    text = corpus.EXECUTED[label]
    name = text.replace("/", "")
    for folder in ("services", "people"):
        (vault / folder / f"{name}.md").write_text("---\ntype: person\nhandle: mallory\naliases: [mallory]\n---\n")
    status_page = tmp_path / "status"
    status_page.mkdir()
    quoted = corpus.quoted(text)
    (status_page / f"{name}.md").write_text(
        f"---\ntitle: {quoted}\ndate: 2026-11-01\nsection: issue\nseverity: {quoted}\naffected: [{quoted}]\n"
        f"other: {quoted}\n{quoted}: {quoted}\n---\n{text}\n\n# {text}\n"
    )
    given = [
        ["open", text, "--service", text, "--service", name, "--ack", "--as", text],
        ["open", "mallory", "--service", "mallory", "--ack", "--as", "mallory"],
        ["log", "-i", OPEN, text],
        ["log", "-i", OPEN, f"decision: {text}"],
        ["log", "-i", OPEN, f"hypothesis: h1 {text}"],
        ["log", "-i", OPEN, f"run: {text}", "--as", text],
        [
            "set",
            OPEN,
            f"trigger={text}",
            f"services={text}",
            f"commander={text}",
            f"users_affected={text}",
            f"title={text}",
        ],
        [
            "set",
            OPEN,
            f"unknown_key={text}",
            "commander=mallory",
            f"external={text}",
            f"aliases={text}",
            f"tags={text}",
        ],
        ["set", OPEN, f"{text}={text}"],
        ["severity", OPEN, "sev1", text],
        ["ack", OPEN, text, "--as", text],
        ["identify", OPEN, text],
        ["mitigate", OPEN, text],
        ["resolve", OPEN, text],
        ["reopen", OPEN, text],
        [
            "assess",
            OPEN,
            "--scope",
            text,
            "--users",
            text,
            "--need",
            text,
            "--action",
            text,
            "--user-impact",
            text,
            "--reason",
            text,
        ],
        ["comms", "draft", OPEN, "team", "status-update", text],
        ["comms", "draft", OPEN, "users", "service-notice", text],
        ["comms", "send", OPEN, "u1", "--force", "--channel", text],
        ["comms", "amend", OPEN, "u1", text],
        ["tell", OPEN, "stakeholders", text, "--channel", text],
        ["follow-up", "add", OPEN, text, "--note", text],
        ["follow-up", "cancel", OPEN, "f1", text],
        ["resolve", OPEN, text],
        ["review", "new", OPEN],
        ["review", "feedback", OPEN, "4", text],
        ["reopen", OPEN, text],
        ["decline", OPEN, text],
        ["import", "cstate", str(status_page)],
        ["report", "--save"],
        ["report", "--save", "--from", "2026-11-01", "--to", "2027-01-01", "--where", f"title!={text}"],
    ]
    done = batch(vault, given)
    for ran in done:
        ran.check({0, 2})
    assert [ran.code for ran in done].count(0) >= len(given) - 1
    notes = written(vault)
    found = WOULD_RUN.search(notes)
    assert not found, notes[max(0, found.start() - 100) : found.end() + 100]
    assert not re.search(r"^\w+: [\"']?\$?=", notes, re.MULTILINE), "a template may put this value between backticks"
    # What was written is still there to be read.
    assert re.search(r"tp\.|this\.file|dv\.|app\.vault", notes)


@pytest.mark.parametrize("label", corpus.EXECUTED)
def test_a_template_of_the_vault_brings_nothing_to_execute(
    vault: Path, command: Callable[..., Any], label: str
) -> None:
    text = corpus.EXECUTED[label]
    for kind in ("", "{# jinja #}\n"):
        (vault / "templates/incident/incident.md").write_text(
            f"{kind}---\nfoo: {corpus.quoted(text)}\n---\n# {{{{title}}}}\n{text}\n"
        )
        command(vault, "open", "A title").check({0})
    for path in vault.glob("incidents/2026/INC-20261123-0[23].md"):
        assert "<%" not in path.read_text()


@pytest.mark.real
def test_no_program_that_a_vault_names_is_started(
    vault: Path, tmp_path: Path, needs: Callable[[str], Path], batch: Callable[..., Any]
) -> None:
    git = str(needs("git"))
    canary = tmp_path / "pwned"
    script = tmp_path / "hook"
    script.write_text(f"#!/bin/sh\ntouch {canary}\n")
    script.chmod(0o755)
    subprocess.run([git, "init", "-q", vault], check=True)
    for key in (
        "core.fsmonitor",
        "core.editor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "gpg.program",
        "alias.config",
    ):
        subprocess.run(
            [git, "-C", vault, "config", key, f"!{script}" if key.startswith("alias") else str(script)], check=True
        )
    hooks = vault / ".git/hooks"
    for hook in ("pre-commit", "post-commit", "post-checkout", "post-index-change", "fsmonitor-watchman"):
        (hooks / hook).unlink(missing_ok=True)
        (hooks / hook).symlink_to(script)
    for name in ("git", "incident", "python3", "sitecustomize.py", "typer.py", "jinja2.py", "yaml.py", "json.py"):
        (vault / name).write_text(
            f"#!/bin/sh\ntouch {canary}\n" if "." not in name else f"open({str(canary)!r}, 'w')\n"
        )
        (vault / name).chmod(0o755)
    with open(vault / "incident.toml", "a") as file:
        file.write(
            f'editor = "{script}"\nwebhook = "http://127.0.0.1:9/"\n[hooks]\nopen = "{script}"\n[template]\nmodule = "os"\n'
        )
    (vault / "templates/incident/incident.md").write_text("{# jinja #}\n# {{ title }}\n")
    (vault / f"incidents/2026/{OPEN}.md").write_text(
        corpus.note(
            corpus.block(OPEN)
            + f"editor: {script}\ncssclasses: [x]\na: !!python/object/apply:os.system ['touch {canary}']\n"
        )
    )
    given = [
        ["list", "--all"],
        ["status"],
        ["show", OPEN],
        ["check", "--all"],
        ["report", "--save"],
        ["config", "show"],
        ["templates"],
        ["open", "A title", "--ack"],
        ["log", "-i", OPEN, f"$(touch {canary})"],
        ["ack", OPEN],
        ["resolve", OPEN, f"`touch {canary}`"],
        ["init", "."],
    ]
    for ran in batch(vault, given):
        ran.check({0, 5})
        assert "hooks is unknown to this version and ignored" in ran.err or ran.words[0] == "init"
    assert not canary.exists()
