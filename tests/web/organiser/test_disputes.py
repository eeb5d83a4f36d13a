"""Disputes on pages: said with a code alone, beside every count while open, settled by organisers in public."""

from __future__ import annotations

import json

from django.test import Client

from tests.service.cast import DAY, Cast
from tests.web.states import page_of

PAGE = "/organiser/people/disputes/"


def say(client: Client, code: str) -> int:
    body = json.dumps({"code": code})
    return client.post("/cast/dispute", body, content_type="application/json").status_code


def test_a_used_code_says_it_and_every_count_shows_it(client: Client, cast: Cast) -> None:
    letter = page_of(cast.open_letter(5 * DAY))
    assert say(client, cast.invited[0].code) == 202
    assert say(client, cast.invited[1].code) == 202
    address = f"/cast/en/letters/{letter.token}/"
    page = client.get(address).content.decode()
    # Beside the count, and in what is there to be quoted.
    assert page.count("May be too high by 2: 2 people who were invited say") == 2
    assert client.get(f"/cast/count/{letter.letter_id}").json()["disputes"] == 2
    french = client.get(f"/cast/fr/letters/{letter.token}/").content.decode()
    assert "Peut-être trop élevé de 2" in french


def test_a_good_code_and_one_of_nobody_are_refused_alike_for_strangers(client: Client, cast: Cast) -> None:
    assert say(client, cast.invited[12].code) == 409
    assert say(client, "ZZZ-ZZZ-ZZZ") in (400, 404, 422)
    assert say(client, "") == 400
    cast.release()
    assert cast.keeper.state.open_disputes == 0


def test_it_is_no_page_and_takes_nothing_but_a_code(client: Client, cast: Cast) -> None:
    assert client.get("/cast/dispute").status_code == 405
    body = json.dumps({"code": cast.invited[0].code, "name": "Ann"})
    assert client.post("/cast/dispute", body, content_type="application/json").status_code == 400
    assert client.post("/cast/dispute", body, content_type="text/plain").status_code == 415


def test_organisers_settle_it_for_a_reason_that_readers_see(organiser: Client, client: Client, cast: Cast) -> None:
    letter = page_of(cast.open_letter(5 * DAY))
    say(client, cast.invited[0].code)
    cast.release()
    [key] = cast.keeper.state.disputes
    people = organiser.get("/organiser/people/").content.decode()
    assert "1 says that somebody else used their code" in people
    page = organiser.get(PAGE).content.decode()
    assert key.hex() in page
    assert not any(one.person.name in page for one in cast.invited)
    assert organiser.post(f"{PAGE}settle/", {"id": key.hex(), "reason": " "}).status_code == 400
    assert organiser.post(f"{PAGE}settle/", {"id": "00" * 16, "reason": "No."}).status_code >= 400
    assert cast.keeper.state.open_disputes == 1
    answer = organiser.post(f"{PAGE}settle/", {"id": key.hex(), "reason": "Another <device>."})
    assert answer.status_code == 302
    assert "Another &lt;device&gt;." in organiser.get(PAGE).content.decode()
    read = client.get(f"/cast/en/letters/{letter.token}/").content.decode()
    assert "May be too high" not in read
    assert "A dispute about a used code was settled by the organisers on 24 November 2026" in read


def test_only_organisers_settle(client: Client, cast: Cast) -> None:
    say(client, cast.invited[0].code)
    cast.release()
    [key] = cast.keeper.state.disputes
    client.post(f"{PAGE}settle/", {"id": key.hex(), "reason": "No."})
    assert cast.keeper.state.open_disputes == 1
