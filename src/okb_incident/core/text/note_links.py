"""Links between notes, followed when a note moves: wikilinks and Markdown links, outside code fences."""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath, relpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
#: The target ends before a heading or an alias; in a table the bar of the alias has a backslash before it.
WIKILINK = re.compile(r"(\[\[)([^\[\]|#\n]+?)(?=\\?[|#\]])")
MARKDOWN = re.compile(r"(\]\(<?)([^()<>\s#]+|(?<=<)[^<>\n#]+)(?=[#>)])")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|[/#]", re.IGNORECASE)


class RelinkedText(NamedTuple):
    """A text whose links follow.

    Attributes:
        text: The text.
        lines: The lines in which a link changed, counted from 1.
    """

    text: str
    lines: tuple[int, ...]


class Moves(NamedTuple):
    """Where notes go.

    Attributes:
        paths: The new path of each note that moves, by its old one.
        is_there: Whether the vault has a file, so that a link to it can be told from other words.
    """

    paths: Mapping[str, str]
    is_there: Callable[[str], bool] = lambda _: False

    def follow(self, text: str, path: str) -> RelinkedText:
        """Return the text of a note with its links following those that move, the note itself perhaps among them.

        Args:
            text: The note.
            path: Where it is before the move.
        """
        written, changed, fence = [], [], ""
        for number, line in enumerate(text.split("\n"), 1):
            sign = FENCE.match(line)
            if sign:
                fence = "" if fence and sign[1].startswith(fence) else fence or sign[1]
            now = line if sign or fence else self._in_line(line, path)
            written.append(now)
            if now != line:
                changed.append(number)
        return RelinkedText("\n".join(written), tuple(changed))

    def _in_line(self, line: str, path: str) -> str:
        if "[[" in line:
            line = WIKILINK.sub(lambda found: found[1] + self._wikilink(found[2]), line)
        return MARKDOWN.sub(lambda found: found[1] + self._markdown(found[2], path), line) if "](" in line else line

    def _wikilink(self, target: str) -> str:
        wanted = target.strip().removesuffix(".md").lower().lstrip("./")
        for old, new in self.paths.items():
            stem, name = old.removesuffix(".md"), basename(new).removesuffix(".md")
            # By its bare name a note is found wherever it is, as long as it keeps the name.
            if f"/{stem}".lower().endswith(f"/{wanted}") and ("/" in wanted or basename(stem) != name):
                return name
        return target

    def _markdown(self, target: str, path: str) -> str:
        if SCHEME.match(target):
            return target
        plain = unquote(target)
        leads_to = normpath(join(dirname(path), plain))
        goes_to = self.paths.get(leads_to)
        if goes_to is None and (path not in self.paths or not self.is_there(leads_to)):
            return target
        written = relpath(goes_to or leads_to, dirname(self.paths.get(path, path)) or ".")
        return quote(written) if plain != target or " " not in target else written
