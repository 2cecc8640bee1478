"""Who acts: found without asking, and matched to a note on that person where there is one."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okb_incident.vault.read.locate import UserSettings
    from okb_incident.vault.vault import Vault

#: Logins that are not persons; a line in a timeline should name one.
NOBODY = frozenset(
    {"root", "daemon", "nobody", "www-data", "ubuntu", "ec2-user", "admin", "service", "jenkins", "runner"}
)


class Actor(NamedTuple):
    """The person behind a command.

    Attributes:
        handle: As timelines write it after the ``@``; never with blanks.
        note: The basename of the note on this person, None where there is none.
        found_by: Which source named them.
        warning: What to tell them about that, once.
    """

    handle: str
    note: str | None
    found_by: str
    warning: str | None = None

    @property
    def link(self) -> str:
        """As properties name them: a link where there is a note."""
        return f"[[{self.note}]]" if self.note else self.handle


def find_actor(given: str | None, user: UserSettings, vault: Vault) -> Actor:
    """Find who acts: ``--as``, INCIDENT_USER, the user's settings, git's user name, the login."""
    name, source = _first_named(given, user)
    note = vault.person_named(name)
    warning = None
    if source == "the login" and name in NOBODY:
        warning = f"acting as {name}, which is no person; INCIDENT_USER or --as says who you are"
    return Actor(handle_of(note or name), note, source, warning)


def _first_named(given: str | None, user: UserSettings) -> tuple[str, str]:
    for name, source in (
        (given, "--as"),
        (os.environ.get("INCIDENT_USER"), "INCIDENT_USER"),
        (user.user, user.path),
    ):
        if name and name.strip().lstrip("@"):
            return name.strip().lstrip("@"), source
    if name := _git_user():
        return name, "git's user.name"
    return _login(), "the login"


def _git_user() -> str | None:
    """Ask git for the user's own name; a vault's repository may not decide it, so only the global settings count."""
    try:
        done = subprocess.run(
            ["git", "config", "--global", "user.name"],
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return done.stdout.strip() or None


def _login() -> str:
    for variable in ("LOGNAME", "USER"):
        if name := os.environ.get(variable):
            return name
    try:
        import pwd  # noqa: PLC0415

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "unknown"


def handle_of(name: str) -> str:
    """Write a name as a handle: one word, without what the timeline's grammar or Markdown would read as its own."""
    words = "".join(sign if sign.isalnum() or sign in "-_." else " " for sign in name).split()
    return "-".join(words) or "unknown"
