"""The outbox: one file for each message and target that is to be delivered, in ``.incident/<machine>/outbox/``.

A file is there before a delivery is tried and goes when it has succeeded, so a failure loses nothing, and a crash in between
delivers twice rather than never. A file names its target by a digest and holds no command: what is run is in the user's own
settings alone.
"""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.values.identity import CROCKFORD, ulid
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.writer import TEMP_SUFFIX, create
from okb_incident.vault.journal.kept import names_in
from okb_incident.vault.journal.store import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = rf"[{CROCKFORD}]{{26}}-[0-9a-f]{{12}}\.json"
PRIVATE = 0o600


class Parcel(NamedTuple):
    """Something to be delivered to one target.

    Attributes:
        name: Its file.
        target: The digest of its target.
        value: What the target is told.
    """

    name: str
    target: str
    value: dict[str, Any]


class Outbox:
    """The outbox of a machine."""

    def __init__(self, journal: Journal) -> None:
        """Keep where it is: beside the machine's journal.

        Raises:
            VaultError: A link is in its place, and could lead out of the vault.
        """
        self.folder = journal.place("outbox")
        self._within = self.folder.removeprefix(f"{journal.root}/")
        if os.path.islink(self.folder):
            raise VaultError(f"{self.folder} is a link; the outbox is only written inside the vault", value=self.folder)

    @classmethod
    def here(cls, root: str) -> Outbox:
        """Return this machine's outbox of a vault."""
        return cls(Journal.here(root))

    def put(self, target: str, value: dict[str, Any]) -> Parcel:
        """Keep what has to be delivered.

        Raises:
            VaultError: It cannot be written.
        """
        name = f"{ulid(time.time_ns() // 1_000_000, os.urandom(10))}-{target}.json"
        create(os.path.join(self.folder, name), json.dumps(value).encode(), mode=PRIVATE)
        return Parcel(name, target, value)

    def take_out(self, parcel: Parcel) -> None:
        """Forget what was delivered; one that another process has taken out is gone already."""
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(self.folder, parcel.name))

    def waiting(self) -> list[Parcel]:
        """Return what is not delivered yet, oldest first; a file that cannot be read is left where it is."""
        found = []
        for name in names_in(self.folder, FORM):
            with suppress(NotFoundError, UnreadableError, ValueError):
                value = json.loads(read_now(os.path.join(self.folder, name)).data)
                if isinstance(value, dict):
                    found.append(Parcel(name, re.split(r"[-.]", name)[1], value))
        return found

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Return path of the vault and bytes of everything that waits, what a crash left half written among it."""
        for name in names_in(self.folder, rf"{FORM}|\..*{re.escape(TEMP_SUFFIX)}"):
            with suppress(NotFoundError, UnreadableError):
                yield f"{self._within}/{name}", read_now(os.path.join(self.folder, name)).data


def target_of(words: tuple[str, ...]) -> str:
    """Return what names a target: the first characters of the digest of its command."""
    return digest("\0".join(words).encode(errors="surrogateescape"))[:12]
