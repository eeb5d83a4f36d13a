"""Run as a process of its own: submit to a store until the disk refuses, and say what happened as JSON.

`python -m tests.store.filler FOLDER [MAX_FILE_BYTES]`. FOLDER's file system is small, or no file may
grow past MAX_FILE_BYTES. After the first refusal a file named `ballast` beside FOLDER is removed, if there is one, and
the store is asked again.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from ruban.errors import RubanError
from ruban.log.merkle import leaf_hash
from tests.store.group_log import append, leaf, make, pending

SIZE_BYTES = 4000
MAX_SUBMISSIONS = 10_000


def _fill(folder: Path, max_file_bytes: int | None) -> dict[str, object]:
    if max_file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, resource.RLIM_INFINITY))
    store = make(folder)
    append(store, [leaf(1_000_000)])
    acknowledged, refusal, after = [], "", []
    for number in range(MAX_SUBMISSIONS):
        try:
            store.submit(pending(number, SIZE_BYTES))
        except RubanError as error:
            refusal = type(error).__name__
            break
        acknowledged.append(leaf_hash(leaf(number, SIZE_BYTES)).hex())
    ballast = folder.with_name("ballast")
    if ballast.exists():
        ballast.unlink()
    for attempt in (store.pending, store.head, lambda: store.submit(pending(number, SIZE_BYTES))):
        try:
            attempt()
        except RubanError as error:
            after.append(type(error).__name__)
        else:
            after.append("fine")
    if after[-1] == "fine":
        acknowledged.append(leaf_hash(leaf(number, SIZE_BYTES)).hex())
        append(store, store.pending())
    store.close()
    return {"acknowledged": acknowledged, "refusal": refusal, "after": after}


if __name__ == "__main__":
    print(json.dumps(_fill(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)))
