"""The hot routes: what they answer, and what they refuse before anything is read or written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping

import pytest

from ruban.log.merkle import leaf_hash
from ruban.log.note import parse_note
from ruban.log.receipt import parse_promise
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.record.submission import Submission, encode_submission
from ruban.web.api import MAX_SUBMIT_BYTES, encode_enrolment
from ruban.web.errors import TooMany
from ruban.web.headers import SECURITY_HEADERS
from ruban.web.hot import app, asgi
from ruban.web.hot.asgi import header
from ruban.web.rate import FALSE_PROOF_COST, KEY_SECONDS, RateLimit, place_of
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.hot.asgi_client import AsgiClient, Reply


def error_of(reply: Reply) -> str:
    return str(json.loads(reply.body)["error"])


def unnamed(cast: Cast, member: int) -> Submission:
    state = cast.keeper.state
    [letter] = state.letters.values()
    return sign_unnamed(state, letter, cast.secrets[member])


@pytest.fixture
def opened(cast: Cast) -> str:
    return cast.open_letter().letter_id.hex()


def test_the_count_is_what_a_replay_yields(cast: Cast, hot: AsgiClient, opened: str) -> None:
    hot.post("/cast/submit", encode_submission(unnamed(cast, 0)))
    said = json.loads(hot.get(f"/cast/count/{opened}").body)
    [tally] = cast.verdict().letters
    assert (said["signed"], said["enrolled"], said["entitled"]) == (1, 12, 14)
    assert (said["signed"], said["enrolled"]) == (tally.tally.signed, tally.tally.enrolled)


def test_a_signature_is_acknowledged_with_a_promise_of_its_leaf(cast: Cast, hot: AsgiClient, opened: str) -> None:
    made = unnamed(cast, 0)
    reply = hot.post("/cast/submit", encode_submission(made))
    assert reply.status == 202
    assert parse_promise(parse_note(reply.body).text).leaf_hash == leaf_hash(made.leaf)


def test_the_same_signature_again_gets_the_same_answer_and_counts_once(
    cast: Cast, hot: AsgiClient, opened: str
) -> None:
    body = encode_submission(unnamed(cast, 0))
    replies = hot.post_together("/cast/submit", [body] * 5)
    assert {reply.status for reply in replies} == {202}
    assert json.loads(hot.get(f"/cast/count/{opened}").body)["signed"] == 1


def test_many_at_once_are_each_answered(cast: Cast, hot: AsgiClient, opened: str) -> None:
    good = [encode_submission(unnamed(cast, member)) for member in range(4)]
    forged = encode_submission(unnamed(cast, 4)).replace(b'"proof\\":\\"', b'"proof\\":\\"00', 1)
    replies = hot.post_together("/cast/submit", [*good[:2], forged, *good[2:]])
    assert [reply.status for reply in replies] == [202, 202, 400, 202, 202]


def test_a_member_enrols_with_a_code_once(cast: Cast, hot: AsgiClient) -> None:
    body = encode_enrolment(cast.enrolment(12))
    assert hot.post("/cast/enrol", body).status == 202
    assert hot.post("/cast/enrol", body).status == 202, "the same row again: a lost answer is given once more"
    other = encode_enrolment(type(cast.enrolment(12))(cast.enrolment(12).code, cast.row(13)))
    refused = hot.post("/cast/enrol", other)
    assert (refused.status, error_of(refused)) == (409, "InvitationSpent")


def test_a_post_from_another_site_is_refused(cast: Cast, hot: AsgiClient, opened: str) -> None:
    body = encode_submission(unnamed(cast, 0))
    for origin in (
        "https://evil.example",
        "null",
        "https://localhost:8000",
        "http://localhost:8000.evil.example",
        "http://localhost:9999",
    ):
        refused = hot.post("/cast/submit", body, ("origin", origin))
        assert (refused.status, error_of(refused)) == (403, "ForeignOrigin")
    assert hot.post("/cast/submit", body, ("origin", "http://localhost:8000")).status == 202


def test_an_oversized_post_is_refused_before_it_is_read(hot: AsgiClient) -> None:
    announced = hot.post("/cast/submit", b"{}", ("content-length", str(MAX_SUBMIT_BYTES + 1)))
    sent = hot.post("/cast/submit", b" " * (MAX_SUBMIT_BYTES + 1))
    assert [(reply.status, error_of(reply)) for reply in (announced, sent)] == [(413, "TooLarge")] * 2


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Go back: what you typed is still there."), ("fr", "Revenez en arrière")]
)
def test_an_oversized_form_of_organisers_is_refused_with_a_page(hot: AsgiClient, language: str, said: str) -> None:
    announced = ("content-length", str(app.MAX_FORM_BYTES + 1))
    reply = hot.post("/organiser/begin/", b"", announced, ("accept-language", language))
    assert (reply.status, reply.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert said in reply.body.decode()
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("path", ["/cast/submit", "/cast/invitation", "/organiser/sign-in/"])
def test_a_body_that_drips_in_is_refused_and_holds_no_thread(
    hot: AsgiClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for name in ("BODY_SECONDS", "FORM_SECONDS"):
        monkeypatch.setattr(app, name, 0)
    monkeypatch.setattr(asgi.read_body, "__defaults__", (0,))

    async def drip() -> MutableMapping[str, object]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    reply = asyncio.run(hot.ask("POST", path, headers=[("content-type", "application/json")], receive=drip))
    assert (reply.status, error_of(reply)) == (408, "TooSlow")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_of_another_type_is_refused(hot: AsgiClient, media: str) -> None:
    assert error_of(hot.post("/cast/submit", b"{}", ("content-type", media))) == "WrongMediaType"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"entry":1,"open":[]}', b"\xff", b"[" * 4096])
def test_a_malformed_body_is_refused(hot: AsgiClient, body: bytes) -> None:
    for path in ("/cast/submit", "/cast/enrol"):
        reply = hot.post(path, body)
        assert (reply.status, error_of(reply)) == (400, "FormatError")


def test_another_host_is_not_answered(site: Site, hot: AsgiClient) -> None:
    reply = AsgiClient(hot.app, "evil.example").get("/cast/")
    assert (reply.status, error_of(reply)) == (404, "NotFound")


def test_errors_are_said_in_the_readers_language(hot: AsgiClient) -> None:
    french = AsgiClient(hot.app, hot.host, "fr").post("/cast/submit", b" " * (MAX_SUBMIT_BYTES + 1))
    assert "octets" in json.loads(french.body)["expected"]


def test_an_error_never_shows_the_code(cast: Cast, hot: AsgiClient) -> None:
    enrolment = cast.enrolment(12)
    hot.post("/cast/enrol", encode_enrolment(enrolment))
    refused = hot.post("/cast/enrol", encode_enrolment(type(enrolment)(enrolment.code, cast.row(13))))
    assert enrolment.code.encode() not in refused.body


def test_every_answer_bears_the_security_headers_and_no_cookie(hot: AsgiClient, opened: str) -> None:
    answers = [
        hot.get("/cast/"),
        hot.get(f"/cast/count/{opened}"),
        hot.get("/cast/none/"),
        hot.post("/cast/submit", b""),
    ]
    for answer in answers:
        assert {name.lower(): value for name, value in SECURITY_HEADERS}.items() <= answer.headers.items()
        assert "set-cookie" not in answer.headers


def test_a_closed_letter_takes_no_signature(cast: Cast, hot: AsgiClient, opened: str) -> None:
    late = encode_submission(unnamed(cast, 0))
    cast.now += 6 * 86_400
    refused = hot.post("/cast/submit", late)
    assert (refused.status, error_of(refused)) == (410, "LetterClosed")


def test_a_proof_made_for_another_letter_is_refused(cast: Cast, hot: AsgiClient, opened: str) -> None:
    other = cast.open_letter().letter_id.hex()
    wrong = encode_submission(unnamed_for(cast, 0, opened)).replace(opened.encode(), other.encode())
    refused = hot.post("/cast/submit", wrong)
    assert refused.status in (409, 422)


def unnamed_for(cast: Cast, member: int, letter: str) -> Submission:
    state = cast.keeper.state
    return sign_unnamed(state, state.letters[bytes.fromhex(letter)], cast.secrets[member])


def test_the_same_member_from_two_devices_is_told(cast: Cast, hot: AsgiClient, opened: str) -> None:
    hot.post("/cast/submit", encode_submission(unnamed(cast, 0)))
    state = cast.keeper.state
    recorded = dict(state.letters[bytes.fromhex(opened)].signatures)
    state.letters[bytes.fromhex(opened)].signatures.clear()  # what a device sees that has not looked since
    again = sign_by_name(state, state.letters[bytes.fromhex(opened)], cast.secrets[0], cast.name(0))
    state.letters[bytes.fromhex(opened)].signatures.update(recorded)
    refused = hot.post("/cast/submit", encode_submission(again))
    assert (refused.status, error_of(refused)) == (409, "TagReused")


def test_nothing_is_taken_in_under_review(site: Site, cast: Cast, hot: AsgiClient, opened: str) -> None:
    body = encode_submission(unnamed(cast, 0))
    site.under_review = cast.now
    reply = hot.post("/cast/submit", body)
    assert reply.status == 503


def test_a_page_is_rendered_once_for_many_and_anew_when_the_record_grows(
    cast: Cast, hot: AsgiClient, opened: str
) -> None:
    first, second = hot.get("/cast/"), hot.get("/cast/")
    assert first == second
    head = hot.app._memo  # type: ignore[attr-defined]  # of HotApp
    kept = dict(head._pages)
    hot.post("/cast/submit", encode_submission(unnamed(cast, 0)))
    hot.get("/cast/")
    assert dict(head._pages) != kept


def test_one_address_cannot_try_codes_without_end() -> None:
    limit = RateLimit(3)
    for _ in range(3):
        limit.check("192.0.2.1", 0)
    with pytest.raises(TooMany):
        limit.check("192.0.2.1", 1)
    limit.check("192.0.2.2", 1)
    limit.check("192.0.2.1", KEY_SECONDS)


def test_no_address_is_kept_by_the_limit() -> None:
    limit = RateLimit(3)
    limit.check("192.0.2.1", 0)
    assert all(b"192" not in name for name in limit._seen)
    assert limit._key.hex() not in repr(limit)


def test_a_false_proof_counts_for_many_requests() -> None:
    limit = RateLimit(FALSE_PROOF_COST)
    limit.check("192.0.2.1", 0)
    limit.charge("192.0.2.1", FALSE_PROOF_COST)
    with pytest.raises(TooMany):
        limit.check("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("client", "forwarded", "trust", "place"),
    [
        ("192.0.2.1", "", False, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", False, "192.0.2.1"),
        ("127.0.0.1", "evil, 198.51.100.7", True, "198.51.100.7"),
        ("2001:db8:1:2::7", "", False, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1%eth0", "", False, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", False, "192.0.2.1"),
        ("127.0.0.1", "", True, ""),
    ],
)
def test_requests_are_counted_by_the_place_that_they_come_from(
    client: str, forwarded: str, trust: bool, place: str
) -> None:
    assert place_of(client, forwarded, trust_forwarded=trust) == place


def test_a_header_that_comes_in_two_lines_is_read_as_one_list() -> None:
    scope = {"headers": [(b"x-forwarded-for", b"evil"), (b"x-forwarded-for", b"198.51.100.7"), (b"host", b"a")]}
    assert header(scope, "x-forwarded-for", joined=True) == "evil,198.51.100.7"
    assert header(scope, "x-forwarded-for") is None
    assert header(scope, "host", joined=True) == "a"
