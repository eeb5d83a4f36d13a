"""What the hot routes answer, without HTTP's machinery: the bare ASGI routes and their Django twins call this alike.

A body is parsed strictly; nothing of a request is kept but what the record takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ruban.errors import FormatError, Message, RubanError
from ruban.language import translator
from ruban.primitives.encoding import parse_hex
from ruban.record.canonical import encode, parse_strict
from ruban.record.kinds import MAX_ENTRY_BYTES
from ruban.record.submission import encode_submission, parse_submission
from ruban.service.codes import MAX_TYPED_CHARACTERS
from ruban.service.enrol import Enrolment
from ruban.web.errors import RETRY_SECONDS, ForeignOrigin, TooLarge, TooSlow, WrongMediaType, error_as_json, status_of
from ruban.web.headers import EACH_TIME, JSON, NO_STORE, TEXT
from ruban.web.letters.count import count_of
from ruban.web.site import Site

MAX_SUBMIT_BYTES = 8192 + 4096
"""A signature with its opening: an entry by name has under 2 KiB, a comment's opening as much."""
MAX_ENROL_BYTES = 2 * MAX_ENTRY_BYTES + 4096
MAX_INVITATION_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, type and body, with the headers that are this answer's own."""

    status: int
    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=(NO_STORE,))


def count_answer(site: Site, letter: str) -> Answer:
    """The count of a letter as JSON; FormatError or NotFound."""
    letter_id = parse_hex("letter", letter, 32)
    body = json.dumps(count_of(site, letter_id), separators=(",", ":")).encode("utf-8")
    return Answer(HTTPStatus.OK, JSON, body, (EACH_TIME, ("Access-Control-Allow-Origin", "*")))


def promise_answer(promise: bytes) -> Answer:
    """The promise that what came will be recorded."""
    return Answer(HTTPStatus.ACCEPTED, TEXT, promise)


def error_answer(error: RubanError, language: str) -> Answer:
    """An error for programs, in a person's language."""
    status = status_of(error)
    body = json.dumps(error_as_json(translator(language), error), ensure_ascii=False).encode("utf-8")
    wait = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return Answer(status, JSON, body, (NO_STORE, ("Retry-After", str(RETRY_SECONDS))) if wait else (NO_STORE,))


def check_request(site: Site, get: Callable[[str], str | None]) -> None:
    """Accept only JSON that this server's own pages sent, or a program, which names no origin.

    `get` gives a header's value by its lower-case name. ForeignOrigin, WrongMediaType.
    """
    origin = get("origin")
    if origin is not None and origin not in site.configuration.origins:
        raise ForeignOrigin("origin", Message("a page of this server"), Message("another site"))
    if (get("content-type") or "").partition(";")[0].strip().lower() != JSON:
        raise WrongMediaType("Content-Type", JSON, Message("another type"))


def too_large(limit: int) -> TooLarge:
    """The error of a body that is longer than `limit` bytes."""
    return TooLarge("body", Message("at most {n:,} bytes", n=limit), Message("more"))


def too_slow(seconds: int) -> TooSlow:
    """The error of a body that took longer than `seconds`."""
    return TooSlow("body", Message("whole within {n:,} seconds", n=seconds), Message("a part of it"))


def parse_enrolment(body: bytes) -> Enrolment:
    """What POST P/enrol takes: a submission with its code, in canonical JSON; FormatError, without the code."""
    value = _object("enrolment", body, MAX_ENROL_BYTES, {"code", "entry", "open"})
    code = _code(value)
    del value["code"]
    return Enrolment(code, parse_submission(encode(value)))


def parse_code_alone(body: bytes) -> str:
    """What POST P/invitation takes: {"code": …}."""
    return _code(_object("invitation", body, MAX_INVITATION_BYTES, {"code"}))


def encode_enrolment(enrolment: Enrolment) -> bytes:
    """The body that `parse_enrolment` reads."""
    sent = encode_submission(enrolment.submission)
    value: dict[str, Any] = parse_strict("enrolment", sent, max_bytes=MAX_ENROL_BYTES, max_depth=3, keys=True)
    return encode(value | {"code": enrolment.code})


def _object(name: str, body: bytes, most: int, wanted: set[str]) -> dict[str, Any]:
    value = parse_strict(name, body, max_bytes=most, max_depth=3, keys=True)
    if not isinstance(value, dict) or set(value) != wanted:
        raise FormatError(
            name, Message("an object of {names}", names=", ".join(sorted(wanted))), Message("another value")
        )
    return value


def _code(value: dict[str, Any]) -> str:
    code = value["code"]
    if not isinstance(code, str) or len(code) > MAX_TYPED_CHARACTERS:
        raise FormatError("code", Message("a code as it was printed"), Message("another value"))
    return code
