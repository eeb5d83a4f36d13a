"""Every kind of store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.kinds import InMemory, InPostgres, Kind, Sqlite


@pytest.fixture(params=["sqlite", "postgres", "memory"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    match request.param:
        case "sqlite":
            return Sqlite(tmp_path / "group")
        case "postgres":
            return InPostgres(request.getfixturevalue("postgres"))
        case _:
            return InMemory()
