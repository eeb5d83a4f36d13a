"""What a colleague who hands invitations out sees: the part of the list opens in their browser alone."""

from __future__ import annotations

import pytest

from ruban.service.invite import Invited
from ruban.web.organiser.stewards import share_out
from ruban.web.site import Site
from tests.journeys.axe import findings, overflow
from tests.journeys.conftest import MakeContext
from tests.journeys.through import Through
from tests.service.cast import Cast, people


@pytest.fixture
def part(site: Site, cast: Cast) -> str:
    """A colleague's link to three of the cast."""
    invited = [Invited(person, one.code) for person, one in zip(people(3), cast.invited, strict=False)]
    [made] = share_out(invited, ["Ann"], site.clock())
    return made.link


def test_a_colleague_opens_their_part_on_a_phone(context: MakeContext, through: Through, part: str) -> None:
    phone = context(viewport={"width": 320, "height": 640})
    through.serve(phone)
    page = phone.new_page()
    page.goto(part)
    page.get_by_role("button", name="Code to scan · Member 1").click()
    assert page.locator("svg[aria-label='Member 1']").is_visible()
    page.get_by_label("Find a name").fill("member 2")
    assert page.locator("li:visible h2").all_inner_texts() == ["Member 2"]
    assert findings(page) == []
    assert overflow(page) == 0
    assert phone.cookies() == []


def test_a_link_without_its_end_opens_nothing_and_says_so(context: MakeContext, through: Through, part: str) -> None:
    phone = context()
    through.serve(phone)
    page = phone.new_page()
    page.goto(part.partition("#")[0])
    assert page.get_by_text("The list does not open").is_visible()
