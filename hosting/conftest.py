"""One machine for all tests of this folder, which go on from each other: what is tested is what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from hosting.machine import Rented, rented
from run import find_uv

DOMAINS = ("letters.example.org", "union.example.com")


@pytest.fixture
def page(here: Rented) -> Iterator[Page]:
    """The visitor's browser, which trusts the authority as browsers trust public ones."""
    with sync_playwright() as playwright:
        trusting = f"--ignore-certificate-errors-spki-list={here.pin()}"
        browser = playwright.chromium.launch(executable_path=here.chromium, args=[trusting])
        opened = browser.new_page(locale="en-GB")
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rented]:
    """A machine that has just been rented."""
    work: Path = tmp_path_factory.mktemp("rented")
    with rented(work, str(find_uv()), DOMAINS) as machine:
        yield machine
