"""Forms of a payload: one string from which reading, writing and the documentation all come.

A form such as ``[{before:status} → ]{after:status}[, {reason}]`` is literal text with fields in it. A field is ``{name}``
(any text), ``{name:sort}`` (one of ``SORTS``) or ``{name=this|that}`` (one of the words); what is in square brackets
may be missing. Brackets do not nest. Reading takes ``->`` for the arrow, any case of the words and any number of blanks;
writing is canonical.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.name import handle
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

NOBODY = "–"

FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<sort>\w+)|=(?P<words>[^}]+))?\}")
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
OFFSET = r"(?: ?(?:Z|UTC)|[+-]\d{2}(?::?\d{2})?)?"
MOMENT = rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{CLOCK}{OFFSET}"
BARE_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"


class Sort(NamedTuple):
    """What a field may hold.

    Attributes:
        pattern: A regular expression of what is read, without groups of its own that capture.
        sign: How the documentation shows the field; ``{}`` stands for its name in capitals.
        read: Makes the value out of what was typed.
        write: Makes the text of a line out of a value.
    """

    pattern: str
    sign: str = "{}"
    read: Callable[[str], str] = str
    write: Callable[[str], str] = str


def _read_person(text: str) -> str:
    if text.lower() in {NOBODY, "—", "-", "nobody"}:
        return NOBODY
    return _read_name(text.removeprefix("@"))


def _write_person(name: str) -> str:
    return NOBODY if name == NOBODY else "@" + handle(name)


def _read_link(text: str) -> str:
    return text[2:-2] if text.startswith("[[") and text.endswith("]]") else text


def _read_name(text: str) -> str:
    return _read_link(text).split("|")[0]


def _read_span(text: str) -> str:
    hours, h, minutes = text.lower().replace(",", ".").rpartition("h")
    whole = re.match(r" ?(\d*)", minutes)
    return str(round(float(hours if h else 0) * 60) + int((whole and whole[1]) or 0))


def _read_code(text: str) -> str:
    inner = text.strip("`")
    padded = len(inner) > 2 and inner[0] == inner[-1] == " "
    return inner[1:-1] if padded else inner


def code_span(command: str) -> str:
    """Return a text as code in a line of Markdown, whatever backticks it holds."""
    if "`" not in command:
        return f"`{command}`"
    ticks = "`" * (max(map(len, re.findall("`+", command))) + 1)
    return f"{ticks} {command} {ticks}"


SORTS: dict[str, Sort] = {
    "text": Sort(r".+?"),
    "anything": Sort(r".*"),
    "word": Sort(r"[^\s,:/→]+"),
    "name": Sort(r"[^,:→]+?", read=_read_name),
    "person": Sort(r"@?[^\s,:→@][^,:→]*?", read=_read_person, write=_write_person),
    "link": Sort(r"\[\[[^\[\]]+\]\]|[^\s,\[\]]+", sign="[[{}]]", read=_read_link, write="[[{}]]".format),
    "status": Sort("|".join(Status), read=str.lower),
    "severity": Sort(r"sev \d+|[^\s,→]+"),
    "moment": Sort(MOMENT, sign="MOMENT"),
    "when": Sort(rf"{MOMENT}|{BARE_TIME}", sign="TIME"),
    "share": Sort(r"\d+(?:\.\d+)? ?%", sign="40%", read=lambda text: text.replace(" ", "")),
    "proportion": Sort(
        r"(?:share )?\d+(?:\.\d+)? ?%",
        sign="40%",
        read=lambda text: text.lower().removeprefix("share").replace(" ", ""),
        write="share {}".format,
    ),
    "count": Sort(
        r"~?\d+(?: ?[-–] ?\d+)?(?: ?%)?",
        sign="N·N-M",
        read=lambda text: text.replace(" ", "").replace("–", "-"),
    ),
    "span": Sort(
        r"\d+ ?m(?:in)?|\d+(?:[.,]\d+)? ?h(?: ?\d+(?: ?m(?:in)?)?)?",
        sign="45m",
        read=_read_span,
        write="{}m".format,
    ),
    "amount": Sort(r"\d{1,15}(?:\.\d{1,6})?"),
    "currency": Sort(r"[a-z]{3}", read=str.upper, write=str.upper),
    "integer": Sort(r"-?\d+", sign="N"),
    "seconds": Sort(r"\d+(?:\.\d+)?s", sign="12s", read=lambda text: text[:-1], write="{}s".format),
    "code": Sort(r"`[^`]+`|``+(?!`).+?(?<!`)``+(?!`)", sign="`{}`", read=_read_code, write=code_span),
    "hex": Sort(r"[0-9a-f]+", read=str.lower),
    **{letter: Sort(rf"{letter}\d+", sign=f"{letter}1", read=str.lower) for letter in "harv"},
}


def _sort(field: re.Match[str]) -> Sort:
    """Return the sort of a field of a form."""
    words = field["words"]
    if words is None:
        return SORTS[field["sort"] or "text"]
    return Sort("|".join(map(re.escape, words.split("|"))), sign=words.replace("|", "·"), read=str.lower)


def _parts(form: str) -> list[tuple[str, bool]]:
    """Split a form into its parts, each with whether it may be missing."""
    return [(part, bool(place % 2)) for place, part in enumerate(re.split(r"\[(.*?)\]", form)) if part]


def _tolerant(literal: str) -> str:
    """Return the pattern of literal text as people type it, in a payload whose blanks are single."""
    pattern = ""
    for piece in re.split(r"( ?→ ?|[,:] ?)", literal):
        if "→" in piece:
            pattern += " ?(?:→|-+>) ?"
        elif piece[:1] == ",":
            pattern += " ?, ?"
        elif piece[:1] == ":":
            pattern += " ?: "  # The blank tells it from the colon of a time or an address.
        else:
            pattern += re.escape(piece)
    return pattern


@cache
def _compiled(form: str) -> tuple[re.Pattern[str], dict[str, Callable[[str], str]], tuple[str, ...]]:
    """Return a form's pattern, the readers of its fields, and the names of those that are moments."""
    pattern, readers, moments = "", {}, []
    for part, optional in _parts(form):
        inner, end = "", 0
        for field in FIELD.finditer(part):
            sort = _sort(field)
            inner += _tolerant(part[end : field.start()]) + f"(?P<{field['name']}>{sort.pattern})"
            end = field.end()
            readers[field["name"]] = sort.read
            if sort is SORTS["moment"]:
                moments.append(field["name"])
        inner += _tolerant(part[end:])
        pattern += f"(?:{inner})?" if optional else inner
    return re.compile(pattern, re.IGNORECASE | re.ASCII), readers, tuple(moments)


