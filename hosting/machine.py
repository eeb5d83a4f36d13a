"""A rented machine and, on the same wire, a visitor and an authority that certifies domains: namespaces of this kernel.

The machine is 10.77.0.1, the visitor 10.77.0.2, the authority 10.77.0.3. Nothing else is within reach.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from hosting.debian import DEBIAN, add_ruban
from run import find_chromium

HERE = Path(__file__).resolve().parent
MACHINE, VISITOR, CERTIFIER = "10.77.0.1", "10.77.0.2", "10.77.0.3"
AUTHORITY = "ca.example.net"
AUTHORITY_PORT = 9443
DIRECTORY = f"https://{AUTHORITY}:{AUTHORITY_PORT}/acme/local/directory"
BOOT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Namespaces:
    """Those of a process, and commands in them."""

    pid: int
    flags: tuple[str, ...]

    def popen(self, *command: str, **options: object) -> subprocess.Popen[str]:
        """Start a command there."""
        inside = ["nsenter", "-t", str(self.pid), *self.flags, "--", *command]
        return subprocess.Popen(inside, text=True, **options)  # type: ignore[call-overload,no-any-return]

    def run(self, *command: str, ends: int = 0, seconds: int = 300, given: str | None = None) -> str:
        """What a command there prints; AssertionError unless it ends so."""
        inside = ["nsenter", "-t", str(self.pid), *self.flags, "--", *command]
        done = subprocess.run(inside, capture_output=True, text=True, timeout=seconds, input=given)
        if done.returncode != ends:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout


@dataclass(frozen=True, slots=True)
class Rented:
    """The machine, and the visitor."""

    machine: Namespaces
    visitor: Namespaces
    root: Path
    """The machine's disk, as this test sees it: what is written there, over Debian."""
    authority_root: Path
    """The certificate of the authority."""
    chromium: Path
    """Starts the visitor's browser."""

    def ruban(self, *arguments: str, ends: int = 0) -> str:
        """What `ruban` prints there, as root."""
        return self.machine.run("/opt/ruban/.venv/bin/ruban", *arguments, ends=ends)

    def get(self, address: str, *options: str, ends: int = 0) -> str:
        """What a visitor gets: headers and body."""
        return self.visitor.run(
            "curl", "-sSi", "--max-time", "20", "--cacert", str(self.authority_root), *options, address, ends=ends
        )

    def pin(self) -> str:
        """The key that the authority certifies with, as Chromium is told to trust it: SHA-256 of it, in base64."""
        # The root itself is in no chain that servers send.
        certificate = load_pem_x509_certificate(self.authority_root.with_name("intermediate.crt").read_bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode()

    def journal(self) -> str:
        """All that the machine's journal has."""
        return self.machine.run("journalctl", "--no-pager", "-o", "cat")


@contextmanager
def rented(work: Path, uv: str, domains: tuple[str, ...]) -> Iterator[Rented]:
    """A machine that has just been rented, with Ruban in /opt/ruban; `domains` lead to it."""
    with ExitStack() as opened:
        # The overlay's own disk must be none itself. Lazily, as what ends may still be ending.
        opened.callback(lambda: subprocess.run(["umount", "--lazy", work], check=False))
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", work], check=True)
        hosts = f"127.0.0.1 localhost\n{MACHINE} {' '.join(domains)}\n{CERTIFIER} {AUTHORITY}\n"
        upper = work / "upper"
        (upper / "etc").mkdir(parents=True)
        (upper / "etc" / "hosts").write_text(hosts)
        (upper / "etc" / "resolv.conf").write_text("")
        shutil.copytree(DEBIAN / "opt", upper / "opt", symlinks=True)
        add_ruban(upper, uv)
        apart = ["unshare", "-m", "-p", "-n", "-u", "-i", "-C", "--fork", "--kill-child"]
        booted = opened.enter_context(
            subprocess.Popen([*apart, "bash", HERE / "boot.sh", DEBIAN, work], stderr=subprocess.PIPE, text=True)
        )
        opened.callback(booted.send_signal, signal.SIGKILL)
        machine = Namespaces(_child_of(booted.pid), ("-m", "-p", "-n", "-u", "-i", "-C"))
        visiting = opened.enter_context(subprocess.Popen(["unshare", "-m", "-n", "sleep", "86400"]))
        opened.callback(visiting.kill)
        visitor = Namespaces(visiting.pid, ("-m", "-n"))
        _wire(machine, visitor)
        named = work / "hosts"
        named.write_text(hosts)
        visitor.run("mount", "--make-rprivate", "/")
        visitor.run("mount", "--bind", str(named), "/etc/hosts")
        _await_boot(machine)
        root = _authority(opened, visitor, work)
        (upper / "etc" / "authority.pem").write_bytes(root.read_bytes())
        yield Rented(machine, visitor, upper, root, _chromium(work, visitor))


def _child_of(pid: int) -> int:
    until = time.monotonic() + 20
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while time.monotonic() < until:
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.05)
    raise RuntimeError("no namespaces could be made")


