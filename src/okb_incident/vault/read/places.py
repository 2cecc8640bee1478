"""Places: where the notes of incidents were seen last, for verbs that find one without a scan.

One small file beside the index in the user's cache, a line for each note that is not over, that is restricted, or that is among the
newest; the last line on a path counts. The index writes it anew whenever it is asked, and each command adds what it wrote. It
is only ever a hint: a note is read before it is believed, and a path that leads nowhere means that the note was moved.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.disk.cache import cache_folder, name_of, write_private

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST = 1 << 18
"""Bytes; a longer file is written anew when a line is added."""

NEWEST = 20
"""Incidents that are remembered although they are over: `last` is one of them."""

_OVER, _UNFINISHED, _RESTRICTED, _GONE = "-or*"


class KnownPlace(NamedTuple):
    """Where the note of an incident was seen.

    Attributes:
        path: The note, relative to the vault.
        id: The id of the incident, as text.
        is_over: The incident was closed, declined or merged.
        is_restricted: It may be shown only where it is asked for.
    """

    path: str
    id: str
    is_over: bool = False
    is_restricted: bool = False


def known_places(root: str) -> dict[str, KnownPlace]:
    """Return what is remembered of a vault, by path; nothing where nothing can be read."""
    try:
        descriptor = os.open(_file(root), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(descriptor, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            lines = file.read().split("\n")
    except OSError:
        return {}
    found: dict[str, KnownPlace] = {}
    for line in lines[:-1]:
        flags, _, rest = line.partition("\t")
        incident, _, path = rest.partition("\t")
        if not path or flags == _GONE:
            found.pop(path, None)
        else:
            found[path] = KnownPlace(path, incident, _OVER in flags, _RESTRICTED in flags)
    return found


def remember(root: str, places: Iterable[KnownPlace], gone: Collection[str] = ()) -> None:
    """Add where notes were seen now, and where none is any more; a folder that cannot be written costs only the memory."""
    known = known_places(root)
    new = [_line(place) for place in places if known.get(place.path) != place]
    new += [f"{_GONE}\t\t{path}\n" for path in gone if path in known]
    if not new:
        return
    # What a crash may have cut off ends here.
    data = "".join(["\n", *new]).encode(errors="surrogateescape")
    with suppress(OSError):
        os.makedirs(cache_folder(), mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(_file(root), flags, 0o600)
        try:
            os.write(descriptor, data)
            is_long = os.fstat(descriptor).st_size > LONGEST
        finally:
            os.close(descriptor)
        if is_long:
            _write(root, known_places(root).values())


def replace(root: str, places: Iterable[KnownPlace]) -> None:
    """Remember these places and no others."""
    wanted = {place.path: place for place in places}
    if wanted != known_places(root):
        _write(root, wanted.values())


def _write(root: str, places: Iterable[KnownPlace]) -> None:
    with suppress(OSError):
        write_private(_file(root), "".join(map(_line, places)).encode(errors="surrogateescape"))


def forget_places(root: str) -> None:
    """Remember nothing of a vault."""
    with suppress(OSError):
        os.unlink(_file(root))


def _line(place: KnownPlace) -> str:
    # A name with a line break in it cannot be remembered, and is found by searching.
    if "\n" in place.path:
        return ""
    flags = (_OVER if place.is_over else _UNFINISHED) + (_RESTRICTED if place.is_restricted else "")
    return f"{flags}\t{place.id}\t{place.path}\n"


def _file(root: str) -> str:
    return os.path.join(cache_folder(), f"{name_of(root)}.places")
