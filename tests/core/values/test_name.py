"""Names: which ones may become a path or a link."""

from __future__ import annotations

import pytest

from okb_incident.core.values.name import is_good_name


@pytest.mark.parametrize(
    "name",
    [
        "checkout",
        "Payments API",
        "Zürich",
        "東京",
        "a.b",
        "e-mail (EU)",
        "x" * 200,
        "INC-20261123-01 review",
        "👩\u200d💻",
    ],
)
def test_what_people_call_things_is_a_name(name):
    assert is_good_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            ".git",
            "-rf",
            " a",
            "a ",
            "a.",
            "a/b",
            "a\\b",
            "a\x00b",
            "a\nb",
            "a\x1b[0m",
            "a\u202eb",
            "a\u2028b",
        ),
        *(
            "a\udc80b",
            "<% x %>",
            "a]] [[b",
            "a|b",
            "a#b",
            "a^b",
            "a:b",
            'a"b',
            "a?b",
            "a*b",
            "`=1`",
            "x" * 201,
            "é" * 101,
        ),
    ],
)
def test_what_could_lead_elsewhere_or_do_something_is_none(name):
    assert not is_good_name(name)
