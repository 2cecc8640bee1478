"""The console on a terminal, in a process of its own: keys, pastes, lines of others, and however it ends."""

from __future__ import annotations

import re
import subprocess
import termios
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from tests.cli.screen import environment, without_style
from tests.cli.typing import CTRL_C, CTRL_D, ENTER, PROMPT, UP, Typist, pasted
from tests.shell import call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ID = "INC-20261128-01"
COLORS = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|9[0-7])m")


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    other(folder, "init", str(folder), cwd=tmp_path)
    other(folder, "open", "Card payments fail in the whole EU shop since the deploy of this afternoon", "-s", "sev1")
    return folder


@pytest.fixture
def console(incident: Path, kb: Path) -> Iterator[Callable[..., Typist]]:
    made: list[Typist] = []

    def start(**more: object) -> Typist:
        made.append(Typist(incident, kb, "console", **more))  # type: ignore[arg-type]
        made[-1].until(PROMPT)
        return made[-1]

    yield start
    for each in made:
        each.kill()


def other(vault: Path, *words: str, who: str = "bob", cwd: Path | None = None) -> None:
    done = call("--no-input", *words, env=environment(vault, INCIDENT_USER=who), cwd=cwd or vault)
    assert done.returncode == 0, done.stderr


def note(vault: Path) -> str:
    return next((vault / "incidents").rglob(f"{ID}.md")).read_text()


# -- entering and leaving ----------------------------------------------------------------------------------------------


def test_an_empty_line_and_ctrl_d_leave_and_print_what_is_due(console, kb):
    desk = console()
    assert "01 SEV1 triage 0s>" in without_style(desk.raw)
    desk.until("in 5m: acknowledge it")
    desk.enter("")
    desk.type("half" + CTRL_D)
    desk.type("\b" * 4 + CTRL_D)
    code, shown = desk.end()
    assert code == 0
    # Who has left reads it in a shell.
    assert f"incident ack -i {ID}" in " ".join(shown.split())
    assert "half" not in note(kb)


def test_without_a_terminal_it_says_what_to_do_instead(incident, kb):
    done = subprocess.run(
        [incident, "console"],
        input="a line\n",
        capture_output=True,
        text=True,
        check=False,
        env=environment(kb),
        cwd=kb,
    )
    assert done.returncode == 2
    assert done.stderr == "incident: error: the console needs a terminal\nhint: incident log < FILE\n"
    assert "a line" not in note(kb)


def test_a_dumb_terminal_has_lines_without_a_toolbar(console, kb):
    desk = console(TERM="dumb")
    shown = desk.enter("support has 40 tickets", 'logged 15:39 "support has 40 tickets"')
    shown += desk.enter("/sev sev9", "not written")
    shown += desk.enter("/ack", "triage → investigating")
    other(kb, "log", "-i", ID, "seen by bob")
    shown += desk.enter("", "15:39 @bob seen by bob")
    desk.interrupt()
    desk.until(PROMPT)
    desk.type(CTRL_D)
    code, _ = desk.end()
    assert code == 0
    assert "\x1b" not in desk.raw
    assert "acknowledge it" not in shown
    assert "**note** @alice: support has 40 tickets" in note(kb)


# -- keys --------------------------------------------------------------------------------------------------------------


def test_ctrl_c_clears_the_line_and_a_question(console, kb):
    desk = console()
    desk.type("half a line")
    desk.until("half a line")
    desk.type(CTRL_C)
    desk.until(PROMPT)
    desk.type("/tell" + ENTER)
    desk.until("Who gets the update?")
    desk.type(CTRL_C)
    desk.until("interrupted")
    desk.until(PROMPT)
    desk.enter("a whole line", 'logged 15:39 "a whole line"')
    text = note(kb)
    assert "half" not in text
    assert "**note** @alice: a whole line" in text


