"""One machine for all tests of this folder, which go on from each other: what is tested is what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hosting.machine import Rented, rented

DOMAINS = ("letters.example.org", "union.example.com")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--uv", required=True)


@pytest.fixture(scope="session")
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rented]:
    work: Path = tmp_path_factory.mktemp("rented")
    with rented(work, request.config.getoption("--uv"), DOMAINS) as machine:
        yield machine
