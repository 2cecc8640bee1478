from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tests.requirements import REQUIREMENTS, missing_for

from okb_incident.vault.disk import stillness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# No profile looks at a clock: on a busy machine good input is slow to make too.
CLOCKLESS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# `ci` is the same on purpose: what fails there must fail here. Derandomised, so that a red run is red again.
settings.register_profile("default", CLOCKLESS, max_examples=100, derandomize=True)
settings.register_profile("ci", settings.get_profile("default"))
# `long` is the lane before a release, `fuzz` the one that runs for nights.
settings.register_profile("long", CLOCKLESS, max_examples=2_000)
settings.register_profile("fuzz", CLOCKLESS, max_examples=100_000)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
settings.load_profile(PROFILE)


# The other lane, `-m "not slow"`, is what `.ci/quick` runs.
SLOW = (
    "cli/completion/test_real_shells.py",
    "cli/test_questions.py",
    "documents",
    "faults",
    "hostile",
    "mutation",
    "properties",
    "races",
    "rendering/test_confined.py",
    "transcripts",
    "vault/write/test_commit_faults.py",
    "vault/write/test_commit_processes.py",
    "vault/write/test_recovery.py",
)
"""Tests that start many programs, try a fault at every call, or attack with made-up input."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("incident")
    group.addoption("--incident", metavar="PATH", help="the installed command to test; the default is beside Python")
    group.addoption("--update-transcripts", action="store_true", help="write what came into the transcripts")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") and config.getoption("--update-transcripts"):
        raise pytest.UsageError("--update-transcripts would make every transcript right; it is not for CI")
    # Each worker would say it again.
    if os.environ.get("CI") and not hasattr(config, "workerinput"):
        chosen = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
        if missing := missing_for(chosen):
            raise pytest.UsageError("\n".join(["with CI set every test must be able to run:", *missing]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    slow = [Path(__file__).parent / name for name in SLOW]
    for item in items:
        if any(item.path.is_relative_to(place) for place in slow):
            item.add_marker(pytest.mark.slow)
    if PROFILE in {"long", "fuzz"}:
        for item in items:
            item.add_marker(pytest.mark.timeout(0), append=False)


@pytest.fixture(scope="session")
def given_incident(pytestconfig: pytest.Config) -> str | None:
    """The installed command that somebody asks to have tested, if they do."""
    return pytestconfig.getoption("--incident") or os.environ.get("INCIDENT_UNDER_TEST")


@pytest.fixture(scope="session")
def incident(given_incident: str | None) -> Path:
    """The installed command under test; start-up tests run it as a user would, and stories where it is given."""
    return Path(given_incident).absolute() if given_incident else Path(sys.executable).parent / "incident"


@pytest.fixture(scope="session")
def long() -> bool:
    """Whether this is the long lane, in which everything runs at its full size."""
    return PROFILE in {"long", "fuzz"}


@pytest.fixture
def program() -> Callable[..., str]:
    """Run a module of ours as a program of its own, give what it printed, and fail the test if it says that it failed.

    What forks and kills needs a process without the threads of the test runner; and measured, it would take too long.
    """

    def run(module: str, *arguments: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=Path(__file__).parents[1],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session", autouse=True)
def _a_user_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the settings, the vault and the home of whoever runs the tests out of them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("INCIDENT_") and name != "INCIDENT_UNDER_TEST"]:
            patch.delenv(name)
        # As where it is installed, a start of the command finds its modules compiled.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        for name, folder in {
            "HOME": "",
            "XDG_CONFIG_HOME": ".config",
            "XDG_CACHE_HOME": ".cache",
            "XDG_DATA_HOME": ".local/share",
            "XDG_STATE_HOME": ".local/state",
        }.items():
            patch.setenv(name, str(home / folder))
        yield


@pytest.fixture(autouse=True)
def _nobody_is_saving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands in the process of a test believe whole notes at once, though the test has only just written them."""
    monkeypatch.setattr(stillness, "TOUCHED", float("-inf"))


@pytest.fixture(scope="session")
def needs() -> Callable[[str], Path]:
    """Return ``needs(name)``, which finds a requirement of the tests; without it the test is skipped, and in CI it fails."""

    def found(name: str) -> Path:
        path = REQUIREMENTS[name].find()
        if path is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(REQUIREMENTS[name].missing)
        return Path(path)

    return found


@pytest.fixture
def procedure() -> Path:
    """Return the folder with a real procedure of incident response, whose license keeps it out of a release."""
    root = Path(__file__).parents[1]
    folder = root / "tests" / "data" / "procedure"
    if not folder.exists() and (root / "PKG-INFO").exists():
        pytest.skip("the sdist leaves out tests/data/procedure, whose license does not allow a release to contain it")
    return folder
