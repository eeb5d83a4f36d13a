"""The record's files: immutable where they are, readable from everywhere, and the same for whoever asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.errors import FetchFailed, Message
from ruban.primitives.encoding import parse_hex
from ruban.service.device_files import is_device_file, is_lasting
from ruban.web.access import page_for_token
from ruban.web.errors import NotFound
from ruban.web.headers import BYTES, EACH_TIME, FOR_EVER, JSON, TEXT
from ruban.web.letters.record import BUNDLE, Letters, bundle, for_devices, public_letters, published
from ruban.web.middleware import only
from ruban.web.site import site

_NO_LIMIT = 1 << 40


@only("GET")
def of_group(request: HttpRequest, path: str) -> HttpResponse:
    """A file of the record, with the openings of public letters."""
    return _answer(path, None)


@only("GET")
def of_letter(request: HttpRequest, token: str, path: str) -> HttpResponse:
    """A file of the record, with the openings of this letter: `ruban verify` takes the letter's address."""
    found = page_for_token(token)
    if found.letter_id is None:
        raise NotFound("record", Message("a letter that has been opened"), Message("a draft"))
    letter_id = parse_hex("letter", found.letter_id, 32)
    site().published_letter(letter_id)
    return _answer(path, (letter_id,))


def _answer(path: str, letters: Letters | None) -> HttpResponse:
    media = {BUNDLE: "application/zip", "checkpoint": TEXT, "policy": TEXT, "ruban.json": JSON}.get(path, BYTES)
    try:
        response = HttpResponse(_read(path, letters), content_type=media)
    except FetchFailed as missing:
        raise NotFound("file", Message("one of the record"), Message("none")) from missing
    response.headers["Cache-Control"] = (FOR_EVER if is_lasting(path) else EACH_TIME)[1]
    response.headers["Access-Control-Allow-Origin"] = "*"
    if path == BUNDLE:
        response.headers["Content-Disposition"] = 'attachment; filename="ruban-record.zip"'
    return response


def _read(path: str, letters: Letters | None) -> bytes:
    if is_device_file(path):
        return for_devices(site()).read(path)
    chosen = public_letters(site()) if letters is None else letters
    return bundle(site(), chosen) if path == BUNDLE else published(site(), chosen).read(path, _NO_LIMIT)
