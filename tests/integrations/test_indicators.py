"""Indicators of compromise: what is found in a text, and how it is written so that nobody opens it."""

from __future__ import annotations

import sys

import pytest

from okb_incident.errors import SettingsError
from okb_incident.integrations.indicators import Indicator, defang, find

TEXT = """The mail from billing(at)evil.example.net led to hxxps://login[.]example[.]org/a?next=http://b.test/.
It called 203[.]0[.]113[.]7 and 2001:db8::7, then 203.0.113.7 again; see CVE-2024-3094.
d41d8cd98f00b204e9800998ecf8427e, da39a3ee5e6b4b0d3255bfef95601890afd80709
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
"""


def test_indicators_are_found_once_each_by_kind_defanged_ones_too():
    pytest.importorskip("ioc_finder", reason="ioc_finder comes with the extra indicators")
    found = find(TEXT)
    assert len(found) == len(set(found))
    by_kind = {kind: [each.value for each in found if each.kind == kind] for kind in dict.fromkeys(k for k, _ in found)}
    assert list(by_kind) == ["IPv4", "IPv6", "URL", "domain", "mail", "MD5", "SHA-1", "SHA-256", "CVE"]
    assert by_kind["IPv4"] == ["203.0.113.7"]
    assert by_kind["mail"] == ["billing@evil.example.net"]
    assert by_kind["domain"] == sorted(by_kind["domain"])
    assert {"login.example.org", "evil.example.net"} <= set(by_kind["domain"])
    assert by_kind["MD5"] == ["d41d8cd98f00b204e9800998ecf8427e"]


def test_a_file_name_is_no_domain_and_an_address_with_such_an_end_is_one_all_the_same():
    pytest.importorskip("ioc_finder", reason="ioc_finder comes with the extra indicators")
    found = find("deploy.py and INSTALL.SH failed on evil.example.net; x@evil.sh wrote, https://evil.sh/x was opened")
    assert [each.value for each in found if each.kind == "domain"] == ["evil.example.net"]
    assert Indicator("mail", "x@evil.sh") in found
    assert Indicator("URL", "https://evil.sh/x") in found


def test_without_the_library_there_is_one_error_that_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ioc_finder", None)
    with pytest.raises(SettingsError) as caught:
        find("203.0.113.7")
    assert caught.value.field == "indicators"


@pytest.mark.parametrize(
    ("kind", "value", "defanged"),
    [
        ("IPv4", "203.0.113.7", "203[.]0[.]113[.]7"),
        ("IPv6", "2001:db8::7", "2001[:]db8[:][:]7"),
        ("URL", "https://a.test/x?to=http://b.test:80", "hxxps[://]a[.]test/x?to=http[://]b[.]test:80"),
        ("URL", "ftp://http.test/http", "ftp[://]http[.]test/http"),
        ("domain", "a.test", "a[.]test"),
        ("domain", "httpbin.test", "httpbin[.]test"),
        ("mail", "http@a.test", "http[@]a[.]test"),
        ("CVE", "CVE-2024-3094", "CVE-2024-3094"),
        ("MD5", "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"),
    ],
)
def test_nothing_makes_a_link_of_what_is_defanged_and_every_name_stays(kind, value, defanged):
    assert defang(Indicator(kind, value)) == defanged
