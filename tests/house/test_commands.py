"""What run.py starts outside of the tests: it must start where no test has set anything up."""

from __future__ import annotations

import subprocess
import sys

from tests.house.source import ROOT


def test_the_command_that_takes_pictures_starts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import tests.journeys.pictures"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
