"""A server asks its own address and its mirrors, which are real ones, before it signs anything."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from django.test import Client

from ruban.errors import FetchFailed, Message
from ruban.log.cosignature import CosignerKey, encode_cosigner
from ruban.primitives.ed25519 import public_key
from ruban.published import CHECKPOINT
from ruban.service.open_group import open_keeper
from ruban.service.witnessing import POLICY_FILE, Said, witnessing_of
from ruban.web.elsewhere import ask_elsewhere
from ruban.web.errors import NotFound
from ruban.web.letters.models import LetterPage
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.service.test_high_water import copy_of, put_back


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a web server that serves a folder."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def published(cast: Cast, tmp_path: Path) -> Path:
    """What a mirror has of the record with a letter, of which an older copy without it was put back, mark and all."""
    copy_of(cast, tmp_path / "old")
    cast.open_letter()
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / CHECKPOINT).write_bytes(cast.keeper.store.head().note)
    cast.keeper.close()
    put_back(cast, tmp_path / "old")
    (cast.folder / "keys" / "high-water.note").write_bytes((tmp_path / "old/keys/high-water.note").read_bytes())
    cast.keeper = open_keeper(cast.folder)
    return mirror


def test_a_mirror_that_knows_more_freezes_the_record_and_every_page_says_so(
    cast: Cast, published: Path, site: Site, client: Client
) -> None:
    with served(published) as address:
        site.configuration = replace(site.configuration, mirrors=f"http://127.0.0.1:9 {address}")
        assert "The count stands still." not in client.get("/cast/enrol/").content.decode()
        ask_elsewhere(site)
    assert site.frozen is not None
    assert site.frozen.where == address
    assert "The count stands still." in client.get("/cast/enrol/").content.decode()
    size = site.size
    cast.enrol(range(12, 13))
    site.release()
    assert site.size == size
    assert len(cast.keeper.store.pending()) == 1


def test_its_own_address_is_asked_as_well(cast: Cast, published: Path, site: Site) -> None:
    (published / "cast").mkdir()
    (published / CHECKPOINT).rename(published / "cast" / CHECKPOINT)
    with served(published) as address:
        site.configuration = replace(site.configuration, address=address)
        ask_elsewhere(site)
    assert site.frozen is not None


def test_whoever_knows_less_lies_or_does_not_answer_stops_nothing(
    cast: Cast, site: Site, tmp_path: Path, client: Client
) -> None:
    (tmp_path / "same").mkdir()
    (tmp_path / "same" / CHECKPOINT).write_bytes(cast.keeper.store.head().note)
    (tmp_path / "nonsense").mkdir()
    (tmp_path / "nonsense" / CHECKPOINT).write_bytes(b"localhost/cast\n999999\nAAAA\n\n")
    cast.open_letter()
    with served(tmp_path) as address:
        mirrors = f"{address}/same {address}/nonsense {address}/none http://127.0.0.1:9"
        site.configuration = replace(site.configuration, mirrors=mirrors)
        ask_elsewhere(site)
    assert site.frozen is None


def test_a_count_that_waits_for_witnesses_for_long_says_since_when(cast: Cast, site: Site, client: Client) -> None:
    def away(address: str, body: bytes) -> Said:
        raise FetchFailed("witness", Message("an answer"), Message("none"))

    key = encode_cosigner(CosignerKey(name="w.example", public=public_key(b"\x09" * 32)))
    (cast.folder / POLICY_FILE).write_bytes(f"witness w {key} http://w.example\nquorum w\n".encode())
    site.witnessing = witnessing_of(cast.folder, cast.keeper, away)
    letter = cast.open_letter()
    assert not site.cosign()
    assert "The count waits" not in client.get("/cast/enrol/").content.decode()
    cast.now += 120
    assert "The count waits for its witnesses." in client.get("/cast/enrol/").content.decode()
    assert "Le décompte attend ses témoins." in client.get("/cast/fr/enrol/").content.decode()
    with pytest.raises(NotFound, match="one that waits"):
        site.published_letter(letter.letter_id)
    page = LetterPage.objects.create(letter_id=letter.letter_id.hex(), public=True)
    for path, status in (("", 200), ("ruban.json", 200), ("bundle.zip", 200), ("checkpoint", 200)):
        assert client.get(f"/cast/{path}").status_code == status
    for path in ("", "checkpoint", "names/", "check/", "sign/"):
        assert client.get(f"/cast/letters/{page.token}/{path}").status_code == 404
    assert client.get(f"/cast/count/{letter.letter_id.hex()}").status_code == 404
