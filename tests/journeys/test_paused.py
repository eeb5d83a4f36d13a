"""A server that takes nothing in for a while: members read that, and their devices send again by themselves."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import MakeDevice
from tests.journeys.stage import Device, Stage
from tests.service.cast import Cast


def full_disk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cast.keeper.store, "_free_bytes", lambda: 0)


def room_again(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room again, and the device does not wait out its half minute."""
    monkeypatch.undo()
    device.page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Signing is paused: the server"), ("fr", "La signature est en pause : le serveur")]
)
def test_a_signature_waits_out_a_pause_and_is_sent_by_itself(
    hall: Stage, cast: Cast, device: MakeDevice, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    phone = device(language)
    phone.enrol(0)
    phone.open_letter()
    phone.ready("unnamed")
    phone.confirm()
    full_disk(cast, monkeypatch)
    phone.part("sign").click()
    expect(phone.at("sent").locator("h2[data-if=queued]")).to_be_focused()
    phone.said(said)
    assert not phone.page.locator("[data-if=queued-offline]").is_visible()
    room_again(phone, monkeypatch)
    phone.recorded()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Signing is paused just now."), ("fr", "La signature est en pause en ce moment.")]
)
def test_who_comes_during_a_pause_reads_it_before_signing(
    hall: Stage, cast: Cast, device: MakeDevice, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    first, second = device(), device(language)
    first.enrol(0)
    second.enrol(1)
    first.open_letter()
    first.ready("unnamed")
    first.confirm()
    full_disk(cast, monkeypatch)
    first.part("sign").click()
    first.at("sent")
    second.open_letter()
    second.at("ready")
    second.said(said)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Your enrolment waits"), ("fr", "Votre inscription attend sur cet appareil")]
)
def test_an_enrolment_waits_out_a_pause_and_is_sent_by_itself(
    hall: Stage, cast: Cast, device: MakeDevice, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    phone = device(language)
    phone.bring_code(0)
    full_disk(cast, monkeypatch)
    phone.part("enrol").click()
    expect(phone.at("done").locator("h2:visible")).to_contain_text(said)
    expect(phone.page.locator("[data-if=queued-paused]")).to_be_visible()
    room_again(phone, monkeypatch)
    phone.enrolled()
