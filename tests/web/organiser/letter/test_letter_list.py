"""The list of letters."""

from __future__ import annotations

from django.test import Client

from tests.web.organiser.letter.typed import LETTERS, opened, saved


def test_without_a_letter_it_says_what_to_do(organiser: Client) -> None:
    text = organiser.get(LETTERS).content.decode()
    assert "No letter yet." in text
    assert f"{LETTERS}new/" in text


def test_it_shows_drafts(organiser: Client) -> None:
    page = saved(organiser)
    assert f"{LETTERS}{page.token}/" in organiser.get(LETTERS).content.decode()


def test_it_shows_how_an_open_letter_stands(organiser: Client) -> None:
    opened(organiser)
    text = organiser.get(LETTERS).content.decode()
    assert "open for signing, unlisted, 0 signatures of 14 entitled" in text
