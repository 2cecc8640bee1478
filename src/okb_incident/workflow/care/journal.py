"""Looking after the journal: whether it is as it was written, and how much of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.vault.disk import lock
from okb_incident.vault.journal import prune, verify
from okb_incident.vault.journal.store import Journal

if TYPE_CHECKING:
    from datetime import timedelta

    from okb_incident.vault.journal.prune import PruneResult
    from okb_incident.vault.journal.verify import JournalCheck
    from okb_incident.workflow.session import Session


def verify_journals(session: Session) -> list[JournalCheck]:
    """Check the journals of all machines in the vault by their hashes."""
    return [verify.verify(journal) for journal in Journal.all_of(session.vault.root)]


def prune_journal(session: Session, keep: timedelta | None) -> PruneResult:
    """Pack and throw away images of this machine's journal.

    Raises:
        OkbError: The vault cannot be written.
    """
    session.about_to_write()
    root = session.vault.root
    with lock.hold(root, "incident doctor --prune"):
        return prune.prune(Journal.here(root), keep)
