"""Taking a secret out that should never have been written down: out of the notes, and out of all that is kept of them."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError, UsageError
from okb_incident.integrations.git import commits_of
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.files import FileState
from okb_incident.vault.disk.writer import explained
from okb_incident.vault.index.answer import forget
from okb_incident.vault.journal.privacy import take_out
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.scan import scan
from okb_incident.vault.write.commit import Edit, commit
from okb_incident.vault.write.outbox import Outbox

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

MARK = b"REDACTED"
"""What stands where the secret stood: a word that no YAML and no Markdown reads as anything else."""

SHORTEST = 4
"""Characters; what is shorter stands in too many places to be the secret alone."""


class Redaction(NamedTuple):
    """What was done.

    Attributes:
        notes: The notes that had the secret.
        images: The hashes of the images that were thrown away.
        elsewhere: Other notes of the vault that hold it still.
        in_git: Notes of which git has a history, which was not touched.
    """

    notes: tuple[str, ...]
    images: tuple[str, ...]
    elsewhere: tuple[str, ...]
    in_git: tuple[str, ...]


def redact(call: Call, secret: str) -> Redaction:
    """Take a secret out of an incident's notes, what the journal keeps of them, what waits to be delivered, and the index.

    A dry run only says where it is.

    Args:
        call: The call.
        secret: The secret as it stands in the note.

    Raises:
        UsageError: The text is too short to be a secret alone.
        NotFoundError: There is no such incident, or the secret is nowhere.
        OkbError: The vault cannot be written.
    """
    session = call.session
    if len(secret.strip()) < SHORTEST:
        raise UsageError(f"the text must have at least {SHORTEST} characters; shorter ones stand in too many places")
    target = call.target()
    wanted = secret.encode(errors="surrogateescape")
    root = session.vault.root
    holding = _notes_with(session, wanted)
    ours = tuple(path for path in holding if _is_named_after(os.path.basename(path), target.id.text))
    elsewhere = tuple(path for path in holding if path not in ours)
    in_git = tuple(path for path in ours or (target.path,) if commits_of(root, path))
    if call.dry_run:
        return Redaction(ours, (), elsewhere, in_git)
    images: list[str] = []
    waiting = 0
    with lock.hold(root, "incident redact"), explained(root):
        steps = [Edit(path, partial(_without, secret=wanted)) for path in ours]
        commit(root, steps, command="incident redact", by=session.actor.handle)
        for journal in Journal.all_of(root):
            images += take_out(journal, wanted, session.actor.handle)
            waiting += Outbox(journal).redact(secret, MARK.decode())
        forget(root)
    if not ours and not images and not waiting:
        raise NotFoundError(
            f"the text is in no note of {target.id} and in nothing that the journal keeps",
            field="TEXT",
            hint="Give it exactly as it stands in the note; --dry-run says where it is.",
        )
    return Redaction(ours, tuple(dict.fromkeys(images)), elsewhere, in_git)


def _is_named_after(name: str, incident: str) -> bool:
    """Say whether a note is an incident's, a companion or a copy of one; ``INC-20261123-100`` is none of ``INC-20261123-10``."""
    return name.startswith(incident) and not name[len(incident)].isalnum()


def _without(data: bytes, secret: bytes) -> bytes:
    return data.replace(secret, MARK)


def _notes_with(session: Session, secret: bytes) -> list[str]:
    """Find the notes that hold a text, conflict copies among them."""
    root = session.vault.root
    found = scan(root)
    copies = [problem.path for problem in found.problems if problem.code == "conflict-copy"]
    paths = [*(note.path for note in found.notes), *copies]
    return sorted(
        path for path, state in read_many(root, paths) if isinstance(state, FileState) and secret in state.data
    )
