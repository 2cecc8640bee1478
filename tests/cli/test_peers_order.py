"""Words in the order in which people of other tools type them: role and person, escalation and update, status and doctor."""

from __future__ import annotations

import json

import pytest

ID = "INC-20261123-01"


@pytest.fixture
def note(vault):
    """The note of the open incident, in a vault that knows four people."""
    for name in ("carol", "dan", "gita", "Anna Lee"):
        (vault / f"people/{name}.md").write_text("---\ntype: person\n---\n")
    return vault / f"incidents/2026/{ID}.md"


def entries(note, kind):
    marked = f"**{kind}** @alice: "
    return [line.partition(marked)[2] for line in note.read_text().splitlines() if marked in line]


# -- role ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind", "entry"),
    [
        (("comms", "carol"), "role", "communications lead: – → @carol"),
        (("carol", "comms"), "role", "communications lead: – → @carol"),
        (("01", "carol", "comms"), "role", "communications lead: – → @carol"),
        (("frank", "comms"), "role", "communications lead: – → @frank"),
        (("technical", "lead", "dan"), "role", "technical lead: – → @dan"),
        (("dan", "technical", "lead"), "role", "technical lead: – → @dan"),
        (("Anna", "Lee", "scribe"), "role", "scribe: – → @Anna-Lee"),
        (("scribe", "Anna", "Lee"), "role", "scribe: – → @Anna-Lee"),
        (("scribe", "Joe", "Doe"), "role", "scribe: – → @Joe-Doe"),
        (("scribe", "me"), "role", "scribe: – → @alice"),
        (("me",), "role", "commander: – → @alice"),
        (("--me",), "role", "commander: – → @alice"),
        (("scribe", "--me"), "role", "scribe: – → @alice"),
        (
            ("comms", "carol", "users know until 03:00"),
            "role",
            "communications lead: – → @carol, users know until 03:00",
        ),
        (("comms", "carol", "users know of", "it"), "role", "communications lead: – → @carol, users know of it"),
        (("carol", "comms", "users know of it"), "role", "communications lead: – → @carol, users know of it"),
    ],
    ids=str,
)
def test_role_and_person_come_in_either_order(run, vault, note, words, kind, entry):
    done = run("role", *words, vault=vault)
    assert done.returncode == 0, done.stderr
    assert entries(note, kind) == [entry]


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        (("comms", "dan", "users know until 03:00"), "communications lead: @carol → @dan, users know until 03:00"),
        (("comms", "Anna", "Lee", "it holds"), "communications lead: @carol → @Anna-Lee, it holds"),
        (("comms", "dan", "watch", "it", "--handoff"), "communications lead: @carol → @dan, watch it"),
        (("comms", "Anna", "Lee", "watch", "it", "--handoff"), "communications lead: @carol → @Anna-Lee, watch it"),
        (("comms", "frank", "watch", "it", "--handoff"), "communications lead: @carol → @frank, watch it"),
        (("dan", "tech is slow", "--handoff"), "commander: @alice → @dan, tech is slow"),
        (("dan", "tech", "is", "slow", "--handoff"), "commander: @alice → @dan, tech is slow"),
    ],
    ids=str,
)
def test_a_note_for_the_next_holder_makes_it_a_handover(run, vault, note, words, entry):
    run("role", "commander", "me", vault=vault)
    run("role", "comms", "carol", vault=vault)
    assert run("role", *words, vault=vault).returncode == 0
    assert entries(note, "handoff") == [entry]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("carol",), "ROLE is missing"),
        (("scrieb",), "'scrieb' is no role"),
        (("scrieb", "carol"), "'scrieb' is no role"),
        (("Anna", "Lee", "scrieb"), "'scrieb' is no role"),
        (("scribe",), "WHO is missing"),
        (("--handoff",), "WHO is missing"),
        (("dan", "--handoff"), "TEXT is missing"),
        (("scribe", "bob", "--me"), "'scribe bob' is no role"),
        (("--me", "--remove"), "--me goes with neither"),
        (("scribe", "--handoff", "--remove"), "--handoff does not go with --remove"),
    ],
    ids=str,
)
def test_what_is_missing_or_no_role_is_named(run, vault, note, words, told):
    before = note.read_bytes()
    done = run("role", *words, vault=vault)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert note.read_bytes() == before


def test_words_of_a_person_who_holds_the_role_already_are_no_note(run, vault, note):
    for _ in range(2):
        assert run("role", "carol", "comms", vault=vault).returncode == 0
    assert entries(note, "role") == ["communications lead: – → @carol"]
    assert entries(note, "note") == []


# -- escalate ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        (("gita", "need a hand"), "to @gita, need a hand"),
        (("01", "gita", "need", "a", "hand"), "to @gita, need a hand"),
        (("@frank", "need a hand"), "to @frank, need a hand"),
        (("01", "@frank", "need a hand"), "to @frank, need a hand"),
        (("--to", "dan", "gita is away"), "to @dan, gita is away"),
        (("--to", "dan", "gita", "is", "away"), "to @dan, gita is away"),
        (("01", "--to", "dan", "nobody answers"), "to @dan, nobody answers"),
        (("gita", "--reason", "need a hand"), "to @gita, need a hand"),
    ],
    ids=str,
)
def test_a_known_person_comes_first(run, vault, note, words, entry):
    done = run("escalate", *words, vault=vault)
    assert done.returncode == 0, done.stderr
    assert entries(note, "escalation") == [entry]


