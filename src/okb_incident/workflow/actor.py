"""Who acts: found without asking, and matched to a note on that person where there is one."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.read.locate import UserSettings
    from okb_incident.vault.vault import Vault

#: Logins that are not persons; a line in a timeline should name one.
NOBODY = frozenset(
    {"root", "daemon", "nobody", "www-data", "ubuntu", "ec2-user", "admin", "service", "jenkins", "runner"}
)


PLAIN = re.compile(r"[^\"\\#;]*")
"""A value of git's settings that means what is written there, without quotes, escapes and remarks."""


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
    from okb_incident.integrations.git import user_name  # noqa: PLC0415 - `open` starts no program

    return _actor(*_first_named(given, user, user_name), vault)


def actor_on_file(given: str | None, user: UserSettings, vault: Vault) -> Actor | None:
    """Find who acts as `find_actor` does, without starting git; None where only git can say."""
    try:
        return _actor(*_first_named(given, user, _git_name_on_file), vault)
    except LookupError:
        return None


def suggested_name() -> str:
    """Return the name to suggest for the user's own settings: INCIDENT_USER, git's user name, or the login."""
    from okb_incident.integrations.git import user_name  # noqa: PLC0415 - `open` starts no program

    return os.environ.get("INCIDENT_USER") or user_name() or _login()


def _actor(name: str, source: str, vault: Vault) -> Actor:
    note = vault.person_named(name)
    warning = None
    if source == "the login" and name in NOBODY:
        warning = f"acting as {name}, which is not a person; set INCIDENT_USER or use --as"
    return Actor(handle_of(note or name), note, source, warning)


def _first_named(given: str | None, user: UserSettings, ask_git: Callable[[], str | None]) -> tuple[str, str]:
    for name, source in (
        (given, "--as"),
        (os.environ.get("INCIDENT_USER"), "INCIDENT_USER"),
        (user.user, user.path),
    ):
        if name and name.strip().lstrip("@"):
            return name.strip().lstrip("@"), source
    if name := ask_git():
        return name, "git's user.name"
    return _login(), "the login"


def _git_name_on_file() -> str:
    """Read the user's own name from git's global settings, without starting git; empty where it is not set.

    Raises:
        LookupError: Only git can tell what the settings mean.
    """
    found = ""
    for path in _git_settings():
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            raise LookupError(path) from None
        section = ""
        for line in text.splitlines():
            key, _, value = (part.strip() for part in line.partition("="))
            if key.startswith("["):
                section = key.lower()
            elif section == "[user]" and key.lower() == "name":
                found = value
        if "[include" in text.lower() or not PLAIN.fullmatch(found):
            raise LookupError(path)
    return found


def _git_settings() -> tuple[str, ...]:
    """Return where git's global settings are, in the order in which git reads them."""
    own = os.environ.get("GIT_CONFIG_GLOBAL")
    if own is not None:
        return (own,)
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return os.path.join(base, "git", "config"), os.path.join(home, ".gitconfig")


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
