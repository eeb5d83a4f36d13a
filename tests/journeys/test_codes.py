"""A code that came too late: it is refused in words, nothing is lost, and a new one brings the same place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import expect

from ruban.web.organiser.links import new_link
from ruban.web.site import Site
from tests.journeys.conftest import MakeContext
from tests.journeys.stage import PHONE, Device, Stage
from tests.journeys.through import Through
from tests.service.cast import Cast

TOO_LATE = {
    "en": "The last day on which this code could be used is over. Ask the organisers for a new one",
    "fr": "Le dernier jour où ce code pouvait servir est passé. Demandez-en un nouveau aux organisateurs",
}
MakePhone = Callable[[str], Device]


@pytest.fixture
def phone(cast: Cast, through: Through, context: MakeContext) -> MakePhone:
    """Makes phones of the twelfth and the thirteenth member, who have not enrolled yet."""
    at = f"http://{through.host}/cast"
    invited = cast.invited[12:]
    stage = Stage(at, at, tuple(one.code for one in invited), tuple(one.person.name for one in invited))

    def make(language: str) -> Device:
        made = context(**PHONE)
        through.serve(made)
        return Device(stage, made, language)

    return make


@pytest.fixture
def organiser(client: Client, site: Site) -> Client:
    client.post(new_link(0, site.clock()))
    return client


def made_anew(organiser: Client, member: int) -> str:
    """The code that an organiser makes on their page for somebody who asks for a new one."""
    whose = {"whose": f"member{member}@meridian.example", "what": "reissue"}
    codes = organiser.post("/organiser/people/take-back/", whose).headers["Location"]
    table = organiser.get(f"{codes}codes.csv").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table))
    return row["code"]


def type_code(phone: Device, code: str) -> None:
    phone.page.locator("#code").fill(code)
    phone.part("code-form").locator("button").click()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_expired_code_is_refused_in_words_and_a_new_one_enrols(
    cast: Cast, organiser: Client, phone: MakePhone, language: str
) -> None:
    cast.expire(12)
    mine = phone(language)
    mine.goto(f"enrol/#{mine.stage.codes[0]}")
    mine.problem("code-expired", TOO_LATE[language])
    assert "#" not in mine.page.url
    type_code(mine, made_anew(organiser, 12))
    expect(mine.at("whose").locator("[data-fill=name]")).to_have_text(mine.stage.names[0])
    expect(mine.page.locator("[data-problem=code-expired]")).to_be_hidden()
    mine.part("enrol").click()
    mine.enrolled()
    assert cast.keeper.desk.invitation_counts() == (14, 13)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_code_that_expires_while_somebody_hesitates_leaves_their_place_free(
    cast: Cast, organiser: Client, phone: MakePhone, language: str
) -> None:
    mine = phone(language)
    mine.bring_code(0)
    cast.expire(12)
    mine.part("enrol").click()
    mine.problem("code-expired", TOO_LATE[language])
    assert cast.keeper.desk.invitation_counts() == (14, 12)
    mine.at("start")
    type_code(mine, made_anew(organiser, 12))
    mine.at("whose")
    mine.part("enrol").click()
    mine.enrolled()
    assert cast.keeper.desk.invitation_counts() == (14, 13)


def test_the_old_code_is_none_once_a_new_one_was_made(cast: Cast, organiser: Client, phone: MakePhone) -> None:
    made_anew(organiser, 12)
    mine = phone("en")
    mine.goto(f"enrol/#{mine.stage.codes[0]}")
    mine.problem("code-unknown", "This code is none of this group's.")
    assert cast.keeper.desk.invitation_counts() == (14, 12)
