"""Codes just made: what can be downloaded, by whom, and for how long."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from pypdf import PdfReader

from ruban.service.codes import parse_code
from ruban.web.organiser.codes import words_of
from ruban.web.organiser.holding import KEPT_SECONDS
from ruban.web.organiser.links import new_link
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.test_people import add


@pytest.fixture
def where(organiser: Client) -> str:
    return add(organiser, "New One,new@example.org")


def rows(client: Client, where: str) -> list[dict[str, str]]:
    text = client.get(f"{where}codes.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_the_code_as_letters_words_and_link(organiser: Client, where: str) -> None:
    [row] = rows(organiser, where)
    assert row["name"] == "New One"
    assert parse_code(row["code"]) == parse_code(row["words"]) == parse_code(row["mots"])
    assert row["link"] == f"http://localhost:8000/cast/enrol/#{row['code']}"


def test_the_cards_bear_name_code_and_words_in_both_languages(organiser: Client, where: str) -> None:
    [row] = rows(organiser, where)
    pdf = PdfReader(io.BytesIO(organiser.get(f"{where}cards.pdf").content))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert "New One" in text
    assert row["code"] in text
    assert words_of(row["code"], "en") in text
    assert words_of(row["code"], "fr").split(" ")[0] in text
    assert "/MarkInfo" in pdf.root_object


def test_the_cards_say_until_when_their_code_is_good(organiser: Client, where: str) -> None:
    pdf = PdfReader(io.BytesIO(organiser.get(f"{where}cards.pdf").content))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert "Good until 23 January 2027." in text
    assert "Valable jusqu’au 23 janvier 2027." in text


def test_another_session_of_the_same_organiser_gets_no_code(site: Site, organiser: Client, where: str) -> None:
    other = Client(headers={"host": "localhost:8000"})
    other.post(new_link(0, site.clock()))
    assert other.get(f"{where}codes.csv").status_code == 404


def test_codes_end_after_half_an_hour(organiser: Client, where: str, cast: Cast) -> None:
    cast.now += KEPT_SECONDS
    assert organiser.get(f"{where}codes.csv").status_code == 404


def test_codes_that_were_forgotten_are_gone(organiser: Client, where: str) -> None:
    organiser.post(f"{where}forget/")
    assert organiser.get(f"{where}cards.pdf").status_code == 404


def test_signing_out_forgets_the_codes(site: Site, organiser: Client, where: str) -> None:
    organiser.post("/organiser/sign-out/")
    organiser.post(new_link(0, site.clock()))
    assert organiser.get(where).status_code == 404


def test_every_page_says_that_codes_wait(organiser: Client, where: str) -> None:
    assert where in organiser.get("/organiser/").content.decode()


def test_no_code_is_in_a_page_but_the_files(organiser: Client, where: str) -> None:
    [row] = rows(organiser, where)
    assert row["code"] not in organiser.get(where).content.decode()
