"""After signing: a receipt only on wish, with its warning, that anybody can check; nothing else of it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ruban.log.merkle import leaf_hash
from ruban.log.receipt import parse_tlog_proof, verify_tlog_proof
from tests.journeys.conftest import MakeDevice
from tests.journeys.kept import kept_by
from tests.journeys.stage import Device
from tests.service.cast import Cast

WARNING = {
    "en": "Whoever finds it with you knows that you have signed.",
    "fr": "Qui le trouve chez vous sait que vous avez signé.",
}


def save_receipt(phone: Device, folder: Path) -> bytes:
    """The receipt, as somebody saves it who has read the warning."""
    phone.at("sent").locator("summary").click()
    phone.said(WARNING[phone.language])
    with phone.page.expect_download() as download:
        phone.part("save-receipt").click()
    assert download.value.suggested_filename == "receipt.txt", "the name says nothing of what was signed"
    download.value.save_as(folder / "receipt.txt")
    return (folder / "receipt.txt").read_bytes()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("way", ["unnamed", "name"])
def test_a_receipt_shows_that_the_signature_stands_in_the_record(
    cast: Cast, device: MakeDevice, tmp_path: Path, language: str, way: str
) -> None:
    phone = device(language)
    phone.enrol(0)
    phone.sign(way)
    proof = parse_tlog_proof(save_receipt(phone, tmp_path))
    assert proof.extra is not None
    group = cast.keeper.state.opened
    verify_tlog_proof(proof, leaf_hash(proof.extra), group.origin, group.log_key)
    said = json.loads(proof.extra)
    [letter] = cast.keeper.state.letters.values()
    assert (said["kind"], said["letter"], said["way"]) == ("signature", letter.letter_id.hex(), way)
    # Salts open the commitment to a name: a receipt without them shows none, whoever finds it.
    assert phone.stage.names[0].encode() not in proof.extra


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_device_keeps_no_bytes_of_what_it_signed_and_no_receipt_unasked(
    cast: Cast, device: MakeDevice, language: str
) -> None:
    phone = device(language)
    phone.enrol(0)
    downloads: list[str] = []
    phone.page.on("download", lambda download: downloads.append(download.url))
    phone.sign("unnamed")
    phone.at("sent")
    expect(phone.part("save-receipt")).to_be_hidden()
    [letter] = cast.keeper.state.letters.values()
    [tag] = letter.signatures
    held = kept_by(phone)
    assert f"letter /cast {letter.letter_id.hex()}" in held
    assert tag.hex() not in held
    for word in ("outbox", "promise", "receipt"):
        assert f'"{word}"' not in held
    assert downloads == []
