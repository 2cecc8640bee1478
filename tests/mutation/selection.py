"""Which tests to try on a change: those that went through its line, by the contexts of a coverage run; the most particular first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coverage import CoverageData

PACKAGE = "src/okb_incident/"


class Covered:
    """Who went where.

    Args:
        lines: By file below the package, by line: the tests that ran it.
    """

    def __init__(self, lines: Mapping[str, Mapping[int, Iterable[str]]]) -> None:
        self._lines = {
            path: {line: frozenset(tests) for line, tests in by_line.items()} for path, by_line in lines.items()
        }
        self._reach = Counter(test for by_line in self._lines.values() for tests in by_line.values() for test in tests)

    @property
    def has_tests(self) -> bool:
        """Whether any test is named; a run without contexts names none."""
        return bool(self._reach)

    def tests_for(self, path: str, line: int, most: int) -> list[str]:
        """Return the tests that went through a line, those that go through the least else first.

        A line that ran when its module was loaded belongs to no test; the tests of the rest of its file stand for it.
        """
        by_line = self._lines.get(path, {})
        tests = by_line.get(line) or (frozenset().union(*by_line.values()) if line in by_line else frozenset())
        return sorted(tests, key=lambda test: (self._reach[test], test))[:most]


def read_coverage(data: CoverageData) -> Covered:
    """Take the tests by line out of a coverage run with contexts."""
    lines: dict[str, dict[int, set[str]]] = {}
    for measured in data.measured_files():
        _, found, path = measured.partition(PACKAGE)
        if not found:
            continue
        # A program that a test started may have run the same file from another folder.
        by_line = lines.setdefault(path, {})
        for line, contexts in data.contexts_by_lineno(measured).items():
            by_line.setdefault(line, set()).update(context.rpartition("|")[0] for context in contexts if "|" in context)
    return Covered(lines)
