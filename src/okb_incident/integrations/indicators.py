"""Indicators of compromise in text: addresses, names, URLs and digests, found by a kept library.

The library comes with the extra `indicators`; docs/decisions.md says why this one.
"""

from __future__ import annotations

from typing import NamedTuple

from okb_incident.errors import SettingsError

KINDS = {
    "ipv4s": "IPv4",
    "ipv6s": "IPv6",
    "urls": "URL",
    "domains": "domain",
    "email_addresses": "mail",
    "md5s": "MD5",
    "sha1s": "SHA-1",
    "sha256s": "SHA-256",
    "sha512s": "SHA-512",
    "cves": "CVE",
}
#: Ends of domain names that are far more often ends of file names in a note on an incident.
FILE_ENDS = (".py", ".sh", ".md", ".rs", ".pl", ".so", ".zip", ".ps", ".mov", ".cc")


class Indicator(NamedTuple):
    """Something that may show an attack.

    Attributes:
        kind: What sort: ``IPv4``, ``domain``.
        value: As a program uses it.
    """

    kind: str
    value: str


def find(text: str) -> list[Indicator]:
    """Find the indicators in a text, defanged ones too; each once, by kind.

    Raises:
        SettingsError: The extra is not installed.
    """
    try:
        from ioc_finder import find_iocs  # noqa: PLC0415 - half a second, and an extra
    except ImportError:
        raise SettingsError(
            "finding indicators needs the extra `indicators`, which is not installed",
            field="indicators",
            hint="pip install 'okb-incident[indicators]'",
        ) from None
    found = find_iocs(text, included_ioc_types=KINDS)
    return [
        Indicator(kind, value)
        for name, kind in KINDS.items()
        for value in sorted(found.get(name) or ())
        if kind != "domain" or not value.lower().endswith(FILE_ENDS)
    ]


def defang(indicator: Indicator) -> str:
    """Write an indicator so that nothing makes a link of it and nobody opens it by mistake."""
    value = indicator.value.replace("://", "[://]")
    if value.startswith(("http[", "https[")):
        value = f"hxxp{value.removeprefix('http')}"
    if indicator.kind in {"IPv4", "URL", "domain", "mail"}:
        value = value.replace(".", "[.]").replace("@", "[@]")
    return value.replace(":", "[:]") if indicator.kind == "IPv6" else value
