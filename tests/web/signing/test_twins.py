"""The twins of the hot routes answer like them: the same status, the same bytes, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ruban.log.merkle import leaf_hash
from ruban.log.note import parse_note
from ruban.log.receipt import parse_promise
from ruban.record.member import sign_unnamed
from ruban.record.state import Letter
from ruban.record.submission import Submission, encode_submission
from ruban.service.codes import new_code
from ruban.service.enrol import Enrolment
from ruban.service.take_back import reissue
from ruban.web.api import MAX_ENROL_BYTES, MAX_SUBMIT_BYTES, encode_enrolment
from ruban.web.site import Site
from tests.service.cast import DAY, Cast
from tests.web.hot.asgi_client import AsgiClient
from tests.web.hot.conftest import hot
from tests.web.signing.posting import error_of, post_bytes

__all__ = ["hot"]

SUBMIT, ENROL = "/cast/submit", "/cast/enrol"


@pytest.fixture
def letter(cast: Cast) -> Letter:
    return cast.open_letter()


def unnamed(cast: Cast, letter: Letter, member: int = 0) -> Submission:
    return sign_unnamed(cast.keeper.state, letter, cast.secrets[member])


def test_a_signature_is_acknowledged_with_the_promise_of_its_leaf(cast: Cast, client: Client, letter: Letter) -> None:
    made = unnamed(cast, letter)
    answer = post_bytes(client, SUBMIT, encode_submission(made))
    assert answer.status_code == 202
    assert parse_promise(parse_note(answer.content).text).leaf_hash == leaf_hash(made.leaf)


def test_the_same_bytes_after_an_answer_was_lost_get_it_again_and_count_once(
    cast: Cast, client: Client, letter: Letter
) -> None:
    body = encode_submission(unnamed(cast, letter))
    first, second = post_bytes(client, SUBMIT, body), post_bytes(client, SUBMIT, body)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert letter.signed == 1


def test_a_row_is_acknowledged_and_its_code_is_spent(cast: Cast, client: Client) -> None:
    assert post_bytes(client, ENROL, encode_enrolment(cast.enrolment(12))).status_code == 202
    other = encode_enrolment(Enrolment(cast.enrolment(12).code, cast.row(13)))
    refused = post_bytes(client, ENROL, other)
    assert (refused.status_code, error_of(refused)) == (409, "InvitationSpent")


def test_a_code_that_has_expired_is_refused_and_the_new_one_lets_the_same_row_in(cast: Cast, client: Client) -> None:
    cast.expire(12)
    refused = post_bytes(client, ENROL, encode_enrolment(cast.enrolment(12)))
    assert (refused.status_code, error_of(refused)) == (410, "InvitationExpired")
    replaced = reissue(cast.keeper, "member12@meridian.example", expires=cast.now + DAY)
    again = encode_enrolment(Enrolment(replaced.code, cast.row(12)))
    assert post_bytes(client, ENROL, again).status_code == 202


def test_a_row_under_another_persons_name_is_refused_and_spends_nothing(cast: Cast, client: Client) -> None:
    wrong = encode_enrolment(Enrolment(cast.enrolment(12).code, cast.row(13)))
    assert error_of(post_bytes(client, ENROL, wrong)) == "CommitmentInvalid"
    assert post_bytes(client, ENROL, encode_enrolment(cast.enrolment(12))).status_code == 202


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:8000.evil.example"])
@pytest.mark.parametrize("path", [SUBMIT, ENROL])
def test_a_post_of_another_site_is_refused(client: Client, path: str, origin: str) -> None:
    refused = post_bytes(client, path, b"{}", headers={"origin": origin})
    assert (refused.status_code, error_of(refused)) == (403, "ForeignOrigin")


@pytest.mark.parametrize(("path", "most"), [(SUBMIT, MAX_SUBMIT_BYTES), (ENROL, MAX_ENROL_BYTES)])
def test_an_oversized_post_is_refused(client: Client, path: str, most: int) -> None:
    refused = post_bytes(client, path, b" " * (most + 1))
    assert (refused.status_code, error_of(refused)) == (413, "TooLarge")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("path", [SUBMIT, ENROL])
def test_a_body_of_another_type_is_refused(client: Client, path: str, media: str) -> None:
    refused = post_bytes(client, path, b"{}", content_type=media)
    assert (refused.status_code, error_of(refused)) == (415, "WrongMediaType")


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"entry":1,"open":[]}', b"\xff", b"[" * 4096])
@pytest.mark.parametrize("path", [SUBMIT, ENROL])
def test_a_malformed_post_is_refused(client: Client, path: str, body: bytes) -> None:
    refused = post_bytes(client, path, body)
    assert (refused.status_code, error_of(refused)) == (400, "FormatError")


def test_a_letter_that_is_closed_takes_nothing(cast: Cast, client: Client, letter: Letter) -> None:
    late = encode_submission(unnamed(cast, letter))
    cast.now = letter.closing + 1
    refused = post_bytes(client, SUBMIT, late)
    assert (refused.status_code, error_of(refused)) == (410, "LetterClosed")


def test_nothing_is_taken_while_the_record_is_under_review(site: Site, client: Client) -> None:
    site.under_review = 1
    refused = post_bytes(client, SUBMIT, b'{"entry":"{}","open":[]}')
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")


def test_nobody_can_try_codes_without_end(site: Site, client: Client) -> None:
    site.codes.most = 1
    answers = [post_bytes(client, ENROL, b"{}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 429]


def test_no_answer_bears_a_cookie(client: Client) -> None:
    for path in (SUBMIT, ENROL, "/cast/invitation"):
        assert not post_bytes(client, path, b"{}").cookies


@pytest.mark.parametrize("what", ["good", "again", "malformed", "oversized", "foreign", "late"])
def test_hot_route_and_twin_answer_alike(
    what: str, cast: Cast, client: Client, hot: AsgiClient, letter: Letter
) -> None:
    body = encode_submission(unnamed(cast, letter))
    more: dict[str, Any] = {}
    if what == "again":
        post_bytes(client, SUBMIT, body)
    elif what == "malformed":
        body = b"{"
    elif what == "oversized":
        body = b" " * (MAX_SUBMIT_BYTES + 1)
    elif what == "foreign":
        more = {"origin": "https://evil.example"}
    elif what == "late":
        cast.now = letter.closing + 1
    twin = post_bytes(client, SUBMIT, body, headers=more)
    quick = hot.post(SUBMIT, body, *more.items())
    assert (quick.status, quick.body) == (twin.status_code, twin.content)
    assert quick.headers["content-type"] == twin.headers["Content-Type"]
    assert quick.headers["cache-control"] == twin.headers["Cache-Control"]


@pytest.mark.parametrize(
    "what", ["good", "again", "spent", "expired", "unknown", "malformed", "oversized", "foreign", "another name"]
)
def test_hot_enrolment_and_its_twin_answer_alike(what: str, cast: Cast, client: Client, hot: AsgiClient) -> None:
    enrolment = cast.enrolment(12)
    body, more = encode_enrolment(enrolment), {}
    if what == "again":
        post_bytes(client, ENROL, body)
    elif what == "spent":
        post_bytes(client, ENROL, body)
        body = encode_enrolment(Enrolment(enrolment.code, cast.row(13)))
    elif what == "expired":
        cast.expire(12)
    elif what == "unknown":
        body = encode_enrolment(Enrolment(new_code(), cast.row(12)))
    elif what == "malformed":
        body = b"{"
    elif what == "oversized":
        body = b" " * (MAX_ENROL_BYTES + 1)
    elif what == "foreign":
        more = {"origin": "https://evil.example"}
    elif what == "another name":
        body = encode_enrolment(Enrolment(enrolment.code, cast.row(13)))
    twin = post_bytes(client, ENROL, body, headers=more)
    quick = hot.post(ENROL, body, *more.items())
    assert (quick.status, quick.body) == (twin.status_code, twin.content)
    assert quick.headers["content-type"] == twin.headers["Content-Type"]
    assert quick.headers["cache-control"] == twin.headers["Cache-Control"]


@pytest.mark.parametrize("known", [True, False])
def test_hot_count_and_its_twin_answer_alike(known: bool, client: Client, hot: AsgiClient, letter: Letter) -> None:
    path = f"/cast/count/{letter.letter_id.hex() if known else '00' * 32}"
    twin, quick = client.get(path), hot.get(path)
    assert (quick.status, quick.body) == (twin.status_code, twin.content)
    assert quick.status == (200 if known else 404)
    assert quick.headers["cache-control"] == twin.headers["Cache-Control"]


def test_pages_say_that_signing_is_paused_as_soon_as_there_is_no_room(
    site: Site, cast: Cast, client: Client, hot: AsgiClient, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = cast.keeper.store
    body = encode_submission(unnamed(cast, letter))
    with monkeypatch.context() as patched:
        patched.setattr(store, "_free_bytes", lambda: 0)
        assert hot.post(SUBMIT, body).status == 503
        assert site.paused == cast.now
        site.paused = None
        assert post_bytes(client, SUBMIT, body).status_code == 503
        assert site.paused == cast.now
    assert hot.post(SUBMIT, body).status == 202
    assert site.paused is None
