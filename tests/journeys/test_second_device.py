"""One member, two devices: the 24 words bring the secret over, and whatever both of them do counts once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakeContext, MakeDevice
from tests.journeys.stage import PHONE, Device, Stage, counted


@pytest.mark.parametrize(("language", "words_in"), [("en", "english"), ("fr", "french"), ("fr", "english")])
def test_what_one_device_signed_is_withdrawn_on_another_with_the_words(
    stage: Stage, context: MakeContext, language: str, words_in: str
) -> None:
    first = Device(stage, context(**PHONE), language)
    words = first.enrol_with_words(0, words_in)
    first.sign("unnamed")

    second = Device(stage, context(**PHONE), language)
    second.open_letter()
    second.load_words(" ".join(words))
    expect(second.at("used").locator("[data-if=stands-unnamed]")).to_be_visible()
    second.part("withdraw").click()
    second.part("withdraw-now").click()
    second.recorded()
    assert "0 by name · 0 unnamed · 1 withdrawn" in counted(stage)


def test_who_brings_the_words_signs_by_name_on_the_second_device(stage: Stage, context: MakeContext) -> None:
    words = Device(stage, context(**PHONE)).enrol_with_words(0, "french")
    second = Device(stage, context(**PHONE))
    second.open_letter()
    # As somebody types them from paper: without accents, in capitals here and there, a line each.
    second.load_words("\n".join(words).upper())
    second.ready("name")
    second.page.locator("#my-name").fill(stage.names[0])
    second.confirm()
    second.part("sign").click()
    second.recorded()
    assert "1 by name · 0 unnamed · 0 withdrawn" in counted(stage)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "This is not the name that you enrolled with."),
        ("fr", "Ce n’est pas le nom avec lequel vous vous êtes inscrit"),
    ],
)
def test_a_name_typed_otherwise_than_on_the_invitation_is_refused_in_words(
    stage: Stage, context: MakeContext, language: str, said: str
) -> None:
    words = Device(stage, context(**PHONE)).enrol_with_words(0, "english")
    second = Device(stage, context(**PHONE), language)
    second.open_letter()
    second.load_words(" ".join(words))
    second.ready("name")
    second.page.locator("#my-name").fill("Somebody Else")
    second.confirm()
    second.part("sign").click()
    second.problem("name-other", said)
    assert "0 signed, of 13 enrolled" in counted(stage)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "These are not 24 words that fit together."), ("fr", "Ce ne sont pas 24 mots qui vont ensemble")],
)
def test_words_in_another_order_are_refused_in_words(
    stage: Stage, context: MakeContext, language: str, said: str
) -> None:
    device = Device(stage, context(**PHONE), language)
    device.open_letter()
    device.load_words(" ".join(["abandon"] * 24))
    device.problem("words-wrong", said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Your signature on this letter is already in the record"),
        ("fr", "Votre signature sur cette lettre figure déjà au registre"),
    ],
)
def test_who_signs_from_two_devices_is_told_and_counted_once(
    stage: Stage, context: MakeContext, language: str, said: str
) -> None:
    first = Device(stage, context(**PHONE), language)
    words = first.enrol_with_words(0, "english")
    second = Device(stage, context(**PHONE), language)
    second.open_letter()
    second.load_words(" ".join(words))
    second.ready("unnamed")
    second.confirm()
    first.sign("unnamed")

    second.part("sign").click()
    second.problem("tag-used", said)
    second.page.reload()
    expect(second.at("used").locator("[data-if=stands-unnamed]")).to_be_visible()
    assert "1 signed, of 13 enrolled" in counted(stage)


CHANGED = {"en": "you changed it on another device", "fr": "vous l’avez modifiée sur un autre appareil"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("then", ["withdraw", "step", "comment"])
def test_a_page_that_another_device_overtook_says_so_and_shows_how_it_stands(
    device: MakeDevice, language: str, then: str
) -> None:
    """Both devices show the signature; one withdraws it, then the other one acts on what it still shows."""
    first, second = device(), device(language)
    words = first.enrol_with_words(0, "english")
    first.sign("unnamed")
    second.open_letter()
    second.load_words(" ".join(words))
    second.at("used")
    first.open_letter()
    first.at("used")
    first.part("withdraw").click()
    first.part("withdraw-now").click()
    first.recorded()
    if then == "withdraw":
        second.part("withdraw").click()
        second.part("withdraw-now").click()
    elif then == "step":
        second.page.locator("[data-part=step-name-field]").fill(second.stage.names[0])
        second.part("step").click()
    else:
        second.part("comment-form").locator("textarea").fill("We wait.")
        second.part("comment-form").locator("button").click()
    second.problem("changed", CHANGED[language])
    expect(second.at("used").locator("[data-if=withdrawn]")).to_be_visible()
    expect(second.part("withdraw")).to_be_hidden()


def test_two_devices_that_give_the_name_at_once_end_with_one_name(device: MakeDevice) -> None:
    """What the second one made was made before the first one's stood in the record: the server refuses it."""
    first, second = device(), device()
    words = first.enrol_with_words(0, "english")
    first.sign("unnamed")
    second.open_letter()
    second.load_words(" ".join(words))
    second.at("used")
    second.page.locator("[data-part=step-name-field]").fill(second.stage.names[0])
    second.page.route("**/submit", lambda route: route.abort())
    second.part("step").click()
    expect(second.at("sent").locator("h2[data-if=queued]")).to_be_visible()
    first.open_letter()
    first.at("used")
    first.part("step").click()
    first.recorded()
    second.page.unroute("**/submit")
    second.page.reload()
    second.problem("changed", CHANGED["en"])
    expect(second.at("used").locator("[data-if=stands-name]")).to_be_visible()
