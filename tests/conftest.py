from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# `ci` is the same on purpose: what fails there must fail here. Derandomised, so that a red run is red again.
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("ci", settings.get_profile("default"))
settings.register_profile("long", max_examples=100_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("incident")
    group.addoption("--incident", metavar="PATH", help="the installed command to test; the default is beside Python")
    group.addoption("--update-transcripts", action="store_true", help="write what came into the transcripts")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") and config.getoption("--update-transcripts"):
        raise pytest.UsageError("--update-transcripts would make every transcript right; it is not for CI")


@pytest.fixture(scope="session")
def incident(pytestconfig: pytest.Config) -> Path:
    """The installed command under test; stories and start-up tests run it as a user would."""
    given = pytestconfig.getoption("--incident") or os.environ.get("INCIDENT_UNDER_TEST")
    return Path(given).absolute() if given else Path(sys.executable).parent / "incident"


@pytest.fixture(scope="session", autouse=True)
def _a_user_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the settings, the vault and the home of whoever runs the tests out of them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("INCIDENT_") and name != "INCIDENT_UNDER_TEST"]:
            patch.delenv(name)
        for name, folder in {
            "HOME": "",
            "XDG_CONFIG_HOME": ".config",
            "XDG_CACHE_HOME": ".cache",
            "XDG_DATA_HOME": ".local/share",
            "XDG_STATE_HOME": ".local/state",
        }.items():
            patch.setenv(name, str(home / folder))
        yield


@pytest.fixture(scope="session")
def needs() -> Callable[[str], Path]:
    """Give ``needs(program)``: the program's path; without it the test is skipped, and in CI it fails."""

    def found(program: str) -> Path:
        path = shutil.which(program)
        if path is None:
            if os.environ.get("CI"):
                pytest.fail(f"{program} is not installed")
            pytest.skip(f"{program} is not installed")
        return Path(path)

    return found
