"""Run as a process of its own, to be killed: `python -m tests.store.submitter FOLDER FIRST`, or `ADDRESS#SCHEMA FIRST`.

Eight threads submit leaves FIRST, FIRST + 1, … without end, and a ninth releases half of what waits, again and again.
The number of each leaf goes to standard output as a line, once the store has acknowledged it, and `head SIZE ROOT` once
a release is durable.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from pathlib import Path

from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import Tree, leaf_hash
from ruban.primitives.randomness import shuffled
from ruban.store.ports import LogStore
from ruban.store.postgres import PostgresStore
from tests.store.group_log import LOG_SEED, ORIGIN, make, pending, reopen

THREADS = 8
_telling = threading.Lock()


def _tell(line: str) -> None:
    # One at a time: where each line stands in a file must be known before it is written.
    with _telling:
        os.write(1, f"{line}\n".encode())


def _submit(store: LogStore, numbers: itertools.count[int]) -> None:
    while True:
        number = next(numbers)
        store.submit(pending(number))
        _tell(str(number))


def _release(store: LogStore) -> None:
    tree = Tree(store.leaf_hashes())
    while True:
        leaves = shuffled(store.pending())
        if len(leaves) < 20:
            continue
        part = leaves[: len(leaves) // 2]
        tree.extend(leaf_hash(one) for one in part)
        note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root()), LOG_SEED)
        store.append(store.head(), part, note, released={leaf_hash(one) for one in part})
        _tell(f"head {tree.size} {tree.root().hex()}")


def _store(place: str) -> LogStore:
    address, separator, schema = place.partition("#")
    if separator:
        return PostgresStore.open(address, schema)
    folder = Path(place)
    return reopen(folder) if (folder / "log.db").exists() else make(folder)


def main(place: str, first: int) -> None:
    """Until killed."""
    store = _store(place)
    numbers = itertools.count(first)
    _tell("ready")
    threads = [threading.Thread(target=_submit, args=(store, numbers)) for _ in range(THREADS)]
    for thread in [*threads, threading.Thread(target=_release, args=(store,))]:
        thread.start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