def test_answers_typed_ahead_answer_the_questions_of_the_command(console, kb):
    desk = console()
    desk.type("/tell\r1\rWe look at it\r/ack\rsupport has 40 tickets\r")
    desk.until("sent 15:39 to team")
    desk.until("triage → investigating")
    desk.until('logged 15:39 "support has 40 tickets"')
    desk.until(PROMPT)
    text = note(kb)
    assert "@alice: We look at it" not in text
    assert "**note** @alice: 1" not in text


def test_history_is_in_memory_only(console, kb, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    places = {
        name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    desk = console(**places)
    desk.enter("the first one", "logged 15:39")
    desk.type(UP)
    desk.until("the first one")
    desk.type("!" + ENTER)
    desk.until('logged 15:39 "the first one!"')
    desk.until(PROMPT)
    desk.type(CTRL_D)
    assert desk.end()[0] == 0
    kept = [path for path in home.rglob("*") if path.is_file() and b"the first one" in path.read_bytes()]
    assert [path for path in kept if "index" not in path.name] == []


def test_ctrl_d_typed_while_a_command_runs_leaves_after_it(console, kb):
    desk = console()
    desk.type("support has 40 tickets" + ENTER + CTRL_D)
    code, shown = desk.end()
    assert code == 0
    assert 'logged 15:39 "support has 40 tickets"' in shown


def test_a_refused_line_is_in_the_prompt_to_be_typed_on(console, kb):
    desk = console()
    desk.type("/restart" + ENTER)
    desk.until("unknown command /restart")
    desk.until("/restart")
    desk.type("\x01 " + ENTER)
    desk.until('logged 15:39 "/restart"')
    assert "@alice: /restart" in note(kb)


# -- pastes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["/ack", "incident ack", "ack", "q", "02:05 /resolve", "/ack\n"])
def test_a_paste_is_never_a_command(console, kb, text):
    desk = console()
    desk.enter(pasted(text), "logged")
    assert "status: triage" in note(kb)
    assert f"@alice: {text.strip()}" in note(kb)


def test_a_paste_into_half_a_command_is_text(console, kb):
    desk = console()
    desk.enter("/" + pasted("ack"), "logged")
    desk.enter("incident " + pasted("ack"), "logged")
    assert "status: triage" in note(kb)


def test_a_paste_behind_a_command_is_its_words(console, kb):
    desk = console()
    desk.enter("/tell team " + pasted("We look\n/ack"), "sent 15:39 to team")
    assert "status: triage" in note(kb)
    assert any("We look /ack" in path.read_text() for path in kb.rglob("*.md"))


def test_several_pasted_lines_are_one_entry_with_a_fence(console, kb):
    desk = console()
    desk.enter(pasted("  Traceback:\r\n    File x\r\n/resolve\r\n"), 'logged 15:39 "Traceback:"')
    desk.enter("the next line", 'logged 15:39 "the next line"')
    text = note(kb)
    assert text.count("@alice: ") == 2, text
    assert "  ```text\n    Traceback:\n      File x\n  /resolve\n  ```\n" in text
    assert "status: triage" in text


def test_a_paste_while_a_command_runs_is_known_for_one(console, kb):
    desk = console()
    desk.type("the first\r" + pasted("/ack\nand more") + ENTER)
    desk.until('logged 15:39 "/ack"')
    assert "status: triage" in note(kb)


# -- durable -----------------------------------------------------------------------------------------------------------


def test_kill_9_loses_at_most_the_half_typed_line(console, kb):
    for number in range(3):
        desk = console()
        desk.enter(f"entry {number}", f'logged 15:39 "entry {number}"')
        desk.type("half a li")
        desk.until("half a li")
        desk.kill()
        text = note(kb)
        assert f"**note** @alice: entry {number}\n" in text
        assert "half" not in text
    other(kb, "check")


# -- two people --------------------------------------------------------------------------------------------------------


def test_lines_of_others_appear_above_the_line_that_is_typed(console, kb):
    desk = console()
    desk.type("half a line")
    desk.until("half a line")
    other(kb, "log", "-i", ID, "bob sees 500s")
    desk.until("15:39 @bob bob sees 500s")
    desk.until("half a line")
    desk.enter(" and the rest", 'logged 15:39 "half a line and the rest"')


def test_a_line_stays_where_another_process_ended_the_incident(console, kb):
    desk = console()
    desk.type("it gets worse")
    desk.until("it gets worse")
    other(kb, "resolve", "-i", ID, "over")
    before = note(kb)
    desk.type(ENTER)
    desk.until(f"{ID} is now resolved")
    desk.until("it gets worse")
    assert note(kb) == before
    desk.type(ENTER)
    desk.until('logged 15:39 "it gets worse"')


def test_two_consoles_of_one_person_undo_each_their_own(console, kb):
    first, second = console(), console()
    first.enter("of the first", "logged 15:39")
    second.enter("of the second", "logged 15:39")
    first.enter("/undo", "undid incident log")
    assert "of the first" not in note(kb)
    first.type("/undo" + ENTER)
    first.until("this console has no command to undo")
    assert "of the second" in note(kb)


def test_a_restricted_incident_s_text_appears_in_no_other_console(console, kb):
    desk = console()
    other(kb, "restrict", ID)
    desk.until("was restricted")
    other(kb, "log", "-i", ID, "the key of the bank")
    desk.enter("/help", "/quit")
    desk.type("/show" + ENTER)
    desk.until("its text is not shown here")
    desk.until("/show")
    desk.type(CTRL_C + CTRL_D)
    assert desk.end()[0] == 0
    assert "bank" not in desk.raw


# -- terminals ---------------------------------------------------------------------------------------------------------


def test_the_state_has_the_colour_of_every_view(console):
    assert COLORS.search(console().raw)
    assert not COLORS.search(console(NO_COLOR="1").raw)


@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (40, 10)])
def test_a_small_terminal(console, kb, columns, rows):
    desk = console(columns=columns, rows=rows)
    said = "bob sees 500s in the whole EU shop and in every country around it since the deploy of this afternoon"
    other(kb, "log", "-i", ID, said)
    shown = desk.until("15:39 @bob")[-len("15:39 @bob") :] + desk.until(PROMPT)
    entry = shown.partition("01 SEV1")[0].splitlines()
    assert max(map(cell_len, entry)) <= columns
    assert " ".join(" ".join(entry).split()) == f"15:39 @bob {said}"
    desk.enter("/help", "/quit")


