"""What the shell may complete: ids, services, people and words, from the index as it is.

Nothing is searched, parsed or waited for; of the notes that are offered the head is looked at, so that one that was restricted since is
not among them. Without an index there is nothing to offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import typer

    from okb_incident.core.settings.settings import Settings
    from okb_incident.vault.index.peek import KnownIncident

MOST = 50
"""Values that are offered; who has more of them types a letter."""

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_INCIDENT_COMPLETE"


def script(shell: str) -> str:
    """Return the script that teaches a shell to complete our commands."""
    from okb_incident.cli.typer_private import completion_script

    return completion_script(shell, VARIABLE)


def incidents(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer ids, those of open incidents first, each with its title."""
    typed = incomplete.lower()
    found = _known(ctx, lambda known: known.id.lower().startswith(typed))
    return _fitting(((known.id, f"{known.severity or '–'} {known.headline}") for known in found), incomplete)


def services(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the services that incidents have hit."""
    names: set[str] = set()
    for known in _known(ctx, lambda known: not names.issuperset(known.services)):
        names.update(filter(None, known.services))
    return _fitting(((name, "") for name in sorted(names)), incomplete)


def people(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the people who have held a role."""
    from okb_incident.vault.index.peek import people as everybody

    root = _root(ctx)
    return _fitting(((name, "") for name in everybody(root)), incomplete) if root else []


def severities(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the levels of the vault's scale, each with its definition."""
    from okb_incident.core.values.severity import DEFAULT_SCALE

    settings = _settings(ctx)
    scale = settings.severities if settings else DEFAULT_SCALE
    return _fitting(((level.label.lower(), level.meaning) for level in scale.levels), incomplete)


def categories(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the categories."""
    from okb_incident.core.settings.settings import Vocabulary

    settings = _settings(ctx)
    words = (settings.vocabulary if settings else Vocabulary()).category
    return _fitting(((word, "") for word in words), incomplete)


def kinds(_: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the kinds that a log line can begin with."""
    from okb_incident.core.timeline.kinds import KINDS

    return _fitting(((f"{kind.name}:", kind.meaning) for kind in KINDS.values()), incomplete)


def pairs(_: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the properties that can be set."""
    from okb_incident.core.values.properties import DERIVED, FIXED_KEYS, ORDER

    return _fitting(((f"{key}=", "") for key in ORDER if key not in FIXED_KEYS and key not in DERIVED), incomplete)


def _fitting(offered: Iterable[tuple[str, str]], incomplete: str) -> list[tuple[str, str]]:
    """Keep what begins with what was typed, in any case."""
    from okb_incident.core.text.terminal_text import one_line

    typed = incomplete.lower()
    found = []
    for value, text in offered:
        if value.lower().startswith(typed):
            found.append((one_line(value), one_line(text)))
            if len(found) == MOST:
                break
    return found


def _known(ctx: typer.Context, wanted: Callable[[KnownIncident], bool]) -> Iterable[KnownIncident]:
    from okb_incident.vault.index.peek import everything

    root = _root(ctx)
    return everything(root, wanted) if root else ()


def _root(ctx: typer.Context) -> str | None:
    from okb_incident.errors import OkbError
    from okb_incident.vault.read.locate import find_root, user_settings

    try:
        return find_root(ctx.find_root().params.get("vault"), user_settings())[0]
    except (OkbError, OSError):
        return None


def _settings(ctx: typer.Context) -> Settings | None:
    """Read the vault's settings; one that cannot be used is not a reason for noise on the command line."""
    from okb_incident.errors import OkbError
    from okb_incident.vault.read.settings_file import SETTINGS_FILE, load_settings

    root = _root(ctx)
    try:
        return load_settings(f"{root}/{SETTINGS_FILE}")[0] if root else None
    except (OkbError, OSError):
        return None
