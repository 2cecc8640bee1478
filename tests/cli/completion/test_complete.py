"""What is offered at each place of a command line, in a vault of which no index has been made."""

from __future__ import annotations

import re

import pytest

from okb_incident.cli.aliases import ALIASES
from okb_incident.cli.completion.complete import complete
from okb_incident.cli.completion.incidents import ACTS_ON
from okb_incident.cli.completion.offers import FromShell
from okb_incident.cli.table import BY_NAME
from okb_incident.core.values.status import Status

CARDS, SEARCH = "INC-20261123-02", "INC-20261123-01"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mit", ["mitigate"]),
        ("follow-up s", ["set", "start"]),
        ("help naming", ["naming"]),
        ("help action d", ["done"]),
        ("help role ", []),
        ("describe comms dra", ["draft"]),
        ("tell 02 ", ["team", "management", "users", "stakeholders"]),
        ("update u", ["users"]),
        ("comms withhold ", [CARDS, SEARCH, "users", "stakeholders"]),
        ("comms draft users s", ["service-notice", "status-update"]),
        ("severity 02 ", ["sev1", "sev2", "sev3", "sev4"]),
        ("sev 02 SEV1", ["sev1"]),
        ("role 02 tech ", ["me", "alice", "bob", "gita"]),
        ("role 02 gita ", ["commander", "tech", "comms", "scribe", "support", "management", "responder"]),
        ("role 02 @g", ["@gita"]),
        ("take c", ["commander", "comms"]),
        ("escalate p", ["payments"]),
        ("escalate g", ["gita"]),
        ("team activate payments ", ["support"]),
        ("restore 02 ", ["checkout", "Card terminal"]),
        ("verify 02 rec", ["recovery"]),
        ("verify 02 recovery errors ", ["ok", "fail"]),
        ("data-loss 02 ", ["none", "some", "unknown"]),
        ("effort 02 45m ", ["as"]),
        ("effort 02 45m as te", ["tech"]),
        ("review feedback 01 ", ["1", "2", "3", "4", "5"]),
        ("log dec", ["decision:"]),
        ("log 02 h1 ", ["confirmed", "refuted"]),
        ("log rolled back ", []),
        ("set 02 urg", ["urgency="]),
        ("set 02 urgency=", ["urgency=high", "urgency=medium", "urgency=low"]),
        ("set 02 tlp=tlp:a", ["tlp=TLP:AMBER+STRICT", "tlp=TLP:AMBER"]),
        ("set 02 commander=g", ["commander=gita"]),
        ("set 02 services=checkout,c", ["services=checkout,Card terminal"]),
        ("set 02 cause=change urg", ["urgency="]),
        ("set 02 urgency=high urg", []),
        ("set 02 duplicate_of=INC-20261123-01", [f"duplicate_of={SEARCH}"]),
        ("set 02 status=mo", ["status=monitoring"]),
        ("set 02 type", []),
        ("config show policy.SEV1.ack", ["policy.SEV1.acknowledge"]),
        ("config set zo", ["zone"]),
        ("config set --user ", ["vault", "user", "zone"]),
        ("templates copy users-s", ["users-service-notice", "users-status-update"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("init --zone Europe/Zu", ["Europe/Zurich"]),
        ("init --zone Eur", ["Europe/"]),
        ("open x --category s", ["system", "security", "service"]),
        ("open x --source m", ["monitoring"]),
        ("open x --detected-by m", ["monitoring"]),
        ("open x --service c", ["checkout"]),
        ("open x --set na", ["nature="]),
        ("open x --set title", []),
        ("open x -s ", ["sev1", "sev2", "sev3", "sev4"]),
        ("open x --severity=sev1", ["--severity=sev1"]),
        ("assess 02 --urg", ["--urgency"]),
        ("assess 02 --scope ", ["single-user", "team", "region", "global"]),
        ("set 02 scope=re", ["scope=region"]),
        ("list --where scope=g", ["scope=global"]),
        ("set 02 sla=", ["sla=breached", "sla=met", "sla=unknown"]),
        ("assess 02 --urgency ", ["high", "medium", "low"]),
        ("assess 02 --integrity ", ["none", "partial", "full", "unknown"]),
        ("assess 02 --data-class p", ["personal", "payment"]),
        ("set 02 data_classes=personal,c", ["data_classes=personal,credentials", "data_classes=personal,confidential"]),
        ("tell 02 stakeholders --not", ["--notice"]),
        ("action add x --owner g", ["gita"]),
        ("--as g", ["gita"]),
        ("--as=g", ["--as=gita"]),
        ("--as bob tell 02 u", ["users"]),
        ("list --where sev", ["severity="]),
        ("list --where severity=sev1", ["severity=sev1"]),
        ("list --where severity!=sev1", ["severity!=sev1"]),
        ("list --where=severity=sev1", ["--where=severity=sev1"]),
        ("list --sort star", ["started"]),
        ("list --sort -star", ["-started"]),
        ("list --columns id,sev", ["id,severity"]),
        ("timeline --kind hyp", ["hypothesis"]),
        ("follow-up add x --kind tr", ["training"]),
        ("follow-up list --format c", ["csv"]),
        ("report --format m", ["markdown"]),
        ("report --week ", ["this", "last"]),
        ("comms list --state ", ["draft", "approved", "sent"]),
        ("doctor --only j", ["journal"]),
        ("run --as-change r", ["rollback"]),
        ("run 02 ", ["--"]),
        ("ack --no", []),
        ("ack -- --no", []),
        ("ack --at -5m --con", ["--confirm"]),
        ("ack --at -", []),
        ("frobnicate ", []),
        ("action frobnicate ", []),
        ("open ", []),
    ],
)
def test_a_line_is_completed(kb, offered, line, expected):
    assert offered(line) == expected


