"""Secrets in commands and in what they print."""

from __future__ import annotations

import pytest

from okb_incident.core.text.masking import MASK, mask


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mysql --password hunter22 -u root", "hunter22"),
        ("curl --token=abc123def x", "abc123def"),
        ("DB_PASSWORD=hunter22 ./run", "hunter22"),
        ('{"client_secret": "s3cr3tvalue", "x": 1}', "s3cr3tvalue"),
        ("api-key: 0123456789", "0123456789"),
        ("curl -H 'Authorization: Bearer abcdefgh.ijkl'", "abcdefgh.ijkl"),
        ("psql postgres://app:p4ssw0rd@db/x", "p4ssw0rd"),
        ("key AKIAIOSFODNN7EXAMPLE here", "AKIAIOSFODNN7EXAMPLE"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----", "MIIE"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE cut off", "MIIE"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text, secret):
    masked = mask(text)
    assert secret not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "kubectl rollout undo deploy/checkout",
        "password is wrong",
        "tokens: 5",
        "https://x.example/a",
        "pass it on: yes",
    ],
)
def test_other_words_stay(text):
    assert MASK not in mask(text)
