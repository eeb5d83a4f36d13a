"""News on a letter: looked at first, then public."""

from __future__ import annotations

from django.test import Client

from tests.service.cast import Cast
from tests.web.organiser.letter.signed import signed
from tests.web.organiser.letter.typed import LETTERS


def test_looking_publishes_nothing(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(f"{LETTERS}{signed(cast).token}/update/", {"text-en": "We *met*."})
    assert "We <em>met</em>." in answer.content.decode()
    (letter,) = cast.keeper.state.letters.values()
    assert not letter.updates


def test_published_news_stand_on_the_letters_page(organiser: Client, client: Client, cast: Cast) -> None:
    page = signed(cast)
    organiser.post(f"{LETTERS}{page.token}/update/", {"text-en": "We *met*.", "publish": "yes"})
    assert "We <em>met</em>." in client.get(f"/cast/letters/{page.token}/").content.decode()


def test_no_text_is_refused(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(f"{LETTERS}{signed(cast).token}/update/", {"text-en": "  ", "publish": "yes"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_too_long_a_text_is_refused_and_kept_in_the_form(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(f"{LETTERS}{signed(cast).token}/update/", {"text-en": "ab " * 3000, "publish": "yes"})
    assert answer.status_code == 400
    assert "ab ab ab" in answer.content.decode()
