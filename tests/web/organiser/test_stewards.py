"""The list shared out among colleagues."""

from __future__ import annotations

import base64
import html
import json
import re

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client

from ruban.web.organiser.models import StewardShare
from ruban.web.organiser.stewards import SHARE_SECONDS
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.organiser.test_codes import rows
from tests.web.organiser.test_people import add


@pytest.fixture
def codes(organiser: Client) -> str:
    return add(organiser, *(f"Person {i},p{i}@example.org" for i in range(5)))


@pytest.fixture
def stranger(site: Site) -> Client:
    return Client(headers={"host": "localhost:8000", "accept-language": "en"})


def links(organiser: Client, codes: str, *labels: str) -> list[str]:
    text = organiser.post(f"{codes}share/", {"labels": "\n".join(labels)}).content.decode()
    return re.findall(r'value="http://localhost:8000(/organiser/steward/[a-z2-7]{26}/#[\w-]+)"', text)


def opened(client: Client, link: str) -> list[dict[str, str]]:
    """What the colleague's browser makes of the page."""
    path, _, key = link.partition("#")
    found = re.search(r'data-sealed="([^"]*)"', client.get(path).content.decode())
    assert found is not None
    sealed = base64.b64decode(html.unescape(found[1]))
    text = AESGCM(base64.urlsafe_b64decode(key + "=")).decrypt(sealed[:12], sealed[12:], path.split("/")[-2].encode())
    people: list[dict[str, str]] = json.loads(text)
    return people


def test_each_colleague_gets_a_part_and_together_they_have_all(organiser: Client, stranger: Client, codes: str) -> None:
    parts = [opened(stranger, link) for link in links(organiser, codes, "Ann", "Ben")]
    assert [len(part) for part in parts] == [2, 3]
    assert [one["link"] for part in parts for one in part] == [row["link"] for row in rows(organiser, codes)]


def test_the_server_keeps_nothing_that_it_can_read(organiser: Client, codes: str) -> None:
    [link] = links(organiser, codes, "Ann")
    kept = bytes(StewardShare.objects.get().sealed)
    assert b"Person 1" not in kept
    assert link.partition("#")[2] not in repr(StewardShare.objects.values())


def test_a_part_does_not_open_under_another_colleagues_key(organiser: Client, stranger: Client, codes: str) -> None:
    first, second = links(organiser, codes, "Ann", "Ben")
    with pytest.raises(InvalidTag):
        opened(stranger, first.partition("#")[0] + "#" + second.partition("#")[2])


def test_a_colleagues_page_sets_no_cookie_and_shows_nothing_of_use(
    organiser: Client, stranger: Client, codes: str
) -> None:
    [link] = links(organiser, codes, "Ann")
    answer = stranger.get(link.partition("#")[0])
    assert not answer.cookies
    assert set(opened(stranger, link)[0]) == {"name", "link", "until", "size", "bits"}


def test_a_withdrawn_part_is_gone(organiser: Client, stranger: Client, codes: str) -> None:
    [link] = links(organiser, codes, "Ann")
    token = StewardShare.objects.get().token
    organiser.post(f"/organiser/stewards/{token}/withdraw/")
    assert stranger.get(link.partition("#")[0]).status_code == 404


def test_a_part_ends_after_two_weeks(organiser: Client, stranger: Client, codes: str, cast: Cast) -> None:
    [link] = links(organiser, codes, "Ann")
    cast.now += SHARE_SECONDS
    assert stranger.get(link.partition("#")[0]).status_code == 404
    assert not StewardShare.objects.exists()


def test_more_than_forty_colleagues_are_refused(organiser: Client, codes: str) -> None:
    answer = organiser.post(f"{codes}share/", {"labels": "\n".join(f"C{i}" for i in range(41))})
    assert answer.status_code == 400
    assert not StewardShare.objects.exists()


def test_a_stranger_withdraws_nothing(organiser: Client, stranger: Client, codes: str) -> None:
    links(organiser, codes, "Ann")
    stranger.post(f"/organiser/stewards/{StewardShare.objects.get().token}/withdraw/")
    assert StewardShare.objects.exists()
