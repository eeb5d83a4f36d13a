"""The page of a letter on paper: what can be pressed is gone, and the dark of a screen stays on the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ruban.web.site import Site
from tests.journeys.conftest import MakeContext
from tests.journeys.through import Through
from tests.service.cast import Cast
from tests.web.states import STATES


@pytest.fixture
def paper(context: MakeContext, through: Through, site: Site, cast: Cast) -> Page:
    """An open letter as a reader with a dark screen prints it."""
    token = STATES["open"](site, cast).token
    made = context(color_scheme="dark", viewport={"width": 690, "height": 1000})
    through.serve(made)
    page = made.new_page()
    page.goto(f"http://{through.host}/cast/en/letters/{token}/")
    page.emulate_media(media="print")
    return page


def test_paper_shows_the_letter_its_count_and_what_to_quote(paper: Page) -> None:
    for part in ("The count", "The letter", "What this number says", "Signed by name", "To quote"):
        expect(paper.get_by_role("region", name=part, exact=True)).to_be_visible()


def test_nothing_that_can_be_pressed_is_printed(paper: Page) -> None:
    for what in (paper.get_by_role("navigation"), paper.locator(".button"), paper.locator("summary")):
        assert not any(one.is_visible() for one in what.all())


def test_a_dark_screen_prints_dark_on_white(paper: Page) -> None:
    def drawn(style: str) -> str:
        found: str = paper.locator("html").evaluate(f"(html) => getComputedStyle(html).{style}")
        return found

    assert (drawn("backgroundColor"), drawn("color")) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
