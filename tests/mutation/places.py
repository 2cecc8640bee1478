"""Where the code can be changed, and into what: cosmic-ray's operators, without what no test could notice."""

from __future__ import annotations

import ast
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

#: Operators that are left out. Without its decorator a class does not even load; the others make what is the same to any test, or to none.
LEFT_OUT = (
    "core/RemoveDecorator",
    "core/ReplaceComparisonOperator_Eq_Is",
    "core/ReplaceComparisonOperator_NotEq_IsNot",
    "core/ReplaceComparisonOperator_Is_Eq",
    "core/ReplaceComparisonOperator_IsNot_NotEq",
)

#: What a `*` or `**` may stand in that multiplies nothing.
NO_EXPRESSIONS = {"parameters", "param", "lambdef", "argument", "arglist", "star_expr", "dictorsetmaker", "atom"}

Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one change in it.

    Attributes:
        path: Below the folder of the package, with ``/``.
        line: The first line that differs.
        old: That line as it is.
        new: That line as it becomes.
        text: The whole file with the change.
    """

    path: str
    line: int
    old: str
    new: str
    text: str

    @property
    def room(self) -> str:
        """The room of the file; a file at the top is its own."""
        return self.path.partition("/")[0]

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the change in the list of equivalents, wherever its line stands."""
        return (self.path, self.old, self.new)


def mutants(package: Path, files: Iterable[str], most: int, seed: str) -> list[Mutant]:
    """Choose places in files by chance, and one change for each.

    Args:
        package: The folder of the package.
        files: Paths below it.
        most: How many places.
        seed: The same seed chooses the same places in the same files.
    """
    chance = random.Random(seed)
    places = [(path, *place) for path in sorted(files) for place in _places((package / path).read_text("utf-8"))]
    chosen = chance.sample(places, min(most, len(places)))
    found = (_mutant(package, path, chance.sample(changes, len(changes))) for path, _, changes in chosen)
    return [mutant for mutant in found if mutant]


def _places(source: str) -> list[tuple[tuple[int, int], list[tuple[str, int]]]]:
    """Return each place where something can be changed, with the operators and occurrences that change it."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    nodes = list(ast_nodes(get_ast(source)))
    comparisons = [node for node in nodes if node.type == "comparison"]
    # A star among parameters or arguments is no operator.
    stars = {
        node.start_pos
        for node in nodes
        if node.type == "operator" and "*" in node.value and getattr(node.parent, "type", "") in NO_EXPRESSIONS
    }
    unseen = list(_unseen(source))
    found: dict[str, list[tuple[int, int]]] = {}
    places: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for name in plugins.operator_names():
        operator = plugins.get_operator(name)
        if name in LEFT_OUT or operator.arguments():
            continue
        # All that replace one binary operator have the same places; looking for each anew takes a minute for a room.
        alike = name.rpartition("_")[0] if "BinaryOperator" in name else name
        if alike not in found:
            among = comparisons if "Comparison" in name else nodes
            found[alike] = [start for node in among for start, _ in operator().mutation_positions(node)]
        # All occurrences are counted, as cosmic-ray counts them, and only then are some left out.
        for occurrence, start in enumerate(found[alike]):
            if start not in stars and not any(first <= start < last for first, last in unseen):
                places.setdefault(start, []).append((name, occurrence))
    return sorted(places.items())


def _unseen(source: str) -> Iterator[Range]:
    """Return the ranges that mean nothing while nobody errs: annotations, what only a type checker reads, assertions and their like."""
    lines = source.splitlines()

    def range_of(node: ast.expr | ast.stmt) -> Range:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            (node.lineno, _column(lines, node.lineno, node.col_offset)),
            (node.end_lineno, _column(lines, node.end_lineno, node.end_col_offset)),
        )

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield range_of(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield range_of(node.returns)
        elif isinstance(node, ast.Assert) or (
            isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        ):
            yield range_of(node)
        elif isinstance(node, ast.ClassDef):
            yield from map(range_of, node.decorator_list)
        elif isinstance(node, ast.keyword) and node.arg == "strict":
            yield range_of(node.value)


def _column(lines: Sequence[str], line: int, column: int) -> int:
    """Turn a column that counts bytes into one that counts characters."""
    return len(lines[line - 1].encode()[:column].decode())


def _mutant(package: Path, path: str, changes: Sequence[tuple[str, int]]) -> Mutant | None:
    """Make the first of some changes of one place that leaves a program; of `**names` a sign alone can be replaced, and that is none."""
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    source = (package / path).read_text("utf-8")
    for operator, occurrence in changes:
        try:
            text = mutate_code(source, plugins.get_operator(operator)(), occurrence)
        except AttributeError:
            # It takes `subprocess.TimeoutExpired` in an `except` for a name, and it is none.
            continue
        if text is not None and text != source and _compiles(text):
            old, new = source.split("\n"), text.split("\n")
            line = next(number for number, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
            return Mutant(path, line + 1, old[line].strip(), new[line].strip(), text)
    return None


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def read_equivalents(text: str) -> dict[tuple[str, str, str], str]:
    """Read the list of changes that no test can notice: path, line as it is, line as it becomes, and why; then a blank line."""
    found = {}
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if not line.startswith("#")]
        if lines:
            path, old, new, *why = lines
            found[path, old, new] = " ".join(why)
    return found
