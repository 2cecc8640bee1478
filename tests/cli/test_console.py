"""What a console makes of a line: written, run, refused or kept; what others did meanwhile; what it may undo and show."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import pytest
from tests.shell import call

from okb_incident.cli.console.console import KNOWN, Console
from okb_incident.cli.console.shown import HELP, due_parts, prompt_parts
from okb_incident.cli.run import RunOptions
from okb_incident.core.guidance.console_line import OWN, VERBS
from okb_incident.vault.disk import lock
from okb_incident.workflow.call import Call
from okb_incident.workflow.look import console as console_module
from okb_incident.workflow.look.console import ConsoleIncident
from okb_incident.workflow.request import Shared, Typed
from okb_incident.workflow.session import Session

if TYPE_CHECKING:
    from pathlib import Path

ID = "INC-20261123-01"
NOW = "2026-11-23T12:00:00Z"


class Answers:
    """A prompt whose questions get these answers."""

    def __init__(self, *answers):
        self.left = list(answers)
        self.asked = []

    def read(self, _kept, _who):
        raise EOFError

    def ask(self, question):
        self.asked.append(question)
        if not self.left:
            raise EOFError
        return self.left.pop(0)

    def close(self):
        pass


class Desk:
    """A console in this process, and the terminals of others."""

    def __init__(self, vault: Path, capsys):
        self.vault = vault
        self.capsys = capsys
        self.console = self.open()
        self.note = vault / "incidents" / "2026" / f"{ID}.md"

    def open(self, *answers):
        made = Call(
            Session.start(vault=str(self.vault)), Typed("console", (ID,), (), None), usage="[REF]", shared=Shared()
        )
        return Console(made, ConsoleIncident(made), Answers(*answers))

    def take(self, line, *answers, console=None):
        """Type a line; return what stays in the prompt, and what is shown."""
        console = console or self.console
        console.prompt.left = list(answers)
        kept = console.take(line)
        shown = self.capsys.readouterr()
        return kept, shown.out + shown.err

    def other(self, *words, who="bob"):
        """Let another person run a command at another terminal."""
        env = {**os.environ, "INCIDENT_USER": who, "INCIDENT_VAULT": str(self.vault)}
        done = call("--no-input", *words, env=env, cwd=self.vault)
        assert done.returncode == 0, done.stderr

    def text(self):
        return next((self.vault / "incidents").rglob(f"{ID}.md")).read_text()


@pytest.fixture
def desk(vault, monkeypatch, capsys):
    monkeypatch.setenv("INCIDENT_NOW", NOW)
    monkeypatch.setenv("INCIDENT_USER", "alice")
    monkeypatch.chdir(vault)
    monkeypatch.setattr(RunOptions, "may_ask", property(lambda self: not self.no_input))
    return Desk(vault, capsys)


def toolbar(console):
    return "".join(str(part.text) for part in due_parts(console.incident))


def prompt(console, who=None):
    return "".join(str(part.text) for part in prompt_parts(console.incident, who))


# -- lines -------------------------------------------------------------------------------------------------------------


def test_text_is_logged_and_the_prompt_is_empty_again(desk):
    kept, shown = desk.take("support has 40 tickets")
    assert kept == ""
    assert 'logged 12:00 "support has 40 tickets"' in shown
    assert "**note** @alice: support has 40 tickets" in desk.text()


@pytest.mark.parametrize(
    ("line", "at", "ago"), [("11:55 pool exhausted", "11:55", "5m"), ("-10m pool exhausted", "11:50", "10m")]
)
def test_a_time_in_front_is_echoed_and_is_the_time_of_the_entry(desk, line, at, ago):
    kept, shown = desk.take(line)
    assert kept == ""
    assert f'logged {at} UTC ({ago} ago) "pool exhausted"' in shown
    assert f"- 2026-11-23T{at}:00 **note** @alice: pool exhausted" in desk.text()


def test_a_command_is_run_on_the_incident_of_the_console_and_no_other(desk):
    desk.other("open", "Search is down", "-s", "sev1")
    kept, shown = desk.take("/ack on it")
    assert kept == ""
    assert f'acknowledged 12:00 "on it", triage → investigating · {ID}' in shown
    assert "status: triage" in (desk.vault / "incidents/2026/INC-20261123-02.md").read_text()


def test_several_pasted_lines_are_one_entry_with_a_fence(desk):
    kept, _ = desk.take(" Traceback:\n  File x\n/resolve")
    assert kept == ""
    assert "@alice: Traceback:\n" in desk.text()
    assert "```text\n" in desk.text()
    assert "  File x\n" in desk.text()
    assert "status: triage" in desk.text()


@pytest.mark.parametrize("line", ["/restart now", "/close", "incident run -- rm", "incident ack 02", "/a1"])
def test_a_refused_line_stays_in_the_prompt_and_writes_nothing(desk, line):
    before = desk.text()
    kept, shown = desk.take(line)
    assert kept == line
    assert shown.startswith("incident: ")
    assert desk.text() == before


def test_a_line_that_its_command_refuses_stays_in_the_prompt(desk):
    kept, shown = desk.take("/sev sev9")
    assert kept == "/sev sev9"
    assert "error: " in shown


@pytest.mark.parametrize(
    ("answer", "kept", "written"), [("y", "", "acknowledged"), ("n", "", "@alice: ack"), ("", "ack", None)]
)
def test_a_lone_verb_is_asked_about_once(desk, answer, kept, written):
    before = desk.text()
    assert desk.take("ack", answer)[0] == kept
    assert len(desk.console.prompt.asked) == 1
    assert written in desk.text() if written else desk.text() == before


@pytest.mark.parametrize("line", ["q", "exit"])
def test_q_and_exit_ask_before_they_leave(desk, line):
    assert desk.take(line, "y")[0] is None
    assert desk.take(line)[0] == line


def test_what_a_command_asks_is_asked_at_the_prompt_and_text_is_never_asked_about(desk):
    kept, _ = desk.take("/tell", "team", "We look at it")
    assert (kept, len(desk.console.prompt.asked)) == ("", 2)
    kept, shown = desk.take("decison: roll back")
    assert (kept, len(desk.console.prompt.asked)) == ("", 2)
    assert "decision" in shown


@pytest.mark.parametrize(
    ("line", "written"),
    [("/h1 refuted by the graph", "h1 ruled out, by the graph"), ("/h1 confirmed by gita", "h1 confirmed, by gita")],
)
def test_a_hypothesis_ends_with_words(desk, line, written):
    desk.take("hypothesis: the pool is too small")
    assert desk.take(line)[0] == ""
    assert written in desk.text()


def test_another_person_may_type_and_the_prompt_names_them(desk):
    assert desk.take("/as gita")[0] == ""
    desk.take("the pool is mine")
    assert "@gita: the pool is mine" in desk.text()
    assert prompt(desk.console, "gita").endswith(" @gita> ")
    assert desk.take("/as")[0] == "/as"
    assert desk.take("/as two words")[0] == "/as two words"


def test_commands_are_printed_as_they_are_typed_here(desk):
    _, shown = desk.take("support has 40 tickets")
    assert "next: /ack, due 12:15 (in 15m)\n" in shown
    _, shown = desk.take("/next")
    assert "/ack" in shown
    assert "incident ack" not in shown
    desk.other("ack", "-i", ID)
    assert "/ack" not in "".join(desk.capsys.readouterr())


def test_help_names_every_command_and_fits_a_small_terminal(desk):
    _, shown = desk.take("/help")
    assert max(map(len, shown.splitlines())) <= 80
    assert len(shown.splitlines()) < 24
    typed = " ".join(typed for typed, _ in HELP)
    assert {verb for verb in VERBS if f"/{verb}" not in typed} == {"log", "severity"}
    assert {name for name in OWN if f"/{name}" not in typed} <= {"help", "q", "exit"}


def test_every_command_of_the_console_is_one_of_the_command_line():
    assert set(KNOWN) >= VERBS


# -- the toolbar and the prompt ----------------------------------------------------------------------------------------


def test_the_prompt_and_the_toolbar_show_how_it_is_now(desk, monkeypatch):
    assert prompt(desk.console) == "01 SEV2 triage 9m> "
    assert toolbar(desk.console) == "in 15m: acknowledge it"
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-23T12:20:00Z")
    assert prompt(desk.console) == "01 SEV2 triage 29m> "
    assert toolbar(desk.console) == "5m late: acknowledge it"
    desk.take("/ack")
    assert prompt(desk.console) == "01 SEV2 investigating 29m> "
    assert "acknowledge" not in toolbar(desk.console)


def test_drawing_the_toolbar_reads_no_note_and_starts_no_session_while_nothing_changed(desk, monkeypatch):
    toolbar(desk.console)

    def never(*_):
        raise AssertionError("nothing changed")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "start", never)
        for second in range(1, 4):
            patch.setenv("INCIDENT_NOW", f"2026-11-23T12:00:0{second}Z")
            assert desk.console.incident.watch() == []
            assert toolbar(desk.console).endswith("acknowledge it")


def test_what_is_due_is_looked_up_once_a_second(desk, monkeypatch):
    looked = []

    def nothing(session, _record):
        looked.append(session.now)
        return []

    monkeypatch.setattr(console_module, "what_next", nothing)
    for second in (1, 1, 2, 2, 2, 3):
        monkeypatch.setenv("INCIDENT_NOW", f"2026-11-23T12:00:0{second}Z")
        assert toolbar(desk.console) == "nothing is due"
    assert [at.second for at in looked] == [1, 2, 3]


def test_settings_that_change_count_at_once(desk):
    assert desk.console.incident.watch() == []
    settings = desk.vault / "incident.toml"
    settings.write_text(settings.read_text().replace('zone = "UTC"', 'zone = "Europe/Zurich"'))
    desk.console.incident.watch()
    assert str(desk.console.incident.session.zone) == "Europe/Zurich"


def test_a_note_that_is_gone_is_searched_for_once_and_the_toolbar_says_so(desk, monkeypatch):
    text = desk.note.read_text()
    desk.note.unlink()
    with pytest.raises(Exception, match=ID):
        desk.console.incident.watch()
    assert ID in toolbar(desk.console)

    def never(*_):
        raise AssertionError("it was searched for before")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "start", never)
        assert desk.console.incident.watch() == []
    kept, shown = desk.take("still here?")
    assert (kept, ID in shown) == ("still here?", True)
    desk.note.write_text(text)
    assert desk.take("here again")[0] == ""


# -- two people --------------------------------------------------------------------------------------------------------


def test_what_others_wrote_is_shown_before_a_line_is_written(desk):
    desk.other("log", "-i", ID, "bob", "sees", "500s")
    _, shown = desk.take("support has 40 tickets")
    assert shown.index("12:00 @bob bob sees 500s") < shown.index("logged 12:00")
    assert "@alice support" not in shown


def test_what_others_wrote_while_a_command_ran_is_shown_after_it(desk, monkeypatch):
    run = Console._run

    def meanwhile(console, verb, words, **more):
        code = run(console, verb, words, **more)
        desk.other("log", "-i", ID, "bob was faster")
        return code

    monkeypatch.setattr(Console, "_run", meanwhile)
    _, shown = desk.take("support has 40 tickets")
    assert "@bob bob was faster" in shown
    assert "@alice support" not in shown


@pytest.mark.parametrize(
    ("before", "words", "sentence"),
    [
        ((), ("resolve", "-i", ID, "over"), f"{ID} is now resolved"),
        ((), ("decline", "-i", ID, "the probe was wrong"), f"{ID} is now declined"),
        ((), ("merge", "01", "02"), f"{ID} is now merged"),
        ((), ("restrict", ID), f"{ID} is now restricted"),
        (("resolve", "-i", ID, "over"), ("reopen", "-i", ID, "again"), f"{ID} is open again"),
    ],
)
@pytest.mark.parametrize("line", ["support has 40 tickets", "/sev sev1 all of it"])
def test_a_line_stays_where_somebody_changed_what_it_was_typed_for(desk, before, words, sentence, line):
    desk.other("open", "Checkout is slow again", "-s", "sev3")
    if before:
        desk.other(*before)
    console = desk.open()
    desk.other(*words)
    text = desk.text()
    kept, shown = desk.take(line, console=console)
    assert kept == line
    assert f"{sentence}; nothing was written, Enter writes the line all the same" in shown
    assert desk.text() == text
    desk.take(line, console=console)
    assert sentence not in desk.capsys.readouterr().err


def test_what_somebody_did_while_an_entry_was_written_holds_the_next_line(desk, monkeypatch):
    run = Console._run

    def meanwhile(console, verb, words, **more):
        code = run(console, verb, words, **more)
        desk.other("resolve", "-i", ID, "over")
        return code

    with monkeypatch.context() as patch:
        patch.setattr(Console, "_run", meanwhile)
        desk.take("one entry")
    assert desk.take("another")[0] == "another"


def test_what_this_console_did_itself_holds_no_line(desk):
    assert desk.take("/resolve", "", "", "", "")[0] == ""
    assert desk.take("all quiet")[0] == ""
    assert desk.take("/reopen it is back")[0] == ""
    assert desk.take("support has 40 tickets")[0] == ""


def test_a_busy_lock_returns_the_line(desk, monkeypatch):
    monkeypatch.setattr(lock.Waiting, "goes_on", lambda *_: False)
    before = desk.text()
    descriptor = os.open(f"{desk.vault}/.incident/lock", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    kept, shown = desk.take("support has 40 tickets")
    os.close(descriptor)
    assert kept == "support has 40 tickets"
    assert "error: " in shown
    assert desk.text() == before
    assert desk.take(kept)[0] == ""


# -- undo --------------------------------------------------------------------------------------------------------------


def test_undo_undoes_this_console_s_commands_and_nothing_of_the_same_person_elsewhere(desk):
    desk.take("first")
    desk.other("log", "-i", ID, "of another terminal", who="alice")
    desk.take("second")
    desk.other("log", "-i", ID, "of a third terminal", who="alice")
    assert desk.take("/undo", "y")[0] == ""
    assert desk.take("/undo", "y")[0] == ""
    kept, shown = desk.take("/undo", "y")
    assert kept == "/undo"
    assert "this console has no command to undo" in shown
    text = desk.text()
    assert ": first" not in text
    assert ": second" not in text
    assert "of another terminal" in text
    assert "of a third terminal" in text


def test_undo_leaves_what_another_process_did_while_a_command_ran(desk, start, monkeypatch):
    run = Console._run

    def meanwhile(console, verb, words, **more):
        code = run(console, verb, words, **more)
        assert start("log", "-i", ID, "of another terminal", vault=desk.vault).returncode == 0
        return code

    with monkeypatch.context() as patch:
        patch.setattr(Console, "_run", meanwhile)
        desk.take("of the console")
    desk.take("/undo", "y")
    assert "of another terminal" in desk.text()
    assert "of the console" not in desk.text()


def test_undo_knows_what_was_undone_or_done_again_elsewhere(desk):
    desk.take("first")
    desk.take("second")
    desk.other("undo", "--yes", who="alice")
    assert ": second" not in desk.text()
    desk.take("/undo")
    assert ": first" not in desk.text()
    desk.other("redo", "--yes", who="alice")
    assert ": first" in desk.text()
    desk.take("/undo", "y")
    assert ": first" not in desk.text()


def test_undo_takes_no_name(desk):
    desk.take("first")
    kept, shown = desk.take("/undo 8FPRC4QW")
    assert kept == "/undo 8FPRC4QW"
    assert "the last command of this console" in shown


def test_a_command_of_one_console_is_not_undone_in_another(desk):
    # Two consoles of one person are two processes; here the first one ends before the second begins.
    desk.take("first")
    kept, shown = desk.take("/undo", console=desk.open())
    assert (kept, "no command to undo" in shown) == ("/undo", True)


# -- restricted --------------------------------------------------------------------------------------------------------


def test_an_incident_that_was_restricted_shows_nothing_more(desk):
    desk.other("restrict", ID)
    desk.other("log", "-i", ID, "the key of the bank")
    desk.other("action", "add", "-i", ID, "ask the bank for its key")
    assert desk.console.incident.watch() == []
    assert "bank" not in toolbar(desk.console)
    for line in ("support has 40 tickets", "support has 40 tickets", "/next", "/show", "/timeline", "/action"):
        _, shown = desk.take(line)
        assert "bank" not in shown, line
    kept, shown = desk.take("/show")
    assert kept == "/show"
    assert f"show -i {ID}" in shown  # for a shell, since the console would not show it
    desk.console.run()
    assert desk.capsys.readouterr().out == ""


def test_a_console_opened_on_a_restricted_incident_shows_it(desk):
    desk.other("restrict", ID)
    console = desk.open()
    desk.other("log", "-i", ID, "the key of the bank")
    _, shown = desk.take("support has 40 tickets", console=console)
    assert "@bob the key of the bank" in shown


def test_a_text_of_a_restricted_incident_is_in_no_console_of_another(desk):
    desk.other("open", "Keys leak")
    desk.other("restrict", "INC-20261123-02")
    desk.other("log", "-i", "INC-20261123-02", "the key of the bank")
    for line in ("/next", "/show", "/timeline", "support has 40 tickets"):
        _, shown = desk.take(line)
        assert "bank" not in shown
        assert "Keys" not in shown


def test_an_alert_of_security_restricts_the_incident_of_the_console_and_the_next_line_asks_first(desk):
    kept, shown = desk.take("alert: security: credentials dumped")
    assert kept == ""
    assert not desk.note.exists()
    kept, shown = desk.take("host7 is off the network")
    assert kept == "host7 is off the network"
    assert f"{ID} is now restricted" in shown
    kept, _ = desk.take("host7 is off the network")
    assert kept == ""
    assert "host7 is off the network" in desk.text()
