"""What changes while a member reads: the letter closes, or what is sent was made for another letter."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import MakeDevice
from tests.journeys.kept import kept_by
from tests.journeys.stage import Device
from tests.service.cast import DAY, Cast

CLOSED = {"en": "This letter is closed: nothing more is taken in.", "fr": "Cette lettre est close"}
STALE = {"en": "What was made fits another letter", "fr": "Ce qui a été préparé va avec une autre lettre"}


def about_to_sign(phone: Device) -> None:
    phone.enrol(0)
    phone.open_letter()
    phone.ready("unnamed")
    phone.confirm()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_letter_that_closes_while_it_is_read_takes_nothing_and_says_so(
    device: MakeDevice, cast: Cast, language: str
) -> None:
    phone = device(language)
    about_to_sign(phone)
    cast.now += 6 * DAY
    phone.part("sign").click()
    phone.problem("closed", CLOSED[language])
    assert '"done"' not in kept_by(phone)
    phone.page.reload()
    phone.at("closed")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_signature_that_waits_offline_past_the_closing_is_dropped_and_says_so(
    device: MakeDevice, cast: Cast, language: str
) -> None:
    phone = device(language)
    about_to_sign(phone)
    phone.page.route("**/submit", lambda route: route.abort())
    phone.part("sign").click()
    expect(phone.at("sent").locator("h2[data-if=queued]")).to_be_visible()
    cast.now += 6 * DAY
    phone.page.unroute("**/submit")
    phone.page.reload()
    phone.problem("closed", CLOSED[language])
    phone.page.reload()
    phone.at("closed")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_proof_made_for_another_letter_is_refused_with_what_to_do(
    device: MakeDevice, cast: Cast, language: str
) -> None:
    phone = device(language)
    about_to_sign(phone)
    [first] = cast.keeper.state.letters
    other = cast.open_letter(5 * DAY).letter_id

    def as_if_for_the_other(route: Route) -> None:
        sent = route.request.post_data or ""
        assert first.hex() in sent
        route.fallback(post_data=sent.replace(first.hex(), other.hex()))

    phone.page.route("**/submit", as_if_for_the_other)
    phone.part("sign").click()
    phone.problem("stale", STALE[language])
    assert '"outbox"' not in kept_by(phone)
    phone.page.unroute("**/submit")
    phone.part("again").click()
    phone.ready("unnamed")
    phone.confirm()
    phone.part("sign").click()
    phone.recorded()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_signed_without_a_name_gives_it_later_from_the_same_device(
    device: MakeDevice, cast: Cast, language: str
) -> None:
    phone = device(language)
    phone.enrol(0)
    phone.sign("unnamed")
    phone.open_letter()
    expect(phone.at("used").locator("[data-if=stands-unnamed]")).to_be_visible()
    phone.part("step").click()
    phone.recorded()
    phone.page.reload()
    expect(phone.at("used").locator("[data-if=stands-name]")).to_be_visible()
    phone.open_letter("names/")
    phone.said(phone.stage.names[0])


def test_who_signed_without_a_name_gives_it_later_with_the_words(device: MakeDevice) -> None:
    first = device()
    words = first.enrol_with_words(0, "english")
    first.sign("unnamed")
    second = device("fr")
    second.open_letter()
    second.load_words(" ".join(words))
    second.at("used")
    second.page.locator("[data-part=step-name-field]").fill(second.stage.names[0])
    second.part("step").click()
    second.recorded()
    second.open_letter("names/")
    second.said(second.stage.names[0])


def test_a_server_that_names_an_older_epoch_does_not_hide_a_member_among_fewer(device: MakeDevice, cast: Cast) -> None:
    first = device()
    first.enrol(0)
    first.open_letter()
    first.ready("unnamed")
    letter = next(iter(cast.keeper.state.letters)).hex()
    older = cast.keeper.state.roll.newest_epoch
    device().enrol(1)
    newer = cast.keeper.state.roll.newest_epoch
    assert older is not None
    assert newer is not None
    assert older.index < newer.index
    first.open_letter()
    first.ready("unnamed")
    said = first.page.evaluate("async (at) => await (await fetch(at)).json()", f"/cast/count/{letter}")
    assert said["epoch"] == newer.index
    first.page.route("**/count/*", lambda route: route.fulfill(json=said | {"epoch": older.index}))
    with first.page.expect_request("**/submit") as sent:
        first.sign("unnamed")
    assert json.loads(json.loads(sent.value.post_data or "")["entry"])["epoch"] == newer.index
