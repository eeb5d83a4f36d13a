"""The page that signs, and the pages of a member's device: the same bytes for everybody."""

from __future__ import annotations

import pytest
from django.test import Client

from ruban.record.state import Letter
from ruban.web.access import page_for_letter
from ruban.web.letters.models import LetterPage
from tests.service.cast import Cast


@pytest.fixture
def letter(cast: Cast) -> Letter:
    return cast.open_letter()


def address(letter: Letter) -> str:
    return f"/cast/letters/{page_for_letter(letter.letter_id).token}/sign/"


def test_it_names_the_letter_and_its_place_in_the_record(client: Client, letter: Letter) -> None:
    text = client.get(address(letter)).content.decode()
    assert f'data-letter="{letter.letter_id.hex()}"' in text
    assert f'data-index="{letter.index}"' in text
    assert "To the board" in text


@pytest.mark.parametrize("path", ["enrol/", "device/", "sign"])
def test_it_is_the_same_for_everybody_and_sets_no_cookie(client: Client, letter: Letter, path: str) -> None:
    where = address(letter) if path == "sign" else f"/cast/{path}"
    first, second = client.get(where), Client(headers={"host": "localhost:8000", "accept-language": "en"}).get(where)
    assert (first.status_code, first.content) == (200, second.content)
    assert not first.cookies


@pytest.mark.parametrize("path", ["enrol/", "device/", "sign"])
def test_french_pages_have_no_english_left(client: Client, letter: Letter, path: str) -> None:
    where = address(letter).replace("/cast/", "/cast/fr/") if path == "sign" else f"/cast/fr/{path}"
    text = client.get(where).content.decode()
    assert '<html lang="fr">' in text
    assert "Your " not in text
    assert "This device" not in text


def test_a_wrong_address_is_nowhere(client: Client, letter: Letter) -> None:
    assert client.get(f"/cast/letters/{'a' * 26}/sign/").status_code == 404


def test_before_the_letter_is_open_it_leads_to_enrolment_and_runs_nothing(client: Client, cast: Cast) -> None:
    page = LetterPage.objects.create(draft={})
    text = client.get(f"/cast/letters/{page.token}/sign/").content.decode()
    assert "/cast/enrol/" in text
    assert "<script" not in text