@pytest.mark.parametrize(
    ("line", "by_shell"),
    [
        ("log evidence: dump --file d", FromShell.FILES),
        ("verify 02 recovery x ok --evidence d", FromShell.FILES),
        ("comms send --out d", FromShell.FILES),
        ("demo --dir d", FromShell.FOLDERS),
        ("init d", FromShell.FOLDERS),
        ("import cstate d", FromShell.FOLDERS),
        ("--vault d", FromShell.FOLDERS),
        ("run -- d", FromShell.COMMANDS),
        ("run -- cat d", FromShell.FILES),
        ("log d", None),
        ("open d", None),
        ("tell users d", None),
        ("ack d", None),
        ("log --at d", None),
    ],
)
def test_the_shell_completes_files_only_where_one_is_wanted(kb, line, by_shell):
    *before, current = line.split(" ")
    assert complete(before, current).by_shell == by_shell


def test_only_incidents_that_the_verb_can_act_on_are_offered(kb, offered):
    assert offered("ack ") == [CARDS]
    assert offered("resolve ") == [CARDS]
    assert offered("mitigate -i ") == [CARDS]
    assert offered("mitigate -i 02 ") == []
    assert offered("close ") == [SEARCH]
    assert offered("reopen ") == [SEARCH]
    assert offered("show ") == [CARDS, SEARCH]
    assert offered("merge ") == [CARDS]
    assert offered("merge INC-20261123-02 --into ") == [SEARCH]
    assert offered(f"relate {CARDS} ") == [SEARCH]


def test_an_acknowledged_incident_is_not_offered_to_ack(kb, run, offered):
    run("mitigate", "02", vault=kb)
    assert offered("ack ") == [CARDS]
    run("ack", "02", vault=kb)
    assert offered("ack ") == []


def test_ids_are_offered_as_they_are_typed(kb, offered):
    assert offered("show inc-2026") == [CARDS, SEARCH]
    assert offered("show 0") == ["02", "01"]
    assert offered("show 1123-") == ["1123-02", "1123-01"]
    assert offered("show la") == ["last"]


def test_the_case_of_what_is_typed_counts_where_a_word_has_it(kb, offered):
    assert offered("open x --service C") == ["Card terminal"]
    assert offered("open x --service CH") == ["checkout"]


def test_incidents_that_are_long_over_come_from_the_index(kb, run, offered):
    run("close", "01", "--force", "--reason", "tried", vault=kb)
    assert offered("show ") == [CARDS]
    run("list", vault=kb)
    assert offered("show ") == [CARDS, SEARCH]
    assert offered("reopen ") == [SEARCH]
    assert offered("set ")[:1] == [CARDS]


