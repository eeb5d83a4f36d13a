"""`ruban verify --known`: what was trusted at the first look is demanded at the next."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.cosignature import CosignerKey, cosign, encode_cosigner
from ruban.log.note import encode_note, parse_note
from ruban.primitives.ed25519 import public_key
from ruban.published import CHECKPOINT, POLICY
from tests.cli.stage import play, run, zipped
from tests.scribe import ADA, Scribe


def witness(number: int) -> str:
    return encode_cosigner(CosignerKey(name=f"w{number}.example", public=public_key(bytes([number]) * 32)))


def policy(number: int) -> bytes:
    return f"witness W {witness(number)}\nquorum W\n".encode()


def publish(scribe: Scribe, name: str, cosigned_by: int | None = None, asks: int | None = None) -> str:
    """A bundle of the record, with a cosignature and a policy of its own, if wanted."""
    source = scribe.publish()
    if cosigned_by is not None:
        note = parse_note(source.files[CHECKPOINT])
        line = cosign(note.text, f"w{cosigned_by}.example", bytes([cosigned_by]) * 32, scribe.now)
        source.files[CHECKPOINT] = encode_note(type(note)(text=note.text, signatures=(*note.signatures, line)))
    if asks is not None:
        source.files[POLICY] = policy(asks)
    Path(name).write_bytes(zipped(source))
    return name


def test_the_first_look_keeps_the_key_and_says_on_whose_word(folder: Path) -> None:
    result = run("verify", "bundle.zip", "--known", "mine.known")
    assert result.exit_code == 0
    assert "mine.known now knows this record's key, its 28 entries and its witnesses." in result.stdout
    assert "taken on its own word" in result.stdout
    if os.name == "posix":
        assert (folder / "mine.known").stat().st_mode & 0o777 == 0o600


def test_the_next_look_demands_that_it_continues(folder: Path) -> None:
    scribe, letter = play()
    run("verify", publish(scribe, "a.zip"), "--known", "mine.known")
    before = (folder / "mine.known").read_bytes()
    scribe.close(letter)
    result = run("verify", publish(scribe, "b.zip"), "--known", "mine.known")
    assert result.exit_code == 0
    assert "continues the record of 28 entries that you saw then" in result.stdout
    assert (folder / "mine.known").read_bytes() != before
    older = run("verify", "a.zip", "--known", "mine.known")
    assert older.exit_code == 1
    assert "expected 29 or more, as seen before, got 28" in older.stdout


def test_a_record_that_was_forked_since_is_found_and_not_kept(folder: Path) -> None:
    scribe, letter = play()
    scribe.close(letter)
    run("verify", publish(scribe, "a.zip"), "--known", "mine.known")
    before = (folder / "mine.known").read_bytes()
    other, letter = play()
    other.close(letter, at=other.state.letters[letter].closing + 1)
    other.open_letter(opening=other.now)
    result = run("verify", publish(other, "fork.zip"), "--known", "mine.known")
    assert result.exit_code == 1
    assert "Inconsistent" in result.stdout
    assert (folder / "mine.known").read_bytes() == before


def test_another_key_under_the_same_name_is_refused(folder: Path) -> None:
    run("verify", "bundle.zip", "--known", "mine.known")
    known = json.loads((folder / "mine.known").read_bytes())
    # As if this reader had first been shown a record that somebody else signs under this name.
    forged = Checkpoint(origin=known["origin"], size=1, root=bytes(32))
    known |= {"log_key": public_key(ADA).hex(), "checkpoint": sign_checkpoint(forged, ADA).hex()}
    (folder / "mine.known").write_text(json.dumps(known, sort_keys=True, separators=(",", ":")) + "\n")
    result = run("verify", "bundle.zip", "--known", "mine.known")
    assert result.exit_code == 1
    assert "log key" in result.stderr


def test_witnesses_that_were_there_at_the_first_look_must_stay(folder: Path) -> None:
    scribe, letter = play()
    first = run("verify", publish(scribe, "a.zip", cosigned_by=31, asks=31), "--known", "mine.known")
    assert "The record names its witnesses itself" in first.stdout
    scribe.close(letter)
    # The operator drops the witness for one of its own.
    swapped = publish(scribe, "b.zip", cosigned_by=32, asks=32)
    assert run("verify", swapped).exit_code == 0
    result = run("verify", swapped, "--known", "mine.known")
    assert result.exit_code == 1
    assert "QuorumMissing" in result.stdout
    silent = publish(scribe, "c.zip")
    assert run("verify", silent, "--known", "mine.known").exit_code == 1
    kept = run("verify", publish(scribe, "d.zip", cosigned_by=31, asks=31), "--known", "mine.known")
    assert kept.exit_code == 0
    assert "those that were kept from an earlier look" in kept.stdout


def test_the_reader_may_say_that_other_witnesses_count_from_now_on(folder: Path) -> None:
    scribe, _ = play()
    run("verify", publish(scribe, "a.zip", cosigned_by=31, asks=31), "--known", "mine.known")
    (folder / "new.policy").write_bytes(policy(32))
    swapped = publish(scribe, "b.zip", cosigned_by=32, asks=32)
    assert run("verify", swapped, "--known", "mine.known", "--policy", "new.policy").exit_code == 0
    assert run("verify", swapped, "--known", "mine.known").exit_code == 0
    assert run("verify", "a.zip", "--known", "mine.known").exit_code == 1


def test_a_record_that_does_not_hold_is_never_known(folder: Path) -> None:
    assert run("verify", "forged.zip", "--known", "mine.known").exit_code == 1
    assert not (folder / "mine.known").exists()


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"known":2}'])
def test_a_file_that_is_something_else_is_refused_and_stays(folder: Path, content: str) -> None:
    (folder / "mine.known").write_text(content)
    result = run("verify", "bundle.zip", "--known", "mine.known")
    assert result.exit_code == 1
    assert "mine.known" in result.stderr
    assert (folder / "mine.known").read_text() == content


@pytest.mark.parametrize(
    "options", [("--earlier", "x"), ("--origin", "elsewhere.example"), ("--key", public_key(ADA).hex())]
)
def test_what_contradicts_the_file_is_wrong_use(folder: Path, options: tuple[str, str]) -> None:
    run("verify", "bundle.zip", "--known", "mine.known")
    result = run("verify", "bundle.zip", "--known", "mine.known", *options)
    assert result.exit_code == 2


def test_json_says_what_was_known(folder: Path) -> None:
    first = json.loads(run("verify", "bundle.zip", "--known", "mine.known", "--json").stdout)
    again = json.loads(run("verify", "bundle.zip", "--known", "mine.known", "--json").stdout)
    assert (first["known"], again["known"]) == ({"entries": None}, {"entries": 28})
    assert "known" not in json.loads(run("verify", "bundle.zip", "--json").stdout)
