"""One PostgreSQL server for a whole run of tests, started when the first of them wants it; every kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres_server import Postgres, running
from tests.store.kinds import InMemory, InPostgres, Kind, Sqlite


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres", "memory"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    match request.param:
        case "sqlite":
            return Sqlite(tmp_path / "group")
        case "postgres":
            return InPostgres(request.getfixturevalue("postgres"))
        case _:
            return InMemory()
