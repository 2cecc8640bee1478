"""The small renderer: what an ordinary template of Obsidian holds.

    {{title}}  {{id}}  {{severity}}       a value, by its name
    {{date}}  {{time}}                    YYYY-MM-DD and HH:mm
    {{date:dddd D MMMM}}  {{time:HH:mm}}  the same in a format of Moment
    <% tp.date.now("YYYY-MM-DD") %>       a tag of Templater; `templater` says which ones

Everything else stays as it is, to the byte: Mermaid's ``{{hexagon}}``, QuickAdd's ``{{DATE:…}}``, other braces. As in Obsidian,
code is not spared. A value is data: nothing in it is ever taken for a placeholder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.errors import InvalidNoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from okb_incident.rendering.new_note import NewNote

MARK = re.compile(
    r"<%(?P<before>[-_]?)(?P<tag>.*?)(?P<after>[-_]?)%>|(?P<open><%)"
    r"|\{\{[ \t]*(?P<name>[a-z][a-z0-9_]*)[ \t]*(?::(?P<format>[^{}\r\n]+))?\}\}",
    re.DOTALL,
)
CLOCK = {"date": "YYYY-MM-DD", "time": "HH:mm"}


def render_placeholders(
    text: str,
    values: Mapping[str, object],
    note: NewNote,
    *,
    insert: Callable[[str], str],
    source: str,
    start: int = 0,
    stop: int | None = None,
) -> str:
    """Render the part of a template's text from ``start`` to ``stop``.

    Args:
        text: The whole template, so that a fault can be given its line.
        values: What names stand for. A name that is not in it stays in the text.
        note: The note that it becomes.
        insert: Makes of a value what is put into the text.
        source: The template's path, for a fault.
        start: Where the part begins.
        stop: Where it ends; None is the end of the text.

    Raises:
        InvalidNoteError: A tag is not supported or never closed. Nothing is rendered then.
        TypeError: A name that is used stands for something else than text: a mistake in the calling code.
    """
    stop = len(text) if stop is None else stop
    pieces: list[str] = []
    position, trim = start, ""
    for found in MARK.finditer(text, start, stop):
        value = _value(found, values, note, source)
        if value is None:
            continue
        pieces += (_trimmed(text[position : found.start()], trim, found["before"]), insert(value))
        position, trim = found.end(), found["after"]
    pieces.append(_trimmed(text[position:stop], trim, None))
    return "".join(pieces)


def _value(found: re.Match[str], values: Mapping[str, object], note: NewNote, source: str) -> str | None:
    """Return what a mark stands for; None where it is not a mark of ours."""
    if found["open"]:
        raise _fault(found, source, "is opened here and never closed with %>")
    if found["tag"] is not None:
        from okb_incident.rendering.moment_dates import UnsupportedTagError  # noqa: PLC0415 - few templates need it
        from okb_incident.rendering.templater import evaluate  # noqa: PLC0415

        try:
            return evaluate(found["tag"], note, values)
        except UnsupportedTagError as error:
            raise _fault(found, source, str(error)) from None
    name, pattern = found["name"], found["format"]
    if name in CLOCK:
        from okb_incident.rendering.moment_tokens import format_moment  # noqa: PLC0415 - the note of an incident has no date

        return format_moment(note.at, pattern.strip() if pattern else CLOCK[name])
    if name not in values or pattern:
        return None
    value = values[name]
    if not isinstance(value, str):
        raise TypeError(f"{name!r} stands for {type(value).__name__}, not for text")
    return value


def _trimmed(text: str, after: str | None, before: str | None) -> str:
    """Cut the text between two marks as the tags around it ask: ``_`` all white space, ``-`` one line end."""
    if after == "_":
        text = text.lstrip()
    elif after == "-":
        text = re.sub(r"\A(?:\r\n|[\r\n])", "", text)
    if before == "_":
        text = text.rstrip()
    elif before == "-":
        text = re.sub(r"(?:\r\n|[\r\n])\Z", "", text)
    return text


def _fault(found: re.Match[str], source: str, verdict: str) -> InvalidNoteError:
    from okb_incident.rendering.templater import SUPPORTED  # noqa: PLC0415

    text, place = found.string, found.start()
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    tag = found[0] if found["tag"] is not None else text[place:].split("\n", 1)[0].rstrip()
    tag = tag if len(tag) <= 60 else tag[:59] + "…"
    return InvalidNoteError(
        f"{source}:{line}:{column}: the Templater tag {tag!r} {verdict}; nothing was rendered",
        field="template",
        value=tag,
        allowed=SUPPORTED,
        hint="Write a date, the file's name or a {{name}} there, or remove the tag; `incident templates` shows which "
        "template is used.",
    )
