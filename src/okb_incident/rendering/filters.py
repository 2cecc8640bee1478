"""What a template of Jinja2 may compute with: some of Jinja2's filters and tests, and measured ones in place of others.

Left out is what looks into objects (``attr``), makes HTML, or pads and repeats without end (``center``, ``format``, ``batch``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Undefined
from jinja2.exceptions import SecurityError

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_VALUE = 64 * 1024
"""Characters of a text, items of a list, or bits of a number that an operator or filter may make."""
LONGEST_RANGE = 1000

FILTERS = (
    "abs count d default dictsort first float groupby int items last length list map max min reject rejectattr reverse "
    "select selectattr sort truncate unique"
)
FILTERS_OF_TEXT = ("capitalize", "lower", "title", "trim", "upper")
TESTS = (
    "!= < <= == > >= boolean defined divisibleby eq equalto even false float ge greaterthan gt in integer iterable le "
    "lessthan lt mapping ne none number odd sequence string true undefined"
)


def allowed_filters(filters: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters that a template may use, out of those of Jinja2."""
    of_text = {name: _of_text(filters[name]) for name in FILTERS_OF_TEXT}
    own = {"join": _join, "replace": _replace, "indent": _indent, "round": _round, "string": text_of}
    return {name: filters[name] for name in FILTERS.split()} | of_text | own


def text_of(value: object) -> str:
    """Return a value as it is in a document: None as nothing, true and false in small letters.

    Raises:
        SecurityError: It is a list or a mapping. Written out, one that holds itself many times over fills the memory.
        UndefinedError: It is undefined.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Undefined):
        return str(value)
    raise SecurityError("a list or mapping is not text; join the list, take the mapping by its keys")


def measure(operator: str, left: Any, right: Any) -> None:
    """Refuse an operation whose result would be larger than a value may be, before it is computed.

    Raises:
        SecurityError: It would be.
    """
    if operator == "%" and isinstance(left, str):
        raise SecurityError("'%' is for numbers here; write the text around {{ the value }}")
    sizes = [len(side) for side in (left, right) if isinstance(side, str | list | tuple)]
    if operator == "+" and sizes:
        size = sum(sizes)
    elif operator == "*" and sizes:
        size = sizes[0] * max(right if isinstance(right, int) else left if isinstance(left, int) else 0, 0)
    elif operator in {"*", "**"} and isinstance(left, int) and isinstance(right, int):
        size = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
    else:
        return
    _check_size(size)


def _check_size(size: int) -> None:
    if size > LARGEST_VALUE:
        raise SecurityError(f"a value becomes larger than {LARGEST_VALUE:,}")


def _of_text(apply: Callable[..., str]) -> Callable[..., str]:
    return lambda value, *arguments: apply(text_of(value), *arguments)


def _join(values: Any, between: str = "", attribute: str | None = None) -> str:
    """Join a list; ``attribute`` is the key of a mapping whose values are meant."""
    texts = [text_of(value[attribute] if attribute is not None else value) for value in values]
    _check_size(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def _replace(value: object, old: str, new: str) -> str:
    text = text_of(value)
    _check_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _indent(value: object, width: int = 4) -> str:
    """Indent every line but the first; empty lines stay empty."""
    first, *lines = text_of(value).split("\n")
    blanks = " " * min(width, 40)
    _check_size(len(first) + sum(map(len, lines)) + len(lines) * (len(blanks) + 1))
    return "\n".join([first, *(blanks + line if line.strip() else line for line in lines)])


def _round(number: float, digits: int = 0) -> float:
    """Round to so many digits, 0 to 9; without any, to a whole number."""
    if not 0 <= digits <= 9:
        raise ValueError(f"a number is rounded to 0 to 9 digits, not to {digits}")
    return round(number, digits) if digits else round(number)


def short_range(*bounds: int) -> range:
    """Return a range of at most `LONGEST_RANGE` numbers."""
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise SecurityError(f"a range has at most {LONGEST_RANGE} numbers")
    return numbers
