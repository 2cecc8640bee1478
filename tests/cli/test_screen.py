"""Every view on terminals of 60, 80 and 120 columns with 1, 7 and 30 incidents: nothing is wider than the screen, no word is split."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from tests.cli.screen import LATER, environment, shown, vault_of, without_style
from tests.shell import call

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTHS = (60, 80, 120)
COUNTS = (1, 7, 30)
WIDE = 2000
VIEWS = (
    "list --all",
    "status",
    "status --live --once",
    "next --all",
    "show 01",
    "timeline 01",
    "who",
    "search deploy",
    "similar 01",
    "comms due",
    "comms list 01",
    "action list",
    "follow-up list",
    "review list",
    "resource list 01",
    "effort 01",
    "cost 01",
    "report",
)
UNMEASURED = ("history 01", "config show --all", "config show", "templates")
"""Views that hold a folder or the real clock."""
CUT = ("status --live --once", "next --all", "comms due")
"""Views some of whose rows are cut."""
SNAPSHOTS = ((1, 60), (7, 60), (7, 80), (30, 120))
FOLDER = Path(__file__).parent / "screens"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    made: dict[int, Path] = {}

    def of(count: int) -> Path:
        if count not in made:
            made[count] = vault_of(tmp_path_factory.mktemp(f"vault-{count}"), count)
        return made[count]

    return of


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("view", [*VIEWS, *UNMEASURED])
def test_no_line_is_wider_than_the_screen_and_no_word_is_split(vault, view, count):
    words = set(without_style(shown(vault(count), WIDE, *view.split())).split())
    for width in WIDTHS:
        text = without_style(shown(vault(count), width, *view.split()))
        for row in text.splitlines():
            assert cell_len(row) <= width, row
            if row.startswith("not shown at this width:"):
                continue
            for word in row.split():
                if word.endswith("…"):
                    assert any(whole.startswith(word[:-1]) for whole in words), row
                else:
                    assert word in words or word == "\\", row


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("view", [view for view in VIEWS if view not in CUT])
def test_a_narrow_screen_loses_no_word_but_in_cards_and_heads(vault, view, count):
    wide = without_style(shown(vault(count), WIDE, *view.split())).split()
    narrow = without_style(shown(vault(count), 60, *view.split()))
    if "not shown at this width" not in narrow:
        lost = set(wide) - set(narrow.split())
        assert not {word for word in lost if cell_len(word) < 20}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_command_that_is_broken_over_rows_is_pasted_as_one(vault, width):
    text = without_style(shown(vault(7), width, "--vault", str(vault(7)), "next", "01"))
    joined = re.sub(r" \\\n\s*", " ", text)
    typed = [shlex.split(line) for line in joined.splitlines() if line.strip().startswith("incident ")]
    done = call("--vault", str(vault(7)), "next", "01", "--json", env=environment(vault(7)))
    assert [each["argv"] for each in json.loads(done.stdout)] == typed


@pytest.mark.parametrize("width", WIDTHS)
def test_seven_incidents_need_forty_rows_at_most_of_next(vault, width):
    rows = without_style(shown(vault(7), width, "next", "--all")).splitlines()
    assert len(rows) <= 40
    assert sum("more)" in row for row in rows) > 3
    assert {f"1128-0{number}" for number in range(1, 8)} <= {row.split()[0] for row in rows}


def test_a_pipe_gets_every_item_of_next(vault):
    done = call("next", "--all", env=environment(vault(7)), cwd=vault(7))
    due = json.loads(call("next", "--all", "--json", env=environment(vault(7)), cwd=vault(7)).stdout)
    assert sum(line.strip().startswith("incident ") for line in done.stdout.splitlines()) >= len(due) > 14
    assert "more)" not in done.stdout


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", COUNTS)
def test_a_card_has_two_lines(vault, count, width):
    rows = without_style(shown(vault(count), width, "status", "--live", "--once")).splitlines()
    assert len(rows) == 2 * count
    assert all(row.startswith("1128-") for row in rows[::2])
    assert all(row.startswith("  ") for row in rows[1::2])


@pytest.mark.parametrize(("count", "width"), SNAPSHOTS)
def test_views_look_as_they_looked(vault, count, width, pytestconfig):
    parts = [f"$ incident {view}\n{without_style(shown(vault(count), width, *view.split()))}" for view in VIEWS]
    text = "\n".join(parts)
    file = FOLDER / f"{count}-incidents-{width}-columns.txt"
    if pytestconfig.getoption("--update-transcripts"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_state_and_lateness_have_a_colour_and_words(vault):
    text = shown(vault(7), 80, "status", "--live", "--once")
    assert re.search(r"\x1b\[1;31m\d+h\d+m late: ", text)
    assert re.search(r"\x1b\[33m +triage", text)
    assert re.search(r"\x1b\[1;31m  SEV1", text)
    plain = shown(vault(7), 80, "status", "--live", "--once", NO_COLOR="1")
    assert "\x1b[1;31m" not in plain
    assert "\x1b[33m" not in plain
    assert without_style(plain) == without_style(text)


def test_what_is_late_in_a_list_is_red_and_its_day_is_short(vault):
    text = shown(vault(1), 80, "follow-up", "list", INCIDENT_NOW=LATER)
    assert "\x1b[1;31mlate" in text
    assert re.search(r"late +training +gita +29 Nov +drill", without_style(text))


def test_a_dumb_terminal_gets_rows_that_fit_without_any_code(vault):
    for view in (*VIEWS, "status --live"):
        text = shown(vault(7), 60, *view.split(), TERM="dumb")
        assert "\x1b" not in text
        assert max(map(cell_len, text.splitlines())) <= 60, view


def test_a_pipe_keeps_ids_and_times_whole(vault):
    done = call("list", "--all", "--columns", "id,declared,title", env=environment(vault(7)), cwd=vault(7))
    assert re.search(
        r"^INC-20261128-01  2026-11-28 06:01   *Card payments fail in the whole", done.stdout, re.MULTILINE
    )
    text = without_style(shown(vault(7), 80, "list", "--all", "--columns", "id,declared,title"))
    assert re.search(r"^1128-01  06:01 +Card payments", text, re.MULTILINE)


def test_an_id_of_another_year_stays_whole(vault):
    text = without_style(shown(vault(1), 80, "list", INCIDENT_NOW="2027-01-02T08:00:00Z"))
    assert re.search(r"^INC-20261128-01 ", text, re.MULTILINE)


def test_text_of_notes_is_no_markup_and_links_are_shown_as_their_text(vault):
    text = without_style(shown(vault(7), 120, "list", "--all"))
    assert "[bold]Login[/bold]" in text
    assert ":smile:" in text
    timeline = without_style(shown(vault(7), 120, "timeline", "01"))
    assert "see the first update at 14:51 and so on" in timeline
    assert "[[" not in timeline


def test_config_show_has_a_key_a_line_and_only_what_differs(vault):
    text = without_style(shown(vault(1), 120, "config", "show"))
    assert "every setting has its default value; --all shows them" in text
    everything = without_style(shown(vault(1), 200, "config", "show", "--all")).splitlines()
    assert sum(line.startswith("policy.SEV1.") for line in everything) > 5


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "words",
    [
        ("log", "Support has forty tickets, all of them about cards that were declined 支付失败"),
        ("role", "tech", "bob"),
        ("ack",),
        ("set", "cause=change"),
        ("log", "again", "--at", "2026-11-28T15:01:00"),
    ],
    ids=" ".join,
)
def test_an_answer_is_broken_between_words(
    vault: Callable[[int], Path], width: int, words: tuple[str, ...], tmp_path: Path
) -> None:
    own = shutil.copytree(vault(1), tmp_path / "kb")
    whole = shown(shutil.copytree(own, tmp_path / "again"), WIDE, *words)
    answer = shown(own, width, *words)
    assert max(map(cell_len, answer.splitlines())) <= width
    assert answer.replace(" \\\n", "\n").split() == whole.split()
    assert "Card payments fail in the whole EU shop" in " ".join(answer.split())
    assert "since the deploy of this afternoon" not in " ".join(answer.split())
