"""Every page and state of readers and members: no finding of axe, no scrolling sideways on a narrow screen, nothing
cut off where text is twice as large, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from ruban.web.site import Site
from tests.journeys.axe import findings, findings_of_colours, overflow
from tests.journeys.conftest import MakeContext
from tests.journeys.large_text import crowded
from tests.journeys.through import Through
from tests.service.cast import Cast
from tests.web.states import STATES

LANGUAGES = ("en", "fr")


@pytest.fixture
def narrow(context: MakeContext, through: Through) -> Iterator[BrowserContext]:
    """A phone of 320 pixels whose requests this process answers."""
    made = context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    through.serve(made)
    yield made
    assert through.elsewhere == []


def wrong_with(context: BrowserContext, addresses: list[str]) -> dict[str, list[str]]:
    """What axe finds on each page, light and dark, and whether it is too wide; nothing for a page that is right."""
    wrong: dict[str, list[str]] = {}
    page = context.new_page()
    for address in addresses:
        page.emulate_media(color_scheme="light")
        # From elsewhere: to an address that differs in its fragment alone, a page would reload itself.
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.url.partition("#")[0] == address.partition("#")[0], "a redirect would be another page's result"
        found = findings(page)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in findings_of_colours(page)]
        if overflow(page):
            found.append(f"{overflow(page)} pixels too wide")
        found += crowded(page)
        if found:
            wrong[address] = found
    return wrong


@pytest.mark.parametrize("name", STATES)
def test_each_state_of_a_letter(narrow: BrowserContext, through: Through, site: Site, cast: Cast, name: str) -> None:
    token = STATES[name](site, cast).token
    at = f"http://{through.host}/cast"
    assert wrong_with(narrow, [f"{at}/{language}/letters/{token}/" for language in LANGUAGES]) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_for_readers_and_members(
    narrow: BrowserContext, through: Through, site: Site, cast: Cast, language: str
) -> None:
    token = STATES["open"](site, cast).token
    at = f"http://{through.host}/cast/{language}"
    letter = f"{at}/letters/{token}"
    pages = [f"{at}/", f"{at}/enrol/", f"{at}/enrol/#{cast.invited[13].code}", f"{at}/device/", f"{at}/nothing/"]
    assert wrong_with(narrow, pages) == {}
    assert wrong_with(narrow, [f"{letter}/{part}/" for part in ("names", "check", "doubt", "sign")]) == {}
