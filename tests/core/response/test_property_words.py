from __future__ import annotations

import pytest

from okb_incident.core.response.property_words import words_of
from okb_incident.core.settings.settings import Settings, Vocabulary

SETTINGS = Settings(vocabulary=Vocabulary(category=("shop", "office"), cause=("change",)))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("severity", ("SEV1", "SEV2", "SEV3", "SEV4", "undetermined")),
        ("category", ("shop", "office")),
        ("cause", ("change",)),
        ("data_loss", ("none", "some", "unknown")),
        ("urgency", ("high", "medium", "low")),
        ("title", ()),
        ("responders", ()),
    ],
)
def test_a_property_holds_the_words_of_the_product_or_of_the_vault(key, words):
    assert words_of(SETTINGS, key) == words


def test_a_status_is_one_of_all():
    assert words_of(SETTINGS, "status")[0] == "triage"
    assert len(words_of(SETTINGS, "status")) == 8
