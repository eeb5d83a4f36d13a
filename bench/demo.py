"""The demonstration of 770 people as a newcomer runs it, and what its bundle takes to verify, in one process."""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from bench._machine import arguments, machine, write
from bench._process import measured, ruban

RUNS = 3


def main() -> None:
    """Measure, print, and write the file if one is named."""
    chosen = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "demo"
        demo = measured(ruban("demo", "--no-serve", "--json", "--out", str(out)))
        bundle = out / "bundle.zip"
        runs = [measured(ruban("verify", str(bundle), "--json")) for _ in range(RUNS)]
        verdict = json.loads(runs[0].out)
        result = {
            "machine": machine("rbcl", "apsw"),
            "demo_seconds": demo.seconds,
            "verify": {
                "runs": RUNS,
                "seconds": statistics.median(run.seconds for run in runs),
                "peak_mb": max(run.peak_mb for run in runs),
                "entries": verdict["record"]["entries"],
                "proofs": verdict["proofs"]["verified"],
                "proof_seconds": verdict["proofs"]["seconds"],
                "bundle_bytes": bundle.stat().st_size,
            },
        }
    write(result, chosen.out)


if __name__ == "__main__":
    main()
