"""What a user installs: the contents of the built wheel, which OKB_WHEEL names."""

from __future__ import annotations

import configparser
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

import okb_incident

if TYPE_CHECKING:
    from collections.abc import Callable

DROPPINGS = ("*~", "*.orig", "*.rej", "*.sw?", "*.pyc", "*.tmp", ".DS_Store", ".coverage*")
FOLDERS_OF_NO_USE = {"__pycache__", "tests", "node_modules", ".incident", ".git", "benchmarks"}


@pytest.fixture(scope="module")
def wheel(needs: Callable[[str], Path]) -> ZipFile:
    return ZipFile(needs("wheel"))


@pytest.fixture(scope="module")
def files(wheel: ZipFile) -> list[PurePosixPath]:
    return [PurePosixPath(name) for name in wheel.namelist()]


def metadata(wheel: ZipFile, name: str) -> str:
    return wheel.read(f"okb_incident-{okb_incident.__version__}.dist-info/{name}").decode()


@pytest.mark.parametrize("place", ["templates", "example-vault", "docs/schemas"])
def test_the_folders_beside_the_source_come_along_whole(files: list[PurePosixPath], place: str) -> None:
    folder = Path(__file__).parents[1] / place
    shipped = {str(file.relative_to("okb_incident")) for file in files if file.is_relative_to(f"okb_incident/{place}")}
    kept = {f"{place}/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()}
    assert shipped
    assert shipped == {name for name in kept if not is_dropping(PurePosixPath(name))}


def test_typing_is_announced(files: list[PurePosixPath]) -> None:
    assert PurePosixPath("okb_incident/py.typed") in files


def test_nothing_comes_along_by_accident(files: list[PurePosixPath]) -> None:
    assert [str(file) for file in files if is_dropping(file)] == []
    assert {file.parts[0] for file in files} == {"okb_incident", f"okb_incident-{okb_incident.__version__}.dist-info"}


def test_templates_hold_no_python(files: list[PurePosixPath]) -> None:
    # An editable install refuses to move a .py file, so one there would break every checkout.
    assert [str(file) for file in files if "templates" in file.parts and file.suffix == ".py"] == []


def test_the_command_starts_at_the_entry_point(wheel: ZipFile) -> None:
    points = configparser.ConfigParser()
    points.read_string(metadata(wheel, "entry_points.txt"))
    assert dict(points["console_scripts"]) == {"incident": "okb_incident.__main__:main"}


def test_the_version_is_the_same_everywhere(wheel: ZipFile) -> None:
    assert HeaderParser().parsestr(metadata(wheel, "METADATA"))["Version"] == okb_incident.__version__
    assert f'__version__ = "{okb_incident.__version__}"' in wheel.read("okb_incident/__init__.py").decode()


def is_dropping(file: PurePosixPath) -> bool:
    return any(file.match(pattern) for pattern in DROPPINGS) or not FOLDERS_OF_NO_USE.isdisjoint(file.parts)
