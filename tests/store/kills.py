"""A process that submits and releases is killed, again and again; what it acknowledged is looked for afterwards."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from ruban.log.merkle import leaf_hash
from ruban.store.ports import LogStore
from tests.store.group_log import leaf, opening, pending

ROOT = Path(__file__).resolve().parents[2]
A_MILLION = 1_000_000


def _acknowledged_before_a_kill(place: str, first: int, wait_for: int) -> list[int]:
    """The numbers acknowledged by a submitter that is killed once `wait_for` lines were seen."""
    command = [sys.executable, "-m", "tests.store.submitter", place, str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"  # the start-up check passed
        lines = [process.stdout.readline() for _ in range(wait_for)]
        process.kill()
        lines += process.stdout.readlines()
    return [int(line) for line in lines if line.endswith("\n") and line[0].isdigit()]


def kill_again_and_again(place: str, kills: int, seed: int) -> list[int]:
    """The numbers that were acknowledged by processes on one store, each killed at a moment that `seed` draws."""
    draw = random.Random(seed)
    acknowledged: list[int] = []
    for kill in range(kills):
        acknowledged += _acknowledged_before_a_kill(place, kill * A_MILLION, draw.randrange(1, 400))
    assert len(set(acknowledged)) == len(acknowledged) > kills
    return acknowledged


def check(store: LogStore, acknowledged: list[int]) -> None:
    """AssertionError unless all are logged or pending, once, with promise, opening and mark; closes the store."""
    try:
        logged, waiting = set(store.leaf_hashes()), {leaf_hash(one) for one in store.pending()}
        assert store.head().size == len(logged)
        assert not logged & waiting
        lost = [n for n in acknowledged if leaf_hash(leaf(n)) not in logged | waiting]
        assert lost == []
        for number in acknowledged:
            spent = pending(number).spent
            assert spent is not None
            assert store.is_spent(spent)
            assert store.opening(opening(number).commitment) == opening(number)
            if leaf_hash(leaf(number)) in waiting:
                assert store.promise(leaf_hash(leaf(number))) == pending(number).promise
    finally:
        store.close()
