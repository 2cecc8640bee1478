"""Jinja2 in a box: documents with conditions and loops, from templates that may come with somebody else's vault.

A template sees plain data and nothing else: no objects, no methods, no files, no other templates. Of Jinja2's filters, tests
and globals there is what a document needs and cannot be used to fill the memory; the operators that could are measured; what
a document may grow to is capped.

Loops within loops can still run for a long time, and a chain of filters can still hold much in memory before it is printed.
Only a process with limits on memory and time stops that: `confined` gives one to the templates of a vault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Undefined
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from jinja2.nodes import Add, Filter
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.filters import TESTS, allowed_filters, measure, short_range, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jinja2.nodes import Concat, Expr, Template
    from jinja2.runtime import Context

LARGEST_DOCUMENT = 1024 * 1024
"""Characters, of a rendered document as of all values together that were put into it."""
DEEPEST_DATA = 20


def render_jinja(
    text: str,
    values: Mapping[str, object],
    *,
    insert: Callable[[str], str],
    source: str,
    first_line: int = 1,
) -> str:
    r"""Render a template of Jinja2.

    ``trim_blocks`` and ``lstrip_blocks`` are on: a line that holds only a ``{% … %}`` leaves no line behind. The line ends
    are the template's. An unknown name is a fault; None comes out as nothing, ``true`` and ``false`` in small letters.

    Args:
        text: The template, or a part of it.
        values: Plain data: dict, list, str, int, float, bool and None.
        insert: Makes of a value what is put into the text.
        source: The template's path, for a fault.
        first_line: The line of the file at which the text begins.

    Raises:
        InvalidNoteError: The template is wrong, or more than a document may be.
        TypeError: The values are not plain data: a mistake in the calling code.
    """
    _check_plain(values)
    environment = Box(insert, newline="\r\n" if "\r\n" in text else "\n")
    try:
        # A comment of so many lines prints nothing and makes Jinja2 count as the file does; + spares the line end after it.
        template = environment.from_string("{# " + "\n" * (first_line - 1) + "+#}" + text)
        return "".join(_capped(template.generate(dict(values))))
    except (
        TemplateError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        raise _fault(error, source, first_line) from None
    except SyntaxError:
        # From Python's own compiler, which knows no more than twenty blocks within one another.
        raise InvalidNoteError(
            f"{source}: this template has too many blocks or brackets within one another; nothing was rendered",
            field="template",
            value=source,
        ) from None


class Box(ImmutableSandboxedEnvironment):
    """The sandbox, for one rendering."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, insert: Callable[[str], str], *, newline: str) -> None:
        super().__init__(
            undefined=StrictUndefined,
            finalize=self._put,
            keep_trailing_newline=True,
            newline_sequence=newline,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
        )
        self.insert = insert
        self.put = 0
        self.filters = allowed_filters(self.filters)
        self.tests = {name: self.tests[name] for name in TESTS.split()}
        self.globals = {"range": short_range}

    def _put(self, value: object) -> str:
        """Take a value on its way into the document."""
        text = text_of(value)
        self.put += len(text)
        if self.put > LARGEST_DOCUMENT:
            raise SecurityError(f"the document becomes larger than {LARGEST_DOCUMENT:,} characters")
        return self.insert(text)

    def _parse(self, source: str, name: str | None, filename: str | None) -> Template:
        tree: Template = _Measured().visit(super()._parse(source, name, filename))
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an item of a mapping, or a variable of a loop such as ``loop.last``; there are no other attributes."""
        if isinstance(obj, dict):
            return self.getitem(obj, attribute)
        if isinstance(obj, LoopContext | Undefined):
            return super().getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item, never an attribute."""
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Return what stands for an attribute that may not be seen."""
        kind = type(obj).__name__
        return self.undefined(
            f"{attribute!r} of a {kind} cannot be used: values are plain data here", exc=SecurityError
        )

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute with an operator that can make much out of little."""
        measure(operator, left, right)
        return super().call_binop(context, operator, left, right)


class _Measured(NodeTransformer):
    """Makes ``a ~ b`` the same as ``a|string + b|string``, which is measured."""

    def visit_Concat(self, node: Concat) -> Expr:  # noqa: N802 - the name that Jinja2's visitor looks for
        self.generic_visit(node)
        first, *others = (Filter(part, "string", [], [], None, None, lineno=node.lineno) for part in node.nodes)
        joined: Expr = first
        for other in others:
            joined = Add(joined, other, lineno=node.lineno)
        return joined


def _capped(pieces: Iterator[str]) -> Iterator[str]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_DOCUMENT:
            raise SecurityError(f"the document becomes larger than {LARGEST_DOCUMENT:,} characters")
        yield piece


def _check_plain(value: object, depth: int = 0) -> None:
    """Make sure that there is nothing in the data that a template could call or look into."""
    if depth > DEEPEST_DATA:
        raise TypeError(f"values for a template are nested deeper than {DEEPEST_DATA}")
    kind = type(value)
    if kind is dict:
        assert isinstance(value, dict)
        for key, item in value.items():
            if type(key) is not str:
                raise TypeError(f"a key of the values for a template is {type(key).__name__}, not str")
            _check_plain(item, depth + 1)
    elif kind is list:
        assert isinstance(value, list)
        for item in value:
            _check_plain(item, depth + 1)
    elif kind not in {str, int, float, bool, type(None)}:
        raise TypeError(
            f"a value for a template is {kind.__name__}; plain data is dict, list, str, int, float, bool, None"
        )


def _fault(error: Exception, source: str, first_line: int) -> InvalidNoteError:
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error)
    place = source if line is None or line < first_line else f"{source}:{line}"
    said = "it calls itself too often" if isinstance(error, RecursionError) else str(error).rstrip(".")
    return InvalidNoteError(
        f"{place}: this template cannot be rendered: {said}; nothing was rendered",
        field="template",
        value=place,
        hint="Correct the template, or move it away: the next one of its name is used then (`incident templates`).",
    )


def _line(error: Exception) -> int | None:
    """Return the line of the template at which an error arose; Jinja2 has put it into the traceback."""
    line, frame = None, error.__traceback__
    while frame:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
