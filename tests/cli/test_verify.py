"""`ruban verify` recounts, says what holds and what does not, and ends with the right code."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ruban.log.note import VerifierKey, encode_vkey
from ruban.primitives.ed25519 import public_key
from tests.cli.stage import bundle_bytes, play, run, stage, zipped
from tests.scribe import ADA, LOG, Scribe

KEY = public_key(LOG)


def test_a_record_that_holds_is_counted_and_ends_with_0(folder: Path) -> None:
    result = run("verify", "bundle.zip")
    assert result.exit_code == 0
    lines = result.stdout.split("\n")
    assert lines[:3] == [
        "Open letter to the board",
        "7 signed, of 12 enrolled, of 30 entitled (23.3 %)",
        "  3 by name · 4 unnamed · 1 withdrawn · 0 erased",
    ]
    assert lines[4].startswith("record: 28 entries, root ")
    assert lines[4].endswith("…, 1 log signature, no witness")
    assert lines[5].startswith("every signature verified in ")
    assert result.stderr == ""


def test_it_says_what_it_does_not_prove(folder: Path) -> None:
    shown = run("verify", "bundle.zip").stdout
    assert "only the organisers say" in shown
    assert "No second party has confirmed this record." in shown
    assert "No protection of time" in shown
    assert "rehearsal" not in shown


def test_a_rehearsal_is_said_never_to_count(tmp_path: Path) -> None:
    scribe = Scribe(window=900)
    scribe.open_group(rehearsal=True, minimum=2)
    (tmp_path / "b.zip").write_bytes(zipped(scribe.publish()))
    result = run("verify", tmp_path / "b.zip")
    assert "This is a rehearsal, and never counted." in result.stdout
    assert "No protection of time" not in result.stdout
    assert "no letter yet" in result.stdout


def test_in_french_everything_is_french_and_the_title_too(folder: Path) -> None:
    result = run("verify", "bundle.zip", "--lang", "fr")
    assert result.stdout.startswith(
        "Lettre ouverte au conseil\n7 signatures, sur 12 inscrits, sur 30 ayants droit (23,3\u202f%)"
    )
    assert "Aucun tiers n'a confirmé ce registre." in result.stdout


def test_a_language_that_the_letter_lacks_gets_the_prevailing_title(tmp_path: Path) -> None:
    scribe, _ = play()
    scribe.now += 60
    scribe.open_letter(
        texts=[
            {
                "lang": "de",
                "title": scribe.opening("An den Rat"),
                "text": scribe.opening("…"),
                "addressee": scribe.opening("Rat"),
                "demands": [scribe.opening("Eins")],
            }
        ]
    )
    (tmp_path / "b.zip").write_bytes(zipped(scribe.publish()))
    assert "An den Rat" in run("verify", tmp_path / "b.zip").stdout


def test_a_false_proof_is_a_finding_with_its_evidence_and_ends_with_1(folder: Path) -> None:
    result = run("verify", "forged.zip")
    assert result.exit_code == 1
    assert result.stdout.startswith("This record does not hold: see below.\n")
    assert "every signature verified" not in result.stdout
    assert "  1. entry 29 (signature), step 7 of the audit\n     ProofInvalid: proof: expected " in result.stdout
    assert "     evidence: 7b22" in result.stdout
    assert "     hint: Keep the file" in result.stdout
    assert "7 signed" in result.stdout


def test_findings_beyond_twenty_are_counted_and_left_to_json(tmp_path: Path) -> None:
    scribe, letter = play()
    for _ in range(25):
        scribe.close(letter, at=1)
    (tmp_path / "b.zip").write_bytes(zipped(scribe.publish()))
    shown = run("verify", tmp_path / "b.zip").stdout
    assert " 20. entry" in shown
    assert " 21. entry" not in shown
    assert "… and 5 more; --json shows up to " in shown
    assert len(json.loads(run("verify", tmp_path / "b.zip", "--json").stdout)["findings"]) == 25


def test_json_is_one_object_and_holds_all_of_it(folder: Path) -> None:
    good = json.loads(run("verify", "bundle.zip", "--json").stdout)
    assert good["holds"] is True
    assert good["letters"][0]["tally"]["signed"] == 7
    assert "names" not in good["letters"][0]
    assert len(good["not_proven"]) == 3
    bad = run("verify", "forged.zip", "--json")
    finding = json.loads(bad.stdout)["findings"][0]
    assert (bad.exit_code, finding["error"], finding["entry"]) == (1, "ProofInvalid", 29)
    assert len(finding["evidence"]) > 1000


def test_names_are_printed_on_demand_only(folder: Path) -> None:
    assert "Member" not in run("verify", "bundle.zip").stdout
    shown = run("verify", "bundle.zip", "--names").stdout
    assert [line for line in shown.split("\n") if "Member" in line] == ["    Member 2", "    Member 6", "    Member 7"]
    listed = json.loads(run("verify", "bundle.zip", "--names", "--json").stdout)["letters"][0]["names"]
    assert listed == ["Member 2", "Member 6", "Member 7"]


@pytest.mark.parametrize("key", [KEY.hex(), encode_vkey(VerifierKey(name="localhost/scribe", public=KEY))])
def test_the_key_that_the_reader_knows_is_confirmed(folder: Path, key: str) -> None:
    assert run("verify", "bundle.zip", "--key", key).exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--key", public_key(ADA).hex()),
        ("--key", encode_vkey(VerifierKey(name="elsewhere", public=KEY))),
        ("--origin", "elsewhere"),
    ],
)
def test_another_key_or_origin_than_the_reader_knows_does_not_hold(folder: Path, options: tuple[str, str]) -> None:
    result = run("verify", "bundle.zip", *options)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "\nhint: Compare the key and the address" in result.stderr


@pytest.mark.parametrize("key", ["", "abc", "AB" * 32, "name+00000000+AAAA", KEY.hex()[:-2]])
def test_a_key_that_is_none_is_wrong_use(folder: Path, key: str) -> None:
    result = run("verify", "bundle.zip", "--key", key)
    assert result.exit_code == 2
    assert "hint: Give 64 lower-case hexadecimal digits" in result.stderr


def test_an_earlier_checkpoint_must_be_continued(folder: Path) -> None:
    scribe, letter = play()
    (folder / "same").write_bytes(scribe.checkpoint())
    assert run("verify", "bundle.zip", "--earlier", "same").exit_code == 0
    scribe.close(letter)
    (folder / "later").write_bytes(scribe.checkpoint())
    result = run("verify", "bundle.zip", "--earlier", "later")
    assert result.exit_code == 1
    assert "CheckpointInvalid: checkpoint size: expected 29 or more, as seen before, got 28" in result.stdout


def test_a_forked_record_asks_for_both_states_to_be_published(folder: Path) -> None:
    scribe, letter = play()
    scribe.close(letter)
    (folder / "seen").write_bytes(scribe.checkpoint())
    other, letter = play()
    other.close(letter, at=letter_closing(other, letter) + 1)
    other.open_letter(opening=other.now)
    (folder / "fork.zip").write_bytes(zipped(other.publish()))
    result = run("verify", "fork.zip", "--earlier", "seen")
    assert result.exit_code == 1
    assert "Inconsistent" in result.stdout
    assert "Publish both" in result.stdout
    evidence = [
        f["evidence"] for f in json.loads(run("verify", "fork.zip", "--earlier", "seen", "--json").stdout)["findings"]
    ]
    assert sum(text.count("localhost/scribe\n") for text in evidence if text) == 2


def letter_closing(scribe: Scribe, letter: bytes) -> int:
    return scribe.state.letters[letter].closing


def test_one_letter_is_shown_where_it_is_asked_for(folder: Path) -> None:
    scribe, _ = play()
    second = scribe.open_letter()
    (folder / "two.zip").write_bytes(zipped(scribe.publish()))
    both = run("verify", "two.zip").stdout
    assert "Open letter to the board" in both
    assert "To the board" in both
    one = run("verify", "two.zip", "--letter", second.hex()[:8]).stdout
    assert one.startswith("To the board\n0 signed")
    assert "Open letter" not in one


@pytest.mark.parametrize("wanted", ["ffff0000ffff", "0a", ""])
def test_a_letter_that_nobody_can_mean_is_wrong_use(folder: Path, wanted: str) -> None:
    result = run("verify", "bundle.zip", "--letter", wanted)
    assert result.exit_code == 2
    assert f"hint: The letters are: {stage().letter.hex()}" in result.stderr


def test_a_truncated_zip_says_so_and_ends_with_1(folder: Path) -> None:
    result = run("verify", "cut.zip")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: bundle: expected ")
    assert "\nhint: " in result.stderr


def test_a_folder_verifies_like_its_zip(folder: Path) -> None:
    with zipfile.ZipFile("bundle.zip") as file:
        file.extractall("unpacked")
    assert run("verify", "unpacked").exit_code == 0


def test_nothing_there_is_an_error_without_a_trace(folder: Path) -> None:
    result = run("verify", "no-such.zip")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def test_a_closed_and_a_cancelled_letter_say_how_they_stand(folder: Path) -> None:
    scribe, letter = play()
    scribe.change(letter, "cancel", scribe.now)
    (folder / "c.zip").write_bytes(zipped(scribe.publish()))
    shown = run("verify", "c.zip").stdout
    assert "  cancelled by the organisers\n" in shown
    assert "  reason given: because\n" in shown


def test_a_threshold_is_said_whether_reached_or_missed(folder: Path) -> None:
    for threshold, said in ((5, "threshold of 5 reached at 2025-11-22 "), (29, "threshold of 29 missed")):
        scribe = Scribe()
        scribe.open_group()
        scribe.enrol(12)
        scribe.epoch()
        letter = scribe.open_letter(threshold=threshold)
        scribe.batch(*[scribe.named(letter, m) for m in range(5)])
        assert "not reached yet" in _shown(folder, scribe) or threshold == 5
        scribe.close(letter)
        assert said in _shown(folder, scribe)


def _shown(folder: Path, scribe: Scribe) -> str:
    (folder / "t.zip").write_bytes(zipped(scribe.publish()))
    return run("verify", "t.zip").stdout


def test_the_bundle_is_not_changed_by_reading_it(folder: Path) -> None:
    run("verify", "bundle.zip")
    assert Path("bundle.zip").read_bytes() == bundle_bytes()
