"""The one-time link: who opens it does nothing, who presses its button is in, once."""

from __future__ import annotations

from django.test import Client

from ruban.web.organiser.links import LINK_SECONDS, first_link, new_link
from ruban.web.organiser.models import SignInLink
from ruban.web.site import Site
from tests.service.cast import Cast


def test_pressing_the_button_signs_in(site: Site, client: Client) -> None:
    answer = client.post(new_link(0, site.clock()))
    assert answer.headers["Location"] == "/organiser/"
    assert client.get("/organiser/").status_code == 200


def test_a_scanner_that_opens_a_link_uses_nothing_up(site: Site, client: Client) -> None:
    link = new_link(0, site.clock())
    Client(headers={"host": "localhost:8000"}).get(link)
    Client(headers={"host": "localhost:8000"}).head(link)
    assert client.post(link).status_code == 302


def test_opening_a_link_signs_nobody_in(site: Site, client: Client) -> None:
    client.get(new_link(0, site.clock()))
    assert client.get("/organiser/").headers["Location"] == "/organiser/sign-in/"


def test_a_link_signs_in_once(site: Site, client: Client) -> None:
    link = new_link(0, site.clock())
    client.post(link)
    other = Client(headers={"host": "localhost:8000"})
    assert other.post(link).status_code == 409
    assert other.get("/organiser/").headers["Location"] == "/organiser/sign-in/"


def test_a_link_ends_after_a_day(site: Site, cast: Cast, client: Client) -> None:
    link = new_link(0, site.clock())
    cast.now += LINK_SECONDS
    assert client.post(link).status_code == 409


def test_a_wrong_link_and_a_used_one_read_the_same(site: Site, client: Client) -> None:
    link = new_link(0, site.clock())
    client.post(link)
    stranger = Client(headers={"host": "localhost:8000"})
    other = f"/organiser/link/{'a' * 26}/"
    used, wrong = stranger.post(link).content.decode(), stranger.post(other).content.decode()
    assert used == wrong.replace(other, link)


def test_a_form_without_its_token_signs_nobody_in(site: Site) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})
    link = new_link(0, site.clock())
    assert strict.post(link).status_code == 403
    assert SignInLink.objects.count() == 1


def test_a_form_of_another_site_signs_nobody_in(site: Site) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})
    link = new_link(0, site.clock())
    strict.get(link)
    token = strict.cookies["ruban_organiser_csrf"].value
    sent = {"csrfmiddlewaretoken": token}
    assert strict.post(link, sent, headers={"origin": "https://evil.example"}).status_code == 403
    assert strict.post(link, sent, headers={"origin": "http://localhost:8000"}).status_code == 302


def test_the_database_holds_no_link_that_works(site: Site) -> None:
    token = new_link(0, site.clock()).split("/")[-2]
    assert token not in repr(list(SignInLink.objects.values()))


def test_the_server_shows_a_first_link_until_somebody_has_signed_in(site: Site, client: Client) -> None:
    first = first_link()
    assert first is not None
    client.post(first)
    assert first_link() is None


def test_who_tries_sixty_links_is_slowed_down(site: Site, client: Client) -> None:
    answers = [client.post(f"/organiser/link/{'a' * 26}/").status_code for _ in range(61)]
    assert answers == [409] * 60 + [429]


def test_a_spare_link_ends_with_the_one_that_was_used(site: Site, client: Client) -> None:
    spare, used = new_link(0, site.clock()), new_link(0, site.clock())
    client.post(used)
    other = Client(headers={"host": site.configuration.public_host, "accept-language": "en"})
    assert "This link does not work" in other.post(spare).content.decode()
