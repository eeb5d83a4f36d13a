"""From what is wanted to a machine that does it: install, write what differs, start what it is for."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ruban.durable import write_durably
from ruban.errors import HostError, Message
from ruban.manage.host import machine
from ruban.manage.host.caddy import CADDY_FILE
from ruban.manage.host.files import (
    CADDY_UNIT,
    SETTINGS,
    TOR_INSTANCE,
    TORRC,
    File,
    files_of,
    paths_of,
    settings_of,
)
from ruban.manage.host.plan import FILE, Host, Hosted, parse_host
from ruban.record.canonical import parse_strict

Tell = Callable[[str], None]
_TOR = f"tor@{TOR_INSTANCE}"


def present() -> Host:
    """What this machine serves by now."""
    text = machine.read(FILE)
    return Host() if text is None else parse_host(text)


def wanted_files(host: Host, program: str) -> list[File]:
    """Every file of the machine as it is to be, with the onion addresses that are known by now."""
    onions = known_onions(host)
    return [*files_of(host, program, onions), *_settings(host, onions)]


def known_onions(host: Host) -> dict[str, str]:
    """The onion addresses that Tor has made by now, by domain."""
    if not host.onion:
        return {}
    return {group.domain: onion for group in host.hosted if (onion := machine.onion_of(group)) is not None}


def commands_of(host: Host) -> list[str]:
    """What `bring_up` runs, for a person to read; packages that are there are left out."""
    missing = machine.missing_packages(host)
    units = [unit for group in host.hosted for unit in (group.service, group.timer)]
    lines: list[Sequence[str]] = [
        *([machine.INSTALL + tuple(missing)] if missing else []),
        *([("tor-instance-create", TOR_INSTANCE)] if host.onion else []),
        ("systemd-sysusers",),
        ("systemd-tmpfiles", "--create"),
        ("systemctl", "daemon-reload"),
        *([("systemctl", "enable", "--now", _TOR)] if host.onion else []),
        ("systemctl", "enable", "--now", *units),
        ("systemctl", "restart", "caddy"),
    ]
    return [shlex.join(line) for line in lines]


def bring_up(host: Host, program: str, tell: Tell, moved: Path | None = None, restart: bool = False) -> set[str]:
    """Make the machine so; the paths of what had to be written. HostError where it cannot be, and again goes on.

    `moved` is the file of a group that goes on as the last one.
    """
    if missing := machine.missing_packages(host):
        tell(Message("Installing Debian's packages: {names} …", names=", ".join(missing)))
        machine.install(missing)
    if host.onion and not Path(TORRC).parent.is_dir():
        machine.do("tor-instance-create", TOR_INSTANCE)
    changed = write(files_of(host, program, known_onions(host)))
    machine.do("systemd-sysusers")
    machine.do("systemd-tmpfiles", "--create")
    if changed:
        machine.do("systemctl", "daemon-reload")
    if host.onion:
        tell(Message("Starting Tor …"))
    onions = _start_tor(host, changed)
    changed |= write([*files_of(host, program, onions), *_settings(host, onions)])
    if moved is not None:
        _take_in(host.hosted[-1], moved, program)
    for group in host.hosted:
        tell(Message("Starting {domain} …", domain=group.domain))
        machine.do("systemctl", "enable", "--now", group.service, group.timer)
        if restart or changed & {*paths_of(group), f"{group.data}/{SETTINGS}"}:
            machine.do("systemctl", "restart", group.service)
    machine.do("systemctl", "enable", "--now", "caddy")
    if changed & {CADDY_FILE, CADDY_UNIT}:
        machine.do("systemctl", "restart", "caddy")
    return changed


def take_down(before: Host, group: Hosted, program: str) -> None:
    """Stop the group's server and forget its units; its folder and backups stay."""
    machine.do("systemctl", "disable", "--now", group.service, group.timer)
    for path in paths_of(group):
        Path(path).unlink(missing_ok=True)
    rest = before.without_group(group.domain)
    changed = write(files_of(rest, program, known_onions(rest)))
    machine.do("systemctl", "daemon-reload")
    machine.do("systemctl", "restart", "caddy")
    _start_tor(rest, changed)


def write(files: Sequence[File]) -> set[str]:
    """Write those that are not there as they are wanted; their paths."""
    wanted = [file for file in files if not machine.is_as_wanted(file)]
    for file in wanted:
        machine.write(file)
    return {file.path for file in wanted}


def invite(group: Hosted, program: str) -> str:
    """A link that lets in whoever is to begin the group, once, within a day."""
    command = (program, "organiser", "link", "--data", group.data, "--json", "--lang", "en")
    # Which goes on as the folder's user.
    said = machine.do(*command)
    match parse_strict("link", said.encode(), max_bytes=4096, max_depth=1):
        case {"link": str(link)}:
            return link
    raise HostError("link", Message("a link"), Message("another answer"))


def _take_in(group: Hosted, moved: Path, program: str) -> None:
    # As a file that the group's user can read, for as long as it takes.
    copy = Path(group.data, "moving.ruban")
    try:
        write_durably(copy, machine.owned(group.user, partial(_copy, moved)))
        machine.do(program, "move", "in", str(copy), "--data", group.data, "--lang", "en")
    finally:
        copy.unlink(missing_ok=True)


def _copy(source: Path, target: BinaryIO) -> None:
    with source.open("rb") as opened:
        shutil.copyfileobj(opened, target)


def _start_tor(host: Host, changed: Collection[str]) -> dict[str, str]:
    """Tor, where it is wanted, and the onion addresses; nothing of it where it is not."""
    if not (host.onion and host.hosted):
        if Path(TORRC).exists():
            machine.do("systemctl", "disable", "--now", _TOR)
            Path(TORRC).unlink()
        return {}
    # A restart and no reload, which fails while a start is not over.
    machine.do("systemctl", "enable", _TOR)
    machine.do("systemctl", "restart" if TORRC in changed else "start", _TOR)
    return machine.await_onions(host)


def _settings(host: Host, onions: dict[str, str]) -> list[File]:
    before = {group: machine.read(f"{group.data}/{SETTINGS}") or "" for group in host.hosted}
    return [settings_of(group, text, onions.get(group.domain)) for group, text in before.items()]
