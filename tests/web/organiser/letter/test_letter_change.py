"""Changes of an open letter: each says what it does, wants a reason, and stands in the record."""

from __future__ import annotations

import pytest
from django.test import Client

from ruban.record.phase import letter_phase
from ruban.web.organiser.links import new_link
from tests.service.cast import DAY, Cast
from tests.web.organiser.letter.signed import signed
from tests.web.organiser.letter.typed import LETTERS


def phase(cast: Cast) -> str:
    letter = next(iter(cast.keeper.state.letters.values()))
    return letter_phase(cast.keeper.state, letter, cast.now).name


@pytest.mark.parametrize("action", ["close", "extend", "cancel", "supersede"])
def test_each_says_that_it_is_public(organiser: Client, cast: Cast, action: str) -> None:
    text = organiser.get(f"{LETTERS}{signed(cast).token}/change/{action}/").content.decode()
    assert "This is public and for good" in text


@pytest.mark.parametrize("action", ["close", "cancel"])
def test_signing_ends(organiser: Client, cast: Cast, action: str) -> None:
    page = signed(cast)
    cast.now += 60
    organiser.post(f"{LETTERS}{page.token}/change/{action}/", {"reason": "We were heard."})
    cast.now += 60
    assert phase(cast) == {"close": "CLOSED", "cancel": "CANCELLED"}[action]


def test_readers_see_the_reason(organiser: Client, client: Client, cast: Cast) -> None:
    page = signed(cast)
    organiser.post(f"{LETTERS}{page.token}/change/cancel/", {"reason": "We were heard."})
    assert "We were heard." in client.get(f"/cast/letters/{page.token}/").content.decode()


def test_the_closing_moves_once(organiser: Client, cast: Cast) -> None:
    page = signed(cast)
    (letter,) = cast.keeper.state.letters.values()
    before, address = letter.closing, f"{LETTERS}{page.token}/change/extend/"
    organiser.post(address, {"reason": "More time.", "closing": "2026-12-05T10:00"})
    assert letter.closing > before
    again = organiser.post(address, {"reason": "More time.", "closing": "2026-12-09T10:00"})
    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()


def test_another_letter_takes_its_place(organiser: Client, client: Client, cast: Cast) -> None:
    page = signed(cast)
    other = cast.open_letter(6 * DAY)
    organiser.post(
        f"{LETTERS}{page.token}/change/supersede/", {"reason": "A better text.", "successor": other.letter_id.hex()}
    )
    assert phase(cast) == "SUPERSEDED"


@pytest.mark.parametrize("action", ["close", "extend", "cancel", "supersede"])
def test_without_a_reason_nothing_is_done(organiser: Client, cast: Cast, action: str) -> None:
    answer = organiser.post(f"{LETTERS}{signed(cast).token}/change/{action}/", {"reason": " "})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert phase(cast) == "OPEN"


def test_a_closed_letter_cannot_be_changed(organiser: Client, cast: Cast) -> None:
    page = signed(cast)
    cast.now += 6 * DAY
    organiser.post(new_link(0, cast.now))
    assert organiser.post(f"{LETTERS}{page.token}/change/cancel/", {"reason": "Late."}).status_code == 410
