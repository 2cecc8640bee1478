"""Scan: which files of a vault are notes.

Notes are the regular files that end in ``.md``. Left out are path parts that begin with a dot, templates folders, and
whatever a reader must not count: conflict copies of sync tools, links that leave the vault, files that are not regular files. What a
person would want to know about is reported; the rest is left out in silence.

Folder links are never followed, so a cycle is impossible. A link to a note of the vault is left out where the scan finds its
target under the target's own name, else an incident would count twice; a link to a file that no scan finds, in a hidden
store for instance, is a note.

The scan is the floor under every report, so it handles strings and tuples only, and asks the kernel once per note. It goes
folder by folder, so that whoever only compares need not hold all notes at once.
"""

from __future__ import annotations

import os
import stat
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.problem import Problem
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.disk.conflict_copy import conflict_copy_of
from okb_incident.vault.disk.files import UnreadableError, inside, kind
from okb_incident.vault.disk.refusal import reason, remedy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NO_NOTE = "Remove it, or give it another name than that of a note."
DEEPEST = 64
"""Folders within folders. A mount inside itself is the one cycle that a scan without links can meet."""

_NAME = attrgetter("name")
_KEY = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino")

Key = tuple[int, int, int, int]
"""What tells that a note has changed: mtime and ctime in nanoseconds, size, inode."""


class Folder(NamedTuple):
    """The notes of one folder, in the order in which the file system lists them.

    Attributes:
        path: Of the vault; nothing for the vault's own folder.
        names: Of the notes.
        keys: Their keys, in the same order.
    """

    path: str
    names: list[str]
    keys: list[Key]

    def paths(self) -> Iterator[str]:
        """Return the paths of the notes, of the vault."""
        prefix = self.path + "/" if self.path else ""
        return (prefix + name for name in self.names)


class Found(NamedTuple):
    """A note that a scan has found, unread.

    Attributes:
        path: Of the vault, with ``/``.
        mtime_ns: When its content changed last, as the file says, in nanoseconds.
        ctime_ns: When anything of it changed last, in nanoseconds; no program can set it back.
        size: Its length in bytes.
        inode: The number of the file behind the name.
    """

    path: str
    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int


class Scan(NamedTuple):
    """What a scan has found.

    Attributes:
        notes: Folder by folder, by name within each.
        problems: What was left out although it looks like a note.
    """

    notes: list[Found]
    problems: list[Problem]


def scan(root: str, *, folders: Iterable[str] = ("",), templates: Iterable[str] = ()) -> Scan:
    """Find the notes of a vault.

    Args:
        root: The vault.
        folders: Where to look, as paths of the vault; everywhere by default. One that does not exist has no notes yet.
        templates: Folders that hold templates, as paths of the vault.

    Raises:
        VaultError: The vault itself is not there.
    """
    search = Search(root, templates)
    notes = [
        Found(path, *key)
        for folder in search.folders(folders)
        for path, key in sorted(zip(folder.paths(), folder.keys, strict=True))
    ]
    return Scan(notes, search.problems)


def place(path: str) -> tuple[tuple[bool, str], ...]:
    """Return the place of a note in the order of a scan: the notes of a folder by name, then the folders in it."""
    *folders, name = path.split("/")
    return (*((True, folder) for folder in folders), (False, name))


def list_names(folder: str) -> list[str]:
    """Return the names in one folder that end in ``.md``, sorted, whatever is behind them; none where there is no folder.

    For commands that name an incident: they need to know which names are taken, not what is in the notes.

    Raises:
        VaultError: The folder cannot be listed.
    """
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise VaultError(f"{folder} cannot be listed: {reason(error)}", value=folder, hint=remedy(error)) from error
    return sorted(name for name in names if name.endswith(".md") and not name.startswith("."))


