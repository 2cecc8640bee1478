"""The session of one command: vault, settings, clock and person, given once and passed on as a value."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from okb_incident.core.settings.settings import refuse_newer, zone_named
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.screen_time import show_time
from okb_incident.errors import SettingsError, UsageError
from okb_incident.vault.disk.machine import unfinished_elsewhere
from okb_incident.vault.read.locate import find_vault, user_settings
from okb_incident.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from okb_incident.command import Text
    from okb_incident.core.values.problem import Problem
    from okb_incident.core.values.typed_moment import TypedMoment
    from okb_incident.vault.read.locate import Location, UserSettings
    from okb_incident.workflow.actor import Actor


NEAR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}

#: Unknown settings that are named one by one.
MOST_UNKNOWN = 20


class Session:
    """What a command works with.

    Attributes:
        vault: The notes.
        location: Where the vault is and how it was found.
        user: The person's own settings.
        now: The moment of the command, in UTC; pinned by INCIDENT_NOW for tests, demos and rehearsals.
        clock_is_pinned: INCIDENT_NOW is in force.
        viewer_zone: The zone in which typed times are read: the person's own, else the vault's.
        given_vault: The folder named with ``--vault``, if any.
        given_actor: The person named with ``--as``, if any.
        warnings: What the person should know before the answer.
        recovered: What was finished that a crash had cut off.
        read_as: The moments and days that were typed, by the name of what holds them and their text, written in full: a command
            that is printed to be repeated must mean the same a while later.
        typed: The moments that were typed, in order.
        confirms: Whoever types a moment insists on it, though it may not be what is meant.
    """

    def __init__(
        self,
        *,
        vault: Vault,
        location: Location,
        user: UserSettings,
        now: datetime,
        clock_is_pinned: bool,
        given_vault: str | None = None,
        given_actor: str | None = None,
        warnings: Sequence[Text] = (),
    ) -> None:
        self.vault = vault
        self.location = location
        self.user = user
        self.now = now
        self.clock_is_pinned = clock_is_pinned
        self.viewer_zone = zone_named(user.zone) if user.zone else vault.settings.zone
        self.given_vault = given_vault
        self.given_actor = given_actor
        self.warnings = warnings
        self.recovered: tuple[str, ...] = ()
        self.read_as: dict[tuple[str, str], str] = {}
        self.typed: list[TypedMoment] = []
        self.confirms = False
        self._actor: Actor | None = None
        self._named: set[Problem] = set()

    @classmethod
    def start(cls, vault: str | None = None, who: str | None = None) -> Session:
        """Begin a command.

        Raises:
            VaultError: No vault is found.
            SettingsError: The vault's or the user's settings, or INCIDENT_NOW, cannot be used.
        """
        user = user_settings()
        location = find_vault(vault, user)
        now, pinned = read_clock()
        settings = location.settings
        warnings = [*_unknown_settings(location), *_left_elsewhere(location.root)]
        return cls(
            vault=Vault.here(location.root, settings),
            location=location,
            user=user,
            now=now,
            clock_is_pinned=pinned,
            given_vault=vault,
            given_actor=who,
            warnings=warnings,
        )

    def again(self) -> Session:
        """Begin anew, as a command would that is started now."""
        return Session.start(self.given_vault, self.given_actor)

    @property
    def zone(self) -> tzinfo:
        """Return the vault's zone, in which moments are written."""
        return self.vault.settings.zone

    @property
    def zone_name(self) -> str:
        """Return the name of that zone, for the heads of tables."""
        return self.vault.settings.zone_name

    @property
    def actor(self) -> Actor:
        """Return who acts; found when first asked for."""
        if self._actor is None:
            # Asking git for a name costs more than the rest of `open`, which does not need one.
            from okb_incident.workflow.actor import find_actor  # noqa: PLC0415

            self._actor = find_actor(self.given_actor, self.user, self.vault)
        return self._actor

    @property
    def known_actor(self) -> str | None:
        """Return the handle of who acts, where no program has to be asked; for the journal, for which nobody waits."""
        if self._actor is None:
            from okb_incident.workflow.actor import actor_on_file  # noqa: PLC0415

            self._actor = actor_on_file(self.given_actor, self.user, self.vault)
        return self._actor.handle if self._actor else None

    def moment(self, text: str | None, field_name: str = "--at", *, promise: bool = False) -> datetime:
        """Read a moment that was typed; now, where none was.

        Raises:
            UsageError: It cannot be read, could mean two, or is in the future and not a promise.
        """
        if text is None:
            return self.now
        from okb_incident.core.values.typed_moment import TypedMoment, is_bare, read_typed, refuse_vague  # noqa: PLC0415

        at = read_typed(text, field_name, now=self.now, zone=self.viewer_zone, promise=promise)
        if not promise and at > self.now:
            raise UsageError(
                f"{field_name} must not be in the future (got {show_time(at, self.now, self.zone)}, now {show_time(self.now, self.now, self.zone)} {self.zone_name})",
                field=field_name,
                value=text,
            )
        if not (promise or self.confirms):
            refuse_vague(text, field_name, self.viewer_zone)
        self.read_as[field_name, text] = write_moment(at, self.viewer_zone)
        typed = TypedMoment(field_name, at, is_bare(text))
        if typed not in self.typed:
            self.typed.append(typed)
        return at

    def day(self, text: str, field_name: str = "--due") -> str:
        """Read the day by which something is due: a date, ``today``, ``tomorrow``, or ``3d`` from now.

        Raises:
            UsageError: It cannot be read, or is in the past.
        """
        word = text.strip().lower()
        today = write_moment(self.now, self.zone)[:10]
        if word in NEAR_DAYS:
            day = write_moment(self.now + timedelta(days=NEAR_DAYS[word]), self.zone)[:10]
        else:
            day = write_moment(self.moment(text, field_name, promise=True), self.zone)[:10]
        if day < today:
            raise UsageError(
                f"{field_name}: {day} has passed; today is {today}, and a due date must be in the future",
                field=field_name,
                value=text,
                hint=f"{field_name} 14d, or {field_name} tomorrow",
            )
        self.read_as[field_name, text] = day
        return day

    def written(self, at: datetime) -> str:
        """Write an instant as notes hold it, with the zone that a person needs to understand it."""
        return f"{write_moment(at, self.zone)} {self.zone_name}"

    def about_to_write(self) -> None:
        """Refuse what may not be written to, and finish what a crash cut off, before anything is looked for.

        Raises:
            SettingsError: The vault's format is newer than this version knows.
            OkbError: Something was cut off, and the vault cannot be written now.
        """
        refuse_newer(self.vault.settings)
        self.close_restricted()
        from okb_incident.vault.disk.writer import explained  # noqa: PLC0415
        from okb_incident.vault.journal.recent import written_into  # noqa: PLC0415
        from okb_incident.vault.journal.store import Journal  # noqa: PLC0415
        from okb_incident.vault.write import recovery  # noqa: PLC0415 - reading commands need none

        journal = Journal.here(self.vault.root)
        with explained(journal.place()):
            if journal.has_another_name or recovery.is_needed(journal):
                from okb_incident.vault.disk import lock  # noqa: PLC0415 - hardly ever needed

                with lock.hold(self.vault.root, "incident"):
                    journal = journal.renamed()
                    self.recovered += recovery.recover(journal)
                    recovery.tidy(journal)
            if names := written_into(journal):
                from okb_incident.vault.disk import lock  # noqa: PLC0415 - hardly ever needed
                from okb_incident.vault.write.late_saves import bring_in  # noqa: PLC0415

                with lock.hold(self.vault.root, "incident"):
                    self.recovered += bring_in(journal, names)

    def late_saves(self, *, all_of_them: bool = False) -> list[Problem]:
        """Name the saves of editors that wrote on into a file after a command had taken it from its name, each once.

        Args:
            all_of_them: Look at every displaced file, not only at those of the last commands.
        """
        from okb_incident.vault.journal.recent import written_into  # noqa: PLC0415 - `--help` needs none
        from okb_incident.vault.journal.store import Journal  # noqa: PLC0415

        journal = Journal.here(self.vault.root)
        names = None if all_of_them else written_into(journal)
        if names is not None and not names:
            return []
        from okb_incident.vault.journal.late import as_problem, late_saves  # noqa: PLC0415 - hardly ever needed

        found = [as_problem(late, journal) for late in late_saves(journal, names)]
        new = [problem for problem in found if problem not in self._named]
        self._named |= {*new}
        return new

    def close_restricted(self, *, make: bool = False) -> None:
        """Close the folder of restricted incidents to others, where it exists.

        Args:
            make: Make it where it does not exist, so that it is closed before anything is in it; the caller holds the lock.

        Raises:
            VaultError: It cannot be made.
        """
        from okb_incident.vault.disk.closed import close_folder  # noqa: PLC0415 - reading commands need none
        from okb_incident.vault.disk.files import place  # noqa: PLC0415
        from okb_incident.vault.disk.writer import explained, make_folders  # noqa: PLC0415

        folder = f"{self.vault.root}/{self.vault.settings.folders.restricted}"
        is_new = False
        if make:
            with explained(folder):
                is_new = make_folders(place(self.vault.root, self.vault.settings.folders.restricted))
        close_folder(folder, self.vault.root, is_new=is_new)


