"""kill -9 while eight threads submit and one releases: nothing acknowledged is lost, every start finds a sound log."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ruban.log.merkle import leaf_hash
from tests.postgres_server import Postgres, running
from tests.store.group_log import leaf, opening, pending, reopen
from tests.store.kinds import InPostgres, Store

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
    return [int(line) for line in lines if line.endswith("\n")]


def _kill_again_and_again(place: str, kills: int, seed: int) -> list[int]:
    draw = random.Random(seed)
    acknowledged: list[int] = []
    for kill in range(kills):
        acknowledged += _acknowledged_before_a_kill(place, kill * A_MILLION, draw.randrange(1, 400))
    assert len(set(acknowledged)) == len(acknowledged) > kills
    return acknowledged


def _check(again: Store, acknowledged: list[int]) -> None:
    with again as store:
        logged, waiting = set(store.leaf_hashes()), {leaf_hash(one) for one in store.pending()}
        assert store.head().size == len(logged) > 0
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


def test_nothing_acknowledged_is_lost_over_three_kills(tmp_path: Path) -> None:
    acknowledged = _kill_again_and_again(str(tmp_path / "group"), kills=3, seed=1)
    _check(reopen(tmp_path / "group"), acknowledged)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_over_forty_kills(tmp_path: Path) -> None:
    acknowledged = _kill_again_and_again(str(tmp_path / "group"), kills=40, seed=2)
    _check(reopen(tmp_path / "group"), acknowledged)


def test_nothing_acknowledged_is_lost_over_three_kills_of_a_process_on_postgresql(postgres: Postgres) -> None:
    kind = InPostgres(postgres)
    kind.make().close()
    acknowledged = _kill_again_and_again(f"{postgres.address}#{kind.schema}", kills=3, seed=3)
    _check(kind.reopen(), acknowledged)


def test_nothing_acknowledged_is_lost_when_postgresql_itself_is_cut_off(tmp_path: Path) -> None:
    # Not its files' power: what it wrote without syncing survives this. The next test of that kind is the power cut's.
    acknowledged: list[int] = []
    with TemporaryDirectory(prefix="ruban-pg-") as home:
        for cut in range(3):
            with running(Path(home)) as server:
                kind = InPostgres(server, "cut")
                if cut == 0:
                    kind.make().close()
                command = [sys.executable, "-m", "tests.store.submitter", f"{server.address}#cut", str(cut * A_MILLION)]
                with subprocess.Popen(
                    command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
                ) as process:
                    assert process.stdout is not None
                    assert process.stdout.readline() == "ready\n"
                    lines = [process.stdout.readline() for _ in range(100)]
                    server.cut_off()
                    process.kill()
                    lines += process.stdout.readlines()
                acknowledged += [int(line) for line in lines if line.endswith("\n")]
        with running(Path(home)) as server:
            _check(InPostgres(server, "cut").reopen(), acknowledged)
