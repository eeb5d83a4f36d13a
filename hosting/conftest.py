"""One machine for all tests of this folder, which go on from each other: what is tested is what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hosting.machine import Rented, rented
from run import find_uv

DOMAINS = ("letters.example.org", "union.example.com")


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rented]:
    """A machine that has just been rented."""
    work: Path = tmp_path_factory.mktemp("rented")
    with rented(work, str(find_uv()), DOMAINS) as machine:
        yield machine
