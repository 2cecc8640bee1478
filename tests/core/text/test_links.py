"""Links of a vault, as words."""

from __future__ import annotations

import pytest

from okb_incident.core.text.links import unlinked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cards fail.", "Cards fail."),
        ("[[checkout]] fails", "checkout fails"),
        ("see [[INC-20261123-01|the first]] and [[b#Part]]", "see the first and b"),
        ("[[#Part]] ![[picture.png]] [[a#Part|c]]", "Part picture.png c"),
        ("[[a]][[b]]", "ab"),
        # Neither a test of a shell nor code is a link.
        ("if [[ -f x ]]; then", "if [[ -f x ]]; then"),
        ("`m[[1]]` and [[a]]", "`m[[1]]` and a"),
        ("``x ` m[[1]]`` [[a]]", "``x ` m[[1]]`` a"),
        ("```r\nm[[1]]\n```\n[[a]]", "```r\nm[[1]]\n```\na"),
        ("[[a\nb]] [[]] [[", "[[a\nb]] [[]] [["),
    ],
)
def test_a_link_stands_as_its_words(text, words):
    assert unlinked(text) == words
    assert unlinked(words) == words
