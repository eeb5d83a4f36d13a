"""Writing a letter: what is typed becomes a draft, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.record.kinds import MAX_DEMANDS
from ruban.web.letters.models import LetterPage
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.letter.typed import LETTERS, opened, saved, typed

FILE = """---
language: fr
title: Au conseil
addressee: Le conseil
demands:
  - Répondez.
opening: 2026-11-26 09:00 Europe/Paris
closing: 14 days after opening
---
Nous vous demandons.
"""


def test_a_draft_holds_what_was_typed(organiser: Client) -> None:
    assert saved(organiser).draft == {
        "texts": [
            {
                "lang": "en",
                "title": "To the board",
                "addressee": "The board",
                "demands": ["Publish the budget.", "Answer us."],
                "body": "We *ask* you.",
            }
        ],
        "opening": None,
        "closing": None,
        "unnamed_from": None,
        "threshold": None,
        "ways": ["name", "unnamed"],
        "retention_days": None,
    }


def test_only_organisers_get_the_form(client: Client, site: Site) -> None:
    assert client.get(f"{LETTERS}new/").headers["Location"] == "/organiser/sign-in/"


def test_a_fault_keeps_what_was_typed_and_saves_nothing(organiser: Client) -> None:
    answer = organiser.post(f"{LETTERS}new/", typed(title_0="", body_0="A long text."))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "A long text." in text
    assert 'id="w-title-0"' in text
    assert not LetterPage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"demands_0": ""}, "demands-0"),
        ({"closing": "2020-01-01T10:00"}, "closing"),
        ({"threshold": "many"}, "threshold"),
        ({"retention_days": "0"}, "retention_days"),
        ({"retention_days": "4000"}, "retention_days"),
        ({"lang_0": "English"}, "lang-0"),
        ({"lang_1": "fr", "title_1": "Au conseil", "demands_1": "Une seule."}, "demands-1"),
        ({"body_0": "turned \u202e around"}, "body-0"),
    ],
)
def test_each_fault_is_said_beside_its_field(organiser: Client, changes: dict[str, str], field: str) -> None:
    answer = organiser.post(f"{LETTERS}new/", typed(**changes))
    assert answer.status_code == 400
    assert f'id="w-{field}"' in answer.content.decode()


def test_nobody_to_sign_is_refused(organiser: Client) -> None:
    fields = typed()
    del fields["way-name"], fields["way-unnamed"]
    assert 'id="w-ways"' in organiser.post(f"{LETTERS}new/", fields).content.decode()


def test_times_are_read_in_the_sites_zone(organiser: Client, site: Site) -> None:
    object.__setattr__(site.configuration, "time_zone", "Europe/Paris")
    page = saved(organiser, closing="2026-12-05T10:00")
    assert page.draft is not None
    assert page.draft["closing"] == 1_796_461_200  # 2026-12-05 09:00 UTC
    assert 'value="2026-12-05T10:00"' in organiser.get(f"{LETTERS}{page.token}/edit/").content.decode()


def test_a_second_language_stands_beside_the_first(organiser: Client) -> None:
    page = saved(
        organiser,
        lang_1="fr",
        title_1="Au conseil",
        addressee_1="Le conseil",
        demands_1="Un.\nDeux.",
        body_1="Bonjour.",
    )
    assert page.draft is not None
    assert [text["lang"] for text in page.draft["texts"]] == ["en", "fr"]


def test_each_demand_has_a_field_of_its_own(organiser: Client) -> None:
    fields: dict[str, str | list[str]] = {**typed(), "demands-0": ["Publish the budget.", "", "Answer us."]}
    answer = organiser.post(f"{LETTERS}new/", fields)
    page = LetterPage.objects.get(token=answer.headers["Location"].split("/")[3])
    assert page.draft is not None
    assert page.draft["texts"][0]["demands"] == ["Publish the budget.", "Answer us."]
    text = organiser.get(f"{LETTERS}{page.token}/edit/").content.decode()
    assert text.count('name="demands-0"') == 2
    assert text.count('name="demands-1"') == 2, "another language answers the same demands"


def test_one_more_demand_is_asked_for_without_saving_or_losing_anything(organiser: Client) -> None:
    answer = organiser.post(f"{LETTERS}new/", typed(title_0="", body_0="A long text.") | {"more-demands": "0"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not LetterPage.objects.exists()
    assert "A long text." in text
    assert 'class="wrong"' not in text, "nothing is wrong yet"
    assert text.count('name="demands-0"') == 3
    assert text.count("autofocus") == 1


def test_a_demand_of_another_language_is_asked_for_where_it_can_be_seen(organiser: Client) -> None:
    text = organiser.post(f"{LETTERS}new/", typed() | {"more-demands": "1"}).content.decode()
    before, _, after = text.partition("autofocus")
    assert after
    assert before.count("<details") - before.count("</details>") == before.count("<details open>") == 2


def test_demands_end_at_the_most_that_a_letter_has(organiser: Client) -> None:
    many = "\n".join(f"Demand {n}." for n in range(MAX_DEMANDS))
    answer = organiser.post(f"{LETTERS}new/", typed(demands_0=many) | {"more-demands": "0"})
    text = answer.content.decode()
    assert text.count('name="demands-0"') == MAX_DEMANDS
    assert 'value="0" formnovalidate' not in text


def test_a_page_that_answers_a_form_offers_no_link_that_loses_it(organiser: Client) -> None:
    assert 'hreflang="fr"' in organiser.get(f"{LETTERS}new/").content.decode()
    assert 'hreflang="fr"' not in organiser.post(f"{LETTERS}new/", typed(title_0="")).content.decode()


def test_a_draft_can_be_changed(organiser: Client) -> None:
    page = saved(organiser)
    organiser.post(f"{LETTERS}{page.token}/edit/", typed(title_0="To the council"))
    page.refresh_from_db()
    assert page.draft is not None
    assert page.draft["texts"][0]["title"] == "To the council"


def test_an_open_letter_cannot_be_changed(organiser: Client) -> None:
    page = opened(organiser)
    answer = organiser.post(f"{LETTERS}{page.token}/edit/", typed(title_0="Another"))
    assert answer.status_code == 409
    page.refresh_from_db()
    assert page.draft is None


def test_a_letter_file_becomes_a_draft(organiser: Client) -> None:
    sent = SimpleUploadedFile("letter.md", FILE.encode(), "text/markdown")
    organiser.post(f"{LETTERS}load/", {"letter": sent})
    draft = LetterPage.objects.get().draft
    assert draft is not None
    assert draft["texts"][0]["title"] == "Au conseil"
    assert draft["closing"] - draft["opening"] == 14 * 86_400


def test_a_wrong_file_says_the_line(organiser: Client) -> None:
    sent = SimpleUploadedFile("letter.md", FILE.replace("title", "tilte").encode(), "text/markdown")
    answer = organiser.post(f"{LETTERS}load/", {"letter": sent})
    assert answer.status_code == 400
    assert "line 3" in answer.content.decode()


def test_it_speaks_french(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(f"{LETTERS}new/?lang=fr", typed(title_0=""))
    assert "Écrire une lettre" in answer.content.decode()