def test_a_team_of_the_settings_comes_first(run, vault, note):
    with (vault / "incident.toml").open("a") as settings:
        settings.write('\n[teams.payments]\ncontact = "#payments"\n')
    assert run("escalate", "Payments", "nobody answers", vault=vault).returncode == 0
    assert entries(note, "escalation") == ["to payments, nobody answers"]


@pytest.mark.parametrize("words", [("frank", "help"), ("need", "help"), ("nobody", "answers")], ids=str)
def test_whoever_is_not_known_is_asked_for(run, vault, note, words):
    done = run("escalate", *words, vault=vault)
    assert (done.returncode, "--to is missing" in done.stderr) == (2, True)
    assert f"hint: @ marks a person whom the vault does not know: @{words[0]}\n" in done.stderr
    assert entries(note, "escalation") == []


# -- update --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Cards fail.",), "AUDIENCE is missing"),
        (("Cards", "fail"), "AUDIENCE is missing"),
        (("01", "Cards fail."), "AUDIENCE is missing"),
        (("usrs", "hello"), "unknown audience 'usrs'; choose from team, management, users, stakeholders"),
        (("customers", "Cards fail."), "unknown audience 'customers'"),
        (("clients", "hello"), "unknown audience 'clients'"),
        (("wizards", "Cards fail."), "unknown audience 'wizards'"),
    ],
    ids=str,
)
def test_an_update_without_an_audience_is_sent_to_nobody(run, vault, words, told):
    done = run("update", *words, vault=vault)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not list(vault.rglob("* update *.md"))


def test_an_audience_of_other_words_is_suggested(run, vault):
    done = run("tell", "customers", "Cards fail.", "--json", vault=vault)
    assert json.loads(done.stderr)["error"]["candidates"] == ["users"]


# -- status, show --------------------------------------------------------------------------------------------------------


def test_status_of_an_incident_is_what_show_shows(run, vault):
    assert run("status", "01", vault=vault).stdout == run("show", "01", vault=vault).stdout
    assert json.loads(run("status", "01", "--json", vault=vault).stdout)["open"][0]["id"] == ID


def test_status_shows_all_that_is_open_and_takes_conditions(run, vault):
    run("open", "Search is slow", "-s", "sev3", vault=vault)
    assert len(json.loads(run("status", "--json", vault=vault).stdout)["open"]) == 2
    for more in ((), ("--check",)):
        answer = run("status", "--where", "severity=sev3", "--json", *more, vault=vault).stdout
        assert [each["id"] for each in json.loads(answer)["open"]] == ["INC-20261123-02"]


def test_show_begins_with_the_summary(run, vault):
    lines = run("show", vault=vault).stdout.splitlines()
    assert lines[:2] == [f"{ID} SEV2 triage for 0s", "Checkout is slow"]
    assert lines.index(f"incidents/2026/{ID}.md") > lines.index("Checkout is slow")
    markdown = run("show", "--markdown", vault=vault).stdout
    assert markdown.startswith(f"**{ID} SEV2 triage for 0s**: Checkout is slow")
    assert ".md" not in markdown
    value = json.loads(run("show", "--json", vault=vault).stdout)
    assert (value["head"], "next" in value["parts"]) == (f"{ID} SEV2 triage for 0s", True)


# -- restrict, doctor ----------------------------------------------------------------------------------------------------


def test_a_restriction_is_lifted_by_the_full_id(run, vault, note):
    assert run("restrict", "01", vault=vault).returncode == 0
    assert not note.exists()
    assert run("restrict", "--off", "01", vault=vault).returncode == 4
    assert run("restrict", "--off", ID, vault=vault).returncode == 0
    assert "no longer restricted" in note.read_text()


def test_the_doctor_looks_at_each_part(run, vault, note):
    told = json.loads(run("doctor", "--json", vault=vault).stdout)
    assert [part["name"] for part in told["parts"]] == ["edits", "journal", "notes", "settings", "templates"]
    note.write_text(note.read_text().replace("severity: SEV2", "severity: huge"))
    templates = vault / "templates/incident"
    templates.mkdir(parents=True)
    (templates / "review.md").write_text("{# ours #}\n{{ nothing | nothing }}\n")
    done = run("doctor", "--json", vault=vault)
    told = json.loads(done.stdout)
    wrong = {part["name"]: part["problems"] > 0 for part in told["parts"]}
    assert done.returncode == 5
    assert wrong == {"edits": False, "journal": False, "notes": True, "settings": False, "templates": True}
    text = run("doctor", vault=vault).stdout
    assert "notes: 1 finding; incident " in text
    assert "settings: all are defaults" in text
    assert "all is well" not in text
    with (vault / "incident.toml").open("a") as settings:
        settings.write('\n[policy.SEV1]\nacknowledge = "7m"\ncolour = 3\n')
    done = run("doctor", "--only", "settings", vault=vault)
    assert done.returncode == 0
    assert "colour is unknown and ignored" in done.stdout
    assert "settings: 1 differs from the defaults; " in done.stdout


def test_the_doctor_looks_at_one_part_alone(run, vault, note):
    note.write_text(note.read_text().replace("severity: SEV2", "severity: huge"))
    assert run("doctor", "--only", "journal", vault=vault).returncode == 0
    assert run("doctor", "--only", "notes", vault=vault).returncode == 5
    done = run("doctor", "--only", "nots", vault=vault)
    assert (done.returncode, "unknown part 'nots'; choose from edits" in done.stderr) == (2, True)
    assert run("doctor", "--keep", "90d", vault=vault).returncode == 2
