"""A browser that will forget: no code is spent in it before its member has moved on, or saved and loaded the secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakeDevice
from tests.journeys.stage import Device
from tests.service.cast import Cast

IN_APP = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 Instagram 350.0"
)
# What a private window of Chromium looks like to a page: no private file system, little room.
PRIVATE = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'))"
FORGETFUL = "Object.defineProperty(window, 'indexedDB', { get() { return undefined } })"


def offered_elsewhere(phone: Device, warning: str, said: str) -> None:
    """The page says why, and gives the address with the code in it to carry to another browser."""
    expect(phone.page.locator(f"[data-if={warning}]")).to_be_visible()
    phone.said(said)
    assert phone.part("elsewhere").input_value().endswith(f"#{phone.stage.codes[0]}")


def asked_to_save(phone: Device, cast: Cast) -> None:
    """The first press spends nothing."""
    phone.part("enrol").click()
    phone.at("keep")
    cast.release()
    assert len(cast.keeper.state.roll.rows) == 12


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "inside another app's built-in browser"), ("fr", "le navigateur intégré d’une autre application")],
)
def test_in_an_apps_browser_a_secret_is_saved_and_loaded_before_the_code_is_spent(
    device: MakeDevice, cast: Cast, tmp_path: Path, language: str, said: str
) -> None:
    phone = device(language, user_agent=IN_APP)
    phone.bring_code(0)
    offered_elsewhere(phone, "inapp", said)
    asked_to_save(phone, cast)
    with phone.page.expect_download() as download:
        phone.part("save-first").click()
    saved = tmp_path / "saved"
    download.value.save_as(saved)
    form = phone.part("keep-form")
    form.locator("button").click()
    expect(form.locator("[data-wrong=other]")).to_be_visible()
    other = tmp_path / "other"
    other.write_bytes(saved.read_bytes()[::-1])
    form.locator("input").set_input_files(other)
    form.locator("button").click()
    expect(form.locator("[data-wrong=other]")).to_be_visible()
    assert len(cast.keeper.state.roll.rows) == 12
    form.locator("input").set_input_files(saved)
    form.locator("button").click()
    phone.enrolled()
    assert len(cast.keeper.state.roll.rows) == 13


@pytest.mark.parametrize(
    ("script", "warning", "said"),
    [
        (PRIVATE, "private", "On dirait une fenêtre privée"),
        (FORGETFUL, "none", "Ce navigateur ne garde rien"),
    ],
    ids=["private window", "keeps nothing"],
)
def test_who_moves_on_to_a_browser_that_remembers_brings_the_code_along(
    device: MakeDevice, cast: Cast, script: str, warning: str, said: str
) -> None:
    phone = device("fr")
    phone.page.add_init_script(script)
    phone.bring_code(0)
    offered_elsewhere(phone, warning, said)
    asked_to_save(phone, cast)
    address = phone.part("elsewhere").input_value()
    lasting = device("fr")
    lasting.page.goto(address)
    expect(lasting.at("whose").locator("[data-fill=name]")).to_have_text(lasting.stage.names[0])
    expect(lasting.part("memory")).to_be_hidden()
    lasting.part("enrol").click()
    lasting.enrolled()
    assert len(cast.keeper.state.roll.rows) == 13


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This browser keeps nothing, so it cannot hold your secret."), ("fr", "Ce navigateur ne garde rien")],
)
@pytest.mark.parametrize("path", ["sign", "device"])
def test_a_browser_that_keeps_nothing_says_so_before_words_are_typed(
    device: MakeDevice, path: str, language: str, said: str
) -> None:
    phone = device(language)
    phone.page.add_init_script(FORGETFUL)
    if path == "sign":
        phone.open_letter()
    else:
        phone.goto("device/")
    phone.problem("storage", said)
    expect(phone.page.locator("#load-words")).to_be_hidden()
