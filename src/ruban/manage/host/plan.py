"""What a machine is to serve: groups, each under a domain of its own, with its own user, port, folder and keys.

It stands in one file, /etc/ruban/host.toml, from which all others follow. Nothing in it is secret.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, replace
from typing import Any

from ruban.errors import FormatError, Message

FILE = "/etc/ruban/host.toml"
DATA, BACKUPS = "/var/lib/ruban", "/var/backups/ruban"
FIRST_PORT = 8100
"""Where Caddy takes what comes by Tor; a group's own port is this and its number."""
MAX_GROUPS = 500
USER = "ruban-"
"""What the users' names begin with; the number follows."""
MAX_DOMAIN = 100
_DOMAIN = re.compile(r"(?=.*[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_DIRECTORY = re.compile(r"https://[A-Za-z0-9.:/_-]{1,200}")
_PATH = re.compile(r"/[A-Za-z0-9._/-]{1,200}")


@dataclass(frozen=True, slots=True)
class Hosted:
    """One group's server. Its number is never given to another: files of a group that went may still be there."""

    domain: str
    number: int

    @property
    def user(self) -> str:
        """The system user that it runs as, who alone can read its folder."""
        return f"{USER}{self.number}"

    @property
    def port(self) -> int:
        """Where it listens on this machine."""
        return FIRST_PORT + self.number

    @property
    def data(self) -> str:
        """Its data folder."""
        return f"{DATA}/{self.domain}"

    @property
    def backups(self) -> str:
        """Where its backups go."""
        return f"{BACKUPS}/{self.domain}"

    @property
    def service(self) -> str:
        """Its unit."""
        return f"ruban-{self.domain}.service"

    @property
    def timer(self) -> str:
        """The unit that has it backed up every day; no domain makes it the name of another group's service."""
        return f"backup-of-ruban-{self.domain}.timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """All of it. `acme` is the directory of the authority that certifies the domains; empty, Caddy's own choice."""

    hosted: tuple[Hosted, ...] = ()
    last_number: int = 0
    acme: str = ""
    acme_root: str = ""
    """The authority's own certificate, where the machine does not trust it anyway."""
    onion: bool = True

    def group(self, domain: str) -> Hosted | None:
        """The group under this domain."""
        return next((group for group in self.hosted if group.domain == domain), None)

    def with_group(self, domain: str) -> Host:
        """The same and, unless it is there, a group under this domain. FormatError for what is no domain."""
        parse_domain(domain)
        if self.group(domain) is not None:
            return self
        if len(self.hosted) >= MAX_GROUPS:
            raise FormatError("groups", Message("at most {n}", n=MAX_GROUPS), Message("more"))
        number = self.last_number + 1
        return replace(self, hosted=(*self.hosted, Hosted(domain, number)), last_number=number)

    def without_group(self, domain: str) -> Host:
        """The same without the group under this domain."""
        return replace(self, hosted=tuple(group for group in self.hosted if group.domain != domain))

    def with_authority(self, acme: str | None, acme_root: str | None) -> Host:
        """The same with another authority, where one is named."""
        changed = replace(self, acme=self.acme if acme is None else acme)
        return _checked(replace(changed, acme_root=self.acme_root if acme_root is None else acme_root))


def parse_domain(text: str) -> str:
    """A domain name in lower case with a dot in it, as DNS has it (xn--… for others than ASCII); FormatError."""
    if len(text) > MAX_DOMAIN or not _DOMAIN.fullmatch(text):
        raise FormatError(
            "domain",
            Message("a name such as letters.example.org, in lower case"),
            repr(text[:80]),
            hint=Message("Only the name: no https:// before it and no path behind it."),
        )
    return text


def encode_host(host: Host) -> str:
    """The file. JSON's strings are TOML's, for what these values may hold."""
    lines = [
        "# What this machine serves: written by `ruban up` and `ruban down`, read by nobody else.",
        f"last_number = {host.last_number}",
        f"onion = {'true' if host.onion else 'false'}",
        f"acme = {json.dumps(host.acme)}",
        f"acme_root = {json.dumps(host.acme_root)}",
    ]
    for group in host.hosted:
        lines += ["", "[[group]]", f"domain = {json.dumps(group.domain)}", f"number = {group.number}"]
    return "\n".join(lines) + "\n"


def parse_host(text: str) -> Host:
    """What `encode_host` wrote; FormatError for anything else."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise _malformed() from wrong
    match found:
        case {
            "last_number": int(last),
            "onion": bool(onion),
            "acme": str(acme),
            "acme_root": str(root),
            **rest,
        } if set(rest) <= {"group"}:
            groups = tuple(_group(group) for group in rest.get("group", ()))
        case _:
            raise _malformed()
    host = _checked(Host(hosted=groups, last_number=last, acme=acme, acme_root=root, onion=onion))
    if encode_host(host) != text:
        raise _malformed()
    return host


def _group(found: Any) -> Hosted:
    match found:
        case {"domain": str(domain), "number": int(number), **rest} if not rest:
            return Hosted(parse_domain(domain), number)
    raise _malformed()


def _checked(host: Host) -> Host:
    numbers = [group.number for group in host.hosted]
    domains = {group.domain for group in host.hosted}
    if len(set(numbers)) != len(numbers) or len(domains) != len(numbers):
        raise _malformed()
    if not all(1 <= number <= host.last_number <= 50_000 for number in numbers):
        raise _malformed()
    if host.acme and not _DIRECTORY.fullmatch(host.acme):
        raise FormatError("acme", Message("the https:// address of an authority's directory"), repr(host.acme[:80]))
    if host.acme_root and not _PATH.fullmatch(host.acme_root):
        raise FormatError("acme-root", Message("the whole path of a certificate"), repr(host.acme_root[:80]))
    return host


def _malformed() -> FormatError:
    return FormatError(
        FILE,
        Message("what ruban up has written"),
        Message("another file"),
        hint=Message("Put it back as it was. To change a group's settings, edit ruban.toml in its folder."),
    )
