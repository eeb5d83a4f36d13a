"""kill -9 while eight threads submit and one releases: nothing acknowledged is lost, every start finds a sound log."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.postgres_server import Postgres, running
from tests.store.group_log import reopen
from tests.store.kills import A_MILLION, ROOT, check, kill_again_and_again
from tests.store.kinds import InPostgres


def test_nothing_acknowledged_is_lost_over_three_kills(tmp_path: Path) -> None:
    acknowledged = kill_again_and_again(str(tmp_path / "group"), kills=3, seed=1)
    check(reopen(tmp_path / "group"), acknowledged)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_over_forty_kills(tmp_path: Path) -> None:
    acknowledged = kill_again_and_again(str(tmp_path / "group"), kills=40, seed=2)
    check(reopen(tmp_path / "group"), acknowledged)


def test_nothing_acknowledged_is_lost_over_three_kills_of_a_process_on_postgresql(postgres: Postgres) -> None:
    kind = InPostgres(postgres)
    kind.make().close()
    acknowledged = kill_again_and_again(f"{postgres.address}#{kind.schema}", kills=3, seed=3)
    check(kind.reopen(), acknowledged)


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
                acknowledged += [int(line) for line in lines if line.endswith("\n") and line[0].isdigit()]
        with running(Path(home)) as server:
            check(InPostgres(server, "cut").reopen(), acknowledged)
