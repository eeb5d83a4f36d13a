"""The organisers' page of a letter, as a draft and once it is open."""

from __future__ import annotations

from django.test import Client

from ruban.web.letters.models import LetterPage
from ruban.web.site import Site
from tests.web.organiser.letter.typed import LETTERS, opened, saved


def test_a_draft_is_shown_as_readers_will_see_it(organiser: Client) -> None:
    page = saved(organiser)
    assert "We <em>ask</em> you." in organiser.get(f"{LETTERS}{page.token}/").content.decode()


def test_a_draft_is_nowhere_until_it_is_announced(organiser: Client, client: Client, site: Site) -> None:
    page = saved(organiser)
    address = f"{site.prefix}/letters/{page.token}/"
    assert client.get(address).status_code == 404
    organiser.post(f"{LETTERS}{page.token}/announce/", {"yes": ""})
    assert "A draft: people are enrolling." in client.get(address).content.decode()


def test_an_announced_draft_can_be_hidden_again(organiser: Client, client: Client, site: Site) -> None:
    page = saved(organiser)
    organiser.post(f"{LETTERS}{page.token}/announce/", {"yes": ""})
    organiser.post(f"{LETTERS}{page.token}/announce/", {"no": ""})
    assert client.get(f"{site.prefix}/letters/{page.token}/").status_code == 404


def test_deleting_a_draft_asks_first(organiser: Client) -> None:
    page = saved(organiser)
    assert "cannot be brought back" in organiser.get(f"{LETTERS}{page.token}/delete/").content.decode()
    assert LetterPage.objects.filter(token=page.token).exists()


def test_the_button_deletes_the_draft(organiser: Client) -> None:
    page = saved(organiser)
    organiser.post(f"{LETTERS}{page.token}/delete/")
    assert not LetterPage.objects.filter(token=page.token).exists()


def test_an_open_letter_cannot_be_deleted(organiser: Client) -> None:
    page = opened(organiser)
    assert organiser.post(f"{LETTERS}{page.token}/delete/").status_code == 409
    assert LetterPage.objects.filter(token=page.token).exists()


def test_an_open_letter_has_its_link(organiser: Client, site: Site) -> None:
    page = opened(organiser)
    address = site.configuration.public_address + f"{site.prefix}/letters/{page.token}/"
    assert address in organiser.get(f"{LETTERS}{page.token}/").content.decode()


def test_it_is_unlisted_until_made_public(organiser: Client, site: Site) -> None:
    page = opened(organiser)
    assert not page.public
    organiser.post(f"{LETTERS}{page.token}/public/", {"yes": ""})
    page.refresh_from_db()
    assert page.public


def test_making_public_ends_memorised_pages(organiser: Client, site: Site) -> None:
    page = opened(organiser)
    before = site.changes
    organiser.post(f"{LETTERS}{page.token}/public/", {"yes": ""})
    assert site.changes == before + 1


def test_a_draft_cannot_be_made_public(organiser: Client) -> None:
    page = saved(organiser)
    assert organiser.post(f"{LETTERS}{page.token}/public/", {"yes": ""}).status_code == 404


def test_the_link_is_a_picture_too(organiser: Client) -> None:
    page = opened(organiser)
    answer = organiser.get(f"{LETTERS}{page.token}/address.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
