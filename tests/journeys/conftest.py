"""Real Chromium before a real server in a process of its own, or before a site in this process with its own clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from ruban.web.composition import make_django
from ruban.web.hot.app import HotApp
from ruban.web.site import Site
from tests.journeys.chromium import CHROMIUM
from tests.journeys.stage import PHONE, Device, Stage, staged
from tests.journeys.through import Through
from tests.service.cast import DAY, Cast
from tests.web.site_fixtures import cast, client, empty_site, site
from tests.web.states import page_of

__all__ = ["browser", "cast", "client", "context", "database", "empty_site", "site", "through"]

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


@pytest.fixture
def hall(cast: Cast, through: Through) -> Stage:
    """A group with an open letter, answered in this process: the server's clock is the cast's."""
    token = page_of(cast.open_letter(5 * DAY)).token
    at = f"http://{through.host}/cast"
    codes = tuple(one.code for one in cast.invited[12:])
    names = tuple(one.person.name for one in cast.invited[12:])
    return Stage(at, f"{at}/letters/{token}", codes, names)


MakeDevice = Callable[..., Device]


@pytest.fixture
def device(hall: Stage, cast: Cast, through: Through, context: MakeContext) -> MakeDevice:
    """Makes devices before the hall, in a language; `hours` is by how much their clocks go wrong."""

    def make(language: str = "en", *, stage: Stage = hall, hours: int = 0, **options: Any) -> Device:
        phone = context(**{**PHONE, **options})
        through.serve(phone)
        phone.clock.set_fixed_time(datetime.fromtimestamp(cast.now + hours * 3600, UTC))
        return Device(stage, phone, language)

    return make
