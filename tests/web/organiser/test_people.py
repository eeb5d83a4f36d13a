"""The page of people: sums, and how more are invited."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.errors import InvitationUnknown
from ruban.service.correct_electorate import correct_electorate
from ruban.service.enrol import unused_invitation
from ruban.web.site import Site
from tests.service.cast import Cast

PEOPLE = "/organiser/people/"


def send(client: Client, *lines: str) -> str:
    """Where a list leads."""
    sent = SimpleUploadedFile("people.csv", "\n".join(["name,identifier", *lines, ""]).encode(), "text/csv")
    return str(client.post(f"{PEOPLE}add/", {"people": sent}).headers["Location"])


def add(client: Client, *lines: str) -> str:
    """Where the codes of a list are, once it is confirmed. The cast's group has room for none: make it."""
    from ruban.web.site import site

    here = site()
    entitled = here.kept.state.opened.electorate + len(lines)
    correct_electorate(here.kept, entitled, "2026-11-24", "staff list", here.clock())
    return str(client.post(send(client, *lines)).headers["Location"])


def test_it_shows_sums(organiser: Client) -> None:
    text = organiser.get(PEOPLE).content.decode()
    assert "<dt>Invited</dt><dd>14</dd>" in text
    assert "<dt>Enrolled</dt><dd>12" in text


def test_it_names_nobody(organiser: Client, cast: Cast) -> None:
    text = organiser.get(PEOPLE).content.decode()
    assert not any(one.person.name in text for one in cast.invited)


def test_a_list_is_shown_before_anybody_is_invited(organiser: Client, cast: Cast) -> None:
    look = send(organiser, "New One,new@example.org")
    assert "1 new invitation" in organiser.get(look).content.decode()
    assert cast.keeper.desk.invitation_counts()[0] == 14


def test_the_button_makes_the_codes(organiser: Client, cast: Cast) -> None:
    codes = add(organiser, "New One,new@example.org", "New Two,two@example.org")
    assert codes.startswith("/organiser/codes/")
    assert cast.keeper.desk.invitation_counts()[0] == 16


def test_who_was_invited_before_is_left_out_enrolled_or_not(organiser: Client) -> None:
    look = send(organiser, "Member 0,member0@meridian.example", "Member 13,MEMBER13@meridian.example")
    text = organiser.get(look).content.decode()
    assert "0 new invitations" in text
    assert "2 people of the list have been invited before" in text


def test_more_than_the_entitled_are_refused_with_what_to_do(organiser: Client, cast: Cast) -> None:
    answer = organiser.post(send(organiser, "New One,new@example.org"))
    assert answer.status_code == 409
    assert "Correct the number of the entitled, or the list." in answer.content.decode()
    assert cast.keeper.desk.invitation_counts()[0] == 14


def test_a_wrong_list_says_the_line(organiser: Client) -> None:
    sent = SimpleUploadedFile("people.csv", b"name,email\nNo Address,\n", "text/csv")
    answer = organiser.post(f"{PEOPLE}add/", {"people": sent})
    assert answer.status_code == 400
    assert '<td class="figure">2</td>' in answer.content.decode()


def test_one_person_can_be_typed(organiser: Client) -> None:
    look = organiser.post(f"{PEOPLE}add/", {"name": "Jean, dit “le Bref”", "identifier": "4711"}).headers["Location"]
    assert "1 new invitation" in organiser.get(look).content.decode()


@pytest.mark.parametrize("path", ["people/", "people/add/", "codes/" + "a" * 26 + "/"])
def test_a_stranger_is_led_to_where_one_signs_in(client: Client, path: str) -> None:
    method = client.post if path.endswith("add/") else client.get
    assert method(f"/organiser/{path}").headers["Location"] == "/organiser/sign-in/"


def test_a_form_of_another_site_invites_nobody(site: Site, organiser: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost:8000"})
    strict.cookies = organiser.cookies
    sent = SimpleUploadedFile("people.csv", b"name,email\nNew,new@example.org\n", "text/csv")
    assert strict.post(f"{PEOPLE}add/", {"people": sent}).status_code == 403


def test_a_lost_code_is_replaced(organiser: Client, cast: Cast) -> None:
    where = organiser.post(f"{PEOPLE}take-back/", {"whose": "member13@meridian.example", "what": "reissue"})
    assert where.headers["Location"].startswith("/organiser/codes/")
    with pytest.raises(InvitationUnknown):
        unused_invitation(cast.keeper, cast.invited[13].code, cast.now)


def test_an_invitation_is_withdrawn(organiser: Client, cast: Cast) -> None:
    organiser.post(f"{PEOPLE}take-back/", {"whose": "member13@meridian.example", "what": "withdraw"})
    assert cast.keeper.desk.invitation_counts()[0] == 13


def test_a_used_code_is_not_replaced_and_the_page_says_why(organiser: Client) -> None:
    answer = organiser.post(f"{PEOPLE}take-back/", {"whose": "member0@meridian.example", "what": "reissue"})
    assert answer.status_code == 409
    assert "Somebody has enrolled with it" in answer.content.decode()
