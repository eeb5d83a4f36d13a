"""Who may sign in, and what they may change."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from ruban.web.letters.models import LetterPage
from ruban.web.organiser.models import Organiser
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.letter.typed import LETTERS, opened, saved

SETTINGS = "/organiser/settings/"


def stranger() -> Client:
    return Client(headers={"host": "localhost:8000", "accept-language": "en"})


def shown_link(text: str) -> str:
    found = re.search(r'value="http://localhost:8000(/organiser/link/[a-z2-7]{26}/)"', text)
    assert found is not None
    return found[1]


@pytest.fixture
def helper(organiser: Client) -> Client:
    text = organiser.post(f"{SETTINGS}helper/", {"name": "Grace"}).content.decode()
    client = stranger()
    client.post(shown_link(text))
    return client


def test_a_helper_gets_a_link_that_works_once(helper: Client) -> None:
    assert "Grace (you)" in " ".join(helper.get(SETTINGS).content.decode().split())


def test_a_link_for_an_organiser_lets_them_in(organiser: Client) -> None:
    ada = Organiser.objects.get(place=0)
    text = organiser.post(f"{SETTINGS}{ada.pk}/link/").content.decode()
    client = stranger()
    client.post(shown_link(text))
    assert client.get("/organiser/").status_code == 200


def test_a_helper_who_was_removed_is_out_at_once(organiser: Client, helper: Client) -> None:
    grace = Organiser.objects.get(name="Grace")
    organiser.post(f"{SETTINGS}{grace.pk}/remove/")
    assert helper.get("/organiser/").status_code == 302


def test_a_helper_cannot_remove_an_organiser(helper: Client) -> None:
    ada = Organiser.objects.get(place=0)
    assert helper.post(f"{SETTINGS}{ada.pk}/remove/").status_code == 409
    assert Organiser.objects.filter(place=0).exists()


def test_the_number_of_the_entitled_is_corrected_in_the_record(organiser: Client, cast: Cast) -> None:
    sent = {"entitled": "20", "date": "2026-11-23", "source": "payroll"}
    assert organiser.post(f"{SETTINGS}electorate/", sent).status_code == 302
    assert cast.keeper.state.opened.electorate == 20


def test_fewer_than_are_invited_is_refused_with_the_reason(organiser: Client, cast: Cast) -> None:
    sent = {"entitled": "13", "date": "2026-11-23", "source": "payroll"}
    answer = organiser.post(f"{SETTINGS}electorate/", sent)
    assert answer.status_code == 409
    assert "14 or more, those enrolled and invited" in answer.content.decode()
    assert cast.keeper.state.opened.electorate == 14


def test_a_helper_signs_nothing_public(helper: Client, cast: Cast) -> None:
    sent = {"entitled": "20", "date": "2026-11-23", "source": "payroll"}
    assert helper.post(f"{SETTINGS}electorate/", sent).status_code == 409
    assert cast.keeper.state.opened.electorate == 14


def test_a_helper_shows_nothing_to_everybody(organiser: Client, helper: Client) -> None:
    draft = saved(organiser)
    assert helper.post(f"{LETTERS}{draft.token}/announce/", {"yes": ""}).status_code == 409
    letter = opened(organiser)
    assert helper.post(f"{LETTERS}{letter.token}/public/", {"yes": ""}).status_code == 409
    assert not LetterPage.objects.filter(announced=True).exists()
    assert not LetterPage.objects.filter(public=True).exists()


def test_a_stranger_makes_no_link(site: Site) -> None:
    ada = Organiser.objects.create(place=0)
    assert stranger().post(f"{SETTINGS}{ada.pk}/link/").headers["Location"] == "/organiser/sign-in/"


def test_a_number_of_nobody_is_not_found(organiser: Client) -> None:
    assert organiser.post(f"{SETTINGS}999/link/").status_code == 404


def test_a_helper_makes_no_link_for_an_organiser(helper: Client) -> None:
    ada = Organiser.objects.get(place=0)
    assert helper.post(f"{SETTINGS}{ada.pk}/link/").status_code == 409


def test_where_two_must_sign_one_cannot_become_the_other(organiser: Client, cast: Cast) -> None:
    group = cast.keeper.state.group
    assert group is not None
    cast.keeper.state.group = replace(group, quorum=2)
    berthe = Organiser.objects.create(place=1, name="Berthe")
    refused = organiser.post(f"{SETTINGS}{berthe.pk}/link/")
    assert refused.status_code == 409
    assert "ruban organiser link --place 2" in refused.content.decode()
    assert "<code>ruban organiser link --place 2</code>" in organiser.get(SETTINGS).content.decode()
