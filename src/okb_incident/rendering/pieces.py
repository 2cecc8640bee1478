"""The two pieces of a template of Jinja2, properties and body, and what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.quoting import defuse_body, without_controls
from okb_incident.rendering.stand_ins import StandIns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Piece(NamedTuple):
    """A part of a template.

    Attributes:
        text: What it says.
        first_line: The line of the file at which it begins.
    """

    text: str
    first_line: int


class RenderedPieces(NamedTuple):
    """What became of both; plain data, so that it can come from another process.

    Attributes:
        frontmatter: With stand-ins for values.
        body: With the values in it.
        mark: That of the stand-ins.
        inserted: The values that the stand-ins stand for.
    """

    frontmatter: str
    body: str
    mark: str
    inserted: list[str]


def render_pieces(frontmatter: Piece, body: Piece, values: Mapping[str, object], *, source: str) -> RenderedPieces:
    """Render both in this process.

    Args:
        frontmatter: The template's properties, without fences.
        body: What follows them.
        values: Plain data, as `environment.render_jinja` takes it.
        source: The template's path, for a fault.

    Raises:
        InvalidNoteError: The template is wrong.
    """
    # Who lets another process render need not load Jinja2.
    from okb_incident.rendering.environment import render_jinja  # noqa: PLC0415

    stand_ins = StandIns()
    properties, text = (
        render_jinja(piece.text, values, insert=_harmless(insert), source=source, first_line=piece.first_line)
        for piece, insert in ((frontmatter, stand_ins.take), (body, defuse_body))
    )
    return RenderedPieces(properties, text, stand_ins.mark, stand_ins.inserted)


def _harmless(insert: Callable[[str], str]) -> Callable[[str], str]:
    """Return what inserts a value without control characters: an expression may be a text of the template's own."""
    return lambda value: insert(without_controls(value))
