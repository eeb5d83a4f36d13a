"""The TypeScript twin in Node: proving, decoding a ring, verifying. Needs what `python3 run.py setup` installs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench._machine import arguments, machine, write

TS = Path(__file__).resolve().parents[1] / "ts"


def main() -> None:
    """Measure, print, and write the file if one is named."""
    chosen = arguments(__doc__).parse_args()
    done = subprocess.run(["npm", "run", "--silent", "bench"], cwd=TS, check=True, stdout=subprocess.PIPE)
    write({"machine": machine(), **json.loads(done.stdout)}, chosen.out)


if __name__ == "__main__":
    main()
