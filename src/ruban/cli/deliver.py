"""Submitting over HTTP: POST <address>/submit, answered with 202 and a promise, or with an error as JSON.

Without cookies, redirects or anything else than the submission. The promise is verified with the receipt key of the
record's own `ruban.json`; whoever wants more compares that key with a bundle's.
"""

from __future__ import annotations

import http.client
import inspect
import urllib.error
import urllib.request
from email.message import Message as Headers
from typing import IO, Any

from ruban import errors
from ruban.audit.fetch import TIMEOUT_SECONDS, WebSource
from ruban.errors import FetchFailed, FormatError, Message, Refused, RubanError
from ruban.log.note import MAX_NOTE_BYTES
from ruban.log.receipt import open_promise
from ruban.published import MAX_SETTINGS_BYTES, SETTINGS, parse_settings
from ruban.record.canonical import parse_strict
from ruban.record.submission import Submission, encode_submission

ACCEPTED = 202
MAX_ERROR_BYTES = 65_536
_TYPES: dict[str, type[RubanError]] = {
    name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, RubanError)
}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signature goes where its signer sent it, or nowhere."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> None:
        return None


def deliver(address: str, submission: Submission) -> bytes:
    """The promise for `submission`, verified.

    The server's own error if it says no, FetchFailed if it cannot be reached or answers something else.
    """
    # Before anything is sent: without the key the promise would be worth nothing.
    settings = parse_settings(WebSource(address).read(SETTINGS, MAX_SETTINGS_BYTES))
    note = _post(f"{address.rstrip('/')}/submit", encode_submission(submission))
    open_promise(note, settings.origin, settings.receipt_key)
    return note


def _post(url: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json", "User-Agent": "ruban"}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as answer:
            status, note = answer.status, bytes(answer.read(MAX_NOTE_BYTES + 1))
    except urllib.error.HTTPError as said:
        raise _error(said.code, _said(said)) from None
    # Not every fault of an answer is an OSError: a first line that is no HTTP, a body cut short.
    except (OSError, ValueError, http.client.HTTPException) as wrong:
        raise FetchFailed(
            "submit",
            Message("an answer of the server"),
            Message("none"),
            hint=Message("Submit the same file again: twice does not count twice."),
        ) from wrong
    if status != ACCEPTED or len(note) > MAX_NOTE_BYTES:
        raise FetchFailed("submit", Message("HTTP 202 and a promise"), f"HTTP {status}")
    return note


def _said(answer: urllib.error.HTTPError) -> bytes:
    """The body of an error, as far as it can be had."""
    try:
        with answer:
            return bytes(answer.read(MAX_ERROR_BYTES + 1))
    except (OSError, ValueError, http.client.HTTPException):
        return b""


def _error(status: int, body: bytes) -> RubanError:
    """The error that the server names, as far as it names one of ours."""
    try:
        value: Any = parse_strict("answer", body, max_bytes=MAX_ERROR_BYTES, max_depth=2)
    except FormatError:
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("expected"), str):
        return FetchFailed("submit", Message("HTTP 202 and a promise"), f"HTTP {status}")
    kind = _TYPES.get(str(value.get("error")), Refused)
    field, got, hint = (
        value.get(name) if isinstance(value.get(name), str) else None for name in ("field", "got", "hint")
    )
    return kind(field or "submit", value["expected"], got, hint=hint)
