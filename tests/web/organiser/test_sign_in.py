"""Sessions: how they begin and end, and what strangers see."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.sessions.models import Session
from django.test import Client

from ruban.web.organiser.access import SESSION_SECONDS
from ruban.web.organiser.links import new_link
from ruban.web.organiser.models import Organiser
from ruban.web.site import Site
from tests.service.cast import Cast

SIGN_IN = "/organiser/sign-in/"


def test_a_stranger_is_led_to_where_one_signs_in(client: Client) -> None:
    assert client.get("/organiser/").headers["Location"] == SIGN_IN


def test_a_made_up_session_is_nobodys(client: Client) -> None:
    client.cookies["ruban_organiser"] = "a" * 32
    assert client.get("/organiser/").headers["Location"] == SIGN_IN


def test_the_session_before_signing_in_is_worth_nothing_afterwards(site: Site, client: Client) -> None:
    client.post(new_link(0, site.clock()))
    first = client.cookies["ruban_organiser"].value
    client.post(new_link(0, site.clock()))
    thief = Client(headers={"host": "localhost:8000"})
    thief.cookies["ruban_organiser"] = first
    assert thief.get("/organiser/").headers["Location"] == SIGN_IN


def test_a_session_ends_after_twelve_hours(organiser: Client, cast: Cast) -> None:
    cast.now += SESSION_SECONDS - 1
    assert organiser.get("/organiser/").status_code == 200
    cast.now += 1
    assert organiser.get("/organiser/").headers["Location"] == SIGN_IN


def test_signing_out_ends_the_session_everywhere(organiser: Client) -> None:
    kept = organiser.cookies["ruban_organiser"].value
    organiser.post("/organiser/sign-out/")
    thief = Client(headers={"host": "localhost:8000"})
    thief.cookies["ruban_organiser"] = kept
    assert thief.get("/organiser/").headers["Location"] == SIGN_IN


def test_an_image_on_another_page_signs_nobody_out(organiser: Client) -> None:
    assert organiser.get("/organiser/sign-out/").status_code == 405
    assert organiser.get("/organiser/").status_code == 200


def test_an_organiser_who_was_removed_is_out_at_once(organiser: Client) -> None:
    Organiser.objects.all().delete()
    assert organiser.get("/organiser/").headers["Location"] == SIGN_IN


def test_cookies_stay_on_organisers_pages(site: Site, client: Client) -> None:
    client.post(new_link(0, site.clock()))
    cookie = client.cookies["ruban_organiser"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/organiser/", True, "Strict")


def test_the_language_that_was_chosen_is_kept(organiser: Client) -> None:
    organiser.get("/organiser/?lang=fr")
    assert 'lang="fr"' in organiser.get("/organiser/").content.decode()


def test_signing_in_clears_the_sessions_that_are_over(site: Site, client: Client) -> None:
    old = Session.objects.create(session_key="o" * 32, session_data="", expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    client.post(new_link(0, site.clock()))
    assert not Session.objects.filter(pk=old.pk).exists()