def test_a_restricted_incident_is_never_offered_nor_read(kb, run, offered, described):
    run("action", "add", "-i", "02", "Change the keys", vault=kb)
    run("list", vault=kb)
    assert offered("action done ") == [CARDS, SEARCH, "a1"]
    run("restrict", "02", vault=kb)
    for line in (
        "show ",
        "ack ",
        "action done ",
        "set 01 related=",
        f"action done {CARDS} ",
        "restore ",
        "unrestrict ",
    ):
        assert not [each for each in described(line).items() if CARDS in each[0] or "Change" in each[1]], line
    assert "Card terminal" not in offered("open x --service C")
    run("list", "--restricted", vault=kb)
    assert CARDS not in offered("show ")


def test_an_incident_that_was_restricted_by_hand_is_not_offered(kb, run, offered):
    run("list", vault=kb)
    note = kb / f"incidents/2026/{CARDS}.md"
    note.write_text(note.read_text().replace("\ncreated:", "\nvisibility: restricted\ncreated:"))
    assert offered("show ") == [SEARCH]
    assert offered("open x --service ") == ["search"]


def test_what_is_offered_says_what_it_means(kb, described):
    assert described("ack ")[CARDS] == "SEV2 triage, Card payments fail"
    assert described("ac")["ack"] == "Acknowledge an incident."
    assert described("action ")["add"] == "Add an action."
    assert described("tell 02 u")["users"] == "external"
    assert described("role 02 te")["tech"] == "technical lead"
    assert described("escalate pay")["payments"] == "#payments"
    assert described("role tech g")["gita"] == "payments"
    assert described("ack --at")["--at"].startswith("When it happened")
    assert "data" in described("severity 02 sev1")["sev1"]


def test_names_in_the_note_are_offered_with_their_texts(kb, run, offered, described):
    for words in (
        ("action", "add", "-i", "02", "Roll back"),
        ("action", "add", "-i", "02", "Call the bank"),
        ("action", "start", "-i", "02", "a1"),
        ("action", "done", "-i", "02", "a2"),
        ("action", "add", "-i", "02", "Watch"),
        ("follow-up", "add", "-i", "02", "Alarm on the pool"),
        ("resource", "request", "-i", "02", "A DBA"),
        ("log", "-i", "02", "hypothesis: the pool is too small"),
        ("log", "-i", "02", "hypothesis: the bank is slow"),
        ("log", "-i", "02", "h2 refuted"),
        ("verify", "-i", "02", "action", "Rolled back everywhere", "ok"),
        ("comms", "draft", "-i", "02", "team", "Working on it."),
        ("tell", "-i", "02", "team", "Working on it."),
    ):
        assert run(*words, vault=kb).returncode == 0, words
    assert described("action start 02 ") == {"a3": "Watch"}
    assert described("action done 02 ") == {"a1": "Roll back", "a3": "Watch"}
    assert described("action cancel -i 02 ") == {"a1": "Roll back", "a3": "Watch"}
    assert described("follow-up done 02 ") == {"f1": "Alarm on the pool"}
    assert described("follow-up set 02 ") == {"f1": "Alarm on the pool"}
    assert described("resource grant 02 ") == {"r1": "A DBA"}
    assert described("log 02 h1") == {"h1": "the pool is too small"}
    assert described("verify 02 v") == {"v1": "passed: Rolled back everywhere"}
    assert described("comms send 02 ") == {"u1": "team status-update, draft"}
    assert described("comms amend 02 ") == {"u2": "team status-update, sent"}
    assert offered("comms show 02 ") == ["u1", "u2"]
    assert offered("amend 02 m") == ["mine"]
    assert described("amend 02 e1")["e1"].startswith("12:00 ")


def test_names_of_several_incidents_say_of_which(kb, run, described, monkeypatch):
    run("action", "add", "-i", "02", "Roll back", vault=kb)
    run("open", "Mail is slow", vault=kb)
    run("action", "add", "-i", "03", "Restart", vault=kb)
    assert described("action done a") == {"a1": "INC-20261123-03 Restart"}
    monkeypatch.setenv("INCIDENT_ID", CARDS)
    assert described("action done a") == {"a1": "Roll back"}


def test_entries_that_can_be_undone_are_offered(kb, run, described):
    told = [about.partition(",")[0] for about in described("undo ").values()]
    assert told[:3] == ["incident open", "incident resolve", "incident open"]
    assert described("redo ") == {}
    run("undo", "--yes", vault=kb)
    assert [about.partition(",")[0] for about in described("redo ").values()] == ["incident undo"]


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_not_offered_and_completes_as_its_command(kb, offered, alias):
    assert alias not in offered(alias[:2])
    target = ALIASES[alias]
    assert offered(f"{alias} -") == offered(f"{' '.join(target)} -")
    assert offered(f"{alias} ") == offered(f"{' '.join(target)} ")


