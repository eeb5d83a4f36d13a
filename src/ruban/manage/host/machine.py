"""The machine itself: what it is, what is on its disk, and the commands that change it. Root alone may."""

from __future__ import annotations

import os
import pwd
import re
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import BinaryIO

from ruban.durable import write_durably
from ruban.errors import HostError, Message
from ruban.manage.host.files import TOR_DATA, File
from ruban.manage.host.plan import Host, Hosted

PACKAGES = {"caddy": "/usr/bin/caddy", "tor": "/usr/sbin/tor-instance-create"}
"""Debian's packages, by a file that each brings."""
ONION_SECONDS = 30
COMMAND_SECONDS = 900
INSTALL = ("apt-get", "install", "-q", "-y", "--no-install-recommends")
_HTTPS = 443
_CADDYFILE = "/etc/caddy/Caddyfile"


def check_machine() -> None:
    """HostError unless this is a Debian with systemd, and root asks."""
    try:
        release = Path("/etc/os-release").read_text("utf-8")
    except OSError:
        release = ""
    if "ID=debian" not in release.split("\n") or not Path("/run/systemd/system").is_dir():
        raise HostError(
            "machine",
            Message("Debian, with systemd"),
            Message("another system"),
            hint=Message("ruban up --dry-run shows every file and command, for you to do the same elsewhere."),
        )
    if os.geteuid() != 0:
        raise HostError("user", "root", Message("another"), hint=Message("Run it as root, or with sudo."))


def own_program() -> Path:
    """This program's `ruban`, as a unit may call it; HostError where other users cannot read it or its Python."""
    program = Path(sys.executable).with_name("ruban")
    for path in (program, Path(sys.executable).resolve()):
        for part in (path, *path.parents):
            if not part.exists() or not part.stat().st_mode & stat.S_IXOTH:
                raise HostError(
                    "program",
                    Message("one that every user of this machine can run"),
                    str(path),
                    hint=Message("Install Ruban in /opt/ruban with the system's own Python, and call it from there."),
                )
    return program


def read(path: str) -> str | None:
    """What a file says; None where there is none. No link is followed: a group's user could lay one for root."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, encoding="utf-8", newline="") as file:
        return file.read()


def is_as_wanted(file: File) -> bool:
    """Whether the file is there, with this content, mode and owner."""
    try:
        found = os.lstat(file.path)
        owner = pwd.getpwuid(found.st_uid).pw_name
    except (FileNotFoundError, KeyError):
        return False
    if not stat.S_ISREG(found.st_mode):
        return False
    return read(file.path) == file.content and stat.S_IMODE(found.st_mode) == file.mode and owner == file.owner


def shown(file: File) -> str:
    """What writing it brings: the whole where there is none yet, else what changes, as `diff -u` shows it."""
    before = read(file.path)
    if before is None:
        return file.content
    lines, wanted = before.split("\n"), file.content.split("\n")
    return "\n".join(unified_diff(lines, wanted, "before", "after", lineterm=""))


def write(file: File) -> None:
    """Write it, whole or not at all, with its folders."""
    path = Path(file.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, owned(file.owner, lambda target: target.write(file.content.encode())), file.mode)


def owned(owner: str, content: Callable[[BinaryIO], object]) -> Callable[[BinaryIO], None]:
    """The content of a file that is its owner's before it has its name: what has one, others could replace."""
    user = pwd.getpwnam(owner)

    def fill(target: BinaryIO) -> None:
        content(target)
        os.fchown(target.fileno(), user.pw_uid, user.pw_gid)

    return fill


def do(*command: str) -> str:
    """Run a command of the system; what it says. HostError with the end of that where it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=COMMAND_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HostError(" ".join(command[:3]), Message("a command that succeeds"), type(error).__name__) from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-300:]
        raise HostError(" ".join(command[:3]), Message("a command that succeeds"), said)
    return done.stdout


def missing_packages(host: Host) -> list[str]:
    """Which of Debian's packages are still to be installed."""
    wanted = ["caddy", "tor"] if host.onion else ["caddy"]
    return [name for name in wanted if not Path(PACKAGES[name]).exists()]


def install(packages: Sequence[str]) -> None:
    """Install packages; with the lists as they are first, which a machine just rented may not have."""
    command = (*INSTALL, *packages)
    try:
        do(*command)
    except HostError:
        do("apt-get", "update", "-q")
        do(*command)


def refuse_foreign_caddy() -> None:
    """HostError where Caddy serves something else, which this would end; Debian's own welcome page is nothing."""
    # What dpkg has put there, it can tell from what somebody has written.
    if not Path(PACKAGES["caddy"]).exists():
        return
    said = subprocess.run(["dpkg", "--verify", "caddy"], capture_output=True, text=True).stdout
    if any(line.endswith(_CADDYFILE) for line in said.split("\n")):
        raise HostError(
            "caddy",
            Message("a machine that serves nothing else"),
            _CADDYFILE,
            hint=Message("That file's pages would go. Put it away if you do not need them, or take another machine."),
        )


def onion_of(group: Hosted) -> str | None:
    """The onion address that Tor has made for a group; None while it has not."""
    text = read(f"{TOR_DATA}/{group.domain}/hostname")
    return None if text is None else text.strip()


def await_onions(host: Host) -> dict[str, str]:
    """The onion addresses of all groups, as soon as Tor has made them; it does so before it reaches anybody."""
    until = time.monotonic() + ONION_SECONDS
    while True:
        found = {group.domain: onion for group in host.hosted if (onion := onion_of(group)) is not None}
        if len(found) == len(host.hosted):
            return found
        if time.monotonic() > until:
            raise HostError("tor", Message("an onion address"), Message("none"), hint="journalctl -u tor@ruban")
        time.sleep(0.2)


def await_answer(group: Hosted, root: str, seconds: int) -> bool:
    """Whether the group's pages answer over HTTPS, with a certificate that holds, before long."""
    until = time.monotonic() + seconds
    context = ssl.create_default_context()
    if root:
        context.load_verify_locations(root)
    while not _answers(group.domain, context):
        if time.monotonic() > until:
            return False
        time.sleep(1)
    return True


def why_no_certificate() -> str | None:
    """What the authority said last when it refused one, from Caddy's journal."""
    said = subprocess.run(
        ["journalctl", "-u", "caddy", "-o", "cat", "-n", "200", "--no-pager", "-g", '"level":"error"'],
        capture_output=True,
        text=True,
    ).stdout
    lines = said.strip().split("\n")
    return lines[-1][:600] or None


def _answers(domain: str, context: ssl.SSLContext) -> bool:
    # On this machine, under the domain's name: from outside it may be reached in ways that do not lead back here.
    request = f"GET / HTTP/1.1\r\nHost: {domain}\r\nConnection: close\r\n\r\n".encode()
    try:
        with (
            socket.create_connection(("127.0.0.1", _HTTPS), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=domain) as connection,
        ):
            connection.sendall(request)
            first = connection.recv(12)
    except OSError:
        return False
    return bool(re.fullmatch(rb"HTTP/1\.1 [1-4][0-9]{2}", first))
