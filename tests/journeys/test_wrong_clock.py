"""A device whose clock is two days wrong: the page says so once, goes by the server's clock, and signs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ruban.service.release import release
from tests.journeys.conftest import MakeDevice
from tests.journeys.stage import Stage
from tests.service.cast import DAY, Cast

SAID = {
    "en": "The clock of this device is wrong: by the server's it is 24 November 2026",
    "fr": "L’horloge de cet appareil est fausse : d’après celle du serveur, nous sommes le 24 novembre 2026",
}
TWO_DAYS_HOURS = 48


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("hours", [-TWO_DAYS_HOURS, TWO_DAYS_HOURS])
def test_who_has_a_wrong_clock_is_told_and_enrols_and_signs_and_withdraws(
    cast: Cast, device: MakeDevice, language: str, hours: int
) -> None:
    phone = device(language, hours=hours)
    phone.enrol(0)
    phone.open_letter()
    phone.at("ready")
    phone.said(SAID[language])
    phone.sign("unnamed")
    [letter] = cast.keeper.state.letters.values()
    assert len(letter.signatures) == 1
    phone.open_letter()
    phone.at("used")
    phone.part("withdraw").click()
    phone.part("withdraw-now").click()
    phone.recorded()
    [signature] = letter.signatures.values()
    assert signature.withdrawn


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_clock_before_the_opening_or_after_the_closing_decides_nothing(
    hall: Stage, cast: Cast, device: MakeDevice, language: str
) -> None:
    slow, fast = device(language, hours=-10 * 24), device(language, hours=10 * 24)
    for member, phone in enumerate((slow, fast)):
        phone.enrol(member)
        phone.sign("name")
    cast.now += 6 * DAY
    release(cast.keeper, cast.now)
    slow.open_letter()
    slow.at("closed")
    expect(slow.page.locator("[data-if=clock]")).to_be_visible()
