"""What the vault at hand knows for a shell: settings, incidents, people, teams and services; nothing where there is no vault."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from okb_incident.errors import OkbError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings
    from okb_incident.vault.vault import Vault


class VaultWords:
    """The words of one vault, each found when it is asked for; the names of commands need none."""

    def __init__(self, given: str | None) -> None:
        """Keep the folder that is given with ``--vault``, if any."""
        self._given = given

    @cached_property
    def root(self) -> str | None:
        """The folder of the vault; None where there is none."""
        from okb_incident.vault.read.locate import find_root, user_settings

        try:
            return find_root(self._given, user_settings())[0]
        except (OkbError, OSError):
            return None

    @cached_property
    def settings(self) -> Settings:
        """What the vault decides for itself; the defaults where its settings cannot be used."""
        from okb_incident.core.settings.settings import Settings
        from okb_incident.vault.read.settings_file import SETTINGS_FILE, load_settings

        try:
            return load_settings(os.path.join(self.root, SETTINGS_FILE))[0] if self.root else Settings()
        except (OkbError, OSError):
            return Settings()

    @cached_property
    def vault(self) -> Vault | None:
        """The vault; None where there is none."""
        from okb_incident.vault.vault import Vault

        return Vault(self.root, self.settings) if self.root else None

    @cached_property
    def unfinished(self) -> list[Incident]:
        """The incidents that are not plainly over, as their notes are now, without restricted ones: open ones first, the newest first."""
        from okb_incident.vault.read.sight import look

        found: list[Incident] = []
        with suppress(OkbError, OSError):
            found = look(self.root, self.settings).incidents if self.root else []
        return sorted(sorted(found, key=lambda each: each.id, reverse=True), key=lambda each: not each.may_be_open)

    def notes_in(self, folder: str) -> list[str]:
        """Return the names of the notes of a folder."""
        with suppress(OkbError, OSError):
            return self.vault.names_in(folder) if self.vault else []
        return []

    def people(self) -> Iterator[tuple[str, str]]:
        """Yield the people of notes, teams and incidents, each with the teams that have them."""
        from okb_incident.core.values.properties import PEOPLE_KEYS, link_target, texts_of
        from okb_incident.vault.index.peek import people

        teams: dict[str, list[str]] = {}
        for name, team in self.settings.policy.teams.items():
            for member in team.members:
                teams.setdefault(member, []).append(name)
        now = (texts_of(each.properties.get(key)) for each in self.unfinished for key in PEOPLE_KEYS)
        known = [link_target(name) for names in now for name in names]
        known += people(self.root) if self.root else []
        for name in _each_once((*self.notes_in(self.settings.folders.people), *teams, *known)):
            yield name, ", ".join(teams.get(name, ()))

    def teams(self) -> Iterator[tuple[str, str]]:
        """Yield the teams that the settings name, each with how it is reached."""
        for name, team in self.settings.policy.teams.items():
            yield name, team.contact or (f"{team.kind} team" if team.kind else "")

    def services(self) -> Iterator[tuple[str, str]]:
        """Yield the services of the catalog and of incidents."""
        from okb_incident.vault.index.peek import services

        known = [name for each in self.unfinished for name in each.services]
        known += services(self.root) if self.root else []
        for name in _each_once((*self.notes_in(self.settings.folders.services), *known)):
            yield name, ""


def _each_once(names: Iterable[str]) -> list[str]:
    """Return names in order, one that differs only in case once."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return [found[each] for each in sorted(found)]