def _wire(machine: Namespaces, visitor: Namespaces) -> None:
    until = time.monotonic() + 20
    while os.readlink(f"/proc/{visitor.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
        if time.monotonic() > until:
            raise RuntimeError("no namespace for the visitor")
        time.sleep(0.05)
    to = ("ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", str(machine.pid))
    visitor.run(*to)
    for side, address in ((visitor, VISITOR), (visitor, CERTIFIER), (machine, MACHINE)):
        inside = Namespaces(side.pid, ("-n",))
        inside.run("ip", "address", "add", f"{address}/24", "dev", "wire")
        inside.run("ip", "link", "set", "wire", "up")
        inside.run("ip", "link", "set", "lo", "up")


def _await_boot(machine: Namespaces) -> None:
    until = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < until:
        inside = ["nsenter", "-t", str(machine.pid), *machine.flags, "--", "systemctl", "is-system-running"]
        if subprocess.run(inside, capture_output=True, text=True).stdout.strip() in ("running", "degraded"):
            return
        time.sleep(0.3)
    raise RuntimeError("the machine does not start")


def _authority(opened: ExitStack, visitor: Namespaces, work: Path) -> Path:
    """An authority that certifies a domain where it answers, as public ones do (RFC 8555); its own certificate."""
    home = work / "authority"
    home.mkdir()
    config = {
        "admin": {"disabled": True},
        "apps": {
            "pki": {"certificate_authorities": {"local": {"install_trust": False}}},
            "tls": {"automation": {"policies": [{"subjects": [AUTHORITY], "issuers": [{"module": "internal"}]}]}},
            "http": {
                "servers": {
                    "authority": {
                        "listen": [f"{CERTIFIER}:{AUTHORITY_PORT}"],
                        "automatic_https": {"disable_redirects": True},
                        "routes": [{"match": [{"host": [AUTHORITY]}], "handle": [{"handler": "acme_server"}]}],
                    }
                }
            },
        },
    }
    (home / "caddy.json").write_text(json.dumps(config))
    log = opened.enter_context((home / "log").open("w"))
    run = visitor.popen(
        *(
            "env",
            f"XDG_DATA_HOME={home}",
            f"HOME={home}",
            str(_caddy(work)),
            "run",
            "--config",
            str(home / "caddy.json"),
        ),
        stdout=log,
        stderr=log,
    )
    opened.callback(run.kill)
    root = home / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    until = time.monotonic() + 30
    while not root.exists():
        if time.monotonic() > until or run.poll() is not None:
            raise RuntimeError((home / "log").read_text())
        time.sleep(0.1)
    return root


def _chromium(work: Path, visitor: Namespaces) -> Path:
    """A command that starts this machine's Chromium where the visitor is: a browser is driven through a pipe."""
    script = work / "chromium"
    script.write_text(f'#!/bin/sh\nexec nsenter -t {visitor.pid} -n -m -- {find_chromium()} "$@"\n')
    script.chmod(0o755)
    return script


def _caddy(work: Path) -> Path:
    """Debian's Caddy, unpacked and not installed."""
    unpacked = work / "caddy"
    [package] = (DEBIAN / "var" / "cache" / "apt" / "archives").glob("caddy_*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, unpacked], check=True)
    return unpacked / "usr" / "bin" / "caddy"