def read_form(form: str, payload: str, zone: tzinfo) -> dict[str, str] | None:
    """Return the fields of a payload, those that are missing left out; None where it does not fit.

    A field that is a moment stays text, and ``read_moment`` reads it in the same zone without fail.

    Raises:
        ValueError: It fits, but a moment in it does not exist; with a sentence.
    """
    pattern, readers, moments = _compiled(form)
    found = pattern.fullmatch(" ".join(payload.split()))
    if not found:
        return None
    fields = {name: readers[name](value) for name, value in found.groupdict().items() if value is not None}
    for name in moments:
        if name in fields:
            read_moment(fields[name], zone)
    return fields


def write_form(form: str, fields: Mapping[str, str]) -> str | None:
    """Return the payload that holds these fields; None where the form lacks one of them or needs another."""
    payload, used = "", set()
    for part, optional in _parts(form):
        names = {field["name"] for field in FIELD.finditer(part)}
        if names <= fields.keys():
            payload += FIELD.sub(lambda field: _sort(field).write(fields[field["name"]]), part)
            used |= names
        elif not optional:
            return None
    return payload if used == fields.keys() else None


@cache
def show_form(form: str) -> str:
    """Return a form as the documentation shows it: fields in capitals, words to choose from with ``·`` between."""
    return FIELD.sub(lambda field: _sort(field).sign.format(field["name"].upper()), form)
