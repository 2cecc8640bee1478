"""How the note of a new incident begins: the template of its category, the runbooks of its services, and what the house made."""

from __future__ import annotations

import pytest

SECOND = "incidents/2026/INC-20261123-02.md"
VENDOR = '\n[vocabulary]\ncategory = ["service", "Vendor", "supply chain", "安全"]\n'


@pytest.fixture
def opened(desk):
    """Open an incident of a category and return its note, with what the command said on the side."""

    def open_one(*words):
        answer = desk("open", "Cards fail", *words)
        return (desk.root / SECOND).read_text(), answer.err

    return open_one


@pytest.fixture
def house(desk):
    """Write a template of the house, or settings."""

    def write(name, text):
        if name == "incident.toml":
            text = (desk.root / name).read_text() + text
            path = desk.root / name
        else:
            path = desk.root / "templates/incident" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


def services(desk, **notes):
    (desk.root / "services").mkdir(exist_ok=True)
    for name, runbook in notes.items():
        (desk.root / f"services/{name}.md").write_text(f"---\ntype: service\nrunbook: {runbook}\n---\n# {name}\n")


@pytest.mark.parametrize(
    ("category", "headings", "steps"),
    [
        ("system", ["Summary", "What fails", "What changed last", "Timeline", "Checklist"], 3),
        ("service", ["Summary", "What works and what does not", "Dependencies", "Timeline", "Checklist"], 3),
        ("performance", ["Summary", "Numbers", "Timeline", "Checklist"], 3),
    ],
)
def test_each_category_begins_as_its_template(opened, category, headings, steps):
    text, _ = opened("--category", category)
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == headings
    assert text.count("\n- [ ] ") == steps
    assert "This remark is left out" not in text


def test_a_category_of_the_house_finds_its_template_by_its_name(opened, house):
    house("incident.toml", VENDOR)
    house("incident-vendor", "# {{title}}\n\n## Their ticket\n\n## Timeline\n")
    text, err = opened("--category", "vendor")
    assert "# Cards fail\n\n## Their ticket\n" in text
    assert err == ""


def test_a_name_of_several_words_has_hyphens(opened, house):
    house("incident.toml", VENDOR)
    house("incident-supply-chain", "# {{title}}\n\n## Parts\n\n## Timeline\n")
    assert "## Parts" in opened("--category", "supply chain")[0]


def test_a_name_without_a_letter_for_a_file_has_the_common_one(opened, house):
    house("incident.toml", VENDOR)
    assert "## Summary\n\n## Timeline" in opened("--category", "安全")[0]


def test_the_settings_go_before_the_name(opened, house):
    house("incident.toml", f'{VENDOR}\n[categories.vendor]\ntemplate = "outage-elsewhere"\n')
    house("incident-vendor", "# {{title}}\n\n## By name\n\n## Timeline\n")
    house("outage-elsewhere", "# {{title}}\n\n## By settings\n\n## Timeline\n")
    assert "## By settings" in opened("--category", "Vendor")[0]


def test_a_house_that_wants_the_common_one_says_so(opened, house):
    house("incident.toml", '\n[categories.service]\ntemplate = "incident"\n')
    assert "## Dependencies" not in opened("--category", "service")[0]


def test_the_common_template_of_a_house_goes_before_a_shipped_one_of_a_category(opened, house):
    house("incident", "# {{title}}\n\n## Ours\n\n## Timeline\n")
    assert "## Ours" in opened("--category", "system")[0]


@pytest.mark.parametrize("name", ["outage", "incident-outage"])
def test_a_template_of_the_settings_that_is_missing_keeps_no_one_from_opening(opened, house, name):
    house("incident.toml", f'{VENDOR}\n[categories.Vendor]\ntemplate = "{name}"\n')
    text, err = opened("--category", "vendor")
    assert "## Summary" in text
    assert f"the shipped template was used instead: there is no template '{name}'" in err


def test_a_broken_template_by_name_keeps_no_one_from_opening(opened, house):
    house("incident.toml", VENDOR)
    house("incident-vendor", "# <%* evil() %>\n")
    text, err = opened("--category", "vendor")
    assert "## Summary" in text
    assert "the shipped template was used instead" in err


def test_the_list_and_the_check_know_a_template_by_name(desk, house):
    house("incident-vendor", "{# Jinja #}\n# {{ title }}\n\n## Timeline\n")
    assert "the note of an incident of the category vendor" in desk("templates").out
    desk("templates", "check", "incident-vendor")
    house("incident-vendor", "# {{title}} <%* evil() %>\n")
    assert "evil" in (answer := desk("templates", "check", "incident-vendor", code=5)).out + answer.err


# -- runbooks ---------------------------------------------------------------------------------------------------------


def test_the_runbooks_of_its_services_are_linked(desk, opened):
    services(
        desk,
        checkout='"[[runbooks/checkout-latency.md|ours]]"',
        api="[[checkout-latency]]",
        search="https://runbooks.example.org/s?a=1",
    )
    text, _ = opened(
        "--category",
        "service",
        *["--service", "Checkout", "--service", "api", "--service", "search", "--service", "unknown"],
    )
    related = text.partition("## Related\n")[2]
    assert related.splitlines() == [
        "- Runbook of [[checkout]], [[api]]: [[checkout-latency]]",
        "- Runbook of [[search]]: https://runbooks.example.org/s?a=1",
    ]


def test_every_category_links_them(desk, opened):
    services(desk, checkout='"[[checkout-latency]]"')
    assert (
        "- Runbook of [[checkout]]: [[checkout-latency]]" in opened("--category", "system", "--service", "checkout")[0]
    )


@pytest.mark.parametrize(
    "runbook",
    [
        "",
        "see the wiki",
        "[a, b",
        '"[[%%]]"',
        '"[[<% tp.file.title %>]]"',
        '"[[a`b`]]"',
        '"[[]]"',
        "{a: b}",
        "javascript:alert(1)",
        '"https://x/ <% evil %>"',
        '"https://x/%%"',
        f'"[[{"x" * 10_000}]]"',
    ],
)
def test_a_runbook_that_is_no_link_is_left_out(desk, opened, runbook):
    services(desk, checkout=runbook)
    text, err = opened("--category", "service", "--service", "checkout")
    assert "Runbook" not in text
    assert err == ""
