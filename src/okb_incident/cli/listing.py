"""A listing: its fields are in one table, from which its JSON objects, its columns and its schema come."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.cli.output import as_command, as_text
from okb_incident.cli.shapes import TEXT, Shape, list_of, record
from okb_incident.command import Command, Sentence
from okb_incident.core.text.links import unlinked
from okb_incident.core.values.moment import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.workflow.session import Session

NOTHING = "–"


class Field(NamedTuple):
    """A field of a listing.

    Attributes:
        key: Its name in JSON; empty where only a table has it.
        shape: Its shape in JSON.
        of: Its value in a row: for JSON, and for the table unless `cell` says otherwise.
        column: The name of its column, ``{zone}`` standing for the vault's zone; empty where only JSON has it.
        cell: What a table shows of a row.
    """

    key: str
    shape: Shape
    of: Callable[[Any], Any]
    column: str = ""
    cell: Callable[[Any], str] | None = None


def command_field(of: Callable[[Any], Command | None], column: str = "") -> Field:
    """Return the field of a command; JSON has its argument vector as well."""
    return Field("command", TEXT, of, column)


class Listing(NamedTuple):
    """Rows and the fields that each has.

    Attributes:
        fields: In the order of JSON's keys.
        rows: Any values that the fields read.
        session: Whose zone the moments are shown in.
        columns: The order of the columns by their names, where it is another than that of the fields.
    """

    fields: Sequence[Field]
    rows: Sequence[Any]
    session: Session | None = None
    columns: Sequence[str] = ()

    def value(self) -> list[dict[str, Any]]:
        """Return the rows as a program reads them."""
        return [_object(self.fields, row) for row in self.rows]

    def show(self) -> None:
        """Print the rows as a table."""
        from okb_incident.cli.screen.table import show_rows

        shown = [field for field in self.fields if field.column]
        if self.columns:
            shown.sort(key=lambda field: self.columns.index(field.column))
        zone = self.session.zone_name if self.session else ""
        head = [field.column.format(zone=zone) for field in shown]
        names = [field.column.removesuffix(" ({zone})") for field in shown]
        show_rows(head, [[self._cell(field, row) for field in shown] for row in self.rows], names)

    def _cell(self, field: Field, row: Any) -> str:
        text = self._text(field, row)
        if self.session is None:
            return text
        from okb_incident.cli.screen import forms

        if field.column in {"id", "incident"}:
            return forms.id_form(self.session, text)
        return forms.day_form(self.session, text) if field.column == "due" else unlinked(text)

    def _text(self, field: Field, row: Any) -> str:
        if field.cell is not None:
            return field.cell(row)
        value = field.of(row)
        if isinstance(value, str):
            return value
        if isinstance(value, datetime) and self.session:
            from okb_incident.cli.screen import forms

            return forms.minute_form(self.session, value)
        if isinstance(value, (Command, Sentence)):
            return as_text(value)
        # Ids and severities are tuples as well, with a text of their own.
        return ", ".join(map(str, value)) if type(value) in {list, tuple} and value else str(value or NOTHING)


def row_shape(fields: Sequence[Field], optional: dict[str, Shape] | None = None) -> Shape:
    """Return the schema of one row, which may have some more keys."""
    keys = {field.key: field.shape for field in fields if field.key}
    more = {"argv": list_of(TEXT)} if "command" in keys else {}
    return record({**more, **(optional or {})}, **keys)


def shape_of(fields: Sequence[Field]) -> Shape:
    """Return the schema of a listing."""
    return list_of(row_shape(fields))


def _object(fields: Sequence[Field], row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        value = field.of(row) if field.key else None
        if isinstance(value, Command):
            found |= as_command(value)
        elif field.key:
            found[field.key] = rfc3339(value) if isinstance(value, datetime) else value
    return found