def test_a_resize_is_followed(console):
    desk = console()
    desk.until("acknowledge it")
    desk.size(60, 20)
    desk.type("after the resize")
    desk.until("after the resize")
    desk.type(ENTER)
    desk.until('logged 15:39 "after the resize"')
    desk.until("acknowledge it")


def test_a_terminal_in_latin_1(console, kb):
    other(kb, "tell", "team", "-i", ID, "We look at it")
    desk = console(PYTHONIOENCODING="latin-1", LC_ALL="C")
    other(kb, "log", "-i", ID, "支付失败 – 日本")
    desk.until("@bob")
    desk.enter("/ack", "triage -> investigating")
    assert "@bob ???? - ??" in without_style(desk.raw)


def test_the_terminal_is_left_as_it_was(console):
    desk = console()
    desk.enter("one entry", "logged 15:39")
    desk.enter("/next", "/ack")
    assert termios.tcgetattr(desk.ours) != desk.modes
    desk.type("/quit" + ENTER)
    assert desk.end()[0] == 0
    assert termios.tcgetattr(desk.ours) == desk.modes
    assert desk.raw.rfind("\x1b[?2004l") > desk.raw.rfind("\x1b[?2004h")


def test_log_alone_stays_a_prompt_without_commands(incident, kb):
    desk = Typist(incident, kb, "log")
    desk.until("Ctrl-D ends")
    desk.type("/ack\n")
    desk.until('logged 15:39 "/ack"')
    desk.type(CTRL_D)
    code, _ = desk.end()
    desk.kill()
    assert code == 0
    assert "@alice: /ack" in note(kb)
    assert "status: triage" in note(kb)
