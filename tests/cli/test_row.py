"""`ruban row`: a member's own row is there and bears what they agreed to, or the command says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

from ruban.proof import MemberSecret
from ruban.record.secret_file import encode_secret_file
from tests.cli.stage import OPEN_MEMBER, run, stage, zipped
from tests.scribe import Scribe


def hotel(folder: Path) -> Scribe:
    """Cooks have even numbers; the secret of member 4, a cook, is cook.json."""
    scribe = Scribe(roles=("Cuisine", "Salle"), electorate=60)
    scribe.open_group()
    scribe.enrol(12)
    scribe.epoch()
    (folder / "hotel.zip").write_bytes(zipped(scribe.publish()))
    (folder / "cook.json").write_bytes(encode_secret_file(scribe.secrets[4]))
    return scribe


def test_a_row_that_is_there_and_bears_the_name_is_found(folder: Path) -> None:
    result = run("row", "bundle.zip", "--secret", "secret.json", "--name", f"Member {OPEN_MEMBER}")
    assert result.exit_code == 0
    assert "Your row stands on the list of those enrolled" in result.stdout
    assert "role" not in result.stdout


def test_the_words_find_it_too(folder: Path) -> None:
    result = run("row", "bundle.zip", "--words", stdin=stage().words(OPEN_MEMBER) + "\n")
    assert result.exit_code == 0


def test_another_name_than_the_one_agreed_to_is_said(folder: Path) -> None:
    result = run("row", "bundle.zip", "--secret", "secret.json", "--name", "Somebody Else")
    assert result.exit_code == 1
    assert "the name that you enrolled with" in result.stderr


def test_its_role_is_shown_and_another_than_the_one_agreed_to_is_said(folder: Path) -> None:
    hotel(folder)
    assert "role, for all to see: Cuisine" in run("row", "hotel.zip", "--secret", "cook.json").stdout
    assert run("row", "hotel.zip", "--secret", "cook.json", "--role", "Cuisine", "--name", "Member 4").exit_code == 0
    result = run("row", "hotel.zip", "--secret", "cook.json", "--role", "Salle")
    assert result.exit_code == 1
    assert "role" in result.stderr


def test_a_secret_without_a_row_is_told(folder: Path) -> None:
    stranger = MemberSecret.fresh(stage().scribe.roll_id)
    (folder / "stranger.json").write_bytes(encode_secret_file(stranger))
    result = run("row", "bundle.zip", "--secret", "stranger.json")
    assert result.exit_code == 1
    assert "If you have just enrolled, take a newer bundle" in result.stderr


def test_a_row_whose_stub_somebody_else_made_is_found_out(folder: Path) -> None:
    scribe = hotel(folder)
    # As a device keeps it that erases slot by slot: here nothing follows from a seed.
    other = MemberSecret.fresh_per_slot(scribe.roll_id, 2)
    mixed = MemberSecret(
        roll_id=scribe.roll_id,
        row_seed=scribe.secrets[4].row_seed,
        claim_salt=scribe.secrets[4].claim_salt,
        slots=other.slots,
    )
    (folder / "mixed.json").write_bytes(encode_secret_file(mixed))
    result = run("row", "hotel.zip", "--secret", "mixed.json")
    assert result.exit_code == 1
    assert "stub: expected that of this secret, got another" in result.stderr


def test_json_says_what_it_bears(folder: Path) -> None:
    hotel(folder)
    said = json.loads(run("row", "hotel.zip", "--secret", "cook.json", "--json").stdout)
    assert said == {"role": "Cuisine", "way": "invitation", "fixed": True, "record_holds": True}


def test_a_record_that_does_not_hold_is_said_and_the_row_all_the_same(folder: Path) -> None:
    result = run("row", "forged.zip", "--secret", "secret.json")
    assert result.exit_code == 1
    assert "Your row stands" in result.stdout
    assert "ruban verify shows them" in result.stderr
