"""Rendering: a template and values become the frontmatter and the body of a note.

A template whose first line begins a Jinja comment ``{# … #}`` is rendered by Jinja2, every other one by the small renderer of
`placeholders`, which needs no Jinja2. A remark ``%% … %%`` at the very start of the body, which says in Obsidian what the
template is for, is not part of the note.

What a template says itself reaches the note too, without characters that a terminal would obey: a vault may come from a stranger.

Values meet a note in two places. In the body they are put in as text, with what a plug-in would execute broken. In the
frontmatter they never meet YAML at all: `stand_ins` says how.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.quoting import break_tags, defuse_body, without_controls
from okb_incident.core.text.setext import keep_remarks
from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.new_note import NewNote
from okb_incident.rendering.placeholders import render_placeholders
from okb_incident.rendering.stand_ins import StandIns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from okb_incident.rendering.locate import Template

FENCE = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
CLOSING_FENCE = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
JINJA_COMMENT = re.compile(r"\{#.*?#\}\s*", re.DOTALL)
REMARK = re.compile(r"\s*%%(?!%).*?%%\s*", re.DOTALL)


class Rendered(NamedTuple):
    """A rendered template.

    Attributes:
        frontmatter: The YAML text of the template's own properties; empty if it has none. Parse it, then ``stand_ins.fill``
            what came out: until then there are stand-ins where values belong.
        body: The text after it.
        stand_ins: What fills the properties.
        source: The path of the template.
    """

    frontmatter: str
    body: str
    stand_ins: StandIns
    source: str


class Part(NamedTuple):
    """A part of a template's text, by its places."""

    start: int
    stop: int


def render(template: Template, values: Mapping[str, object], *, at: datetime, path: str) -> Rendered:
    """Render a template.

    Args:
        template: As `locate.find` gives it.
        values: What names in it stand for. The small renderer takes text only, Jinja2 any plain data. Text from outside the
            team has to be quoted before (`core.quoting.quote_external`).
        at: The moment of the note's making, aware, in the zone in which dates are to be written.
        path: Where the note will be, relative to the vault, with ``/``.

    Raises:
        InvalidNoteError: The template is wrong; the sentence names its path and line.
        TypeError: A value is not of the sorts above.
    """
    note = NewNote(path, at)
    template = template._replace(text=without_controls(template.text))
    frontmatter, body = _parts(template)
    if is_jinja(template.text):
        return _rendered_by_jinja(
            template, frontmatter, body, {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", **values}
        )
    stand_ins = StandIns()

    def rendered(part: Part, insert: Callable[[str], str]) -> str:
        return render_placeholders(
            template.text, values, note, insert=insert, source=template.path, start=part.start, stop=part.stop
        )

    properties = rendered(frontmatter, stand_ins.take)
    return Rendered(properties, _safe(rendered(body, defuse_body)), stand_ins, template.path)


def _rendered_by_jinja(template: Template, frontmatter: Part, body: Part, values: Mapping[str, object]) -> Rendered:
    """Render by Jinja2; a template of the vault's in a process of its own."""
    from okb_incident.rendering.pieces import Piece, render_pieces  # noqa: PLC0415 - few templates need it

    properties, text = (
        Piece(template.text[part.start : part.stop], template.text.count("\n", 0, part.start) + 1)
        for part in (frontmatter, body)
    )
    if template.origin == "vault":
        from okb_incident.rendering.confined import render_confined  # noqa: PLC0415

        made = render_confined(properties, text, values, source=template.path)
    else:
        made = render_pieces(properties, text, values, source=template.path)
    return Rendered(made.frontmatter, _safe(made.body), StandIns(made.mark, made.inserted), template.path)


def _safe(body: str) -> str:
    """Return a rendered body in which nothing is executed and no remark became a heading."""
    return keep_remarks(break_tags(body))


def is_jinja(text: str) -> bool:
    """Return whether a template is one for Jinja2: it begins with a comment ``{# … #}``."""
    return text.startswith("{#")


def _parts(template: Template) -> tuple[Part, Part]:
    """Find the frontmatter, without its fences, and the body, without a remark at its start."""
    text = template.text
    comment = JINJA_COMMENT.match(text)
    start = comment.end() if comment else 0
    frontmatter = Part(start, start)
    if opening := FENCE.match(text, start):
        closing = CLOSING_FENCE.search(text, opening.end())
        if not closing:
            line = text.count("\n", 0, start) + 1
            raise InvalidNoteError(
                f"{template.path}:{line}: the frontmatter of this template begins here and never ends; nothing was rendered",
                field="template",
                value=template.path,
                hint="End it with a line of three hyphens: ---",
            )
        frontmatter, start = Part(opening.end(), closing.start()), closing.end()
    remark = REMARK.match(text, start)
    return frontmatter, Part(remark.end() if remark else start, len(text))
