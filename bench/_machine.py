"""What was measured, on what: shared by every bench, so that results can be compared."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine(*packages: str) -> dict[str, Any]:
    """The processor, the system, and the versions of Python and of these packages."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n")
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser with `--out`, which `write` obeys."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, help="file for the results")
    return parser


def write(result: Mapping[str, Any], out: Path | None) -> None:
    """Print the results, and keep them where the caller said."""
    text = json.dumps(result, indent=1) + "\n"
    sys.stdout.write(text)
    if out is not None:
        out.write_text(text, encoding="utf-8")
