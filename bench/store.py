"""What either store does a second: `python -m bench.store [--out FILE]`, JSON with the machine and its versions.

Durable acknowledgements to 256 submitters of 600-byte entries (no proof is verified), the release of 10,000 entries,
and the check at the start in a process of its own; in SQLite, and in a PostgreSQL server that is started for it. Both
lie in the temporary directory: set TMPDIR to measure another disk. Intake and release are measured `--runs` times, and
the middle one is given; each entry that the start checks has an opening.
"""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import Any

import apsw

from bench._machine import arguments, machine, write
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import Tree, leaf_hash
from ruban.primitives.randomness import shuffled
from ruban.record.commitment import Opening
from ruban.store.ports import Head, LogStore, Pending
from ruban.store.postgres import PostgresStore
from ruban.store.postgres_connection import connect
from ruban.store.sqlite import SqliteStore
from tests.postgres_server import running

ENTRY_BYTES = 600
SUBMITTERS = 256
_NAME = b'{"name":"Member %08d of a large group"}'


def _submission(number: int) -> Pending:
    leaf = hashlib.shake_128(number.to_bytes(8, "big")).digest(ENTRY_BYTES)
    return Pending(leaf=leaf, promise=leaf[:240], claims=(leaf_hash(leaf),))


def _append(store: LogStore, tree: Tree, leaves: list[bytes], openings: Iterable[Opening] = ()) -> Head:
    tree.extend(leaf_hash(leaf) for leaf in leaves)
    checkpoint = Checkpoint(origin="ruban.example/bench", size=tree.size, root=tree.root())
    return store.append(store.head(), leaves, sign_checkpoint(checkpoint, bytes(32)), openings=openings)


def _acknowledge(store: LogStore, each: int) -> dict[str, float]:
    """`SUBMITTERS` threads, each of which submits `each` entries one after the other."""
    waits: list[list[float]] = [[] for _ in range(SUBMITTERS)]
    start = threading.Barrier(SUBMITTERS + 1)

    def submit(submitter: int) -> None:
        work = [_submission(submitter * each + i) for i in range(each)]
        start.wait()
        for submission in work:
            began = time.perf_counter()
            store.submit(submission)
            waits[submitter].append(time.perf_counter() - began)

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(SUBMITTERS)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    every = sorted(wait for part in waits for wait in part)
    return {
        "submitters": SUBMITTERS,
        "entries": len(every),
        "entry_bytes": ENTRY_BYTES,
        "acknowledged_per_second": round(len(every) / seconds),
        "p50_ms": round(every[len(every) // 2] * 1000, 1),
        "p99_ms": round(every[len(every) * 99 // 100] * 1000, 1),
    }


def _release(store: LogStore, tree: Tree) -> dict[str, float]:
    leaves = shuffled(store.pending())[:10_000]
    tree = tree.copy()
    began = time.perf_counter()
    _append(store, tree, leaves)
    return {"entries": len(leaves), "seconds": round(time.perf_counter() - began, 3)}


def _fill(store: LogStore, entries: int) -> None:
    tree = Tree()
    for first in range(0, entries, 20_000):
        numbers = range(first, min(first + 20_000, entries))
        openings = [Opening(salt=hashlib.sha256(b"%d" % n).digest(), payload=_NAME % n) for n in numbers]
        _append(store, tree, [_submission(n).leaf for n in numbers], openings)


def _start(place: str, entries: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.store", "--check", place]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return {"entries": entries} | measured


def _check(place: str) -> dict[str, float]:
    address, _, schema = place.partition("#")
    began = time.perf_counter()
    if schema:
        PostgresStore.open(address, schema).close()
    else:
        SqliteStore.open(Path(place)).close()
    seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 2), "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def _intake(stores: Iterable[AbstractContextManager[LogStore]], each: int) -> dict[str, dict[str, Any]]:
    """The middle of several runs, each in a store of its own, by what is asked of it; and the least and most."""
    acknowledged, released = [], []
    for opened in stores:
        with opened as store:
            acknowledged.append(_acknowledge(store, each))
            released.append(_release(store, Tree()))
    acknowledged.sort(key=lambda one: one["acknowledged_per_second"])
    released.sort(key=lambda one: one["seconds"])
    return {
        "acknowledge": acknowledged[len(acknowledged) // 2]
        | {"p99_ms": round(median(one["p99_ms"] for one in acknowledged), 1)}
        | {"runs": [[one["acknowledged_per_second"], one["p99_ms"]] for one in acknowledged]},
        "release": released[len(released) // 2] | {"runs": [one["seconds"] for one in released]},
    }


def _in_sqlite(folder: Path, each: int, entries: int, runs: int) -> dict[str, dict[str, Any]]:
    stores = (SqliteStore.create(folder / f"intake-{run}", min_free_bytes=0) for run in range(runs))
    measured = _intake(stores, each)
    with SqliteStore.create(folder / "start", min_free_bytes=0) as store:
        _fill(store, entries)
    return measured | {"start": _start(str(folder / "start"), entries)}


def _in_postgresql(each: int, entries: int, runs: int) -> tuple[str, dict[str, dict[str, Any]]]:
    with running() as server:
        measured = _intake((PostgresStore.create(server.address, f"intake_{run}") for run in range(runs)), each)
        with PostgresStore.create(server.address, "start") as store:
            _fill(store, entries)
        with connect(server.address, "start") as connection:
            [(version,)] = connection.execute("SHOW server_version").fetchall()
        return version, measured | {"start": _start(f"{server.address}#start", entries)}


def main() -> None:
    """Measure, print, and write the file if one is named."""
    parser = arguments(__doc__)
    parser.add_argument("--each", type=int, default=80, help="entries a submitter")
    parser.add_argument("--runs", type=int, default=5, help="how often intake and release are measured")
    parser.add_argument("--entries", type=int, default=100_000, help="entries in the log that the start checks")
    parser.add_argument("--check", help="only open this store, a folder or ADDRESS#SCHEMA, and measure that")
    chosen = parser.parse_args()
    if chosen.check is not None:
        sys.stdout.write(json.dumps(_check(chosen.check)))
        return
    with tempfile.TemporaryDirectory() as name:
        in_sqlite = _in_sqlite(Path(name), chosen.each, chosen.entries, chosen.runs)
    version, in_postgresql = _in_postgresql(chosen.each, chosen.entries, chosen.runs)
    versions = machine("apsw", "psycopg") | {"sqlite": apsw.sqlite_lib_version(), "postgresql": version}
    write({"machine": versions, "sqlite": in_sqlite, "postgresql": in_postgresql}, chosen.out)


if __name__ == "__main__":
    main()
