"""The page of people: sums, and how more are invited."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruban.errors import InvitationUnknown
from ruban.service.code_days import end_of_day
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


def test_the_codes_of_a_list_end_after_sixty_days_or_on_the_day_that_was_chosen(organiser: Client, cast: Cast) -> None:
    assert 'name="until" type="date" value="2027-01-23"' in organiser.get(PEOPLE).content.decode()
    correct_electorate(cast.keeper, 17, "2026-11-24", "staff list", cast.now)
    for number, until in enumerate(("2027-01-23", "2026-12-24", "")):
        typed = {"name": f"New {number}", "identifier": f"new{number}@example.org", "until": until}
        look = organiser.post(f"{PEOPLE}add/", typed).headers["Location"]
        said = {"2027-01-23": "until 23 January 2027.", "2026-12-24": "until 24 December 2026.", "": "have no end."}
        assert said[until] in organiser.get(look).content.decode()
        organiser.post(look)
    christmas, usual = end_of_day(date(2026, 12, 24)), end_of_day(date(2027, 1, 23))
    assert cast.keeper.desk.expiries() == [christmas, usual, None]
    text = organiser.get(PEOPLE).content.decode()
    assert "until 24 December 2026 for the first, 23 January 2027 for the last; some without end" in text


def test_codes_without_an_end_are_said_to_have_none(organiser: Client) -> None:
    assert "<dt>Codes can be used</dt><dd>without end</dd>" in organiser.get(PEOPLE).content.decode()


@pytest.mark.parametrize("until", ["2026-11-20", "soon"])
def test_a_last_day_that_is_over_or_none_is_refused_with_what_was_typed(organiser: Client, until: str) -> None:
    answer = organiser.post(f"{PEOPLE}add/", {"name": "New One", "identifier": "n@example.org", "until": until})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert f'value="{until}" aria-describedby="h-until w-until"' in text
    assert 'value="New One"' in text


def test_all_codes_get_another_last_day_and_the_expired_are_good_again(organiser: Client, cast: Cast) -> None:
    cast.expire(13)
    moved = organiser.post(f"{PEOPLE}until/", {"all_until": "2026-12-24"})
    assert moved.headers["Location"] == f"{PEOPLE}?done=until"
    assert cast.keeper.desk.expiries() == [end_of_day(date(2026, 12, 24))]
    assert unused_invitation(cast.keeper, cast.invited[13].code, cast.now).name == "Member 13"
    organiser.post(f"{PEOPLE}until/", {"all_until": ""})
    assert cast.keeper.desk.expiries() == [None]


def test_a_day_that_is_over_moves_nothing(organiser: Client, cast: Cast) -> None:
    refused = organiser.post(f"{PEOPLE}until/", {"all_until": "2026-11-20"})
    assert refused.status_code == 400
    assert 'id="w-all_until"' in refused.content.decode()
    assert cast.keeper.desk.expiries() == [None]


def test_a_code_made_anew_lasts_as_long_as_a_new_one(organiser: Client, cast: Cast) -> None:
    cast.expire(13)
    organiser.post(f"{PEOPLE}take-back/", {"whose": "member13@meridian.example", "what": "reissue"})
    assert cast.keeper.desk.expiries() == [end_of_day(date(2027, 1, 23)), None]


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
