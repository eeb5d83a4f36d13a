"""The record's files: immutable where they are, readable from everywhere, and the same for whoever asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.errors import FetchFailed, Message
from ruban.primitives.encoding import parse_hex
from ruban.service.record_files import RecordFiles, is_lasting
from ruban.web.access import page_for_token
from ruban.web.errors import NotFound
from ruban.web.headers import BYTES, EACH_TIME, FOR_EVER, JSON, TEXT
from ruban.web.letters.record import BUNDLE, bundle_of, files_of_group, files_of_letter
from ruban.web.middleware import only
from ruban.web.site import site


@only("GET")
def of_group(request: HttpRequest, path: str) -> HttpResponse:
    """A file of the record, with the openings of public letters."""
    return _answer(files_of_group(site()), path)


@only("GET")
def of_letter(request: HttpRequest, token: str, path: str) -> HttpResponse:
    """A file of the record, with the openings of this letter: `ruban verify` takes the letter's address."""
    found = page_for_token(token)
    if found.letter_id is None:
        raise NotFound("record", Message("a letter that has been opened"), Message("a draft"))
    return _answer(files_of_letter(site(), parse_hex("letter", found.letter_id, 32)), path)


def _answer(files: RecordFiles, path: str) -> HttpResponse:
    media = {BUNDLE: "application/zip", "checkpoint": TEXT, "ruban.json": JSON}.get(path, BYTES)
    try:
        data = bundle_of(files) if path == BUNDLE else files.read(path)
    except FetchFailed as missing:
        raise NotFound("file", Message("one of the record"), Message("none")) from missing
    response = HttpResponse(data, content_type=media)
    response.headers["Cache-Control"] = (FOR_EVER if is_lasting(path) else EACH_TIME)[1]
    response.headers["Access-Control-Allow-Origin"] = "*"
    if path == BUNDLE:
        response.headers["Content-Disposition"] = 'attachment; filename="ruban-record.zip"'
    return response
