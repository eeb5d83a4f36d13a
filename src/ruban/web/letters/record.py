"""The record as readers may have it at one size: with the openings of one letter, or of the public ones."""

from __future__ import annotations

import io

from ruban.audit.bundle import write_bundle
from ruban.primitives.encoding import parse_hex
from ruban.service.device_files import DeviceFiles, device_files
from ruban.service.publish import publish
from ruban.store.export import PublishedStore
from ruban.web.access import public_pages
from ruban.web.site import Site

BUNDLE = "bundle.zip"
Letters = tuple[bytes, ...]
"""Identifiers of the letters whose openings are published, sorted."""


def public_letters(site: Site) -> Letters:
    """Those that were made public, as far as readers have them."""
    found = (parse_hex("letter", page.letter_id or "", 32) for page in public_pages())
    return tuple(sorted(letter_id for letter_id in found if site.is_published(letter_id)))


def for_devices(site: Site) -> DeviceFiles:
    """What is the same for every letter."""
    return site.snapshot("device-files", b"", lambda state, keeper: device_files(keeper))


def published(site: Site, letters: Letters) -> PublishedStore:
    """What an auditor reads."""
    return site.snapshot("published", b"".join(letters), lambda state, keeper: publish(keeper, letters))


def bundle(site: Site, letters: Letters) -> bytes:
    """The same in one file, for `ruban verify`."""
    # Asked for inside, under the lock: a bundle of one size must not be kept as that of the next.
    return site.snapshot("bundle", b"".join(letters), lambda state, keeper: _packed(published(site, letters)))


def _packed(store: PublishedStore) -> bytes:
    out = io.BytesIO()
    write_bundle(store, out)
    return out.getvalue()
