"""Time and peak memory of a whole command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Wall-clock seconds, and the peak of the process's resident memory in megabytes (10^6 bytes)."""

    seconds: float
    peak_mb: float
    out: bytes


def measured(command: Sequence[str]) -> Measured:
    """Run a command that must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    out = process.stdout.read() if process.stdout else b""
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command}: exit code {process.returncode}")
    return Measured(round(seconds, 2), round(usage.ru_maxrss * 1024 / 1e6, 1), out)


def ruban(*arguments: str) -> list[str]:
    """The command line of this installation's `ruban`."""
    return [sys.executable, "-c", "from ruban.cli.main import main; main()", *arguments]
