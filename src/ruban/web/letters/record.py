"""The record's files at one size, as readers may have them: with the openings of one letter, or of the public ones."""

from __future__ import annotations

import io

from ruban.audit.bundle import write_bundle
from ruban.primitives.encoding import parse_hex
from ruban.service.record_files import RecordFiles, record_files
from ruban.web.access import public_pages
from ruban.web.site import Site

BUNDLE = "bundle.zip"


def files_of_letter(site: Site, letter_id: bytes) -> RecordFiles:
    """The record with this letter's openings."""
    return site.snapshot("files", letter_id, lambda state, keeper: record_files(keeper, (letter_id,)))


def files_of_group(site: Site) -> RecordFiles:
    """The record with the openings of the letters that were made public."""
    letters = tuple(sorted(parse_hex("letter", page.letter_id, 32) for page in public_pages() if page.letter_id))
    # Which letters these are is part of the name: one made public later makes other files at the same size.
    name = "files-" + ",".join(letter.hex()[:8] for letter in letters)
    return site.snapshot(name, b"", lambda state, keeper: record_files(keeper, letters))


def bundle_of(files: RecordFiles) -> bytes:
    """The whole record in one file, for `ruban verify`."""
    out = io.BytesIO()
    write_bundle(files.published, out)
    return out.getvalue()