def test_an_option_that_is_typed_is_not_offered_again(kb, offered):
    assert "--at" not in offered("ack --at -5m --")
    assert "--service" in offered("open x --service a --")
    assert "--lines" not in offered("log --")


def test_commands_are_offered_in_the_order_of_help(kb, offered):
    assert offered("") == list(BY_NAME)
    assert "--as" in offered("-")


def test_without_a_vault_words_of_the_product_are_offered(outside, offered):
    assert offered("tell ") == ["team", "management", "users", "stakeholders"]
    assert offered("severity ") == ["sev1", "sev2", "sev3", "sev4"]
    for line in ("ack ", "show ", "role tech ", "open x --service ", "undo ", "templates show ", "action done "):
        assert [each for each in offered(line) if each != "me"] == []


STATES = {
    Status.TRIAGE: [],
    Status.INVESTIGATING: ["ack"],
    Status.IDENTIFIED: ["ack", "identify"],
    Status.MONITORING: ["ack", "mitigate"],
    Status.RESOLVED: ["ack", "resolve"],
    Status.CLOSED: ["ack", "resolve", "close --force --reason x"],
    Status.DECLINED: ["decline wrong"],
    Status.MERGED: ["merge 02 01"],
}
MOVES = {
    "ack": (),
    "confirm": (),
    "identify": (),
    "contain": (),
    "mitigate": (),
    "resolve": (),
    "close": ("--force", "--reason", "x"),
    "reopen": ("it is back",),
    "decline": ("wrong",),
}
ALREADY = re.compile("already|nothing would change")


@pytest.mark.parametrize("status", STATES)
def test_a_verb_is_offered_an_incident_exactly_where_it_moves_it(run, tmp_path, monkeypatch, offered, status):
    """Where it would be refused, or would change nothing, the incident is not offered."""
    run("init", str(tmp_path / "kb"), vault=None)
    vault = tmp_path / "kb"
    if status is Status.MERGED:
        run("open", "Another", vault=vault)
    run("open", "It fails", vault=vault)
    which = "INC-20261123-02" if status is Status.MERGED else SEARCH
    for each in STATES[status]:
        first, *others = each.split(" ")
        words = (first, *others) if first == "merge" else (first, "-i", which, *others)
        done = run(*words, vault=vault)
        assert done.returncode == 0, done.stderr
    run("list", vault=vault)
    monkeypatch.setenv("INCIDENT_VAULT", str(vault))
    assert f"status: {status}" in (vault / f"incidents/2026/{which}.md").read_text()
    for verb, rest in MOVES.items():
        tried = run(verb, "-i", which, *rest, "--dry-run", vault=vault)
        moves = tried.returncode == 0 and not ALREADY.search(tried.stdout + tried.stderr)
        if which in offered(f"{verb} "):
            assert moves, f"{verb} is offered: {tried.stdout}{tried.stderr}"
        elif moves:
            # After the end a verb still fills in a moment that is missing; that is typed, and not offered.
            assert status in {Status.RESOLVED, Status.CLOSED} or status not in ACTS_ON[verb].statuses, verb


def test_no_note_is_read_for_what_cannot_be_an_id(kb, offered, monkeypatch):
    monkeypatch.setattr("okb_incident.vault.read.sight.look", None)
    assert offered("tell us") == ["users"]
    assert offered("set 02 severity=") == [*(f"severity=sev{n}" for n in range(1, 5)), "severity=undetermined"]


def test_an_index_that_is_older_than_a_note_does_not_count(kb, run, offered):
    run("close", "01", "--force", "--reason", "tried", vault=kb)
    run("list", vault=kb)
    note = kb / f"incidents/2026/{SEARCH}.md"
    text = note.read_text()
    note.write_text(text.replace("status: closed", "status: investigating"))
    assert offered("reopen ") == []
    assert offered("resolve ") == [CARDS, SEARCH]
    note.write_text(text.replace("\ncreated:", "\nvisibility: restricted\ncreated:"))
    assert offered("reopen ") == []
    assert offered("open x --service s") == []
