"""Passkeys: kept, used, removed; and what does not pass."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from ruban.web.organiser.access import SESSION_SECONDS
from ruban.web.organiser.models import Passkey
from ruban.web.organiser.passkeys import CHALLENGE_SECONDS
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.authenticator import Authenticator

SETTINGS, SIGN_IN = "/organiser/settings/", "/organiser/sign-in/"


def options(client: Client, path: str) -> str:
    found = re.search(r'data-options="([^"]*)"', client.get(path).content.decode())
    assert found is not None
    return html.unescape(found[1])


def register(client: Client, device: Authenticator, **said: str) -> int:
    response = device.create(options(client, SETTINGS), **said)
    return client.post(f"{SETTINGS}passkeys/", {"response": response, "label": "Phone"}).status_code


@pytest.fixture
def device(organiser: Client) -> Authenticator:
    made = Authenticator()
    assert register(organiser, made) == 302
    return made


@pytest.fixture
def stranger(site: Site) -> Client:
    return Client(headers={"host": "localhost:8000", "accept-language": "en"})


def use(client: Client, device: Authenticator, **said: str) -> int:
    return client.post(SIGN_IN, {"response": device.get(options(client, SIGN_IN), **said)}).status_code


def test_a_passkey_signs_its_organiser_in(stranger: Client, device: Authenticator) -> None:
    assert use(stranger, device) == 302
    assert stranger.get("/organiser/").status_code == 200


def test_it_signs_in_again_and_again(stranger: Client, device: Authenticator) -> None:
    assert use(stranger, device) == use(stranger, device) == 302


def test_a_response_sent_twice_signs_in_once(stranger: Client, device: Authenticator, site: Site) -> None:
    response = device.get(options(stranger, SIGN_IN))
    stranger.post(SIGN_IN, {"response": response})
    stranger.post("/organiser/sign-out/")
    options(stranger, SIGN_IN)
    assert stranger.post(SIGN_IN, {"response": response}).status_code == 409


def test_a_response_to_another_sessions_challenge_is_refused(stranger: Client, device: Authenticator) -> None:
    response = device.get(options(Client(headers={"host": "localhost:8000"}), SIGN_IN))
    options(stranger, SIGN_IN)
    assert stranger.post(SIGN_IN, {"response": response}).status_code == 409


def test_a_response_made_for_another_site_is_refused(stranger: Client, device: Authenticator) -> None:
    assert use(stranger, device, origin="https://evil.example") == 409


def test_a_key_for_another_host_is_refused(stranger: Client, device: Authenticator) -> None:
    device.host = "evil.example"
    assert use(stranger, device) == 409


def test_a_device_that_asked_nobody_is_refused(stranger: Client, device: Authenticator) -> None:
    device.verified = False
    assert use(stranger, device) == 409


def test_a_copied_key_whose_counter_fell_back_is_refused(stranger: Client, device: Authenticator) -> None:
    use(stranger, device)
    device.uses = 0
    assert use(stranger, device) == 409


def test_another_key_under_the_same_name_is_refused(stranger: Client, device: Authenticator) -> None:
    assert use(stranger, Authenticator(uses=10)) == 409


def test_a_challenge_ends_after_ten_minutes(stranger: Client, device: Authenticator, cast: Cast) -> None:
    response = device.get(options(stranger, SIGN_IN))
    cast.now += CHALLENGE_SECONDS
    assert stranger.post(SIGN_IN, {"response": response}).status_code == 409


@pytest.mark.parametrize("response", ["", "{}", "[]", "null", '{"id": "AA", "rawId": "AA"}', "x" * 30_000])
def test_what_is_no_response_is_refused(stranger: Client, device: Authenticator, response: str) -> None:
    options(stranger, SIGN_IN)
    assert stranger.post(SIGN_IN, {"response": response}).status_code == 409


def test_a_removed_passkey_opens_nothing(organiser: Client, stranger: Client, device: Authenticator) -> None:
    key = Passkey.objects.get()
    organiser.post(f"{SETTINGS}passkeys/remove/", {"passkey": key.pk})
    assert use(stranger, device) == 409


def test_the_sign_in_page_names_no_passkey_and_nobody(stranger: Client, device: Authenticator) -> None:
    text = options(stranger, SIGN_IN)
    assert '"allowCredentials": []' in text
    assert Passkey.objects.get().pk not in text


def test_a_passkey_made_for_another_site_is_not_kept(organiser: Client) -> None:
    assert register(organiser, Authenticator(), origin="https://evil.example") == 409
    assert not Passkey.objects.exists()


def test_a_look_at_the_sign_in_page_leaves_nothing_for_longer_than_its_challenge(stranger: Client) -> None:
    options(stranger, SIGN_IN)
    assert stranger.session.get_expiry_age() == CHALLENGE_SECONDS
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    options(Client(headers={"host": "localhost:8000"}), SIGN_IN)
    assert Session.objects.count() == 1


def test_a_look_at_the_sign_in_page_does_not_shorten_a_session(organiser: Client) -> None:
    options(organiser, SIGN_IN)
    assert organiser.session.get_expiry_age() == SESSION_SECONDS


def test_the_sign_in_page_is_had_so_often_from_one_place(stranger: Client) -> None:
    answers = [stranger.get(SIGN_IN).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
