"""Where templates are found: the vault's own, the user's own, and the shipped ones, in this order."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, Literal, NamedTuple

from okb_incident.errors import InvalidNoteError, NotFoundError, OkbError

if TYPE_CHECKING:
    from collections.abc import Iterator

Origin = Literal["vault", "user", "shipped"]

LARGEST_TEMPLATE = 64 * 1024
"""Bytes."""

NAME = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
ENDING = ".md"

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class TemplateFolders(NamedTuple):
    """The folders that may hold templates of one's own; one that does not exist holds none.

    Attributes:
        vault: The vault's; a path with every link in it followed.
        user: The user's.
    """

    vault: str | None = None
    user: str | None = None


class Place(NamedTuple):
    """Where a template is.

    Attributes:
        origin: Whose it is.
        path: Its file.
    """

    origin: Origin
    path: str


class Template(NamedTuple):
    """A template as it was read.

    Attributes:
        name: Such as ``incident``.
        path: Its file.
        origin: Whose it is.
        text: What the file holds, line ends as they are, without a byte order mark.
    """

    name: str
    path: str
    origin: Origin
    text: str


def find(name: str, folders: TemplateFolders) -> Template:
    """Read the template of a name, the vault's before the user's before the shipped one.

    Raises:
        NotFoundError: There is none, or the name is none that a template can have.
        InvalidNoteError: It cannot be read: no plain file, larger than 64 KiB, not UTF-8.
        OkbError: The installation lacks its templates.
    """
    if NAME.fullmatch(name):
        for origin, folder in _searched(folders):
            path = os.path.join(folder, name + ENDING)
            if os.path.lexists(path):
                return Template(name, path, origin, _read(path, follow=origin != "vault"))
    names = tuple(available(folders))
    raise NotFoundError(
        f"there is no template {name[:64]!r}; there is {', '.join(names)}",
        field="template",
        value=name[:64],
        allowed=names,
        hint="A template is a file such as incident.md: small letters, digits and hyphens, at most 64.",
    )


def exists(name: str, folders: TemplateFolders) -> bool:
    """Return whether there is a template of a name, whether or not it can be read."""
    return NAME.fullmatch(name) is not None and any(
        os.path.lexists(os.path.join(folder, name + ENDING)) for _, folder in _searched(folders)
    )


def available(folders: TemplateFolders) -> dict[str, tuple[Place, ...]]:
    """List the names of all templates, each with the file that wins and, after it, those that it hides."""
    places: dict[str, tuple[Place, ...]] = {}
    for origin, folder in _searched(folders):
        for file in _files(folder):
            name, ending = os.path.splitext(file)
            if ending == ENDING and NAME.fullmatch(name):
                places[name] = (*places.get(name, ()), Place(origin, os.path.join(folder, file)))
    return dict(sorted(places.items()))


def shipped(folder: str) -> str:
    """Return the path of a folder that comes with the product: ``templates``, ``example-vault`` or ``docs/schemas``.

    It is in the package where that was installed, and next to the source in a checkout.

    Raises:
        OkbError: The installation is broken.
    """
    return _shipped(folder, PACKAGE)


def _shipped(folder: str, package: str) -> str:
    installed = os.path.join(package, folder)
    if os.path.isdir(installed):
        return installed
    root = os.path.dirname(os.path.dirname(package))
    beside = os.path.join(root, folder)
    # Without this file, a folder of that name two levels up is somebody else's.
    if os.path.isfile(os.path.join(root, "pyproject.toml")) and os.path.isdir(beside):
        return beside
    raise OkbError(
        f"this installation is broken: the folder {folder!r} is missing from {package}",
        hint="Install okb-incident again.",
    )


def _searched(folders: TemplateFolders) -> Iterator[tuple[Origin, str]]:
    if folders.vault:
        yield "vault", folders.vault
    if folders.user:
        yield "user", folders.user
    yield "shipped", shipped("templates")


def _files(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(folder, f"folder cannot be listed: {error.strerror}") from error


def _read(path: str, *, follow: bool) -> str:
    """Read a template; a link in a vault is not followed, because it could bring any file of this machine into a note."""
    try:
        # O_NONBLOCK: opening a FIFO returns at once.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _unreadable(path, "is not a file")
            data = b""
            while len(data) <= LARGEST_TEMPLATE and (more := os.read(descriptor, LARGEST_TEMPLATE + 1)):
                data += more
        finally:
            os.close(descriptor)
    except OSError as error:
        verdict = (
            "is a link, which is not followed in a vault" if os.path.islink(path) and not follow else error.strerror
        )
        raise _unreadable(path, f"cannot be read: {verdict}") from error
    if len(data) > LARGEST_TEMPLATE:
        raise _unreadable(path, f"is larger than {LARGEST_TEMPLATE // 1024} KiB")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(f"{path}:{line}", f"has the byte 0x{data[error.start]:02x}, which is not UTF-8") from None


def _unreadable(place: str, verdict: str) -> InvalidNoteError:
    return InvalidNoteError(
        f"{place}: this template {verdict}",
        field="template",
        value=place,
        hint="Correct that file, or move it away: the next template of its name is used then (`incident templates`).",
    )
