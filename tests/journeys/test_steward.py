"""What a colleague who hands invitations out sees: the part of the list opens in their browser alone."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

import pytest

from ruban.service.code_days import end_of_day
from ruban.service.invite import Invited
from ruban.web.organiser.stewards import share_out
from ruban.web.site import Site
from tests.journeys.axe import findings, overflow
from tests.journeys.conftest import MakeContext
from tests.journeys.through import Through
from tests.service.cast import Cast, people

LAST_DAY = end_of_day(date(2027, 1, 22))


@pytest.fixture
def part(site: Site, cast: Cast) -> str:
    """A colleague's link to three of the cast."""
    ends = [LAST_DAY, LAST_DAY, None]
    invited = [
        Invited(person, one.code, end) for person, one, end in zip(people(3), cast.invited[:3], ends, strict=True)
    ]
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


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Good until 22 January 2027."), ("fr", "Valable jusqu’au 22 janvier 2027.")]
)
def test_what_a_colleague_passes_on_says_until_when_it_is_good(
    context: MakeContext, through: Through, part: str, language: str, said: str
) -> None:
    phone = context(locale=language)
    through.serve(phone)
    page = phone.new_page()
    page.goto(part)
    texts = [unquote(link.get_attribute("href") or "") for link in page.get_by_role("link", name="Member").all()]
    assert [text.endswith(said) for text in texts] == [True, True, False], texts


def test_a_link_without_its_end_opens_nothing_and_says_so(context: MakeContext, through: Through, part: str) -> None:
    phone = context()
    through.serve(phone)
    page = phone.new_page()
    page.goto(part.partition("#")[0])
    assert page.get_by_text("The list does not open").is_visible()
