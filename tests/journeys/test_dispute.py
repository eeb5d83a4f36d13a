"""Somebody opens their invitation and finds it used: they say so there, and the count says that it may be too high."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import MakeDevice
from tests.journeys.stage import Stage
from tests.service.cast import Cast


def test_whoever_finds_their_code_used_says_so(device: MakeDevice, cast: Cast, hall: Stage) -> None:
    thief = device()
    thief.bring_code(0)
    expect(thief.part("dispute-offer")).to_be_hidden()
    thief.part("enrol").click()
    cast.release()
    thief.enrolled()

    owner = device("fr")
    owner.goto(f"enrol/#{hall.codes[0]}")
    owner.problem("code-spent", "Quelqu’un s’est déjà inscrit avec ce code")
    offer = owner.part("dispute-offer")
    expect(offer).to_be_visible()
    owner.part("dispute").click()
    expect(owner.part("disputed")).to_be_visible()
    expect(owner.part("disputed")).to_be_focused()
    expect(offer).to_be_hidden()
    cast.release()
    assert cast.verdict().disputes == 1
    owner.open_letter("")
    owner.said("Peut-être trop élevé de 1")


def test_a_code_that_is_wrong_offers_nothing(device: MakeDevice) -> None:
    one = device()
    one.goto("enrol/#ZZZZZ-ZZZZZ-ZZZZZ")
    expect(one.part("dispute-offer")).to_be_hidden()
