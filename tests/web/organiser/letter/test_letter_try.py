"""The rehearsal: a walk for whoever has its link, of which nothing is kept."""

from __future__ import annotations

import pytest
from django.test import Client

from ruban.web.letters.models import LetterPage
from ruban.web.organiser.letter_ready import digest_of
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.letter.typed import LETTERS, saved, typed


@pytest.fixture
def stranger(site: Site) -> Client:
    """A browser that has signed in nowhere."""
    return Client(headers={"host": site.configuration.public_host, "accept-language": "en"})


def rehearsal(organiser: Client) -> tuple[LetterPage, str]:
    """A draft, and the address of its rehearsal."""
    page = saved(organiser)
    organiser.post(f"{LETTERS}{page.token}/rehearse/", {"yes": ""})
    page.refresh_from_db()
    assert page.draft is not None
    return page, f"{LETTERS}{page.token}/try/{page.draft['rehearsal']}/"


def test_who_has_the_link_reads_the_draft(organiser: Client, stranger: Client) -> None:
    text = stranger.get(rehearsal(organiser)[1]).content.decode()
    assert "We <em>ask</em> you." in text
    assert "nothing is recorded or counted" in text


@pytest.mark.parametrize(("way", "said"), [("name", "would read your name"), ("unnamed", "of one of those enrolled")])
def test_each_way_shows_what_would_be_public(organiser: Client, stranger: Client, way: str, said: str) -> None:
    assert said in stranger.get(rehearsal(organiser)[1], {"way": way}).content.decode()


def test_nothing_is_kept_of_it(organiser: Client, stranger: Client, cast: Cast) -> None:
    page, address = rehearsal(organiser)
    size, draft = cast.keeper.state.size, page.draft
    answer = stranger.get(address, {"way": "unnamed"})
    page.refresh_from_db()
    assert (cast.keeper.state.size, page.draft) == (size, draft)
    assert not answer.cookies


def test_another_secret_finds_nothing(organiser: Client, stranger: Client) -> None:
    page, _ = rehearsal(organiser)
    assert stranger.get(f"{LETTERS}{page.token}/try/{'a' * 26}/").status_code == 404


def test_it_ends_when_organisers_end_it(organiser: Client, stranger: Client) -> None:
    page, address = rehearsal(organiser)
    organiser.post(f"{LETTERS}{page.token}/rehearse/", {"no": ""})
    assert stranger.get(address).status_code == 404


def test_it_ends_when_the_letter_opens(organiser: Client, stranger: Client) -> None:
    page, address = rehearsal(organiser)
    organiser.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert stranger.get(address).status_code == 404


def test_it_goes_on_with_a_changed_text(organiser: Client, stranger: Client) -> None:
    page, address = rehearsal(organiser)
    organiser.post(f"{LETTERS}{page.token}/edit/", typed(body_0="Another text."))
    assert "Another text." in stranger.get(address).content.decode()
