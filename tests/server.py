"""A real server in a process of its own over a folder, as `ruban serve` starts it; ended by its id."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ruban.manage.demo_serve import free_port
from ruban.web.address import new_token


@dataclass(frozen=True)
class Running:
    """Where it answers, and its process."""

    host: str
    process: int
    log: Path

    def cpu_seconds(self) -> float:
        """Processor time of the server and its worker so far."""
        return sum(_cpu_seconds(process) for process in (self.process, *_children(self.process)))


@contextmanager
def serving(folder: Path, port: int | None = None, **environment: str) -> Iterator[Running]:
    """The server of the group in `folder` until the block ends; RuntimeError with what it printed."""
    port = port or free_port()
    command = [sys.executable, "-c", "from ruban.cli.main import main; main()", "serve", "--data", str(folder)]
    log = folder.parent / f"{folder.name}.serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env={**os.environ, **{f"RUBAN_{name.upper()}": value for name, value in environment.items()}},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield Running(f"localhost:{port}", process.pid, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(400):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://localhost:{port}/static/none", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text("utf-8", errors="replace"))


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(part) for part in found.read_text().split()] if found.is_file() else []


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def give_page(folder: Path, letter_id: bytes, *, public: bool = False) -> str:
    """Give a letter a page, as an organiser who opens it does, and return its token."""
    token = new_token()
    with sqlite3.connect(folder / "private.db") as database:
        database.execute(
            "INSERT INTO letters_letterpage (token, letter_id, announced, public) VALUES (?, ?, 1, ?)",
            (token, letter_id.hex(), public),
        )
    database.close()
    return token
