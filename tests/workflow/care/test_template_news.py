"""A vault whose templates have the old names keeps working, and learns what is new."""

from __future__ import annotations

import json

OLD = """{# To everybody: what is over. The text ``headline`` in a remark is none. #}
# {{ heading }}

The problem{% if affected %} with {{ affected }}{% endif %} is {{ stage or "headline" }}{% if lasted %}; {{ lasted }}{% endif %}.

{% if message %}
{{ message }}
{% endif %}
"""


def own(desk, name, text):
    path = desk.root / "templates/incident" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_vault_with_an_old_template_learns_what_is_new_and_it_still_works(desk):
    own(desk, "users-follow-up", OLD)
    answer = desk("templates", "check", "users-follow-up")
    assert answer.out == (
        "users-follow-up: new names in the shipped template: headline, next_update, is_over, stopped, ended, no_data_lost and 5 more\n"
        "1 of 1 templates are good\n"
    )
    assert "docs/templates.md" in answer.err
    desk("resolve", "01")
    desk("tell", "-i", "INC-20261123-01", "users", "All is well.")
    assert "The problem is over.\n\nAll is well." in desk("comms", "show", "-i", "INC-20261123-01").out


def test_headings_are_named_whether_in_bold_or_as_headings(desk):
    own(desk, "team-status-update", "{# x #}\n# {{ heading }}\n{{ message }}\n\n## conditions\n")
    said = desk("templates", "check", "team-status-update").out
    assert "new headings in the shipped template: Actions; Needs; Support\n" in said
    found = json.loads(desk("templates", "check", "team-status-update", "--json").out)
    assert found[0]["new_headings"] == ["Actions", "Needs", "Support"]
    assert {"next_update", "internal_headline"} < set(found[0]["new_names"])
    assert "heading" not in found[0]["new_names"]


def test_nothing_is_new_to_shipped_templates_to_a_copy_or_to_ones_of_your_own(desk):
    desk("templates", "copy", "users-follow-up")
    own(desk, "my-own", "{# x #}\n# {{ heading }}\n")
    own(desk, "team-status-update", "# {{title}}\n")
    answer = desk("templates", "check")
    assert "in the shipped template" not in answer.out
    assert answer.out.endswith("\n30 of 30 templates are good\n")
    assert "docs/templates.md" not in answer.err


def test_of_a_template_that_cannot_be_rendered_only_the_fault_is_named(desk):
    own(desk, "users-follow-up", "{# x #}\n# {{ heading }}\n{{ nonsense }}\n")
    answer = desk("templates", "check", "users-follow-up", code=5)
    assert "in the shipped template" not in answer.out
