"""Words that cannot be typed at a terminal again: kept in files of the person's own, for the command that is printed.

A line feed, an escape or a mark that turns the direction of writing would be obeyed by the terminal that a command is pasted into.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from okb_incident.command import quoted
from okb_incident.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OPTION = "--read-word"
"""In front of a file: all that it holds is one word. It may be used wherever a word may."""

DAYS = 7
"""For which words are kept."""


def as_typed(word: str) -> str:
    """Keep a word, and return what stands for it on a command line."""
    folder = _folder()
    data = word.encode(errors="surrogateescape")
    path = os.path.join(folder, sha256(data).hexdigest()[:16])
    os.makedirs(folder, mode=0o700, exist_ok=True)
    _forget_old(folder)
    with suppress(FileExistsError), open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return f"{OPTION} {quoted(path)}"


def read_back(arguments: Sequence[str]) -> list[str]:
    """Return a command line with the words that were kept in their places.

    Raises:
        NotFoundError: Such a file is gone.
    """
    words: list[str] = []
    rest = iter(arguments)
    for word in rest:
        path = next(rest, None) if word == OPTION else None
        words.append(word if path is None else _read(path))
    return words


def forget_those(hold: Callable[[str], bool]) -> None:
    """Remove the kept words that hold a secret."""
    with suppress(FileNotFoundError), os.scandir(_folder()) as found:
        for each in found:
            with suppress(OSError, NotFoundError):
                if hold(_read(each.path)):
                    os.unlink(each.path)


def _folder() -> str:
    return os.path.join(
        os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state"), "okb-incident", "words"
    )


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode(errors="surrogateescape")
    except OSError as error:
        raise NotFoundError(
            f"the words of this command cannot be read any more: {path}: {error.strerror}",
            field=OPTION,
            value=path,
            hint=f"type them again; they are kept for {DAYS} days",
        ) from None


def _forget_old(folder: str) -> None:
    """Remove what nobody has pasted for a while; what cannot be removed harms nobody."""
    oldest = time.time() - DAYS * 86_400
    with os.scandir(folder) as found:
        for each in found:
            with suppress(OSError):
                if each.stat().st_mtime < oldest:
                    os.unlink(each.path)
