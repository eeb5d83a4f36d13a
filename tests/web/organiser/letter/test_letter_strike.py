"""Hiding names and comments: found by what they say, hidden for a reason, counted all the same."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ruban.record.tally import tally
from ruban.web.organiser.models import Organiser
from tests.service.cast import Cast
from tests.web.organiser.letter.signed import signed
from tests.web.organiser.letter.typed import LETTERS


def finds(organiser: Client, address: str, sought: str) -> list[str]:
    text = organiser.get(address, {"q": sought}).content.decode()
    return re.findall(r'name="hide" value="([0-9a-f]{64})"', text)


@pytest.mark.parametrize(("sought", "count"), [("MEMBER 3", 1), ("liar", 1), ("member", 2), ("nobody", 0), ("", 0)])
def test_it_finds_names_and_comments(organiser: Client, cast: Cast, sought: str, count: int) -> None:
    address = f"{LETTERS}{signed(cast).token}/strike/"
    assert len(finds(organiser, address, sought)) == count


def test_what_is_hidden_still_counts(organiser: Client, cast: Cast) -> None:
    page = signed(cast)
    address = f"{LETTERS}{page.token}/strike/"
    chosen = finds(organiser, address, "Member 3")
    answer = organiser.post(address, {"hide": chosen, "reason": "not this person"})
    assert answer.headers["Location"].endswith("?done=struck")
    (letter,) = cast.keeper.state.letters.values()
    counts = tally(cast.keeper.state, letter)
    assert (counts.signed, counts.struck) == (2, 1)


def test_readers_see_the_reason_and_not_the_name(organiser: Client, client: Client, cast: Cast) -> None:
    page = signed(cast)
    address = f"{LETTERS}{page.token}/strike/"
    organiser.post(address, {"hide": finds(organiser, address, "Member 3"), "reason": "not this person"})
    text = client.get(f"/cast/letters/{page.token}/").content.decode()
    assert "not this person" in text
    assert "Member 3" not in text


def test_the_page_says_that_it_is_public(organiser: Client, cast: Cast) -> None:
    text = organiser.get(f"{LETTERS}{signed(cast).token}/strike/", {"q": "liar"}).content.decode()
    assert "This is public and for good" in text


@pytest.mark.parametrize(
    "sent", [{"reason": "why"}, {"reason": "why", "hide": "zz"}, {"reason": "", "hide": "00" * 32}]
)
def test_a_fault_hides_nothing(organiser: Client, cast: Cast, sent: dict[str, str]) -> None:
    answer = organiser.post(f"{LETTERS}{signed(cast).token}/strike/", sent)
    assert answer.status_code in (400, 409)
    assert 'role="alert"' in answer.content.decode()
    assert not cast.keeper.state.struck


def test_without_a_reason_nothing_is_hidden(organiser: Client, cast: Cast) -> None:
    address = f"{LETTERS}{signed(cast).token}/strike/"
    answer = organiser.post(address, {"hide": finds(organiser, address, "Member 3"), "reason": " "})
    assert answer.status_code == 400
    assert not cast.keeper.state.struck


def test_at_their_wish_it_is_erased_without_a_reason(organiser: Client, client: Client, cast: Cast) -> None:
    page = signed(cast)
    address = f"{LETTERS}{page.token}/strike/"
    answer = organiser.post(address, {"hide": finds(organiser, address, "Member 3"), "wish": "1"}, follow=True)
    assert "It is erased here." in answer.content.decode()
    (letter,) = cast.keeper.state.letters.values()
    counts = tally(cast.keeper.state, letter)
    assert (counts.signed, counts.struck, counts.erased) == (2, 0, 1)
    text = client.get(f"/cast/letters/{page.token}/").content.decode()
    assert "Member 3" not in text
    assert "1 name was erased" in text


def test_nothing_of_the_letters_own_is_erased_at_a_wish(organiser: Client, cast: Cast) -> None:
    page = signed(cast)
    (letter,) = cast.keeper.state.letters.values()
    answer = organiser.post(f"{LETTERS}{page.token}/strike/", {"hide": letter.texts[0].title.hex(), "wish": "1"})
    assert answer.status_code == 400
    assert not cast.keeper.state.erased


def test_a_helper_erases_nothing(organiser: Client, cast: Cast) -> None:
    page = signed(cast)
    address = f"{LETTERS}{page.token}/strike/"
    chosen = finds(organiser, address, "Member 3")
    Organiser.objects.update(place=None)
    answer = organiser.post(address, {"hide": chosen, "wish": "1"})
    assert answer.status_code == 409
    assert not cast.keeper.state.erased
