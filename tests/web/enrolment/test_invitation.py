"""Whose invitation a code is."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from ruban.service.code_words import code_words
from ruban.service.codes import parse_code
from tests.service.cast import Cast
from tests.web.signing.posting import error_of, post_bytes, post_json


def test_it_says_whose_a_code_is_and_spends_nothing(cast: Cast, client: Client) -> None:
    code = cast.invited[12].code
    for _ in range(2):
        answer = post_json(client, "/cast/invitation", {"code": code})
        assert (answer.status_code, json.loads(answer.content)) == (200, {"name": "Member 12", "role": None})


@pytest.mark.parametrize("language", ["english", "french"])
def test_six_words_stand_for_the_code(cast: Cast, client: Client, language: str) -> None:
    words = code_words(parse_code(cast.invited[12].code), language)
    assert post_json(client, "/cast/invitation", {"code": words}).status_code == 200


def test_a_wrong_code_is_none_of_the_groups(client: Client) -> None:
    answer = post_json(client, "/cast/invitation", {"code": "00000-00000-00000"})
    assert answer.status_code in (400, 404)
    assert error_of(answer) in ("FormatError", "InvitationUnknown")


def test_a_spent_code_is_said_to_be_spent_and_no_longer_whose(cast: Cast, client: Client) -> None:
    answer = post_json(client, "/cast/invitation", {"code": cast.invited[0].code})
    assert (answer.status_code, error_of(answer)) == (409, "InvitationSpent")
    assert b"Member" not in answer.content


def test_an_expired_code_is_said_to_be_too_old_and_not_whose(cast: Cast, client: Client) -> None:
    cast.expire(12)
    answer = post_json(client, "/cast/invitation", {"code": cast.invited[12].code})
    assert (answer.status_code, error_of(answer)) == (410, "InvitationExpired")
    assert b"Member" not in answer.content


def test_an_error_never_shows_the_code(cast: Cast, client: Client) -> None:
    code = cast.invited[0].code
    assert code.encode() not in post_json(client, "/cast/invitation", {"code": code}).content


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"code":1}', b'{"code":"' + b"A" * 300 + b'"}', b"\xff"])
def test_a_malformed_question_is_refused(client: Client, body: bytes) -> None:
    answer = post_bytes(client, "/cast/invitation", body)
    assert (answer.status_code, error_of(answer)) == (400, "FormatError")


def test_a_question_of_another_site_is_refused(cast: Cast, client: Client) -> None:
    answer = post_json(client, "/cast/invitation", {"code": cast.invited[12].code}, origin="https://evil.example")
    assert (answer.status_code, error_of(answer)) == (403, "ForeignOrigin")


def test_an_oversized_question_is_refused(client: Client) -> None:
    answer = post_bytes(client, "/cast/invitation", b" " * 2000)
    assert (answer.status_code, error_of(answer)) == (413, "TooLarge")


def test_an_opened_link_changes_nothing(cast: Cast, client: Client) -> None:
    before = cast.keeper.desk.invitation_counts()
    for path in ("/cast/enrol/", "/cast/invitation", "/cast/enrol"):
        client.get(path)
    assert cast.keeper.desk.invitation_counts() == before
