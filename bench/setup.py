"""From a clean clone without caches to a tool that runs: what `python3 run.py demo` does before the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._machine import arguments, machine, write

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure, print, and write the file if one is named."""
    chosen = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name) / "ruban"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        # No uv on PATH, and no cache of uv's or pip's: run.py has to fetch everything itself.
        kept = [part for part in os.environ["PATH"].split(os.pathsep) if not (Path(part) / "uv").exists()]
        environment = os.environ | {
            "PATH": os.pathsep.join(kept),
            "UV_CACHE_DIR": str(Path(name) / "uv-cache"),
            "PIP_NO_CACHE_DIR": "1",
        }
        seconds = []
        for _ in range(2):
            began = time.perf_counter()
            command = [sys.executable if sys.prefix == sys.base_prefix else "python3", "run.py", "demo", "--help"]
            subprocess.run(command, cwd=clone, env=environment, check=True, stdout=subprocess.DEVNULL)
            seconds.append(round(time.perf_counter() - began, 2))
    write({"machine": machine(), "first_seconds": seconds[0], "second_seconds": seconds[1]}, chosen.out)


if __name__ == "__main__":
    main()