class Search:
    """One scan on its way.

    Attributes:
        problems: What was left out so far although it looks like a note.

    Raises:
        VaultError: The vault itself is not there.
    """

    def __init__(self, root: str, templates: Iterable[str] = ()) -> None:
        self.base = os.path.realpath(root)
        if not os.path.isdir(self.base):
            raise VaultError(f"{root} is not a folder, so there is no vault in it", value=root)
        self.templates = frozenset(map(_plain, templates))
        self.problems: list[Problem] = []
        self._tops: list[str] = []

    def folders(self, tops: Iterable[str] = ("",)) -> Iterator[Folder]:
        """Search folders, each with the ones in it before the next."""
        for top in map(_plain, tops):
            try:
                self._tops.append(self._of_vault(inside(self.base, top)))
            except NotFoundError:
                continue
            except UnreadableError as error:
                self.problems.append(error.as_problem(top))
        waiting = self._tops[::-1]
        searched = set(self.templates)
        while waiting:
            path = waiting.pop()
            if path in searched:
                continue
            searched.add(path)
            if path.count("/") >= DEEPEST:
                hint = "Move its notes to a folder further up, or remove it."
                self._report(path, "too-deep", f"is more than {DEEPEST} folders deep and not searched", hint)
                continue
            folder = Folder(path, [], [])
            try:
                waiting.extend(reversed(self._search(folder)))
            except FileNotFoundError:
                continue
            except OSError as error:
                self._report(path or ".", "unreadable", f"cannot be searched: {reason(error)}", remedy(error))
            yield folder

    def _search(self, folder: Folder) -> list[str]:
        """Take the notes of one folder, and give the folders in it.

        The folder is opened first and its entries are asked by its descriptor: a link put in its place meanwhile cannot
        lead the scan astray, and the kernel need not walk the whole path for each note.
        """
        _, names, keys = folder
        odd = []
        descriptor = os.open(f"{self.base}/{folder.path}", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            with os.scandir(descriptor) as listing:
                for entry in listing:
                    name = entry.name
                    if (
                        name.endswith(".md")
                        and name[0] != "."
                        and name.isascii()
                        and "onflict" not in name
                        and entry.is_file(follow_symlinks=False)
                    ):
                        try:
                            keys.append(_KEY(entry.stat(follow_symlinks=False)))
                        except FileNotFoundError:
                            continue  # deleted since the folder was listed
                        names.append(name)
                    elif name[0] != ".":
                        odd.append(entry)
            return self._take_odd(folder, sorted(odd, key=_NAME))
        finally:
            os.close(descriptor)

    def _take_odd(self, folder: Folder, entries: list[os.DirEntry[str]]) -> list[str]:
        """Take what is not a file with an ordinary name: folders, links, names to look at twice."""
        inner = []
        prefix = folder.path + "/" if folder.path else ""
        for entry in entries:
            name = entry.name
            path = prefix + name
            try:
                if name.endswith(".md") and entry.is_file(follow_symlinks=False):
                    if self._has_good_name(path):
                        folder.keys.append(_KEY(entry.stat(follow_symlinks=False)))
                        folder.names.append(name)
                elif entry.is_dir(follow_symlinks=False):
                    if name.isascii() or self._has_good_name(path):
                        inner.append(path)
                elif entry.is_symlink():
                    if key := self._of_link(path):
                        folder.keys.append(key)
                        folder.names.append(name)
                elif name.endswith(".md"):
                    self._report(path, "not-a-file", f"is {kind(entry.stat().st_mode)}, not a file", NO_NOTE)
            except FileNotFoundError:
                continue  # deleted since the folder was listed
        return inner

    def _has_good_name(self, path: str) -> bool:
        """Report a name that no note may have."""
        try:
            path.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(path).decode(errors="backslashreplace")
            self._report(shown, "bad-name", "has a name that is not UTF-8 and is left out", "Rename it.")
            return False
        tool = path.endswith(".md") and conflict_copy_of(path.rpartition("/")[2])
        if tool:
            self._report(
                path,
                "conflict-copy",
                f"is a conflict copy left by {tool} and is not counted",
                "Take over what the note lacks, then delete the copy.",
            )
        return not tool

    def _of_link(self, path: str) -> Key | None:
        """Return the key behind a link that leads to a file of the vault that is not found anyway; else None."""
        if not path.endswith(".md") and not os.path.isdir(f"{self.base}/{path}"):
            return None
        if not self._has_good_name(path):
            return None
        try:
            target = inside(self.base, path)
            status = os.stat(target)
        except (NotFoundError, FileNotFoundError):
            self._report(path, "unreadable", "is a link to nothing", "Remove the link, or put back what it leads to.")
        except UnreadableError as error:
            self.problems.append(error.as_problem(path))
        else:
            if self._comes_by(self._of_vault(target)):
                return None
            if stat.S_ISREG(status.st_mode):
                return _KEY(status)
            if stat.S_ISDIR(status.st_mode):
                hint = "Remove the link, or move the folder to its place."
                self._report(path, "link-not-followed", "is a link to a folder that is not searched", hint)
            else:
                self._report(path, "not-a-file", f"is a link to {kind(status.st_mode)}, not to a file", NO_NOTE)
        return None

    def _comes_by(self, path: str) -> bool:
        """Return whether this scan finds a path without any link."""
        parts = path.split("/")
        above = {"", *("/".join(parts[:count]) for count in range(1, len(parts) + 1))}
        hidden = any(part.startswith(".") for part in parts)
        return not hidden and above.isdisjoint(self.templates) and not above.isdisjoint(self._tops)

    def _of_vault(self, real: str) -> str:
        return real[len(self.base) :].lstrip("/")

    def _report(self, path: str, code: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(path, None, code, message, hint))


def _plain(folder: str) -> str:
    """Write a folder of the settings as the scan writes paths: ``./templates/`` is ``templates``, and ``.`` is nothing."""
    plain = os.path.normpath(folder).strip("/")
    return "" if plain == "." else plain
