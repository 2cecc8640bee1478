"""The parts of a mutation run: which places, which tests, what counts."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from coverage import CoverageData
from tests.mutation import run
from tests.mutation.places import Mutant, mutants, read_equivalents
from tests.mutation.run import (
    EQUIVALENT,
    EQUIVALENTS,
    KILLED,
    ROOT,
    SURVIVED,
    UNCOVERED,
    UNTRIED,
    Result,
    Run,
    Tree,
)
from tests.mutation.selection import PACKAGE, Covered, read_coverage

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """from __future__ import annotations


def is_late(by: int | None, now: int) -> bool:
    assert now > 0
    return by is not None and now > by
"""

TEST = """from okb_incident.core.late import is_late


def test_late():
    assert is_late(1, 2)
    assert not is_late(2, 1)
    assert not is_late(None, 1)


def test_nothing():
    is_late(1, 2)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of one module and its tests."""
    module = tmp_path / PACKAGE / "core/late.py"
    module.parent.mkdir(parents=True)
    module.write_text(SOURCE)
    for folder in (module.parent, module.parents[1]):
        (folder / "__init__.py").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_late.py").write_text(TEST)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    return tmp_path


def mutant(new: str, text: str = SOURCE) -> Mutant:
    old = "return by is not None and now > by"
    return Mutant("core/late.py", 6, old, new, text.replace(old, new))


LATE, NOTHING = "tests/test_late.py::test_late", "tests/test_late.py::test_nothing"


def test_places_are_chosen_by_the_seed_and_mean_something(tree: Path) -> None:
    pytest.importorskip("cosmic_ray", reason="cosmic-ray comes with the extra dev")
    package = tree / PACKAGE
    all_places = mutants(package, ["core/late.py"], 99, "a")
    assert all_places == mutants(package, ["core/late.py"], 99, "a")
    assert {each.line for each in all_places} == {6}, "neither the annotation nor the assertion is changed"
    assert len(all_places) >= 3
    assert len(mutants(package, ["core/late.py"], 2, "a")) == 2
    for each in all_places:
        assert (each.room, each.old) == ("core", "return by is not None and now > by")
        assert each.new in each.text
        compile(each.text, "mutant", "exec")


def test_the_change_is_made_where_the_place_is(tree: Path) -> None:
    pytest.importorskip("cosmic_ray", reason="cosmic-ray comes with the extra dev")
    source = "def f(a, *, b=1, **c):\n    d = {**c}\n    return a * 5\n"
    (tree / PACKAGE / "core/late.py").write_text(source)
    chosen = [each for seed in "abc" for each in mutants(tree / PACKAGE, ["core/late.py"], 99, seed)]
    assert {each.line for each in chosen} == {1, 3}
    assert all("*, b=" in each.new and "**c" in each.new for each in chosen if each.line == 1)
    assert any("a * 5" not in each.new for each in chosen if each.line == 3)


def test_what_a_test_notices_is_killed_and_the_file_is_as_it_was(tree: Path, tmp_path: Path) -> None:
    copy = Tree(tree, tmp_path / "copy")
    noticed = copy.try_out(mutant("return by is not None and now < by"), [LATE], 60)
    assert (noticed.state, noticed.by) == (KILLED, LATE)
    assert copy.try_out(mutant("return by is not None and now < by"), [NOTHING], 60).state == SURVIVED
    assert copy.try_out(mutant("return by is not None and now < by"), ["tests/gone.py::test_x"], 60).state == UNTRIED
    assert (
        (copy.folder / PACKAGE / "core/late.py").read_text() == SOURCE == (tree / PACKAGE / "core/late.py").read_text()
    )


def test_an_endless_change_is_noticed(tree: Path, tmp_path: Path) -> None:
    endless = mutant("while True: pass")
    assert Tree(tree, tmp_path / "copy").try_out(endless, [NOTHING], 3).state == KILLED


def test_a_run_counts_what_was_noticed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = mutant("return by is not None and by < now")
    monkeypatch.setattr(run, "read_equivalents", lambda _: {same.key: "the same"})
    other = Mutant("core/gone.py", 1, "a", "b", "b")
    tried = Run(tree, Covered({"core/late.py": {6: [LATE, NOTHING]}}), tests=2, seconds=120)
    results = tried.results([mutant("return by is None and now > by"), same, other])
    assert [result.state for result in results] == [KILLED, EQUIVALENT, UNCOVERED]
    assert run.share(results) == (1, 2)


def test_a_test_that_fails_without_a_change_notices_nothing(tree: Path) -> None:
    (tree / "tests/test_late.py").write_text(TEST + "\n\ndef test_red():\n    assert False\n")
    tried = Run(tree, Covered({"core/late.py": {6: ["tests/test_late.py::test_red"]}}), tests=2, seconds=120)
    assert [result.state for result in tried.results([mutant("return by is None and now > by")])] == [UNTRIED]


def test_after_its_time_nothing_more_is_tried(tree: Path) -> None:
    tried = Run(tree, Covered({"core/late.py": {6: [LATE]}}), tests=2, seconds=0)
    assert [result.state for result in tried.results([mutant("return True")])] == [UNTRIED]


@pytest.mark.parametrize(("killed", "survived", "holds"), [(3, 1, True), (2, 1, False), (0, 0, True)])
def test_a_room_below_its_floor_is_named(capsys, killed, survived, holds):
    results = [Result(mutant(f"{number}"), KILLED) for number in range(killed)]
    results += [Result(mutant("x"), SURVIVED)] * survived + [
        Result(mutant("y"), EQUIVALENT),
        Result(mutant("z"), UNTRIED),
    ]
    assert run.report(results, 75) is holds
    out = capsys.readouterr().out
    assert ("below the floor of 75 %" in out) is not holds
    assert out.count("survived src/okb_incident/core/late.py:6") == survived
    assert "1 equivalent, 1 not tried" in out


def test_the_most_particular_tests_come_first():
    covered = Covered({"a.py": {1: [], 2: ["t1", "t2"], 3: ["t2", "t3"]}, "b.py": {1: ["t1"], 2: ["t1"]}})
    assert covered.tests_for("a.py", 2, 9) == ["t2", "t1"]
    assert covered.tests_for("a.py", 3, 1) == ["t3"]
    assert covered.tests_for("a.py", 1, 9) == ["t3", "t2", "t1"], "what ran on import"
    assert covered.tests_for("a.py", 9, 9) == []
    assert covered.tests_for("c.py", 1, 9) == []


def test_the_contexts_of_a_coverage_run_are_tests(tmp_path: Path) -> None:
    data = CoverageData(str(tmp_path / "data"))
    for context, lines in (("", [1]), ("tests/a.py::test_x[a|b]|run", [1, 2]), ("tests/a.py::test_y|setup", [2])):
        data.set_context(context)
        data.add_lines({"/somewhere/src/okb_incident/core/late.py": lines, "/elsewhere/x.py": lines})
    data.set_context("tests/a.py::test_y|run")
    data.add_lines({"/another/src/okb_incident/core/late.py": [3]})
    covered = read_coverage(data)
    assert covered.tests_for("core/late.py", 2, 9) == ["tests/a.py::test_x[a|b]", "tests/a.py::test_y"]
    assert covered.tests_for("core/late.py", 3, 9) == ["tests/a.py::test_y"]


def test_a_coverage_run_without_contexts_is_refused(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = CoverageData(str(tree / "data"))
    data.set_context("")
    data.add_lines({"/somewhere/src/okb_incident/core/late.py": [6]})
    data.write()
    assert not read_coverage(data).has_tests
    assert run.main(["--rooms", "--root", str(tree), "--coverage", str(tree / "data")]) == 2
    assert "has to come from a run with --cov --cov-context=test" in capsys.readouterr().err


def test_each_equivalent_has_its_reason_and_still_means_a_line():
    for (path, old, new), why in read_equivalents(EQUIVALENTS.read_text("utf-8")).items():
        assert why
        assert old != new
        assert old in [line.strip() for line in (ROOT / PACKAGE / path).read_text("utf-8").splitlines()], (path, old)


def test_without_a_history_nothing_is_mutated(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--changed", "--root", str(tree)]) == 0
    assert "there is no commit before this one here; nothing is mutated" in capsys.readouterr().out


def test_only_files_that_changed_are_mutated(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@x", *words], cwd=tree, check=True, capture_output=True
        )

    git("init", "-b", "main")
    for name, text in (("core/late.py", SOURCE), ("core/other.py", ""), ("core/gone.py", "")):
        (tree / PACKAGE / name).write_text(text)
    git("add", "-A")
    git("commit", "-m", "one")
    assert run.changed_files(tree) is None, "the first commit has none before it"
    (tree / PACKAGE / "core/other.py").write_text("x = 1\n")
    (tree / PACKAGE / "core/gone.py").unlink()
    git("add", "-A")
    git("commit", "-m", "two")
    assert run.changed_files(tree) == ["core/other.py"]
    git("commit", "--allow-empty", "-m", "three")
    assert run.main(["--changed", "--root", str(tree)]) == 0
    assert "no file of the package changed; nothing is mutated" in capsys.readouterr().out


def test_an_exception_of_a_module_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("cosmic_ray", reason="cosmic-ray comes with the extra dev")
    (tmp_path / "a.py").write_text("import os\ntry:\n    os.stat('x')\nexcept (os.error, ValueError):\n    pass\n")
    found = [each for seed in range(20) for each in mutants(tmp_path, ["a.py"], 10, f"{seed}")]
    assert all("os.error" in each.text for each in found)
