"""Opening a letter: what is frozen, who must agree, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from ruban.record.acts import acts_of
from ruban.web.configuration import Configuration
from ruban.web.letters.models import LetterPage
from ruban.web.organiser.letter_ready import digest_of
from ruban.web.organiser.letter_settle import settle_drafts
from ruban.web.organiser.links import new_link
from ruban.web.organiser.views import letter_open
from ruban.web.site import Site, install
from tests.service.cast import Cast, cast_of
from tests.web.organiser.letter.typed import LETTERS, opened, saved, typed


def test_the_look_says_what_is_frozen(organiser: Client) -> None:
    page = saved(organiser)
    text = organiser.get(f"{LETTERS}{page.token}/open/").content.decode()
    assert digest_of(page.draft or {}) in text
    assert "12 enrolled people" in text
    assert "Your group is small." in text


def test_looking_opens_nothing(organiser: Client, cast: Cast) -> None:
    page = saved(organiser)
    organiser.get(f"{LETTERS}{page.token}/open/")
    assert not cast.keeper.state.letters


def test_the_button_puts_the_letter_into_the_record(organiser: Client, cast: Cast) -> None:
    page = opened(organiser)
    assert page.draft is None
    assert [one.hex() for one in cast.keeper.state.letters] == [page.letter_id]


def test_without_a_closing_it_closes_after_fourteen_days(organiser: Client, cast: Cast) -> None:
    opened(organiser)
    (letter,) = cast.keeper.state.letters.values()
    assert letter.closing - letter.opening == 14 * 86_400


def test_a_draft_changed_since_it_was_looked_at_is_not_opened(organiser: Client, cast: Cast) -> None:
    page = saved(organiser)
    looked_at = digest_of(page.draft or {})
    organiser.post(f"{LETTERS}{page.token}/edit/", typed(title_0="Another"))
    answer = organiser.post(f"{LETTERS}{page.token}/open/", {"digest": looked_at})
    assert answer.status_code == 409
    assert "changed since" in answer.content.decode()
    assert not cast.keeper.state.letters


@pytest.fixture
def half_opened(organiser: Client, monkeypatch: pytest.MonkeyPatch) -> LetterPage:
    """A letter that the record has, while the private database failed before its row was written."""
    page = saved(organiser)

    def fails(*_: object) -> None:
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(letter_open, "settle", fails)
        with pytest.raises(OperationalError):
            organiser.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    page.refresh_from_db()
    return page


def test_a_letter_that_was_opened_before_a_crash_is_not_opened_again(
    organiser: Client, cast: Cast, half_opened: LetterPage
) -> None:
    (letter_id,) = cast.keeper.state.letters
    again = organiser.post(f"{LETTERS}{half_opened.token}/open/", {"digest": digest_of(half_opened.draft or {})})
    assert again.status_code == 409
    half_opened.refresh_from_db()
    assert (half_opened.letter_id, half_opened.draft) == (letter_id.hex(), None)
    assert len(cast.keeper.state.letters) == 1


def test_a_start_after_a_crash_gives_the_letter_the_address_of_its_draft_and_of_no_other(
    organiser: Client, cast: Cast, site: Site, half_opened: LetterPage
) -> None:
    other = saved(organiser, title_0="Another")
    settle_drafts(site)
    half_opened.refresh_from_db()
    other.refresh_from_db()
    (letter_id,) = cast.keeper.state.letters
    assert (half_opened.letter_id, other.letter_id) == (letter_id.hex(), None)


def test_it_is_opened_once(organiser: Client, cast: Cast) -> None:
    page = opened(organiser)
    assert organiser.post(f"{LETTERS}{page.token}/open/", {"digest": ""}).status_code == 409
    assert len(cast.keeper.state.letters) == 1


def test_a_closing_that_has_passed_is_refused_with_what_to_do(organiser: Client, cast: Cast) -> None:
    page = saved(organiser, closing="2026-11-26T10:00")
    cast.now += 10 * 86_400
    organiser.post(new_link(0, cast.now))
    answer = organiser.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert answer.status_code == 409
    assert "Change the draft, then open it." in answer.content.decode()


@pytest.fixture
def pair(tmp_path: Path, db: None) -> Iterator[tuple[Cast, Client, Client]]:
    """A group whose two organisers must agree, and a browser of each."""
    with cast_of(tmp_path / "pair", window=0, organisers=("Ada", "Berthe"), quorum=2) as cast:
        site = Site(Configuration(data=cast.folder.parent), clock=lambda: cast.now)
        site.keeper = cast.keeper
        install(site)
        browsers: list[Client] = []
        for place in (0, 1):
            browser = Client(headers={"host": site.configuration.public_host, "accept-language": "en"})
            browser.post(new_link(place, site.clock()))
            browsers.append(browser)
        yield cast, browsers[0], browsers[1]
        install(None)


def test_one_of_two_only_asks(pair: tuple[Cast, Client, Client]) -> None:
    cast, ada, _ = pair
    page = saved(ada)
    answer = ada.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert answer.headers["Location"].endswith("/open/?done=asked")
    assert not cast.keeper.state.letters
    assert "Another organiser must now do the same" in ada.get(answer.headers["Location"]).content.decode()


def test_the_same_one_twice_is_not_two(pair: tuple[Cast, Client, Client]) -> None:
    cast, ada, _ = pair
    page = saved(ada)
    for _ in range(2):
        ada.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert not cast.keeper.state.letters


def test_the_second_opens_it_and_both_have_signed(pair: tuple[Cast, Client, Client]) -> None:
    cast, ada, berthe = pair
    page = saved(ada)
    for browser in (ada, berthe):
        browser.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    (letter_id,) = cast.keeper.state.letters
    (act,) = acts_of(cast.keeper.state, letter_id)
    assert len(act.signers) == 2


def test_a_changed_draft_must_be_asked_for_again(pair: tuple[Cast, Client, Client]) -> None:
    cast, ada, berthe = pair
    page = saved(ada)
    ada.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    berthe.post(f"{LETTERS}{page.token}/edit/", typed(title_0="Another"))
    page.refresh_from_db()
    berthe.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert not cast.keeper.state.letters


def test_a_wish_ends_after_a_day(pair: tuple[Cast, Client, Client]) -> None:
    cast, ada, berthe = pair
    page = saved(ada)
    ada.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    cast.now += 86_400
    berthe.post(new_link(1, cast.now))
    berthe.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert not cast.keeper.state.letters


def test_a_change_of_an_open_letter_wants_both_too(pair: tuple[Cast, Client, Client]) -> None:
    cast, ada, berthe = pair
    page = saved(ada)
    for browser in (ada, berthe):
        browser.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    (letter,) = cast.keeper.state.letters.values()
    cast.now += 60
    ada.post(f"{LETTERS}{page.token}/change/cancel/", {"reason": "A mistake."})
    assert not letter.ended
    assert 'value="A mistake."' in berthe.get(f"{LETTERS}{page.token}/change/cancel/").content.decode()
    berthe.post(f"{LETTERS}{page.token}/change/cancel/", {"reason": "A mistake."})
    assert letter.ended
