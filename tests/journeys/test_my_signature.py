"""What a device did stands under "my signature" alone, on wish behind a PIN; and it can be made to forget."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from ruban.service.release import release
from tests.journeys.axe import findings
from tests.journeys.conftest import MakeDevice
from tests.journeys.kept import kept_by
from tests.journeys.stage import Device
from tests.service.cast import DAY, Cast
from tests.web.states import page_of

PIN = "2468"
TITLE = "To the board"


def signed(phone: Device) -> None:
    phone.enrol(0)
    phone.sign("unnamed")
    phone.goto("device/")
    phone.at("holds")
    expect(phone.part("mine-list")).to_have_text(TITLE)


def set_pin(phone: Device, pin: str) -> None:
    form = phone.part("lock-form")
    if not form.is_visible():
        phone.part("mine").locator("summary").click()
    form.locator("input").fill(pin)
    form.locator("button").click()


def give_pin(phone: Device, pin: str) -> None:
    form = phone.part("unlock-form")
    form.locator("input").fill(pin)
    form.locator("button").click()


@pytest.mark.parametrize(
    ("language", "short", "other"),
    [
        ("en", "At least four characters.", "That is another PIN."),
        ("fr", "Au moins quatre caractères.", "C’est un autre code PIN"),
    ],
)
def test_a_pin_hides_what_was_signed_until_it_is_given(
    device: MakeDevice, language: str, short: str, other: str
) -> None:
    phone = device(language)
    signed(phone)
    set_pin(phone, "12")
    phone.said(short)
    expect(phone.part("mine-list")).to_be_visible()
    set_pin(phone, PIN)
    expect(phone.part("unlock-form")).to_be_visible()
    expect(phone.part("mine")).to_be_hidden()
    assert TITLE not in kept_by(phone)

    phone.page.reload()
    phone.at("holds")
    expect(phone.page.get_by_text(TITLE)).to_have_count(0)
    give_pin(phone, "1357")
    phone.said(other)
    expect(phone.part("mine")).to_be_hidden()
    give_pin(phone, PIN)
    expect(phone.part("mine-list")).to_have_text(TITLE)
    phone.part("mine-list").locator("a").click()
    phone.at("pin")
    give_pin(phone, PIN)
    expect(phone.at("used").locator("[data-if=stands-unnamed]")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "It hides what was done on this device."), ("fr", "Il cache ce qui a été fait sur cet appareil.")],
)
def test_with_a_pin_no_letters_page_shows_whether_it_was_signed(
    cast: Cast, device: MakeDevice, language: str, said: str
) -> None:
    """A signed letter and another one look the same until the PIN is given; what is done then goes behind it."""
    phone = device(language)
    signed(phone)
    set_pin(phone, PIN)
    expect(phone.part("unlock-form")).to_be_visible()
    other = page_of(cast.open_letter(5 * DAY)).token
    shown = []
    for token in (phone.stage.letter.rpartition("/")[2], other):
        phone.goto(f"letters/{token}/sign/")
        phone.at("pin")
        phone.said(said)
        shown.append(phone.page.locator("main").aria_snapshot().replace(token, "TOKEN"))
        assert findings(phone.page) == []
    assert shown[0] == shown[1]
    give_pin(phone, PIN)
    phone.ready("unnamed")
    phone.confirm()
    phone.part("sign").click()
    phone.recorded()
    assert '"done"' not in kept_by(phone)
    phone.open_letter()
    give_pin(phone, "1357")
    expect(phone.page.locator("#pin-wrong [data-wrong=other]")).to_be_visible()
    give_pin(phone, PIN)
    phone.at("used")
    phone.goto("device/")
    give_pin(phone, PIN)
    expect(phone.part("mine-list").locator("li")).to_have_count(2)


def test_a_closed_letters_secret_is_erased_though_no_pin_is_given(cast: Cast, device: MakeDevice) -> None:
    phone = device("en")
    signed(phone)
    set_pin(phone, PIN)
    expect(phone.part("unlock-form")).to_be_visible()
    before = kept_by(phone)
    cast.now += 6 * DAY
    release(cast.keeper, cast.now)
    phone.page.clock.set_system_time(datetime.fromtimestamp(cast.now, UTC))
    phone.open_letter()
    phone.at("closed")
    phone.goto("device/")
    expect(phone.at("holds").locator("[data-if=erased]")).to_be_visible()
    assert kept_by(phone) != before


@pytest.mark.parametrize(
    ("language", "unsaved", "empty"),
    [
        ("en", "no copy of your secret was saved", "This device holds nothing"),
        ("fr", "aucune copie de votre secret n’a été enregistrée", "Cet appareil ne contient rien"),
    ],
)
def test_a_device_that_forgets_asks_first_and_then_holds_nothing(
    device: MakeDevice, language: str, unsaved: str, empty: str
) -> None:
    phone = device(language)
    signed(phone)
    set_pin(phone, PIN)
    expect(phone.part("unlock-form")).to_be_visible()
    phone.part("forget").click()
    phone.said(unsaved)
    phone.part("forget-not").click()
    expect(phone.part("forget")).to_be_focused()
    assert "group /cast" in kept_by(phone)
    phone.part("forget").click()
    phone.part("forget-now").click()
    expect(phone.at("empty").locator("h2").first).to_have_text(empty)
    assert kept_by(phone) == '[["probe",1]]{}{}', "but for the sign that this browser can keep something"
    phone.open_letter()
    phone.at("stranger")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_once_the_letter_is_closed_nothing_on_the_device_shows_what_it_signed(
    cast: Cast, device: MakeDevice, language: str
) -> None:
    phone = device(language)
    signed(phone)
    before = kept_by(phone)
    cast.now += 6 * DAY
    release(cast.keeper, cast.now)
    phone.page.clock.set_system_time(datetime.fromtimestamp(cast.now, UTC))
    phone.page.reload()
    expect(phone.at("holds").locator("[data-if=erased]")).to_be_visible()
    expect(phone.page.locator("[data-if=nothing]")).to_be_visible()
    [letter] = cast.keeper.state.letters.values()
    held = kept_by(phone)
    assert letter.letter_id.hex() in before
    assert letter.letter_id.hex() not in held
    assert TITLE not in held
    phone.open_letter()
    phone.at("closed")


def test_a_server_that_says_closed_before_the_time_talks_no_device_out_of_its_secret(
    cast: Cast, device: MakeDevice
) -> None:
    phone = device("en")
    signed(phone)
    before = kept_by(phone)
    cast.now += 6 * DAY
    release(cast.keeper, cast.now)
    phone.page.reload()
    phone.at("holds")
    phone.open_letter()
    phone.at("closed")
    [letter] = cast.keeper.state.letters.values()
    assert letter.letter_id.hex() in before
    assert letter.letter_id.hex() in kept_by(phone)
