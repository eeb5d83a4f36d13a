"""Every file that makes a machine serve what `plan` says, as pure functions: the same plan gives the same bytes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ruban.errors import FormatError, Message
from ruban.manage.host.caddy import CADDY_FILE, caddy_json
from ruban.manage.host.plan import BACKUPS, DATA, FILE, FIRST_PORT, Host, Hosted, encode_host
from ruban.manage.host.units import BACKUP_SERVICE, BACKUP_TIMER, CADDY_DROP_IN, SERVICE

TOR_INSTANCE = "ruban"
TOR_DATA = f"/var/lib/tor-instances/{TOR_INSTANCE}"
SYSUSERS, TMPFILES = "/etc/sysusers.d/ruban.conf", "/etc/tmpfiles.d/ruban.conf"
CADDY_UNIT = "/etc/systemd/system/caddy.service.d/ruban.conf"
TORRC = f"/etc/tor/instances/{TOR_INSTANCE}/torrc"
UNITS = "/etc/systemd/system"
SETTINGS = "ruban.toml"
KEPT_BACKUPS = 14
_BY = "# Written by `ruban up`; a change here is undone by the next.\n"


@dataclass(frozen=True, slots=True)
class File:
    """One file, whole."""

    path: str
    content: str
    mode: int = 0o644
    owner: str = "root"


def files_of(host: Host, ruban: str, onions: Mapping[str, str]) -> tuple[File, ...]:
    """All but the groups' settings, in the order in which they are best written.

    `ruban` is the program's path; `onions` has the onion address of each domain that has one by now.
    """
    found = [
        File(FILE, encode_host(host)),
        File(SYSUSERS, _BY + "".join(f'u {g.user} - "Ruban, {g.domain}" {g.data}\n' for g in host.hosted)),
        File(TMPFILES, _BY + f"d {DATA} 0755 root root\nd {BACKUPS} 0755 root root\n" + _folders(host)),
        File(CADDY_FILE, caddy_json(host, onions)),
        File(CADDY_UNIT, _BY + CADDY_DROP_IN),
    ]
    for group in host.hosted:
        values = {
            "domain": group.domain,
            "user": group.user,
            "data": group.data,
            "backups": group.backups,
            "ruban": ruban,
            "kept": str(KEPT_BACKUPS),
        }
        found += [
            File(f"{UNITS}/{group.service}", _BY + SERVICE.format(**values)),
            File(f"{UNITS}/{PurePosixPath(group.timer).stem}.service", _BY + BACKUP_SERVICE.format(**values)),
            File(f"{UNITS}/{group.timer}", _BY + BACKUP_TIMER.format(**values)),
        ]
    if host.onion and host.hosted:
        found.append(File(TORRC, _BY + _torrc(host)))
    return tuple(found)


def paths_of(group: Hosted) -> tuple[str, ...]:
    """The files that are there for one group alone."""
    stem = PurePosixPath(group.timer).stem
    return tuple(f"{UNITS}/{name}" for name in (group.service, f"{stem}.service", group.timer))


def settings_of(group: Hosted, before: str, onion: str | None) -> File:
    """A group's own settings: the lines that the machine decides, and everything else as it was `before`."""
    wanted = {
        "address": f'"https://{group.domain}"',
        "host": '"127.0.0.1"',
        "port": str(group.port),
        "trust_forwarded": "true",
    }
    if onion is not None:
        wanted["onion"] = f'"{onion}"'
    return File(f"{group.data}/{SETTINGS}", with_settings(before, wanted), 0o600, group.user)


def with_settings(text: str, wanted: Mapping[str, str]) -> str:
    """A file of settings in which each of `wanted` stands once, on its line or at the end; the rest is untouched.

    FormatError where that is not to be had by lines: a file that is no TOML, or has tables.
    """
    for name, value in wanted.items():
        line = f"{name} = {value}"
        text, found = re.subn(rf"(?m)^{name}[ \t]*=.*$", line, text, count=1)
        if not found:
            text = f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        read = {}
    if any(read.get(name) != tomllib.loads(f"x = {value}")["x"] for name, value in wanted.items()):
        raise FormatError(SETTINGS, Message("one setting a line, and no tables"), Message("another file"))
    return text


def _folders(host: Host) -> str:
    return "".join(f"d {path} 0700 {g.user} {g.user}\n" for g in host.hosted for path in (g.data, g.backups))


def _torrc(host: Host) -> str:
    # No log of its own that tells when somebody came, and no way out: this Tor does nothing but be found.
    lines = ["SocksPort 0", "Log warn syslog", "SafeLogging 1"]
    for group in host.hosted:
        # To Caddy and not past it: the server believes what Caddy says of where somebody comes from.
        lines += [f"HiddenServiceDir {TOR_DATA}/{group.domain}", f"HiddenServicePort 80 127.0.0.1:{FIRST_PORT}"]
    return "\n".join(lines) + "\n"
