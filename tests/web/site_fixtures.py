"""A site over the cast's group in a folder of its own, a private database in memory, a clock that the test moves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before Django reads its settings: they come from the environment, and must not name a folder of this checkout.
os.environ.setdefault("RUBAN_DATA", "/nonexistent/ruban-tests")
os.environ.setdefault("RUBAN_PORT", "8000")

from django.test import Client

from ruban.web.configuration import Configuration
from ruban.web.site import Site, install
from tests.service.cast import Cast, cast_of


@pytest.fixture
def database(db: None) -> None:
    """The private database, rolled back after the test."""


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """Fourteen entitled, twelve enrolled, all at localhost/cast (window 0)."""
    with cast_of(tmp_path, window=0) as made:
        yield made


@pytest.fixture
def site(cast: Cast, database: None) -> Iterator[Site]:
    """The site that serves the cast's group; `site.clock` is the cast's."""
    made = Site(Configuration(data=cast.folder.parent), clock=lambda: cast.now)
    made.keeper = cast.keeper
    install(made)
    yield made
    install(None)


@pytest.fixture
def empty_site(tmp_path: Path, database: None) -> Iterator[Site]:
    """A site before there is a group."""
    made = Site(Configuration(data=tmp_path / "data"))
    install(made)
    yield made
    made.close()
    install(None)


@pytest.fixture
def client(site: Site) -> Client:
    """A browser without a cookie, at localhost."""
    return Client(headers={"host": site.configuration.public_host, "accept-language": "en"})
