"""What some tests need beside Python packages, and the command that gets each."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TESTS = Path(__file__).parent
PARSER = TESTS / "vault" / "obsidian" / "node_modules" / "yaml" / "package.json"


class Requirement(NamedTuple):
    """A program or a file.

    Attributes:
        find: Return its path, None where it is missing.
        missing: The sentence that says so, with the command that gets it.
        users: The tests that need it, as paths in this folder.
    """

    find: Callable[[], str | Path | None]
    missing: str
    users: tuple[str, ...]


def _wheel() -> Path | None:
    given = Path(os.environ.get("OKB_WHEEL", ""))
    return given if given.is_file() else None


OBSIDIAN = ("vault/test_obsidian_yaml.py", "workflow/test_documents.py")
REQUIREMENTS = {
    "git": Requirement(
        lambda: shutil.which("git"),
        "git is not installed; run: apt-get install git",
        ("hostile", "integrations", "properties", "transcripts", "workflow"),
    ),
    "node": Requirement(
        lambda: shutil.which("node"), "node is not installed; run: apt-get install nodejs npm", OBSIDIAN
    ),
    "obsidian": Requirement(
        lambda: PARSER if PARSER.is_file() else None,
        "the YAML parser of Obsidian is not installed; run: (cd tests/vault/obsidian && npm ci)",
        OBSIDIAN,
    ),
    **{
        shell: Requirement(
            partial(shutil.which, shell),
            f"{shell} is not installed; run: apt-get install {shell}",
            ("cli/completion/test_real_shells.py", "cli/test_pasted.py"),
        )
        for shell in ("bash", "zsh", "fish")
    },
    "wheel": Requirement(
        _wheel,
        "OKB_WHEEL names no wheel; run: .venv/bin/pip install build && .venv/bin/python -m build"
        " && export OKB_WHEEL=$(ls -t $PWD/dist/*.whl | head -1)",
        ("test_packaging.py",),
    ),
}


def missing_for(chosen: Iterable[str | Path]) -> list[str]:
    """Return what the tests in some files and folders need and do not find, a sentence for each."""
    paths = [Path(path).resolve() for path in chosen]

    def is_used(requirement: Requirement) -> bool:
        users = [TESTS / user for user in requirement.users]
        return any(user.is_relative_to(path) or path.is_relative_to(user) for user in users for path in paths)

    return [each.missing for each in REQUIREMENTS.values() if is_used(each) and each.find() is None]
