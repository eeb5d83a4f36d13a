"""The record's files as readers get them: recounted over HTTP, kept for ever where they last, nothing unlisted."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from ruban.audit.verify import audit
from ruban.errors import FetchFailed
from ruban.log.merkle import leaf_hash
from ruban.log.receipt import parse_tlog_proof, verify_tlog_proof
from ruban.web.site import Site
from tests.service.cast import Cast
from tests.web.states import opened, unlisted


class Served:
    """A record as an auditor reads it from the server."""

    def __init__(self, client: Client, base: str) -> None:
        self.client, self.base = client, base

    def read(self, path: str, max_bytes: int) -> bytes:
        answer = self.client.get(f"{self.base}/{path}")
        if answer.status_code != 200:
            raise FetchFailed(path, "a file")
        return answer.content


def test_a_recount_over_http_gives_the_same_verdict(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    verdict = audit(Served(client, f"/cast/letters/{page.token}"))[0]
    assert verdict.holds
    assert verdict.letters[0].tally == cast.verdict().letters[0].tally


def test_the_groups_record_holds_without_the_texts_of_an_unlisted_letter(
    client: Client, site: Site, cast: Cast
) -> None:
    unlisted(site, cast)
    verdict = audit(Served(client, "/cast"))[0]
    assert verdict.holds
    assert b"To the board".hex().encode() not in client.get("/cast/payloads/000").content


def test_the_bundle_is_the_record_in_one_file(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    answer = client.get(f"/cast/letters/{page.token}/bundle.zip")
    assert "checkpoint" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_a_proof_brings_its_entry_and_a_column_is_the_stubs_of_its_slot(client: Client, site: Site, cast: Cast) -> None:
    page = opened(site, cast)
    [letter] = cast.keeper.state.letters.values()
    proof = parse_tlog_proof(client.get(f"/cast/proof/{letter.index}").content)
    assert proof.extra is not None
    verify_tlog_proof(proof, leaf_hash(proof.extra), "localhost/cast", cast.keeper.state.opened.log_key)
    epoch = cast.keeper.state.roll.newest_epoch
    assert epoch is not None
    column = client.get(f"/cast/roll/{epoch.index}/{letter.slot}").content
    assert column == b"".join(cast.keeper.state.roll.columns[letter.slot][: epoch.rows])
    assert len(client.get(f"/cast/tags/{letter.index}").content) == 32 * len(letter.signatures)
    assert page.token


def test_a_members_entry_cannot_be_asked_for_by_its_index(client: Client, site: Site, cast: Cast) -> None:
    opened(site, cast)
    [letter] = cast.keeper.state.letters.values()
    signature = next(iter(letter.signatures.values()))
    assert client.get(f"/cast/proof/{signature.index}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "roll/999/0",
        "roll/0/0",
        "proof/99999",
        "tags/0",
        "tile/../../private.db",
        "payloads/999",
        "tile/9/000",
        "roll/1/99",
    ],
)
def test_what_is_no_file_of_the_record_is_nothing(client: Client, site: Site, cast: Cast, path: str) -> None:
    page = opened(site, cast)
    for base in ("/cast", f"/cast/letters/{page.token}"):
        assert client.get(f"{base}/{path}").status_code == 404


def test_only_what_never_changes_may_be_kept_for_ever(client: Client, site: Site, cast: Cast) -> None:
    opened(site, cast)
    epoch = cast.keeper.state.roll.newest_epoch
    assert epoch is not None
    kept = {
        path: "immutable" in client.get(f"/cast/{path}").headers["Cache-Control"]
        for path in (f"roll/{epoch.index}/0", "checkpoint", "ruban.json", "proof/0")
    }
    assert kept == {f"roll/{epoch.index}/0": True, "checkpoint": False, "ruban.json": False, "proof/0": False}