def _unknown_settings(location: Location) -> list[str]:
    """Return which settings are not known: perhaps a newer version knows them, perhaps they are mistyped."""
    if not location.unknown:
        return []
    from okb_incident.core.text.terminal_text import shorten  # noqa: PLC0415

    path = f"{location.root}/incident.toml"
    some = location.unknown[:MOST_UNKNOWN]
    said = [f"{path}: {shorten(key)} is unknown to this version and ignored" for key in some]
    more = len(location.unknown) - len(some)
    return [*said, f"{path}: {more} more are not known either"] if more else said


def _left_elsewhere(root: str) -> list[Text]:
    """Name what other machines that share the folder left unfinished: only there, or by a person's word, it may be finished."""
    names = unfinished_elsewhere(root)
    if not names:
        return []
    from okb_incident.workflow.other_machines import left_by  # noqa: PLC0415 - hardly ever needed

    return left_by(root, names)


def read_clock() -> tuple[datetime, bool]:
    """Return the moment of the command, and whether INCIDENT_NOW pins it.

    Raises:
        SettingsError: INCIDENT_NOW is not a moment with an offset.
    """
    pinned = os.environ.get("INCIDENT_NOW")
    if not pinned:
        return datetime.now(UTC).replace(microsecond=0), False  # noqa: TID251
    try:
        at = datetime.fromisoformat(pinned.strip())
        if at.tzinfo is None:
            raise ValueError("it has no offset")  # noqa: TRY301
        return read_moment(at.isoformat(timespec="seconds"), UTC).at, True
    except ValueError:
        raise SettingsError(
            f"INCIDENT_NOW is {pinned!r}; it must be a moment with an offset such as 2026-11-20T15:00:00Z",
            field="INCIDENT_NOW",
            value=pinned,
        ) from None
