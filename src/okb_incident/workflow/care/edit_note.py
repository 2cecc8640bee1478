"""Opening a note in the person's editor; what they save is theirs, and is looked over afterwards."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.errors import OkbError, UsageError
from okb_incident.workflow.look.read_incident import view_at
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.read_incident import View
    from okb_incident.workflow.session import Session


def edit_note(call: Call) -> tuple[View, bool]:
    """Open the note in $VISUAL or $EDITOR and wait; no lock is held, so other commands go on.

    Returns:
        The incident as it is afterwards, with what is wrong in it; and whether the note was changed.

    Raises:
        UsageError: No editor is named.
        OkbError: The editor cannot be started, or says that it failed.
    """
    target = call.target(is_open, resolved_today(call.session))
    view = view_at(call.session, target)
    before = call.session.vault.read(target.path).text
    edit_file(call.session, view.incident.path, again=Command("edit", incident=target.id))
    return view_at(call.session, target), call.session.vault.read(target.path).text != before


def edit_file(session: Session, path: str, *, again: Command) -> None:
    """Open a note in $VISUAL or $EDITOR and wait; no lock is held, so other commands go on.

    Args:
        session: The session.
        path: The note, relative to the vault.
        again: The command, for the sentence that offers it with an editor.

    Raises:
        UsageError: No editor is named.
        OkbError: The editor cannot be started, or says that it failed.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise UsageError(
            "no editor is named: neither VISUAL nor EDITOR is set",
            field="EDITOR",
            hint=Sentence("EDITOR=nano ", again),
        )
    real = session.vault.real(path)
    try:
        done = subprocess.run([*shlex.split(editor), real], check=False)
    except (OSError, ValueError) as error:
        raise OkbError(f"the editor {editor!r} cannot be started: {error}", field="EDITOR", value=editor) from None
    if done.returncode:
        raise OkbError(f"the editor {editor!r} ended with exit code {done.returncode}", field="EDITOR", value=editor)
