"""The form that begins the group, the look before it, and what it begins."""

from __future__ import annotations

import html
import re
from datetime import date
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.errors import Message, RuleBroken, StoreError
from ruban.service.code_days import end_of_day, usual_end
from ruban.web.organiser.links import new_link
from ruban.web.organiser.models import Organiser
from ruban.web.site import Site

LIST = b"name,email\nAda Lovelace,ada@example.org\nGrace Hopper,grace@example.org\nEmmy Noether,emmy@example.org\n"


@pytest.fixture
def founder(empty_site: Site) -> Client:
    """Whoever pressed the first link of a server without a group."""
    client = Client(headers={"host": empty_site.configuration.public_host, "accept-language": "en"})
    client.post(new_link(0, empty_site.clock()))
    return client


def form(people: bytes = LIST, **more: str) -> dict[str, object]:
    sent = SimpleUploadedFile("people.csv", people, "text/csv")
    return {"title": "Staff of Meridian", "name": "Ada Lovelace", "people": sent, **more}


def typed_again(page: str) -> dict[str, str]:
    """What a browser sends of a page's form as it stands, without choosing a file again."""
    found = re.search(r'<form method="post" action="/organiser/begin/".*?</form>', page, re.DOTALL)
    assert found is not None
    fields = dict(re.findall(r'<input[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"', found[0]))
    areas = dict(re.findall(r'<textarea[^>]*\bname="(\w+)"[^>]*>([^<]*)</textarea>', found[0]))
    return {name: html.unescape(text) for name, text in (fields | areas).items()}


def begun(founder: Client, **more: str) -> str:
    look = founder.post("/organiser/begin/", form(LIST, **more)).headers["Location"]
    return founder.post(look).headers["Location"]


def test_three_fields_and_two_buttons_begin_a_group_with_everybody_invited(founder: Client, empty_site: Site) -> None:
    assert begun(founder) == "/organiser/letters/new/"
    keeper = empty_site.kept
    assert keeper.state.opened.origin == "localhost:8000/staff-of-meridian"
    assert keeper.state.opened.electorate == 3
    assert keeper.desk.invitation_counts() == (3, 0)


def test_the_first_codes_end_after_sixty_days(founder: Client, empty_site: Site) -> None:
    begun(founder)
    assert empty_site.kept.desk.expiries() == [usual_end(empty_site.clock())]


def test_the_first_codes_end_on_the_day_that_was_chosen(founder: Client, empty_site: Site) -> None:
    look = founder.post("/organiser/begin/", form(until="2199-12-24")).headers["Location"]
    assert "The codes can be used until 24 December 2199." in founder.get(look).content.decode()
    founder.post(look)
    assert empty_site.kept.desk.expiries() == [end_of_day(date(2199, 12, 24))]


def test_a_day_that_is_over_is_no_last_day(founder: Client, empty_site: Site) -> None:
    assert "a day that is not over" in founder.post("/organiser/begin/", form(until="2020-01-01")).content.decode()
    assert empty_site.keeper is None


def test_looking_at_it_begins_nothing(founder: Client, empty_site: Site) -> None:
    look = founder.post("/organiser/begin/", form()).headers["Location"]
    assert "3 people are invited, of 3 entitled." in founder.get(look).content.decode()
    assert empty_site.keeper is None


def test_another_session_cannot_press_the_button(founder: Client, empty_site: Site) -> None:
    look = founder.post("/organiser/begin/", form()).headers["Location"]
    other = Client(headers={"host": "localhost:8000"})
    other.post(new_link(0, empty_site.clock()))
    assert other.post(look).status_code == 404
    assert empty_site.keeper is None


def test_a_list_with_an_error_says_the_line_and_begins_nothing(founder: Client, empty_site: Site) -> None:
    answer = founder.post("/organiser/begin/", form(LIST + b"No Address,\n"))
    assert answer.status_code == 400
    assert "1 error in the list" in answer.content.decode()
    assert '<td class="figure">5</td>' in answer.content.decode()
    assert empty_site.keeper is None


def test_what_was_typed_is_kept_beside_what_is_wrong(founder: Client) -> None:
    text = founder.post("/organiser/begin/", form(entitled="two")).content.decode()
    assert 'value="Staff of Meridian"' in text
    assert "a whole number from 1 to 100,000,000" in text


def test_fewer_entitled_than_listed_is_refused(founder: Client) -> None:
    assert "3 or more" in founder.post("/organiser/begin/", form(entitled="2")).content.decode()


def test_more_organisers_than_there_are_cannot_be_required(founder: Client) -> None:
    assert "at most 1, the number of organisers" in founder.post("/organiser/begin/", form(quorum="2")).content.decode()


