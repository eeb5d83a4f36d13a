"""Real Chromium before a real server in a process of its own, or before a site in this process with its own clock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from ruban.web.composition import make_django
from ruban.web.hot.app import HotApp
from ruban.web.site import Site
from tests.journeys.stage import Stage, staged
from tests.journeys.through import Through
from tests.web.site_fixtures import cast, client, empty_site, site

__all__ = ["browser", "cast", "client", "context", "database", "empty_site", "site", "through"]

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)

# Playwright's loop runs in this thread, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Two of these run at once on a small machine, each with a browser and a server.
expect.set_options(timeout=30_000)


@pytest.fixture
def database(transactional_db: None) -> None:
    """The private database, as other threads see it too."""


MakeContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[MakeContext]:
    """Makes contexts (a device each), and closes them; a page that goes wrong in the console fails the test."""
    made: list[BrowserContext] = []
    wrong: list[str] = []

    def make(**options: Any) -> BrowserContext:
        one = browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/Paris", **options})
        one.set_default_timeout(30_000)
        one.on("weberror", lambda error: wrong.append(str(error.error)))
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()
    assert not wrong


@pytest.fixture
def through(site: Site) -> Iterator[Through]:
    """Answers a context's requests from the site in this process, and none to any other host."""
    app = HotApp(site, make_django(site.configuration))
    yield Through(app, site.configuration.public_host)
    app.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A group with an open letter behind a real server."""
    with staged(tmp_path) as made:
        yield made