def test_two_organisers_can_be_required(founder: Client, empty_site: Site) -> None:
    begun(founder, others="Grace Hopper", quorum="2")
    assert empty_site.kept.state.opened.quorum == 2
    assert list(Organiser.objects.order_by("place").values_list("place", "name")) == [
        (0, "Ada Lovelace"),
        (1, "Grace Hopper"),
    ]


def test_nothing_typed_or_chosen_is_lost_when_the_source_is_refused(founder: Client, empty_site: Site) -> None:
    answer = founder.post("/organiser/begin/", form(source="staff\x07list", others="Grace Hopper", quorum="2"))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in text
    assert "people.csv" in text
    again = {**typed_again(text), "source": "staff list"}
    founder.post(founder.post("/organiser/begin/", again).headers["Location"])
    assert empty_site.kept.desk.invitation_counts() == (3, 0)
    assert empty_site.kept.state.opened.quorum == 2


def test_a_list_that_came_once_is_read_again_without_the_file(founder: Client) -> None:
    text = founder.post("/organiser/begin/", form(LIST + b"No Address,\n")).content.decode()
    assert "1 error in the list" in founder.post("/organiser/begin/", typed_again(text)).content.decode()


def test_another_file_takes_the_place_of_the_one_that_came_before(founder: Client) -> None:
    text = founder.post("/organiser/begin/", form(LIST + b"No Address,\n")).content.decode()
    other = {**typed_again(text), "people": SimpleUploadedFile("other.csv", LIST, "text/csv")}
    assert founder.post("/organiser/begin/", other).status_code == 302


def test_an_encoding_that_was_named_is_kept_with_the_list(founder: Client) -> None:
    latin = LIST.replace(b"Ada", "Adèle".encode("cp1252"))
    text = founder.post("/organiser/begin/", form(latin)).content.decode()
    assert 'name="encoding"' in text
    named = {**typed_again(text), "encoding": "Windows-1252", "entitled": "two"}
    text = founder.post("/organiser/begin/", named).content.decode()
    look = founder.post("/organiser/begin/", {**typed_again(text), "entitled": ""}).headers["Location"]
    assert "Adèle Lovelace" in founder.get(look).content.decode()


def test_another_session_does_not_get_the_list(founder: Client, empty_site: Site) -> None:
    text = founder.post("/organiser/begin/", form(entitled="two")).content.decode()
    other = Client(headers={"host": "localhost:8000"})
    other.post(new_link(0, empty_site.clock()))
    assert "Choose the file" in other.post("/organiser/begin/", typed_again(text)).content.decode()


def test_from_the_look_one_step_back_leads_to_the_form_as_it_was_filled(founder: Client) -> None:
    look = founder.post("/organiser/begin/", form(others="Grace Hopper", source="registry")).headers["Location"]
    text = founder.get(f"{look}form/").content.decode()
    assert typed_again(text)["source"] == "registry"
    assert founder.post("/organiser/begin/", typed_again(text)).status_code == 302


def test_what_the_record_refuses_at_last_is_said_and_loses_nothing(
    founder: Client, empty_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = founder.post("/organiser/begin/", form()).headers["Location"]
    with monkeypatch.context() as patch:
        refused = RuleBroken("roles", Message("another"), Message("these"))
        patch.setattr(Site, "found", Mock(side_effect=refused))
        answer = founder.post(look)
    assert answer.status_code == 409
    assert "This was not done." in answer.content.decode()
    founder.post(look)
    assert empty_site.kept.desk.invitation_counts() == (3, 0)


def test_a_list_that_cannot_be_invited_at_once_waits_for_another_press(
    founder: Client, empty_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = founder.post("/organiser/begin/", form()).headers["Location"]
    with monkeypatch.context() as patch:
        full = StoreError("disk", Message("one with room"), Message("a full one"))
        patch.setattr("ruban.web.organiser.views.begin.invite_and_keep", Mock(side_effect=full))
        waiting = founder.post(look).headers["Location"]
    assert empty_site.kept.desk.invitation_counts() == (0, 0)
    assert "3 new invitations" in founder.get(waiting).content.decode()
    founder.post(waiting)
    assert empty_site.kept.desk.invitation_counts() == (3, 0)


def test_the_button_pressed_twice_begins_one_group(founder: Client, empty_site: Site) -> None:
    look = founder.post("/organiser/begin/", form()).headers["Location"]
    founder.post(look)
    assert founder.post(look).headers["Location"] == "/organiser/"
    assert empty_site.kept.desk.invitation_counts() == (3, 0)


def test_a_stranger_begins_nothing(empty_site: Site) -> None:
    stranger = Client(headers={"host": "localhost:8000"})
    assert stranger.post("/organiser/begin/", form()).headers["Location"] == "/organiser/sign-in/"
